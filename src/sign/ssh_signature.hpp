// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "sign/signing_key.hpp"

namespace dandelion {

// The message's signature in OpenSSH's format (PROTOCOL.sshsig), in its armour of several lines,
// with SHA-512 and `name_space`: "git" for commits and tags. `ssh-keygen -Y verify` and, for git,
// `git verify-commit` with gpg.format=ssh accept it.
[[nodiscard]] std::string ssh_signature(const SigningKey& key, std::string_view message,
                                        std::string_view name_space);

// A commit object's content from its header (up to the committer's line) and the rest (from the
// empty line on), signed where there is a key.
[[nodiscard]] std::string with_signature(const std::string& header, const std::string& rest,
                                         const SigningKey* key);

}  // namespace dandelion
