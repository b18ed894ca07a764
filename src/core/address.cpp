// SPDX-License-Identifier: MIT
#include "core/address.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "core/url.hpp"

namespace dandelion {
namespace {

// Parameters that say where a reader came from, never which page it is. From the lists of ClearURLs
// and Firefox's query stripping, without names that sites use for other things too (`ref`,
// `source`, `from`).
constexpr std::array<std::string_view, 35> tracking_names = {
    "fbclid",        "gclid",         "gclsrc",
    "dclid",         "gbraid",        "wbraid",
    "msclkid",       "yclid",         "ymclid",
    "ysclid",        "twclid",        "ttclid",
    "igshid",        "igsh",          "mc_cid",
    "mc_eid",        "mkt_tok",       "oly_anon_id",
    "oly_enc_id",    "vero_id",       "vero_conv",
    "wickedid",      "_hsenc",        "_hsmi",
    "hsctatracking", "__hssc",        "__hstc",
    "__hsfp",        "_openstat",     "at_xt",
    "s_cid",         "ml_subscriber", "ml_subscriber_hash",
    "rb_clickid",    "srsltid"};
constexpr std::array<std::string_view, 4> tracking_prefixes = {"utm_", "pk_", "mtm_", "matomo_"};

bool is_tracking(std::string_view parameter) {
  const std::string name = ascii_lower(parameter.substr(0, parameter.find('=')));
  return std::find(tracking_names.begin(), tracking_names.end(), name) != tracking_names.end() ||
         std::any_of(tracking_prefixes.begin(), tracking_prefixes.end(),
                     [&name](std::string_view prefix) { return name.starts_with(prefix); });
}

bool is_unreserved(int c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

// Triplets in capitals, unreserved characters as themselves, anything that is no part of an address
// encoded. A dot is left encoded where it is: `%2e%2e` must not become a way up. A percent sign
// that begins no triplet is encoded too: what follows it might make it one.
std::string normalize_percent_encoding(std::string_view text) {
  std::string normal;
  normal.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const int high = byte == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      const int value = high * 16 + low;
      if (is_unreserved(value) && value != '.') {
        normal += static_cast<char>(value);
      } else {
        normal += fmt::format("%{:02X}", value);
      }
      i += 2;
    } else if (byte == '%' || byte <= 0x20 || byte >= 0x7F || byte == '"' || byte == '<' ||
               byte == '>') {
      normal += fmt::format("%{:02X}", byte);
    } else {
      normal += text[i];
    }
  }
  return normal;
}

std::string without_tracking(std::string_view query) {
  std::string kept;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const std::string_view parameter = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (parameter.empty() || is_tracking(parameter)) continue;
    if (!kept.empty()) kept += '&';
    kept += parameter;
  }
  return kept;
}

// The host as it is read when it stands by itself; empty where it is none.
std::string host_of(const Url& url) {
  const auto alone = parse_url(fmt::format("{}://{}/", url.scheme, url.host));
  return alone ? alone->host : std::string();
}

std::string_view without_www(std::string_view host) {
  return host.starts_with("www.") ? host.substr(4) : host;
}

}  // namespace

std::optional<std::string> normalize_address(std::string_view url) {
  auto parsed = parse_url(url);
  // What a host is written as may hide a number that is an address (`5%2E0`, 5.0.0.0): a host that
  // came out otherwise than it went in is looked at again.
  if (parsed && ascii_lower(url).find(parsed->host) == std::string::npos)
    parsed->host = host_of(*parsed);
  if (!parsed || parsed->host.empty()) return std::nullopt;
  std::string normal = fmt::format("{}://{}{}", parsed->scheme, parsed->authority(),
                                   normalize_percent_encoding(parsed->path));
  const std::string query = without_tracking(normalize_percent_encoding(parsed->query));
  if (!query.empty()) normal += "?" + query;
  return normal;
}

std::string_view without_scheme(std::string_view url) {
  const auto colon = url.find("://");
  return colon == std::string_view::npos ? url : url.substr(colon + 3);
}

bool same_site(std::string_view a, std::string_view b) {
  const auto one = parse_url(a);
  const auto other = parse_url(b);
  return one && other && without_www(one->host) == without_www(other->host) &&
         one->port == other->port;
}

bool is_front_page(std::string_view url) {
  const auto parsed = parse_url(url);
  return parsed && parsed->query.empty() && (parsed->path.empty() || parsed->path == "/");
}

}  // namespace dandelion
