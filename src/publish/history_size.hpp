// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include <git2.h>

#include "core/error.hpp"

namespace dandelion {

// Where a mirror's history has to begin so that its repository stays below a size.
struct HistoryStart {
  git_oid root{};           // a first-parent ancestor of the head, which holds all that is older
  std::uint64_t bytes = 0;  // what a repository from there to the head takes, about
};

// Goes through the history as it grew, by first parents, and adds up what each commit brought: a
// new file counts as zlib packs it, a changed one by the bytes between what its beginning and end
// have in common with the one before, a folder by its changed entries. That is about what git keeps
// of it in a tidy pack. Where the sum passes `max_bytes`, history is cut: the newest commits that
// weigh half of it together are kept, at least the newest one; where that saves less than a tenth
// (one state of the site is nearly as large), it is tried again when a tenth more has come. So the
// answer follows from the history and `max_bytes` alone, however often it was asked for, and stays
// the same for long: a mirror gets a new root once in half of `max_bytes`.
//
// How far it got is noted in a small file in the repository's folder (only where `notes` says so),
// so that a run costs what is new in it; a note that is lost or does not fit is made again, from
// the first commit on. stopped when the user asked us to stop.
[[nodiscard]] Result<HistoryStart> find_history_start(git_repository* repository, git_odb* store,
                                                      const git_oid& head, std::uint64_t max_bytes,
                                                      bool notes);

}  // namespace dandelion
