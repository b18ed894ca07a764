// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/error.hpp"

namespace dandelion {

class SecretScan;
class SigningKey;

// Initialises libgit2 for the process, and shuts out the user's and the system's git configuration;
// one object, in main (or in a test's environment).
class GitLibrary {
 public:
  GitLibrary();
  ~GitLibrary();
  GitLibrary(const GitLibrary&) = delete;
  GitLibrary& operator=(const GitLibrary&) = delete;
  GitLibrary(GitLibrary&&) = delete;
  GitLibrary& operator=(GitLibrary&&) = delete;
};

// A file of the mirror as it should be.
struct FileChange {
  std::string path;                    // relative, `/`; must pass is_safe_relative_path
  std::optional<std::string> content;  // nullopt: the file is taken away
};

struct CommitSettings {
  std::string author_name;
  std::string author_email;
  Timestamp time;  // written in UTC
  std::string message;
  // Looks through what is about to be committed; null: nobody does.
  std::shared_ptr<const SecretScan> scan{};
  std::shared_ptr<const SigningKey> key{};  // signs the commit; null: it is not signed
};

struct SecretInFile {
  std::string path;
  std::string what;  // SecretScan::secret_in
};

// The first of the files that must not be published, for its content or its name: what commit()
// stops at. One that is taken away may be anything.
[[nodiscard]] std::optional<SecretInFile> find_secret(std::span<const FileChange> files,
                                                      const SecretScan& scan);

struct TreeFile {
  std::string path;
  std::uint64_t size = 0;
};

// The bare repository that a site's mirror is kept in. Objects are written straight into it, trees
// are built anew only along changed paths; there is no work tree and no index. Not for two threads
// at once.
class MirrorRepository {
 public:
  // Opens the repository, or makes an empty bare one whose HEAD is `branch`. storage where the
  // folder holds something else or cannot be written.
  [[nodiscard]] static Result<MirrorRepository> open_or_create(const std::filesystem::path& folder,
                                                               const std::string& branch = "main");
  // not_found where there is none. Also opens a work tree's repository, for reading.
  [[nodiscard]] static Result<MirrorRepository> open(const std::filesystem::path& folder);

  MirrorRepository(MirrorRepository&&) noexcept;
  MirrorRepository& operator=(MirrorRepository&&) noexcept;
  MirrorRepository(const MirrorRepository&) = delete;
  MirrorRepository& operator=(const MirrorRepository&) = delete;
  ~MirrorRepository();

  // The commit that HEAD's branch is at, as 40 hex digits; nullopt before the first commit.
  [[nodiscard]] Result<std::optional<std::string>> head() const;

  // Applies the changes to HEAD's tree and commits the outcome on HEAD's branch. nullopt, and
  // nothing written to any ref, where the tree stays as it is. refused where a path is unsafe or
  // comes twice, a file and a folder would share a name, or a file holds a secret; then nothing is
  // written at all. A file
  // that is not there is taken away without complaint, and the last file of a folder takes the
  // folder with it. Names that differ in case alone are two names here, as they are to git: who
  // checks out on Windows or macOS has to be spared them by the layout. The ref moves last and only
  // from the commit that was read: a process killed in the middle leaves the old HEAD, and a second
  // writer gets `conflict`.
  [[nodiscard]] Result<std::optional<std::string>> commit(const std::vector<FileChange>& changes,
                                                          const CommitSettings& settings);

  // A file's content at HEAD; nullopt where there is no file of that name (a folder or a link is
  // none).
  [[nodiscard]] Result<std::optional<std::string>> read(std::string_view path) const;

  // All files at HEAD, by path.
  [[nodiscard]] Result<std::vector<TreeFile>> list() const;

  // The names of the files that stand in a folder at HEAD (`pages/news/`; empty: the root), not of
  // those in folders of its own. None where there is no such folder.
  [[nodiscard]] Result<std::vector<std::string>> names_in(std::string_view folder) const;

  // Whether there is such a folder at HEAD ("docs/site").
  [[nodiscard]] Result<bool> has_folder(const std::string& folder) const;

  // Takes the locks away that a killed process left on the refs which are ours alone: see
  // stale_locks.hpp. What is pushed from here needs those refs.
  void clear_own_locks();

  [[nodiscard]] const std::filesystem::path& folder() const;

 private:
  struct Impl;
  explicit MirrorRepository(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dandelion
