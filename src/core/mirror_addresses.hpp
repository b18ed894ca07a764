// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "core/mirror_settings.hpp"

namespace dandelion {

// What a mirror's own address tells of its host: a host that is known by its name or by the
// mirror's `limits:`.

// The host as readers and its own interface know it, in small letters, without user and port:
// "github.com" of "ssh://git@ssh.github.com:443/…" too; empty for a repository on this machine.
[[nodiscard]] std::string host_of(const MirrorSettings& mirror);

// "github", "gitlab", "forgejo", "codeberg", "bitbucket" or "none": by the mirror's `limits:`,
// where that says nothing by its host. "none" where neither tells.
[[nodiscard]] std::string_view host_profile_of(const MirrorSettings& mirror);

// Whether two mirrors live in one repository, by whatever way (ssh, https) each gets there: of one
// owner and name at one host, without `.git`. Only the ports of two web addresses tell two servers
// apart, and where the host is none that we know, case and the users of two ssh addresses. Where
// only the host could tell, they are two.
[[nodiscard]] bool is_one_repository(const MirrorSettings& one, const MirrorSettings& other);

// Where the host shows the repository to readers: "https://github.com/someone/news". Empty where
// that cannot be told.
[[nodiscard]] std::string public_address_of(const MirrorSettings& mirror);

// The host's Pages: "https://someone.github.io/news/", "https://group.gitlab.io/sub/news/" (with
// the project's unique domain turned off, as `mirrors create` does),
// "https://someone.codeberg.page/news/" for the branch `pages`, "…/news/@main/" for another. Hosts
// of one's own have Pages where their administrator wants, if any: empty.
[[nodiscard]] std::string pages_address_of(const MirrorSettings& mirror);

// Why the host makes no Pages of what lies in such a folder or branch, and what it makes them of,
// as a sentence; empty where it does, or nothing is known of it.
[[nodiscard]] std::string pages_obstacle_of(const MirrorSettings& mirror);

}  // namespace dandelion
