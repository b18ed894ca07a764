// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "core/mirror_settings.hpp"

namespace dandelion {

// Where a host shows a repository to readers, as far as the repository's own address tells: a host
// that is known by its name or by the mirror's `limits:`. Empty where that cannot be told.

// "https://github.com/someone/news".
[[nodiscard]] std::string public_address_of(const MirrorSettings& mirror);

// The host's Pages: "https://someone.github.io/news/", "https://group.gitlab.io/sub/news/" (with
// the project's unique domain turned off, as `mirrors create` does),
// "https://someone.codeberg.page/news/" for the branch `pages`, "…/news/@main/" for another. Hosts
// of one's own have Pages where their administrator wants, if any: empty.
[[nodiscard]] std::string pages_address_of(const MirrorSettings& mirror);

}  // namespace dandelion
