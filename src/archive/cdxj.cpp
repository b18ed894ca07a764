// SPDX-License-Identifier: MIT
#include "archive/cdxj.hpp"

#include <algorithm>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/sha256.hpp"
#include "core/text.hpp"
#include "core/url.hpp"

namespace dandelion {
namespace {

using nlohmann::ordered_json;

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// "www.", "www2." … say nothing of whose host it is.
std::string_view without_www(std::string_view host) {
  if (!host.starts_with("www")) return host;
  const auto dot = host.find_first_not_of("0123456789", 3);
  const bool is_www = dot != std::string_view::npos && host[dot] == '.';
  return is_www ? host.substr(dot + 1) : host;
}

// "20261126140500".
std::string digits_of(Timestamp time) {
  std::string text = format_rfc3339(time);
  std::erase_if(text, [](char c) { return c < '0' || c > '9'; });
  return text;
}

}  // namespace

std::string searchable_url(std::string_view url) {
  const auto parsed = parse_url(ascii_lower(url));
  if (!parsed) return std::string(url);
  auto labels = split(without_www(parsed->host), '.');
  std::reverse(labels.begin(), labels.end());
  std::string text = fmt::format("{}", fmt::join(labels, ","));
  if (!parsed->port.empty()) text += ":" + parsed->port;
  text += ")" + parsed->path;
  if (parsed->query.empty()) return text;
  auto arguments = split(parsed->query, '&');
  std::sort(arguments.begin(), arguments.end());
  return fmt::format("{}?{}", text, fmt::join(arguments, "&"));
}

std::string cdxj_of(const WarcFile& warc, std::string_view filename) {
  std::vector<std::string> lines;
  for (const WarcResponse& response : warc.responses) {
    const auto member = std::string_view(warc.bytes).substr(response.offset, response.length);
    const ordered_json entry{
        {"url", response.url},       {"mime", response.media_type},
        {"status", response.status}, {"digest", response.payload_digest},
        {"length", response.length}, {"offset", response.offset},
        {"filename", filename},      {"recordDigest", "sha256:" + sha256_hex(member)}};
    lines.push_back(
        fmt::format("{} {} {}\n", searchable_url(response.url), digits_of(response.time),
                    entry.dump(-1, ' ', false, ordered_json::error_handler_t::replace)));
  }
  std::sort(lines.begin(), lines.end());
  std::string index;
  for (const std::string& line : lines)
    index += line;
  return index;
}

}  // namespace dandelion
