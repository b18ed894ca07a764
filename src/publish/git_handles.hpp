// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <git2.h>

#include "core/error.hpp"
#include "core/handle.hpp"

namespace dandelion {

using GitRepository = Handle<git_repository, git_repository_free>;
using GitConfig = Handle<git_config, git_config_free>;
using GitReference = Handle<git_reference, git_reference_free>;
using GitReferences = Handle<git_reference_iterator, git_reference_iterator_free>;
using GitObjectStore = Handle<git_odb, git_odb_free>;
using GitTree = Handle<git_tree, git_tree_free>;
using GitTreeEntry = Handle<git_tree_entry, git_tree_entry_free>;
using GitCommit = Handle<git_commit, git_commit_free>;
using GitBlob = Handle<git_blob, git_blob_free>;
using GitSignature = Handle<git_signature, git_signature_free>;
using GitRemote = Handle<git_remote, git_remote_free>;
using GitWalk = Handle<git_revwalk, git_revwalk_free>;
using GitPackBuilder = Handle<git_packbuilder, git_packbuilder_free>;

// The reason libgit2 gave for its last failure in this thread; it may have kept none.
[[nodiscard]] std::string git_reason();

// That reason as an error of ours: "open /srv/mirror.git: permission denied".
[[nodiscard]] tl::unexpected<Error> git_failure(std::string_view doing,
                                                ErrorKind kind = ErrorKind::storage);

// The repository in the folder; "open /srv/mirror.git: …" where there is none.
[[nodiscard]] Result<GitRepository> open_repository(const std::filesystem::path& folder);

// Where it keeps its objects: the folder that has "pack" in it.
[[nodiscard]] std::filesystem::path objects_of(git_repository* repository);

// 40 hex digits.
[[nodiscard]] std::string hex(const git_oid& id);

}  // namespace dandelion
