// SPDX-License-Identifier: MIT
#include "pipeline/gitlab_pages.hpp"

#include <algorithm>

#include "publish/host_api.hpp"

namespace dandelion {

std::string_view gitlab_pages_file() {
  return R"(# Publishes these files by GitLab Pages.
pages:
  stage: deploy
  image: busybox
  variables: {GIT_DEPTH: "1"}
  script:
    - mkdir .site
    - find . -mindepth 1 -maxdepth 1 ! -name .site ! -name .git ! -name .dandelion ! -name .gitlab-ci.yml -exec mv {} .site/ ';'
    - mv .site public
  artifacts: {paths: [public]}
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
)";
}

bool has_gitlab_pages(const Config& config, const SiteConfig& site) {
  return std::any_of(site.mirrors.begin(), site.mirrors.end(), [&](const std::string& name) {
    const MirrorSettings* mirror = config.find_mirror(name);
    if (mirror == nullptr || mirror->pages_url.empty() || !mirror->folder.empty()) return false;
    const auto place = place_of(*mirror);
    return place && place->kind == HostKind::gitlab;
  });
}

}  // namespace dandelion
