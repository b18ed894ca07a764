// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"

namespace dandelion {

// What a server's `words` mean that did not move a branch as we asked. They are receive-pack's, and
// no interface, but there is none.

// Whether another push may have come before. They are the same for some of the server's own
// reasons: where the branch is now tells which.
[[nodiscard]] bool may_tell_of_a_race(std::string_view words);

// refused, for the server's own reasons, with what to do. `rewrites`: the push was to leave commits
// of the branch behind.
[[nodiscard]] Error error_of_rejection(std::string_view ref, std::string_view words, bool rewrites);

}  // namespace dandelion
