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

constexpr std::array<Unit, 5> duration_units = {
    {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<Unit, 5> size_units = {
    {{"", 1}, {"B", 1}, {"KiB", 1ULL << 10}, {"MiB", 1ULL << 20}, {"GiB", 1ULL << 30}}};

template <std::size_t N>
std::optional<std::uint64_t> parse_with_unit(std::string_view text,
                                             const std::array<Unit, N>& units) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view unit = trim(text.substr(static_cast<std::size_t>(end - text.data())));
  for (const Unit& known : units) {
    if (unit != known.name) continue;
    if (number > (std::uint64_t{1} << 50) / known.factor) return std::nullopt;
    return number * known.factor;
  }
  return std::nullopt;
}

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, port);
  return error == std::errc{} && end == last && port != 0;
}

// "example.org", "example.org:443", "[::1]:443". Only its form: libcurl judges the rest.
bool is_host_and_port(std::string_view authority) {
  const auto bracket = authority.rfind(']');
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view host = authority.substr(0, colon);
  return !host.empty() && host.front() != ':' &&
         (colon == std::string_view::npos || is_port(authority.substr(colon + 1)));
}

// What stands before the last `@` of an address's authority; nullopt where there is none. A
// password may hold `/`, which ends the authority for a parser but not for someone who writes one:
// so a text whose authority is no host[:port] is searched as a whole.
std::optional<std::string_view> user_info(std::string_view url) {
  const auto scheme = url.find("://");
  const auto begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::string_view rest = url.substr(begin);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  auto at = authority.rfind('@');
  if (at == std::string_view::npos && !is_host_and_port(authority)) at = rest.rfind('@');
  return at == std::string_view::npos ? std::nullopt : std::optional(rest.substr(0, at));
}

// A name or an address, with the brackets that an IPv6 address needs.
bool is_plain_host(std::string_view host) {
  const bool bracketed = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
  if (bracketed) host = host.substr(1, host.size() - 2);
  return !host.empty() && std::none_of(host.begin(), host.end(), [bracketed](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7F' || (c == ':' && !bracketed) ||
           std::string_view("/?#@[]\\").find(c) != std::string_view::npos;
  });
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
  const auto value = parse_with_unit(text, duration_units);
  return value ? std::optional(std::chrono::milliseconds(static_cast<std::int64_t>(*value)))
               : std::nullopt;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  return parse_with_unit(text, size_units);
}

Result<ProxyAddress> parse_proxy(std::string_view text) {
  const auto separator = text.find("://");
  auto scheme = proxy_scheme(separator == std::string_view::npos ? "" : text.substr(0, separator));
  if (!scheme) return tl::unexpected(scheme.error());
  if (has_password(text)) {
    return fail(ErrorKind::bad_input,
                "a password must not stand in this file; name where it is by proxy_password: "
                "env:NAME or file:PATH");
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
  if (!is_port(port))
    return fail(ErrorKind::bad_input, "a proxy's address ends with its port, such as :9050");
  std::from_chars(port.data(), port.data() + port.size(), proxy.port);
  proxy.host = authority.substr(0, colon);
  if (!is_plain_host(proxy.host) || proxy.user.find_first_of("/?#@ ") != std::string::npos) {
    return fail(ErrorKind::bad_input,
                "a proxy's address is scheme://host:port or scheme://user@host:port and nothing "
                "more (an IPv6 address in brackets)");
  }
  return proxy;
}

bool has_user_info(std::string_view url) {
  return user_info(url).has_value();
}

bool has_password(std::string_view url) {
  const auto user = user_info(url);
  return user && user->find(':') != std::string_view::npos;
}

std::optional<std::string> unknown_placeholder(std::string_view pattern,
                                               const std::string_view* known, std::size_t count) {
  for (auto open = pattern.find('{'); open != std::string_view::npos;
       open = pattern.find('{', open + 1)) {
    const auto close = pattern.find('}', open);
    const std::string_view name = pattern.substr(
        open + 1, close == std::string_view::npos ? pattern.size() : close - open - 1);
    if (close == std::string_view::npos || std::find(known, known + count, name) == known + count) {
      return std::string(name);
    }
  }
  return std::nullopt;
}

std::string format_duration(std::chrono::milliseconds value) {
  const auto count = static_cast<std::uint64_t>(value.count());
  if (count == 0) return "0s";
  const auto unit = std::find_if(duration_units.rbegin(), duration_units.rend(),
                                 [count](const Unit& known) { return count % known.factor == 0; });
  return fmt::format("{}{}", count / unit->factor, unit->name);
}

std::string format_size(std::uint64_t bytes) {
  const auto unit = std::find_if(
      size_units.rbegin(), size_units.rend(),
      [bytes](const Unit& known) { return bytes >= known.factor && bytes % known.factor == 0; });
  return unit == size_units.rend() ? "0" : fmt::format("{}{}", bytes / unit->factor, unit->name);
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string shown;
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    shown = "...";
    text.remove_prefix(at);
  }
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    shown += byte < 0x20 || byte == 0x7F ? '?' : c;
  }
  if (shown.size() > longest) {
    shown.resize(longest);
    // Not in the middle of a character.
    while (!is_utf8(shown))
      shown.pop_back();
    shown += "...";
  }
  return "'" + shown + "'";
}

}  // namespace dandelion
