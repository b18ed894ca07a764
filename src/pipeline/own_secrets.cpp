// SPDX-License-Identifier: MIT
#include "pipeline/own_secrets.hpp"

#include <algorithm>

#include "core/files.hpp"
#include "core/secret.hpp"
#include "core/text.hpp"
#include "publish/push_target.hpp"

namespace dandelion {
namespace {

constexpr std::size_t max_cookie_bytes = 1U << 20;

void add(SecretScan& scan, const std::string& what, const std::optional<SecretSource>& source,
         std::string_view username = {}) {
  if (!source) return;
  if (auto secret = read_secret(*source)) scan.add_own(what, secret->reveal(), username);
}

// "8f3a…", not "accepted" or "2026-11-26": long, with letters and digits.
bool looks_like_a_login(std::string_view value) {
  constexpr std::size_t shortest = 16;
  const auto has = [value](auto kind) { return std::any_of(value.begin(), value.end(), kind); };
  return value.size() >= shortest && has([](char c) { return c >= '0' && c <= '9'; }) &&
         has(is_ascii_letter);
}

// The values of a cookies.txt: the last of seven columns, divided by tabs.
void add_cookies(SecretScan& scan, const SiteConfig& site) {
  if (!site.network.cookies) return;
  const auto text = read_file(*site.network.cookies, max_cookie_bytes);
  if (!text) return;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (std::count(line.begin(), line.end(), '\t') != 6) continue;
    const std::string_view value = line.substr(line.rfind('\t') + 1);
    if (looks_like_a_login(value)) scan.add_own("a cookie of site " + site.name, value);
  }
}

}  // namespace

SecretScan own_secrets(const Config& config) {
  SecretScan scan;
  std::string published;
  for (const MirrorSettings& mirror : config.mirrors)
    published += mirror.public_url + ' ' + mirror.pages_url + ' ';
  for (const SiteConfig& site : config.sites)
    published += site.pixel + ' ';
  scan.add_this_machine(published);
  add(scan, "the proxy's password", config.network.proxy_password);
  add(scan, "the address of `notify: failure`", config.notify.failure.source);
  add(scan, "the address of `notify: success`", config.notify.success.source);
  for (const MirrorSettings& mirror : config.mirrors)
    add(scan, "the token of mirror " + mirror.name, mirror.token, name_sent_by(mirror));
  for (const SiteConfig& site : config.sites) {
    add(scan, "the pixel_key of site " + site.name, site.pixel_key);
    for (const SiteNetworkSettings::Header& header : site.network.headers)
      add(scan, fmt::format("the header {} of site {}", header.name, site.name), header.secret);
    add_cookies(scan, site);
  }
  return scan;
}

}  // namespace dandelion
