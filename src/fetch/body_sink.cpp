// SPDX-License-Identifier: MIT
#include "fetch/body_sink.hpp"

namespace dandelion {

FileSink::FileSink(std::filesystem::path path) : path_(std::move(path)), part_(path_) {
  part_ += ".part";
}

FileSink::~FileSink() {
  if (!begun_) return;
  file_.close();
  std::error_code ignored;
  std::filesystem::remove(part_, ignored);
}

Result<void> FileSink::begin() {
  file_.close();
  file_.clear();
  file_.open(part_, std::ios::binary | std::ios::trunc);
  if (!file_) return fail(ErrorKind::storage, "{} cannot be written", part_.string());
  begun_ = true;
  return {};
}

Result<void> FileSink::write(std::string_view piece) {
  file_.write(piece.data(), static_cast<std::streamsize>(piece.size()));
  if (!file_) return fail(ErrorKind::storage, "{} cannot be written: no space?", part_.string());
  return {};
}

Result<void> FileSink::end() {
  file_.close();
  std::error_code error;
  if (file_) std::filesystem::rename(part_, path_, error);
  if (!file_ || error)
    return fail(ErrorKind::storage, "{} cannot be written: {}", path_.string(), error.message());
  begun_ = false;
  return {};
}

}  // namespace dandelion
