// SPDX-License-Identifier: MIT
#include "publish/push_target.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "core/text.hpp"
#include "publish/credential_helper.hpp"

namespace dandelion {
namespace {

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size();
    const int high = escape ? hex_value(text[i + 1]) : -1;
    const int low = escape ? hex_value(text[i + 2]) : -1;
    if (high >= 0 && low >= 0) {
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

Result<LocalTarget> parse_file_url(std::string_view url) {
  std::string_view rest = url.substr(std::string_view("file://").size());
  if (rest.starts_with("localhost/")) rest.remove_prefix(std::string_view("localhost").size());
  const std::string path = percent_decoded(rest);
  if (!path.starts_with('/') || path.find('\0') != std::string::npos) {
    return fail(ErrorKind::bad_input,
                "'{}' names no absolute path; write file:///path/to/mirror.git", url);
  }
  return LocalTarget{path};
}

Result<WebTarget> parse_web_url(std::string_view text) {
  auto url = parse_url(text);
  if (!url) return tl::unexpected(std::move(url.error()));
  if (!url->user.empty() || redact_url(text) != text) {
    return fail(ErrorKind::bad_input,
                "the address {} holds credentials; give them as `username:` and `token:`",
                redact_url(text));
  }
  if (!url->query.empty() || !url->fragment.empty()) {
    return fail(ErrorKind::bad_input,
                "'{}' is not the address of a repository: it has a query or a fragment", text);
  }
  while (url->path.ends_with('/'))
    url->path.pop_back();
  if (url->path.empty())
    return fail(ErrorKind::bad_input,
                "'{}' names a host, but no repository on it; write one such as {}/owner/name.git",
                text, url->scheme + "://" + url->authority());
  std::string address = url->scheme + "://" + url->authority() + url->path;
  return WebTarget{std::move(*url), std::move(address)};
}

bool is_private_ipv4(std::uint32_t address) {
  const std::uint32_t first = address >> 24U;
  return first == 10 || first == 127 || (address >> 20U) == 0xAC1 || (address >> 16U) == 0xC0A8 ||
         (address >> 16U) == 0xA9FE;
}

bool is_private_ipv6(const in6_addr& address) {
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    std::uint32_t mapped = 0;
    std::memcpy(&mapped, &address.s6_addr[12], sizeof mapped);
    return is_private_ipv4(ntohl(mapped));
  }
  return IN6_IS_ADDR_LOOPBACK(&address) || IN6_IS_ADDR_LINKLOCAL(&address) ||
         (address.s6_addr[0] & 0xFEU) == 0xFC;
}

bool is_plain(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [others](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter || others.find(c) != std::string_view::npos;
  });
}

// "[user@]host[:port]/path" after ssh://, or git's short form "[user@]host:path".
Result<SshTarget> parse_ssh(std::string_view text, bool is_url) {
  SshTarget target;
  target.address = redact_url(text);
  std::string_view where = text.substr(0, text.find(is_url ? '/' : ':'));
  const std::string_view path = text.substr(std::min(where.size(), text.size()));
  if (const auto at = where.rfind('@'); at != std::string_view::npos) {
    target.user = where.substr(0, at);
    where.remove_prefix(at + 1);
  }
  if (target.user.find(':') != std::string::npos) {
    return fail(ErrorKind::bad_input, "a password must not stand in an address; ssh takes keys");
  }
  if (where.starts_with('[') && where.find(']') != std::string_view::npos) {
    target.host = where.substr(1, where.find(']') - 1);
    where.remove_prefix(where.find(']') + 1);
    if (where.starts_with(':')) target.port = where.substr(1);
  } else {
    target.host = where.substr(0, where.find(':'));
    if (target.host.size() < where.size()) target.port = where.substr(target.host.size() + 1);
  }
  target.path = percent_decoded(path.substr(path.empty() || is_url ? 0 : 1));
  // git's own rule: what begins with ~ is a home on the server.
  if (target.path.starts_with("/~")) target.path.erase(0, 1);
  const bool odd = target.host.empty() || target.host.starts_with('-') ||
                   target.user.starts_with('-') || !is_plain(target.host, ".-_:") ||
                   !is_plain(target.user, ".-_+") || !is_plain(target.port, "");
  if (odd) {
    return fail(ErrorKind::bad_input,
                "'{}' is no address for ssh; write ssh://git@host/path.git or git@host:path.git",
                target.address);
  }
  if (target.path.empty() || target.path == "/" || target.path.starts_with('-') ||
      target.path.find_first_of(std::string_view("\0\n'\\!", 5)) != std::string::npos) {
    return fail(ErrorKind::bad_input, "'{}' names a host, but no repository on it", target.address);
  }
  return target;
}

Result<DaemonTarget> parse_daemon_url(std::string_view url) {
  std::string_view where = url.substr(std::string_view("git://").size());
  const std::string_view path = where.substr(std::min(where.find('/'), where.size()));
  where.remove_suffix(path.size());
  std::string_view host = where.substr(0, where.find(':'));
  if (where.starts_with('[')) host = where.substr(0, where.find(']') + 1);
  const bool is_near = host == "localhost" || (!host.ends_with(".onion") &&
                                               !host.ends_with("localhost") && may_see_token(host));
  if (!is_near || where.find('@') != std::string_view::npos) {
    return fail(ErrorKind::refused,
                "git:// neither encrypts nor asks who pushes: it is for addresses on this machine "
                "or in its network; use the mirror's https address");
  }
  std::string_view port = where.substr(host.size());
  if (port.starts_with(':')) port.remove_prefix(1);
  if (!std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return fail(ErrorKind::bad_input, "'{}' has no number for a port", url);
  DaemonTarget target{.host = std::string(host),
                      .port = port.empty() ? "9418" : std::string(port),
                      .path = percent_decoded(path),
                      .address = std::string(url)};
  // git's own rule: what begins with ~ is a home on the server.
  if (target.path.starts_with("/~")) target.path.erase(0, 1);
  if (target.path.size() < 2 ||
      target.path.find_first_of(std::string_view("\0\n", 2)) != std::string::npos) {
    return fail(ErrorKind::bad_input, "'{}' names a host, but no repository on it", url);
  }
  return target;
}

}  // namespace

Result<PushTarget> parse_target(std::string_view url) {
  const auto as_target = [](auto target) { return PushTarget(std::move(target)); };
  if (url.starts_with('/')) return PushTarget(LocalTarget{std::filesystem::path(url)});
  const auto colon = url.find(':');
  const std::string scheme =
      ascii_lower(url.substr(0, colon == std::string_view::npos ? 0 : colon));
  if (url.substr(std::min(colon, url.size())).starts_with("://")) {
    if (scheme == "file") return parse_file_url(url).map(as_target);
    if (scheme == "http" || scheme == "https") return parse_web_url(url).map(as_target);
    if (scheme == "ssh" || scheme == "git+ssh" || scheme == "ssh+git")
      return parse_ssh(url.substr(colon + 3), true).map(as_target);
    if (scheme == "git") return parse_daemon_url(url).map(as_target);
    return fail(ErrorKind::refused,
                "there is no way to push to a {}:// address; use https, http, ssh or file", scheme);
  }
  if (url.substr(std::min(colon, url.size())).starts_with("::")) {
    return fail(ErrorKind::refused,
                "there is no way to push by a program of git's ({}::); use https, http, ssh or "
                "file",
                scheme);
  }
  const bool scp_like = colon != std::string_view::npos && url.find('/') > colon;
  if (scp_like) return parse_ssh(url, false).map(as_target);
  return fail(ErrorKind::refused, "'{}' is neither an address nor an absolute path",
              redact_url(url));
}

bool may_see_token(std::string_view host) {
  if (host == "localhost" || host.ends_with(".localhost") || host.ends_with(".onion")) return true;
  if (host.starts_with('[') && host.ends_with(']')) {
    in6_addr address{};
    const std::string bare(host.substr(1, host.size() - 2));
    return ::inet_pton(AF_INET6, bare.c_str(), &address) == 1 && is_private_ipv6(address);
  }
  in_addr address{};
  return ::inet_pton(AF_INET, std::string(host).c_str(), &address) == 1 &&
         is_private_ipv4(ntohl(address.s_addr));
}

std::string name_sent_by(const MirrorSettings& mirror) {
  return mirror.username.empty() ? "git" : mirror.username;
}

std::string exposure_of_token(const Url& url, const NetworkSettings& network) {
  if (url.scheme != "http") return {};
  if (!may_see_token(url.host))
    return fmt::format("the token would cross the network in clear text to {}; use https",
                       url.host);
  for (const ProxyAddress& proxy : network.proxies) {
    if (url.host.ends_with(".onion") && may_see_token(proxy.host)) continue;
    return fmt::format(
        "the token would go in clear text to the proxy {}, which all connections take, and from "
        "there to {}; use https",
        proxy.display(), url.host);
  }
  return {};
}

std::string exposure_of_token(const MirrorSettings& mirror, const NetworkSettings& network) {
  if (!mirror.token && mirror.credential_helper.empty()) return {};
  const auto target = parse_target(mirror.url);
  const auto* web = target ? std::get_if<WebTarget>(&*target) : nullptr;
  return web == nullptr ? std::string() : exposure_of_token(web->url, network);
}

std::string obstacle_of_username(std::string_view name) {
  // Basic authentication ends the name at the first colon (RFC 7617).
  if (name.find_first_of(":\r\n") == std::string_view::npos) return {};
  return "a user name cannot hold a colon or a line break; write the account's name alone, and the "
         "token behind token:";
}

Result<std::optional<Credentials>> read_credentials(const MirrorSettings& mirror, const Url& url,
                                                    const NetworkSettings& network) {
  if (!mirror.token && mirror.credential_helper.empty()) return std::nullopt;
  if (const std::string exposure = exposure_of_token(url, network); !exposure.empty())
    return fail(ErrorKind::refused, "{}", exposure);
  if (const std::string obstacle = obstacle_of_username(mirror.username); !obstacle.empty())
    return fail(ErrorKind::bad_input, "{}", obstacle);
  if (!mirror.token) {
    return ask_credential_helper(mirror.credential_helper, url, mirror.username)
        .map([](Credentials found) { return std::optional(std::move(found)); });
  }
  auto token = read_secret(*mirror.token);
  if (!token) return tl::unexpected(std::move(token.error()));
  return Credentials{name_sent_by(mirror), std::move(*token)};
}

}  // namespace dandelion
