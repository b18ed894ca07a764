// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace dandelion {

// The part of a host's name that somebody can register, by the Public Suffix List: "example.co.uk"
// of "www.example.co.uk". What has none (an address, `localhost`, a public suffix itself) is its
// own: `host` in lower case. Two hosts of one registrable domain are one site, as browsers see it.
[[nodiscard]] std::string registrable_domain(std::string_view host);

// Whether the name ends in a suffix that the Public Suffix List has ("com", "org") and has more
// before it: a host's name rather than a file's.
[[nodiscard]] bool is_public_name(std::string_view name);

// Whether both absolute addresses lie in one registrable domain; false where one is no address.
[[nodiscard]] bool is_same_site(std::string_view url, std::string_view other);

}  // namespace dandelion
