// SPDX-License-Identifier: MIT
#include "publish/push_rejection.hpp"

#include <algorithm>
#include <array>

namespace dandelion {
namespace {

bool has(std::string_view words, std::string_view sign) {
  return words.find(sign) != std::string_view::npos;
}

}  // namespace

bool may_tell_of_a_race(std::string_view words) {
  constexpr std::array<std::string_view, 7> signs = {
      "fetch first",         "non-fast-forward", "failed to update ref",
      "incorrect old value", "cannot lock ref",  "reference already exists",
      "stale info"};
  return std::any_of(signs.begin(), signs.end(),
                     [words](std::string_view sign) { return has(words, sign); });
}

Error error_of_rejection(std::string_view ref, std::string_view words, bool rewrites) {
  if (rewrites && has(words, "non-fast-forward")) {
    return {ErrorKind::refused,
            fmt::format("the mirror's {} may only grow: its server leaves no commits behind, as a "
                        "folded `history`, another `folder` and `on_conflict: overwrite` have to; "
                        "allow it there (receive.denyNonFastForwards, or the branch's protection), "
                        "or name another `branch`: {}",
                        ref, words)};
  }
  if (has(words, ".lock")) {
    return {ErrorKind::refused,
            fmt::format("the mirror's server cannot move {}: a lock is in the way, which another "
                        "push holds or was killed with; where it stays, it has to be removed "
                        "there: {}",
                        ref, words)};
  }
  return {ErrorKind::refused, fmt::format("the mirror refused {}: {}", ref, words)};
}

}  // namespace dandelion
