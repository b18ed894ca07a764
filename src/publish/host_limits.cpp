// SPDX-License-Identifier: MIT
#include "publish/host_limits.hpp"

#include <algorithm>
#include <array>

#include "core/mirror_addresses.hpp"

namespace dandelion {
namespace {

constexpr std::uint64_t MiB = 1ULL << 20U;
constexpr std::uint64_t GB = 1'000'000'000ULL;

constexpr std::array<HostLimits, 6> profiles = {{
    // https://docs.github.com/en/repositories/working-with-files/managing-large-files/about-large-files-on-github
    // (files),
    // https://docs.github.com/en/repositories/creating-and-managing-repositories/repository-limits
    // (push, repository, entries, six pushes a minute).
    {.name = "github",
     .file_warned = 50 * MiB,
     .file = 100 * MiB,
     .push = 2 * GB,
     .repository_warned = 1 * GB,
     .repository = 10 * GB,
     .folder_entries = 3'000,
     .pushes_a_minute = 6},
    // https://docs.gitlab.com/user/gitlab_com/#account-and-limit-settings
    {.name = "gitlab", .push = 5ULL << 30U, .repository = 10 * GB},
    // The administrator of each instance sets its own.
    {.name = "forgejo"},
    // https://docs.codeberg.org/getting-started/faq/: for content that is not free software.
    {.name = "codeberg", .repository_warned = 100 * MiB},
    // https://support.atlassian.com/bitbucket-cloud/docs/what-are-the-repository-and-file-size-limits/
    {.name = "bitbucket", .repository_warned = 1 * GB, .repository = 4 * GB},
    {.name = "none"},
}};

const HostLimits& profile(std::string_view name) {
  const auto* found = std::find_if(profiles.begin(), profiles.end(),
                                   [name](const HostLimits& each) { return each.name == name; });
  return found == profiles.end() ? profiles.back() : *found;
}

}  // namespace

const HostLimits& limits_of(const MirrorSettings& mirror) {
  return profile(host_profile_of(mirror));
}

std::chrono::milliseconds push_interval(const MirrorSettings& mirror) {
  constexpr std::chrono::milliseconds minute = std::chrono::minutes(1);
  const int pushes = limits_of(mirror).pushes_a_minute;
  return pushes == 0 || host_of(mirror).empty() ? minute.zero() : minute / pushes;
}

}  // namespace dandelion
