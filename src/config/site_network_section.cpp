// SPDX-License-Identifier: MIT
#include <algorithm>
#include <charconv>

#include <arpa/inet.h>

#include "config/section_reader.hpp"
#include "config/values.hpp"
#include "core/registrable_domain.hpp"
#include "core/text.hpp"
#include "core/url.hpp"

namespace dandelion {
namespace {

using Detour = SiteNetworkSettings::Detour;

constexpr std::size_t most_entries = 100;

// A map whose keys the operator chooses.
void read_pairs(ReadContext& context, const YamlNode& node, std::string_view what,
                const std::function<void(const YamlNode& key, const YamlNode& value)>& read) {
  if (node.kind != YamlNode::Kind::map) {
    context.error(node.mark, fmt::format("expected {} as `name: value` lines", what));
    return;
  }
  if (node.entries.size() > most_entries) {
    context.error(node.mark, fmt::format("more than {} entries", most_entries));
    return;
  }
  FirstLines seen;
  for (const auto& [key, value] : node.entries) {
    if (expect_scalar(context, key, "a name") && seen.is_new(context, key)) read(key, value);
  }
}

struct HostPort {
  std::string host;  // IPv6 without brackets
  std::uint16_t port = 0;
};

// "example.org", "example.org:443", "[::1]:443"; nullopt for anything else.
std::optional<HostPort> parse_host_port(std::string_view text) {
  HostPort parsed;
  const auto bracket = text.rfind(']');
  const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) {
    const std::string_view digits = text.substr(colon + 1);
    const char* last = digits.data() + digits.size();
    const auto [end, error] = std::from_chars(digits.data(), last, parsed.port);
    if (error != std::errc{} || end != last || parsed.port == 0) return std::nullopt;
  }
  const auto url = parse_url(fmt::format("http://{}/", text.substr(0, colon)));
  if (!url || url->path != "/" || !url->user.empty() || !url->port.empty()) return std::nullopt;
  parsed.host = url->host;
  if (parsed.host.starts_with('[')) parsed.host = parsed.host.substr(1, parsed.host.size() - 2);
  return parsed;
}

void read_addresses_for(ReadContext& context, const YamlNode& key, const YamlNode& value,
                        SiteNetworkSettings& network) {
  const auto host = parse_host_port(key.text);
  if (!host || host->port != 0 || is_ip_address(host->host)) {
    context.error(key.mark, fmt::format("{} is no host's name, such as news.example.org",
                                        in_quotes(key.text)));
    return;
  }
  std::vector<std::string> addresses;
  read_addresses(context, value, addresses);
  for (std::string& address : addresses)
    network.detours.push_back({host->host, 0, std::move(address), 0});
}

void read_connection(ReadContext& context, const YamlNode& key, const YamlNode& value,
                     SiteNetworkSettings& network) {
  constexpr std::string_view wanted = "expected host or host:port, such as edge.example.org:443";
  const auto from = parse_host_port(key.text);
  std::string text;
  read_text(context, value, text);
  const auto to = parse_host_port(text);
  if (!from) context.error(key.mark, std::string(wanted));
  if (!to && !text.empty()) context.error(value.mark, std::string(wanted));
  if (from && to) network.detours.push_back({from->host, from->port, to->host, to->port});
}

bool is_field_name(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

// Headers that the engine itself answers for.
bool is_ours(std::string_view name) {
  static constexpr std::array<std::string_view, 11> ours = {
      "host",       "connection",          "content-length", "transfer-encoding",
      "te",         "accept-encoding",     "if-none-match",  "if-modified-since",
      "user-agent", "proxy-authorization", "range"};
  return std::find(ours.begin(), ours.end(), ascii_lower(name)) != ours.end();
}

bool holds_a_secret(std::string_view name) {
  const std::string lower = ascii_lower(name);
  return lower == "authorization" || lower == "cookie" ||
         lower.find("token") != std::string::npos || lower.find("key") != std::string::npos;
}

void read_header(ReadContext& context, const YamlNode& key, const YamlNode& value,
                 SiteNetworkSettings& network) {
  SiteNetworkSettings::Header header;
  header.name = key.text;
  if (header.name.empty() || !is_field_name(header.name) || is_ours(header.name)) {
    context.error(key.mark,
                  fmt::format("{} is no header that can be set here", in_quotes(header.name)));
    return;
  }
  const bool names_place = value.text.starts_with("env:") || value.text.starts_with("file:");
  if (names_place || holds_a_secret(header.name)) {
    read_secret_source(context, value, header.secret);
    if (header.secret) network.headers.push_back(std::move(header));
    return;
  }
  read_text(context, value, header.value);
  if (header.value.find_first_of("\r\n") != std::string::npos) {
    context.error(value.mark, "a header's value is one line");
  } else if (!header.value.empty()) {
    network.headers.push_back(std::move(header));
  }
}

}  // namespace

bool is_ip_address(const std::string& text) {
  in6_addr ignored{};
  return ::inet_pton(AF_INET, text.c_str(), &ignored) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), &ignored) == 1;
}

void read_addresses(ReadContext& context, const YamlNode& node, std::vector<std::string>& into) {
  const auto read = [&](const YamlNode& item) {
    std::string address;
    read_text(context, item, address);
    if (address.empty()) return;
    if (is_ip_address(address)) {
      into.push_back(std::move(address));
    } else {
      context.error(item.mark, fmt::format("{} is no IP address, such as 192.0.2.1 or 2001:db8::1",
                                           in_quotes(address)));
    }
  };
  if (node.kind == YamlNode::Kind::sequence) {
    read_list(context, node, "addresses", read);
  } else {
    read(node);
  }
}

void read_resolve(ReadContext& context, const YamlNode& node, SiteNetworkSettings& network) {
  read_pairs(context, node, "resolve", [&](const YamlNode& key, const YamlNode& value) {
    read_addresses_for(context, key, value, network);
  });
}

void read_connect_to(ReadContext& context, const YamlNode& node, SiteNetworkSettings& network) {
  read_pairs(context, node, "connect_to", [&](const YamlNode& key, const YamlNode& value) {
    read_connection(context, key, value, network);
  });
}

void read_headers(ReadContext& context, const YamlNode& node, SiteNetworkSettings& network) {
  read_pairs(context, node, "headers", [&](const YamlNode& key, const YamlNode& value) {
    read_header(context, key, value, network);
  });
}

void read_own_domains(const YamlNode& discover, SiteNetworkSettings& network) {
  auto& domains = network.own_domains;
  for (const YamlNode& entry : discover.items) {
    for (const auto& [key, value] : entry.entries) {
      const auto url = parse_url(value.text);
      if (!url) continue;
      if (url->scheme == "http") network.is_over_http = true;
      std::string domain = registrable_domain(url->host);
      if (std::find(domains.begin(), domains.end(), domain) == domains.end())
        domains.push_back(std::move(domain));
    }
  }
}

}  // namespace dandelion
