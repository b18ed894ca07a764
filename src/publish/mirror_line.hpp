// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/mirror_settings.hpp"

namespace dandelion {

class ScratchObjects;
class SigningKey;

// The commits that a mirror gets where it does not get the repository's own: under a `folder:`,
// without the history that its `history:` folds into one root commit, and with its own name in the
// pages (core/mirror_name.hpp).
//
// They follow from the repository's commits and these settings alone: the same tree contents,
// authors, times and messages, so that every mirror with the same settings has the same ids. With
// `keep: 30d` time is cut into stretches of 30 days, counted from 1970; the newest commit's stretch
// and the one before it are kept, everything older becomes the root. So the root changes once in 30
// days, and between 30 and 60 days of history are there. With `max_size` the root is where
// find_history_start has it; with both, the newer of the two. What they cost grows with the new
// commits, but for the run in which the root moves. Pages that bear a name are kept once more for
// each mirror, all else is shared. Of a merge the first parent is followed.
struct MirrorLine {
  std::string commit;  // what the mirror's branch shall be at
  // The derived commit that the mirror's branch was left at, whatever its settings were then; empty
  // where that was one of the repository's own, or nothing was ever pushed.
  std::string last_pushed;
  bool is_own = false;      // not the repository's own commits
  bool is_folded = false;   // the mirror is to get a root that holds older history, a new one to it
  std::uint64_t bytes = 0;  // what it takes at the mirror, about; 0: nobody asked
};

// `head` is the repository's commit to derive from; `key` signs what is made (null: unsigned). New
// commits are written to the repository.
[[nodiscard]] Result<MirrorLine> derive_line(const std::filesystem::path& repository,
                                             const std::string& head, const MirrorSettings& mirror,
                                             const SigningKey* key);

// The same, leaving the repository as it is. What would be written goes to `scratch` (null:
// nowhere).
[[nodiscard]] Result<MirrorLine> foretell_line(const std::filesystem::path& repository,
                                               const std::string& head,
                                               const MirrorSettings& mirror, const SigningKey* key,
                                               const ScratchObjects* scratch = nullptr);

// The commits of others that a mirror's branch is at (`theirs`, which the repository has): makes a
// commit with `line` and them as parents, the files, author and time of `line`, and leads the
// mirror's line on from there, so that it goes the usual way forward. It follows from the two
// alone. `head` is what `line` was derived from. Later the merge is folded as all older history is;
// a change of `folder`, of whether pages bear a name or of the key that signs leaves it behind.
[[nodiscard]] Result<std::string> adopt_into_line(const std::filesystem::path& repository,
                                                  const MirrorSettings& mirror,
                                                  const SigningKey* key, const std::string& head,
                                                  const std::string& line,
                                                  const std::string& theirs);

// The name under which the branch of the mirror is fetched.
[[nodiscard]] std::string fetched_ref(const MirrorSettings& mirror);

// Forgets the lines that none of these mirrors, which are all of the repository's, has any more.
[[nodiscard]] Result<void> forget_other_lines(const std::filesystem::path& repository,
                                              const std::vector<MirrorSettings>& mirrors,
                                              const SigningKey* key);

// The mirror's branch is at `commit` now, which these settings led to.
[[nodiscard]] Result<void> remember_pushed(const std::filesystem::path& repository,
                                           const MirrorSettings& mirror, const std::string& commit);

}  // namespace dandelion
