// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <fstream>
#include <string_view>

#include "core/error.hpp"

namespace dandelion {

// Takes a body piece by piece as it comes, decompressed, so that a large one never stands in
// memory. An error from any call ends the request with it.
class BodySink {
 public:
  BodySink() = default;
  BodySink(const BodySink&) = delete;
  BodySink& operator=(const BodySink&) = delete;
  BodySink(BodySink&&) = delete;
  BodySink& operator=(BodySink&&) = delete;
  virtual ~BodySink() = default;

  // A good answer's body begins: for the first time, or anew after a try that broke in the middle.
  [[nodiscard]] virtual Result<void> begin() = 0;
  [[nodiscard]] virtual Result<void> write(std::string_view piece) = 0;
  // All of it has come, within its limit. Not called where the request failed.
  [[nodiscard]] virtual Result<void> end() = 0;
};

// Writes a body to `path`, under the name `path`.part until it is whole; what is left of a failed
// one is taken away.
class FileSink final : public BodySink {
 public:
  explicit FileSink(std::filesystem::path path);
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;
  FileSink(FileSink&&) = delete;
  FileSink& operator=(FileSink&&) = delete;
  ~FileSink() override;

  [[nodiscard]] Result<void> begin() override;
  [[nodiscard]] Result<void> write(std::string_view piece) override;
  [[nodiscard]] Result<void> end() override;

 private:
  std::filesystem::path path_;
  std::filesystem::path part_;
  std::ofstream file_;
  bool begun_ = false;
};

}  // namespace dandelion
