// SPDX-License-Identifier: MIT
#include "fetch/response_header.hpp"

#include "core/text.hpp"

namespace dandelion {
namespace {

// RFC 9110, 5.6.2: what a field's name is made of.
bool is_token(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

// Goes into a request of ours, so nothing but what a header may hold.
std::string validator(std::string_view value) {
  const bool sound = value.size() <= ResponseHeader::max_validator_bytes &&
                     std::all_of(value.begin(), value.end(), [](char c) {
                       return static_cast<unsigned char>(c) >= ' ' && c != '\x7F';
                     });
  return sound ? std::string(value) : std::string();
}

}  // namespace

bool ResponseHeader::take_line(std::string_view line) {
  if (line.starts_with("HTTP/")) {
    const std::size_t before = bytes;
    *this = {};
    bytes = before;
  }
  bytes += line.size();
  if (bytes > max_bytes) return false;
  const auto colon = line.find(':');
  // A line that begins with a blank continues the one before (RFC 9112, 5.2): of no field here.
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return true;
  std::string name = ascii_lower(line.substr(0, colon));
  const std::string_view value = trim(line.substr(colon + 1));
  if (name == "content-type") content_type = value;
  if (name == "content-encoding") content_encoding = value;
  if (name == "location") location = value;
  if (name == "retry-after") retry_after = value;
  if (name == "etag") validators.etag = validator(value);
  if (name == "last-modified") validators.last_modified = validator(value);
  if (names.size() < max_names && std::find(names.begin(), names.end(), name) == names.end())
    names.push_back(std::move(name));
  return true;
}

}  // namespace dandelion
