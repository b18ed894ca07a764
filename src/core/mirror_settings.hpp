// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/secret.hpp"

namespace dandelion {

// What to do where a mirror's branch has commits that ours lacks.
enum class OnConflict {
  refuse,     // leave it, and say so
  overwrite,  // replace what was there when we looked, and nothing newer
  adopt,      // merge them: they stay in the branch's history, its files are ours
};

// One entry of `mirrors:` in sites.yaml: a remote repository that gets every commit.
struct MirrorSettings {
  std::string name;
  std::string url;  // https://, ssh:// and its short form, http://, file://, an absolute path, or
                    // git:// nearby; never with a password in it
  std::string branch = "main";
  std::string folder;  // of the branch, that the mirror's files lie in: "docs"; empty: its top
  bool names_pages = false;  // its pages bear its name: the site's counter has `{mirror}`
  std::chrono::seconds keep_history{0};  // older history is folded into one commit; 0: all is kept
  std::uint64_t max_history_bytes = 0;   // so is what would make the repository larger; 0: no limit
  OnConflict on_conflict = OnConflict::refuse;
  std::string username;
  std::optional<SecretSource> token;
  std::string credential_helper;      // of git's, asked where there is no token; empty: none
  std::filesystem::path ssh_key;      // empty: what ssh's configuration and agent have
  std::filesystem::path known_hosts;  // the only keys that a host may have; empty: ssh's own list
  std::string limits;      // the name of a host profile; empty: by the host in the address
  std::string api;         // where the host's own interface is; empty: as the profile has it
  std::string public_url;  // where a reader finds it; may be empty
  std::string pages_url;   // the same on a static host; may be empty
  bool is_spare = false;   // readers are told of it when another mirror of the site is down
};

}  // namespace dandelion
