// SPDX-License-Identifier: MIT
// What the repository remembers of a mirror's branch, and which commits there are ours.
//
// A commit that a mirror's branch is at is ours where it is one of these:
// - the repository's HEAD, or in its history: the mirror was given that once, or may be;
// - the commit that the last push left the branch at (`remember_pushed` in mirror_line.hpp);
// - the commit that a push was about to bring it to (`note_push`). Whether that went through is not
//   known where we were killed, or the answer was lost, before it was noted;
// - one that came before either of these two on its line, by first parents;
// - one that we made of a commit in HEAD's history (`remember_made`), for whatever mirror, though a
//   fold has left it behind since and it was pruned: hosts bring back what they had, and mirrors
//   are renamed. Lines with a merge are not remembered so.
// A push may leave these behind, from just the commit that was seen there, and goes back to one of
// the first kind never. All else is a conflict: what we do not have; what others pushed and we
// merged, which hangs on the line as a second parent; what only the state remembers, for a
// repository that was restored from an old copy has lost it, and the mirror may have the only one.
//
// The notes are refs under refs/dandelion, one of each kind for a mirror's name, address and
// branch. They keep what they name from being pruned, and are on the disk when their function
// returns. What we made is told by a file, `dandelion/made`, and is not kept by that. Where the
// file is lost, to a power cut perhaps, more is a conflict and nothing is overwritten.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <git2.h>

#include "core/error.hpp"
#include "core/mirror_settings.hpp"

namespace dandelion {

// The name of a note about a mirror's branch: "at" is where the last push left it, "sent" what a
// push was about to bring it to, "merged" the last merge with what others had pushed there,
// "theirs" that.
[[nodiscard]] std::string mirror_ref(std::string_view what, const MirrorSettings& mirror);

// What a ref leads to; nullopt where it does not exist.
[[nodiscard]] std::optional<git_oid> ref_target(git_repository* repository,
                                                const std::string& name);
[[nodiscard]] Result<void> set_ref(git_repository* repository, const std::string& name,
                                   const git_oid& id);

// Whether a push of `ours` may leave `theirs` behind, which is where the mirror's branch is.
[[nodiscard]] Result<bool> is_ours(git_repository* repository, const MirrorSettings& mirror,
                                   const git_oid& ours, const git_oid& theirs);

// To be called when the branch was seen at `theirs` (nullopt: it is not there), before it is
// brought to `ours`, a commit of the mirror's own line; what is in HEAD's history needs no note.
// Of the note before only what was seen stays: where the branch was seen elsewhere, that push did
// not go through.
[[nodiscard]] Result<void> note_push(git_repository* repository, const MirrorSettings& mirror,
                                     const git_oid& ours, const std::optional<git_oid>& theirs);

// A commit of a mirror's own line, and the repository's commit that it has the files of.
struct MadeCommit {
  git_oid id;
  git_oid source;
};

// To be called before anything leads to them, the oldest first, by one thread at a time. The last
// few thousand are remembered: of a mirror that is pushed to each half hour, half a year.
[[nodiscard]] Result<void> remember_made(git_repository* repository,
                                         std::span<const MadeCommit> made);

}  // namespace dandelion
