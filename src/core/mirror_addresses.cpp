// SPDX-License-Identifier: MIT
#include "core/mirror_addresses.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/text.hpp"

namespace dandelion {
namespace {

// A repository at a host: "github.com", "someone/news", without slashes at its ends and ".git".
struct Place {
  std::string host;  // in small letters, without user and port
  std::string path;
};

Place place_in(std::string_view url) {
  const auto scheme = url.find("://");
  const auto colon = url.find(':');
  std::string_view host;
  std::string_view path;
  if (scheme != std::string_view::npos) {
    if (url.starts_with("file:")) return {};
    url.remove_prefix(scheme + 3);
    host = url.substr(0, url.find('/'));
    path = url.substr(host.size());
    host.remove_prefix(host.rfind('@') == std::string_view::npos ? 0 : host.rfind('@') + 1);
    host = host.substr(0, host.find(':'));
  } else if (colon != std::string_view::npos && colon < url.find('/')) {
    host = url.substr(0, colon);
    host.remove_prefix(host.find('@') == std::string_view::npos ? 0 : host.find('@') + 1);
    path = url.substr(colon + 1);
  }
  while (path.starts_with('/'))
    path.remove_prefix(1);
  while (path.ends_with('/'))
    path.remove_suffix(1);
  if (path.ends_with(".git")) path.remove_suffix(4);
  const auto slash = path.find('/');
  const bool is_whole = slash != std::string_view::npos && slash > 0 && slash + 1 < path.size();
  return is_whole ? Place{ascii_lower(host), std::string(path)} : Place{};
}

// "someone" and "news/sub" of "someone/news/sub".
struct Owned {
  std::string owner;
  std::string rest;
};

Owned split(const std::string& path) {
  const auto slash = path.find('/');
  return {ascii_lower(path.substr(0, slash)), path.substr(slash + 1)};
}

// A repository that is named like the owner's own site is that site.
std::string own_site_or_below(const std::string& site, const std::string& name) {
  return "https://" + site + "/" + (ascii_lower(name) == site ? std::string() : name + "/");
}

}  // namespace

std::string public_address_of(const MirrorSettings& mirror) {
  constexpr std::array<std::string_view, 4> known = {"github.com", "gitlab.com", "codeberg.org",
                                                     "bitbucket.org"};
  const Place place = place_in(mirror.url);
  if (place.host.empty()) return {};
  const bool is_known = std::find(known.begin(), known.end(), place.host) != known.end() ||
                        (!mirror.limits.empty() && mirror.limits != "none");
  return is_known ? "https://" + place.host + "/" + place.path : std::string();
}

std::string pages_address_of(const MirrorSettings& mirror) {
  const Place place = place_in(mirror.url);
  const auto [owner, rest] = split(place.path);
  // https://docs.github.com/en/pages/getting-started-with-github-pages/about-github-pages
  if (place.host == "github.com") return own_site_or_below(owner + ".github.io", rest);
  // https://docs.gitlab.com/user/project/pages/getting_started_part_one/
  if (place.host == "gitlab.com") return own_site_or_below(owner + ".gitlab.io", rest);
  // https://docs.codeberg.org/codeberg-pages/
  if (place.host == "codeberg.org") {
    const std::string site = "https://" + owner + ".codeberg.page/" + rest + "/";
    return mirror.branch == "pages" ? site : site + "@" + mirror.branch + "/";
  }
  return {};
}

}  // namespace dandelion
