// SPDX-License-Identifier: MIT
#include "core/url.hpp"

#include <curl/curl.h>

#include "core/handle.hpp"
#include "core/text.hpp"

namespace dandelion {
namespace {

using CurlUrl = Handle<CURLU, curl_url_cleanup>;
using CurlString = Handle<char, curl_free>;

// Longer addresses exist only to hurt: servers answer 414 well below.
constexpr std::size_t max_url_bytes = 8192;

constexpr unsigned int parse_flags = CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME;

std::string part(CURLU* url, CURLUPart which, unsigned int flags = 0) {
  CurlString text;
  if (curl_url_get(url, which, out(text), flags) != CURLUE_OK) return {};
  return text ? std::string(text.get()) : std::string();
}

bool is_web_scheme(std::string_view scheme) {
  return scheme == "http" || scheme == "https";
}

// The WHATWG URL Standard takes tab and line breaks out wherever they stand, and blanks off the
// ends.
std::string without_line_breaks(std::string_view text) {
  std::string clean(trim(text));
  std::erase_if(clean, [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
  return clean;
}

std::size_t scheme_length(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c == ':') return i;
    if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.')))
      return 0;
  }
  return 0;
}

}  // namespace

std::string Url::authority() const {
  return port.empty() ? host : host + ":" + port;
}

std::string Url::stem() const {
  std::string_view name(path);
  while (name.ends_with('/'))
    name.remove_suffix(1);
  name.remove_prefix(name.rfind('/') == std::string_view::npos ? 0 : name.rfind('/') + 1);
  const auto dot = name.rfind('.');
  return std::string(dot == 0 ? name : name.substr(0, dot));
}

bool has_scheme(std::string_view text) {
  return scheme_length(text) != 0;
}

Result<Url> parse_url(std::string_view text) {
  if (text.size() > max_url_bytes) {
    return fail(ErrorKind::bad_input, "an address of {} bytes; the most is {}", text.size(),
                max_url_bytes);
  }
  const std::string clean = without_line_breaks(text);
  const CurlUrl url(curl_url());
  const CURLUcode code = curl_url_set(url.get(), CURLUPART_URL, clean.c_str(), parse_flags);
  const std::string scheme = code == CURLUE_OK ? part(url.get(), CURLUPART_SCHEME) : std::string();
  if (code != CURLUE_OK || !is_web_scheme(scheme)) {
    return fail(ErrorKind::bad_input, "'{}' is not an http or https address", redact_url(clean));
  }
  Url parsed;
  parsed.scheme = scheme;
  parsed.user = part(url.get(), CURLUPART_USER);
  parsed.host = ascii_lower(part(url.get(), CURLUPART_HOST));
  parsed.port = part(url.get(), CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
  parsed.path = part(url.get(), CURLUPART_PATH);
  parsed.query = part(url.get(), CURLUPART_QUERY);
  parsed.fragment = part(url.get(), CURLUPART_FRAGMENT);
  if (parsed.host.empty())
    return fail(ErrorKind::bad_input, "'{}' names no host", redact_url(clean));
  return parsed;
}

std::optional<std::string> resolve_url(std::string_view base, std::string_view reference) {
  if (base.size() > max_url_bytes || reference.size() > max_url_bytes) return std::nullopt;
  const std::string clean = without_line_breaks(reference);
  const CurlUrl url(curl_url());
  if (has_scheme(clean)) {
    if (curl_url_set(url.get(), CURLUPART_URL, clean.c_str(), parse_flags) != CURLUE_OK)
      return std::nullopt;
  } else {
    if (curl_url_set(url.get(), CURLUPART_URL, std::string(base).c_str(), parse_flags) !=
        CURLUE_OK) {
      return std::nullopt;
    }
    if (!clean.empty() &&
        curl_url_set(url.get(), CURLUPART_URL, clean.c_str(), parse_flags) != CURLUE_OK) {
      return std::nullopt;
    }
  }
  if (!is_web_scheme(part(url.get(), CURLUPART_SCHEME)) ||
      part(url.get(), CURLUPART_HOST).empty()) {
    return std::nullopt;
  }
  std::string resolved = part(url.get(), CURLUPART_URL);
  if (resolved.empty()) return std::nullopt;
  return resolved;
}

std::string percent_encode(std::string_view segment) {
  std::string encoded;
  for (const char c : segment) {
    const bool unreserved = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                            (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~';
    if (unreserved) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

std::string printable_url(std::string_view url) {
  constexpr std::string_view unsafe = "\"'<>`\\{}|^[]";
  std::string printable;
  for (const char c : url) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7F || unsafe.find(c) != std::string_view::npos) {
      printable += fmt::format("%{:02X}", byte);
    } else {
      printable += c;
    }
  }
  return printable;
}

std::string without_fragment(std::string_view url) {
  return std::string(url.substr(0, url.find('#')));
}

std::string redact_url(std::string_view url) {
  const auto authority = url.find("://");
  if (authority == std::string_view::npos) return std::string(url);
  const auto end = url.find_first_of("/?#", authority + 3);
  // The last `@` ends the user information, as WHATWG parses it: an earlier one may stand in a
  // password.
  const auto at = url.substr(0, end).rfind('@');
  if (at == std::string_view::npos || at < authority) return std::string(url);
  return std::string(url.substr(0, authority + 3)).append(url.substr(at + 1));
}

}  // namespace dandelion
