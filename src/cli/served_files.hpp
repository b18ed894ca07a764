// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace dandelion {

// What `serve` shows: a folder, or a repository as its last commit has it. Read only; no path leads
// out of it.
class ServedFiles {
 public:
  // bad_input where it is neither.
  [[nodiscard]] static Result<std::unique_ptr<ServedFiles>> open(
      const std::filesystem::path& where);

  ServedFiles() = default;
  ServedFiles(const ServedFiles&) = delete;
  ServedFiles& operator=(const ServedFiles&) = delete;
  ServedFiles(ServedFiles&&) = delete;
  ServedFiles& operator=(ServedFiles&&) = delete;
  virtual ~ServedFiles() = default;

  // nullopt where there is no such file.
  [[nodiscard]] virtual std::optional<std::string> read(const std::string& path) = 0;
};

struct ServedPage {
  int status = 200;
  std::string content_type;
  std::string body;
  std::string location;  // with 301
};

// The answer to a request's path (percent-decoded, query cut off): the file; a folder's index.html
// or README.md; Markdown rendered as a Git host would (or as it is, where `raw`).
[[nodiscard]] ServedPage serve_path(ServedFiles& files, std::string_view path, bool raw);

}  // namespace dandelion
