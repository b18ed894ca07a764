// SPDX-License-Identifier: MIT
#include "pipeline/gitlab_pages.hpp"

#include <fmt/format.h>

#include "core/mirror_addresses.hpp"
#include "publish/host_api.hpp"

namespace dandelion {

std::set<std::string> gitlab_pages_branches(const Config& config, const SiteConfig& site) {
  std::set<std::string> branches;
  for (const std::string& name : site.mirrors) {
    const MirrorSettings* mirror = config.find_mirror(name);
    if (mirror == nullptr || mirror->pages_url.empty() || !pages_obstacle_of(*mirror).empty())
      continue;
    const auto place = place_of(*mirror);
    if (place && place->kind == HostKind::gitlab) branches.insert(mirror->branch);
  }
  return branches;
}

std::string gitlab_pages_file(const std::set<std::string>& branches) {
  std::string file = R"yaml(# Publishes these files by GitLab Pages.
pages:
  stage: deploy
  image: busybox
  variables: {GIT_DEPTH: "1"}
  script:
    - cd "$(dirname "$CI_CONFIG_PATH")"
    - mkdir .site
    - find . -mindepth 1 -maxdepth 1 ! -name .site ! -name .git ! -name .dandelion ! -name .gitlab-ci.yml -exec mv {} .site/ ';'
    - mv .site "$CI_PROJECT_DIR/public"
  artifacts: {paths: [public]}
  rules:
)yaml";
  for (const std::string& branch : branches)
    file += fmt::format("    - if: $CI_COMMIT_BRANCH == \"{}\"\n", branch);
  return file;
}

}  // namespace dandelion
