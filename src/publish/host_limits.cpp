// SPDX-License-Identifier: MIT
#include "publish/host_limits.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"

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

struct KnownHost {
  std::string_view host;
  std::string_view profile;
};
constexpr std::array<KnownHost, 4> known_hosts = {{{"github.com", "github"},
                                                   {"gitlab.com", "gitlab"},
                                                   {"codeberg.org", "codeberg"},
                                                   {"bitbucket.org", "bitbucket"}}};

const HostLimits& profile(std::string_view name) {
  const auto* found = std::find_if(profiles.begin(), profiles.end(),
                                   [name](const HostLimits& each) { return each.name == name; });
  return found == profiles.end() ? profiles.back() : *found;
}

}  // namespace

std::string host_of(const MirrorSettings& mirror) {
  std::string_view rest = mirror.url;
  if (const auto scheme = rest.find("://"); scheme != std::string_view::npos) {
    if (rest.starts_with("file:")) return {};
    rest.remove_prefix(scheme + 3);
    rest = rest.substr(0, rest.find('/'));
  } else if (rest.starts_with('/')) {
    return {};
  } else {
    rest = rest.substr(0, rest.find(':'));  // user@host:path
    rest.remove_prefix(rest.find('@') == std::string_view::npos ? 0 : rest.find('@') + 1);
    return ascii_lower(rest);
  }
  if (const auto user = rest.rfind('@'); user != std::string_view::npos)
    rest.remove_prefix(user + 1);
  if (!rest.starts_with('[')) return ascii_lower(rest.substr(0, rest.find(':')));
  return ascii_lower(rest.substr(0, rest.find(']') + 1));
}

const HostLimits& limits_of(const MirrorSettings& mirror) {
  if (!mirror.limits.empty()) return profile(mirror.limits);
  const std::string host = host_of(mirror);
  const auto* known =
      std::find_if(known_hosts.begin(), known_hosts.end(), [&](const KnownHost& each) {
        return host == each.host || host.ends_with("." + std::string(each.host));
      });
  return known == known_hosts.end() ? profiles.back() : profile(known->profile);
}

}  // namespace dandelion
