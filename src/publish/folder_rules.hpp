// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <git2.h>

#include "core/error.hpp"

namespace dandelion {

// What a repository on this machine asks of a push that only git's own receive-pack does: hooks
// (githooks(5), also behind `core.hooksPath`), settings under `receive.` and
// `transfer.fsckObjects`, files shared by a group (`core.sharedRepository`). The first of them, as
// a user would look for it: "hooks/pre-receive", "receive.denynonfastforwards"; empty: nothing.
// Looked for in the repository's own configuration alone.
[[nodiscard]] Result<std::string> rule_of_folder(git_repository* folder);

}  // namespace dandelion
