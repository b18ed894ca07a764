// SPDX-License-Identifier: MIT
#include "core/registrable_domain.hpp"

#include <libpsl.h>

#include "core/text.hpp"
#include "core/url.hpp"

namespace dandelion {

std::string registrable_domain(std::string_view host) {
  std::string name = ascii_lower(host);
  if (name.ends_with('.')) name.pop_back();
  // The list has rules for names only: it would take 1.2.3.4 for a name under "4".
  if (name.starts_with('[') || name.find_first_not_of("0123456789.") == std::string::npos)
    return name;
  // Owned by the library; its built-in list needs no file.
  const char* domain = psl_registrable_domain(psl_builtin(), name.c_str());
  return domain == nullptr ? name : std::string(domain);
}

bool is_public_name(std::string_view name) {
  const std::string lower = ascii_lower(name);
  const auto dot = lower.rfind('.');
  if (dot == std::string::npos || dot == 0) return false;
  // Without the list's rule that any last label is a suffix.
  return psl_is_public_suffix2(psl_builtin(), lower.c_str() + dot + 1,
                               PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) != 0;
}

bool is_same_site(std::string_view url, std::string_view other) {
  const auto a = parse_url(url);
  const auto b = parse_url(other);
  return a && b && registrable_domain(a->host) == registrable_domain(b->host);
}

}  // namespace dandelion
