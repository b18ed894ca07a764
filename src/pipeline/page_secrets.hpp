// SPDX-License-Identifier: MIT
// What the pages of a mirror must not say. The commit itself refuses it too (MirrorRepository), but
// whole: here it is known of which page it is, so that one page does not hold up all others.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "html/article.hpp"
#include "pipeline/page_rendering.hpp"
#include "publish/mirror_repository.hpp"
#include "publish/secret_scan.hpp"

namespace dandelion {

// What must not be published (SecretScan::secret_in) in a page's files, or in what they say however
// they write it.
[[nodiscard]] std::optional<std::string> secret_in_page(const SecretScan& scan,
                                                        const html::Article& article,
                                                        const std::vector<FileChange>& files);

// The same in what the mirror's lists, feeds and search index say of the page: they are made as if
// there were no other. `article` null: the state has none.
[[nodiscard]] std::optional<std::string> secret_in_lists(const SecretScan& scan,
                                                         const SiteLook& look,
                                                         const PageRecord& page,
                                                         const html::Article* article);

}  // namespace dandelion
