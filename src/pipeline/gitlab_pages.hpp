// SPDX-License-Identifier: MIT
#pragma once

#include <set>
#include <string>

#include "config/config.hpp"

namespace dandelion {

// The branches of which the site's mirrors, spares as well, have Pages at a GitLab.
[[nodiscard]] std::set<std::string> gitlab_pages_branches(const Config& config,
                                                          const SiteConfig& site);

// The file at gitlab_pages_path (publish/host_api.hpp) by which GitLab makes its Pages of these
// branches and of no other (https://docs.gitlab.com/ci/yaml/): all that readers are meant to see,
// as it is, from the folder that the file lies in. Other hosts pass it over.
[[nodiscard]] std::string gitlab_pages_file(const std::set<std::string>& branches);

}  // namespace dandelion
