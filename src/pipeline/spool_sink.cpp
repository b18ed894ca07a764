// SPDX-License-Identifier: MIT
#include "pipeline/spool_sink.hpp"

namespace dandelion {
namespace {

constexpr std::size_t piece_bytes = 64U << 10;

tl::unexpected<Error> no_room() {
  return fail(ErrorKind::storage, "a temporary file cannot be written: no space?");
}

}  // namespace

Result<void> SpoolSink::begin() {
  file_.reset(std::tmpfile());
  if (!file_) return no_room();
  return {};
}

Result<void> SpoolSink::write(std::string_view piece) {
  if (std::fwrite(piece.data(), 1, piece.size(), file_.get()) != piece.size()) return no_room();
  return {};
}

Result<void> SpoolSink::end() {
  if (std::fflush(file_.get()) != 0) return no_room();
  return {};
}

Result<void> SpoolSink::read(const Take& take) {
  std::rewind(file_.get());
  std::string piece(piece_bytes, '\0');
  while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), file_.get())) {
    if (auto taken = take(std::string_view(piece).substr(0, got)); !taken) return taken;
  }
  if (std::ferror(file_.get()) != 0)
    return fail(ErrorKind::storage, "a temporary file cannot be read");
  return {};
}

std::string SpoolSink::beginning() {
  std::rewind(file_.get());
  std::string piece(piece_bytes, '\0');
  piece.resize(std::fread(piece.data(), 1, piece.size(), file_.get()));
  return piece;
}

}  // namespace dandelion
