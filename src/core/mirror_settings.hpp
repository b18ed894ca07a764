// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "core/secret.hpp"

namespace dandelion {

// What to do where a mirror's branch has commits that ours lacks.
enum class OnConflict {
  refuse,     // leave it, and say so
  overwrite,  // replace what was there when we looked, and nothing newer
};

// One entry of `mirrors:` in sites.yaml: a remote repository that gets every commit.
struct MirrorSettings {
  std::string name;
  std::string url;  // https://, http://, file:// or an absolute path; never with credentials in it
  std::string branch = "main";
  OnConflict on_conflict = OnConflict::refuse;
  std::string username;
  std::optional<SecretSource> token;
  std::string limits;  // the name of a host profile; empty: by the host in the address
  std::string public_url;  // where a reader finds it; may be empty
  std::string pages_url;   // the same on a static host; may be empty
};

}  // namespace dandelion
