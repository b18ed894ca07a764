// SPDX-License-Identifier: MIT
#include "config/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/text.hpp"

namespace dandelion {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

template <std::size_t N>
std::optional<std::uint64_t> parse_with_unit(std::string_view text,
                                             const std::array<Unit, N>& units) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view unit = trim(text.substr(static_cast<std::size_t>(end - text.data())));
  for (const Unit& known : units) {
    if (unit != known.name) continue;
    if (known.factor != 0 && number > (std::uint64_t{1} << 50) / known.factor) return std::nullopt;
    return number * known.factor;
  }
  return std::nullopt;
}

// The user information of an address, between `://` and the last `@` of its authority; nullopt
// where there is none.
std::optional<std::string_view> user_info(std::string_view url) {
  const auto scheme = url.find("://");
  const auto begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::string_view authority = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  const auto at = authority.rfind('@');
  return at == std::string_view::npos ? std::nullopt : std::optional(authority.substr(0, at));
}

Result<ProxyAddress::Scheme> proxy_scheme(std::string_view scheme) {
  if (scheme == "http") return ProxyAddress::Scheme::http;
  if (scheme == "https") return ProxyAddress::Scheme::https;
  if (scheme == "socks4a") return ProxyAddress::Scheme::socks4a;
  if (scheme == "socks5h") return ProxyAddress::Scheme::socks5h;
  if (scheme == "socks5" || scheme == "socks" || scheme == "socks4") {
    return fail(ErrorKind::bad_input,
                "{0}:// resolves names on this machine, so its DNS queries would leave beside the "
                "proxy; use {1}://",
                scheme, scheme == "socks4" ? "socks4a" : "socks5h");
  }
  return fail(ErrorKind::bad_input,
              "a proxy's address begins with socks5h://, socks4a://, http:// or https://");
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  static constexpr std::array<Unit, 5> units = {
      {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
  const auto value = parse_with_unit(text, units);
  return value ? std::optional(std::chrono::milliseconds(static_cast<std::int64_t>(*value)))
               : std::nullopt;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  static constexpr std::array<Unit, 5> units = {
      {{"", 1}, {"B", 1}, {"KiB", 1ULL << 10}, {"MiB", 1ULL << 20}, {"GiB", 1ULL << 30}}};
  return parse_with_unit(text, units);
}

Result<ProxyAddress> parse_proxy(std::string_view text) {
  const auto separator = text.find("://");
  auto scheme = proxy_scheme(separator == std::string_view::npos ? "" : text.substr(0, separator));
  if (!scheme) return tl::unexpected(scheme.error());
  if (has_password(text)) {
    return fail(ErrorKind::bad_input,
                "a password must not stand in this file; name it by proxy_password: env:NAME");
  }
  ProxyAddress proxy;
  proxy.scheme = *scheme;
  std::string_view authority = text.substr(separator + 3);
  if (authority.ends_with('/')) authority.remove_suffix(1);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    proxy.user = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  const auto colon = authority.rfind(':');
  const std::string_view port = colon == std::string_view::npos ? "" : authority.substr(colon + 1);
  proxy.host = authority.substr(0, colon);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), proxy.port);
  if (error != std::errc{} || end != port.data() + port.size() || proxy.port == 0) {
    return fail(ErrorKind::bad_input, "a proxy's address ends with its port, such as :9050");
  }
  const bool odd =
      proxy.host.empty() || std::any_of(proxy.host.begin(), proxy.host.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == '/' || c == '?' || c == '#' || c == '@';
      });
  if (odd)
    return fail(ErrorKind::bad_input, "a proxy's address is scheme://host:port and nothing more");
  return proxy;
}

bool has_password(std::string_view url) {
  const auto user = user_info(url);
  return user && user->find(':') != std::string_view::npos;
}

std::string unknown_placeholder(std::string_view pattern, const std::string_view* known,
                                std::size_t count) {
  for (auto open = pattern.find('{'); open != std::string_view::npos;
       open = pattern.find('{', open + 1)) {
    const auto close = pattern.find('}', open);
    const std::string_view name = pattern.substr(
        open + 1, close == std::string_view::npos ? pattern.size() : close - open - 1);
    if (close == std::string_view::npos || std::find(known, known + count, name) == known + count) {
      return std::string(name);
    }
  }
  return {};
}

}  // namespace dandelion
