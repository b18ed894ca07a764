// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "config/config.hpp"

namespace dandelion {

// The file by which GitLab makes its Pages of a branch (https://docs.gitlab.com/ci/yaml/): all that
// readers are meant to see, as it is. Other hosts pass it over.
inline constexpr std::string_view gitlab_pages_path = ".gitlab-ci.yml";
[[nodiscard]] std::string_view gitlab_pages_file();

// Whether some mirror of the site, spares as well, has Pages at a GitLab.
[[nodiscard]] bool has_gitlab_pages(const Config& config, const SiteConfig& site);

}  // namespace dandelion
