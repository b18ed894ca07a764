// SPDX-License-Identifier: MIT
// When two addresses mean one page.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dandelion {

// The address in the one form that the state keeps: RFC 3986's syntax-based and scheme-based
// normalisation (6.2.2, 6.2.3: letter case of scheme, host and percent-encoding, unreserved
// characters not encoded, no dot segments, no default port, `/` for the empty path), without
// fragment, user information, or the query parameters that only track a reader (utm_source, fbclid,
// gclid …). The order of parameters is kept: it may mean something. nullopt where it is no http or
// https address. Normalising twice changes nothing more.
[[nodiscard]] std::optional<std::string> normalize_address(std::string_view url);

// What is behind `://`: sites move from http to https, and it is the same page.
[[nodiscard]] std::string_view without_scheme(std::string_view url);

// Whether both are on one site: the same host and port, `www.` or not.
[[nodiscard]] bool same_site(std::string_view a, std::string_view b);

// Whether the address is a site's front page: no path, no query.
[[nodiscard]] bool is_front_page(std::string_view url);

}  // namespace dandelion
