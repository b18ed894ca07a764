// SPDX-License-Identifier: MIT
#include <algorithm>

#include "config/section_reader.hpp"
#include "config/values.hpp"
#include "core/url.hpp"

namespace dandelion {
namespace {

using std::chrono::milliseconds;

void read_proxy(ReadContext& context, const YamlNode& node, NetworkSettings& network) {
  std::string text;
  read_text(context, node, text);
  if (text.empty()) return;
  auto proxy = parse_proxy(text);
  if (!proxy) {
    context.error(node.mark, proxy.error().message);
  } else {
    network.proxies.push_back(std::move(*proxy));
  }
}

void read_proxies(ReadContext& context, const YamlNode& node, NetworkSettings& network) {
  if (node.kind == YamlNode::Kind::scalar && node.text == "tor") {
    network.proxies.push_back({ProxyAddress::Scheme::socks5h, {}, "127.0.0.1", 9050});
    network.expects_tor = true;
    return;
  }
  read_list(context, node, "proxy addresses (or the word tor)",
            [&](const YamlNode& item) { read_proxy(context, item, network); });
}

void read_per_host(ReadContext& context, const YamlNode& node, NetworkSettings& network) {
  read_section(context, node, "per_host",
               {{"connections",
                 [&](const YamlNode& value) {
                   read_number(context, value, 1, 64, network.connections_per_host);
                 }},
                {"delay", [&](const YamlNode& value) {
                   read_duration(context, value, milliseconds(0), milliseconds(3'600'000),
                                 network.delay_per_host);
                 }}});
}

void read_resolver_address(ReadContext& context, const YamlNode& node, DnsOverHttps& server) {
  std::string address;
  read_web_address(context, node, address);
  if (address.empty()) return;
  if (!address.starts_with("https://")) {
    context.error(node.mark, "dns_over_https takes an address that begins with https://");
  } else {
    server.url = std::move(address);
  }
}

bool needs_pinning(const DnsOverHttps& server) {
  const auto url = parse_url(server.url);
  if (!url) return false;
  const std::string host =
      url->host.starts_with('[') ? url->host.substr(1, url->host.size() - 2) : url->host;
  return server.addresses.empty() && !is_ip_address(host);
}

// An address alone, or {url: …, address: …} that says where the server of that name lies.
void read_dns_over_https(ReadContext& context, const YamlNode& node, NetworkSettings& network) {
  DnsOverHttps server;
  if (node.kind == YamlNode::Kind::map) {
    read_section(
        context, node, "dns_over_https",
        {{"url", [&](const YamlNode& value) { read_resolver_address(context, value, server); },
          true},
         {"address",
          [&](const YamlNode& value) { read_addresses(context, value, server.addresses); }}});
  } else {
    read_resolver_address(context, node, server);
  }
  if (!server.url.empty()) network.dns_over_https = std::move(server);
}

// Which of a key's words was given, handed on as the enumerator of the same place.
template <typename Enum>
void read_enum(ReadContext& context, const YamlNode& node,
               std::initializer_list<std::string_view> words, Enum& into) {
  const int choice = read_choice(context, node, words);
  if (choice >= 0) into = static_cast<Enum>(choice);
}

// What single values cannot show.
void check_together(ReadContext& context, const YamlNode& node, const NetworkSettings& network) {
  if (network.dns_over_https && !network.proxies.empty()) {
    context.warning(find_value(node, "dns_over_https")->mark,
                    "dns_over_https has no effect where a proxy resolves names");
  } else if (network.dns_over_https && context.errors == 0 &&
             needs_pinning(*network.dns_over_https)) {
    context.error(find_value(node, "dns_over_https")->mark,
                  "this server's own name would be looked up in the clear; write where it lies: "
                  "{url: https://…, address: 192.0.2.1}");
  }
  const bool can_isolate =
      std::any_of(network.proxies.begin(), network.proxies.end(), [](const ProxyAddress& proxy) {
        return proxy.scheme == ProxyAddress::Scheme::socks5h && proxy.user.empty();
      });
  if (network.isolate != Isolation::none && !can_isolate && context.errors == 0) {
    context.warning(find_value(node, "isolate")->mark,
                    "isolate has no effect: only a socks5h proxy without a user of its own "
                    "(Tor) keeps sites apart by the user name");
  }
  const bool has_user = std::any_of(network.proxies.begin(), network.proxies.end(),
                                    [](const ProxyAddress& proxy) { return !proxy.user.empty(); });
  if (network.proxy_password && !has_user && context.errors == 0) {
    context.warning(find_value(node, "proxy_password")->mark,
                    "no proxy's address names a user (http://user@host:port), so proxy_password "
                    "is not used");
  }
}

}  // namespace

void read_network(ReadContext& context, const YamlNode& node, NetworkSettings& network) {
  read_section(
      context, node, "network",
      {{"proxies", [&](const YamlNode& value) { read_proxies(context, value, network); }, false,
        "no proxy stands behind `proxies:`, so every connection would go out directly; name one, "
        "or write [] where that is meant"},
       {"proxy_password",
        [&](const YamlNode& value) { read_secret_source(context, value, network.proxy_password); }},
       {"isolate",
        [&](const YamlNode& value) {
          read_enum(context, value, {"none", "site", "host"}, network.isolate);
        }},
       {"dns_over_https",
        [&](const YamlNode& value) { read_dns_over_https(context, value, network); }},
       {"ca_file",
        [&](const YamlNode& value) {
          std::filesystem::path file;
          read_path(context, value, file);
          if (!file.empty()) network.ca_file = std::move(file);
        }},
       {"block_pages",
        [&](const YamlNode& value) {
          std::filesystem::path file;
          read_path(context, value, file);
          if (!file.empty()) network.block_pages = std::move(file);
        }},
       {"user_agent",
        [&](const YamlNode& value) { read_text(context, value, network.user_agent); }},
       {"timeout",
        [&](const YamlNode& value) {
          read_duration(context, value, milliseconds(1'000), milliseconds(3'600'000),
                        network.timeout);
        }},
       {"connect_timeout",
        [&](const YamlNode& value) {
          read_duration(context, value, milliseconds(1'000), milliseconds(600'000),
                        network.connect_timeout);
        }},
       {"stall_timeout",
        [&](const YamlNode& value) {
          read_duration(context, value, milliseconds(1'000), milliseconds(600'000),
                        network.stall_timeout);
        }},
       {"retries",
        [&](const YamlNode& value) { read_number(context, value, 0, 20, network.retries); }},
       {"max_body",
        [&](const YamlNode& value) {
          read_size(context, value, 1U << 10, 1ULL << 30, network.max_body);
        }},
       {"connections",
        [&](const YamlNode& value) { read_number(context, value, 1, 1'000, network.connections); }},
       {"per_host", [&](const YamlNode& value) { read_per_host(context, value, network); }},
       {"robots",
        [&](const YamlNode& value) {
          read_enum(context, value, {"obey", "ignore"}, network.robots);
        }},
       {"private_addresses", [&](const YamlNode& value) {
          const int choice = read_choice(context, value, {"deny", "allow"});
          if (choice >= 0) network.allow_private_addresses = choice == 1;
        }}});
  check_together(context, node, network);
}

}  // namespace dandelion
