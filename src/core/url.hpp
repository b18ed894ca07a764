// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace dandelion {

// The parts of an absolute http or https address, as libcurl reads them (RFC 3986 with what
// browsers forgive).
struct Url {
  std::string scheme;    // lower case
  std::string user;      // percent-encoded as written, without the password; usually empty
  std::string host;      // lower case, without brackets' removal: "[::1]" keeps them
  std::string port;      // empty where it is the scheme's own
  std::string path;      // begins with `/`
  std::string query;     // without `?`
  std::string fragment;  // without `#`

  // host[:port]
  [[nodiscard]] std::string authority() const;
  // The last path segment without its last extension: "n14082272" of /gb/23/9/27/n14082272.htm;
  // empty for "/".
  [[nodiscard]] std::string stem() const;
};

// bad_input with a reason where `text` is not an absolute http or https address.
[[nodiscard]] Result<Url> parse_url(std::string_view text);

// Whether `text` begins with a scheme (RFC 3986, 3.1): "https:", "mailto:", "data:" …
[[nodiscard]] bool has_scheme(std::string_view text);

// `reference` as seen from the page `base`, absolute, fragment kept. nullopt where it leads to
// nothing we can name: another scheme than http or https, or no address at all.
[[nodiscard]] std::optional<std::string> resolve_url(std::string_view base,
                                                     std::string_view reference);

// Every byte but RFC 3986's unreserved characters as %XX: for one segment of a path.
[[nodiscard]] std::string percent_encode(std::string_view segment);

// An address that can stand in running text of any format: what would end it there or begin markup
// (controls, blanks, quotes, angle brackets, backticks …) as %XX.
[[nodiscard]] std::string printable_url(std::string_view url);

// The same address without its fragment.
[[nodiscard]] std::string without_fragment(std::string_view url);

// The address with user name and password taken out: the only form that a log or an error may show.
[[nodiscard]] std::string redact_url(std::string_view url);

}  // namespace dandelion
