// SPDX-License-Identifier: MIT
#include <algorithm>

#include "config/section_reader.hpp"
#include "config/values.hpp"

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

void read_dns_over_https(ReadContext& context, const YamlNode& node, NetworkSettings& network) {
  std::string address;
  read_web_address(context, node, address);
  if (address.empty()) return;
  if (!address.starts_with("https://")) {
    context.error(node.mark, "dns_over_https takes an address that begins with https://");
  } else {
    network.dns_over_https = std::move(address);
  }
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
  if (!network.dns_over_https.empty() && !network.proxies.empty()) {
    context.warning(find_value(node, "dns_over_https")->mark,
                    "dns_over_https has no effect where a proxy resolves names");
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
       {"user_agent",
        [&](const YamlNode& value) { read_text(context, value, network.user_agent); }},
       {"timeout",
        [&](const YamlNode& value) {
          read_duration(context, value, milliseconds(1'000), milliseconds(3'600'000),
                        network.timeout);
        }},
       {"retries",
        [&](const YamlNode& value) { read_number(context, value, 0, 20, network.retries); }},
       {"max_body",
        [&](const YamlNode& value) {
          read_size(context, value, 1U << 10, 1ULL << 30, network.max_body);
        }},
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
