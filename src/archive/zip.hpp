// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace dandelion {

// A ZIP file (PKWARE's APPNOTE.TXT 6.3.10, without ZIP64) in memory. Files lie in it in the order
// in which they are put there, of no time (ZIP's first, 1980-01-01) and of no machine, and no entry
// has an extra field: the same files give the same bytes, and the first of them can be one that
// others look for at a fixed place (OCF 3.3, 4.3: `mimetype`).
class ZipWriter {
 public:
  // ZIP's own bounds: beyond them a reader would need ZIP64.
  static constexpr std::uint64_t most_bytes = 0xFFFF'FFFE;
  static constexpr std::size_t most_files = 0xFFFE;

  // `limit`: of the whole file, in bytes; at most `most_bytes`.
  explicit ZipWriter(std::uint64_t limit = most_bytes) : limit_(limit) {}

  // A file as it is. `name` is a safe relative path (core/files.hpp), and no other file has it.
  void store(std::string_view name, std::string_view bytes);
  // The same, packed (RFC 1951) where that makes it smaller.
  void deflate(std::string_view name, std::string_view bytes);

  // The whole, with its directory. too_large where it would pass a bound.
  [[nodiscard]] Result<std::string> finish() &&;

 private:
  enum class Method : std::uint16_t { stored = 0, deflated = 8 };

  struct Entry {
    std::string_view name;
    std::string_view packed;
    std::string_view bytes;
    Method method;
  };

  void add(const Entry& entry);
  [[nodiscard]] bool has_room(std::string_view name, std::size_t size);

  std::uint64_t limit_;
  std::string files_;
  std::string directory_;
  std::size_t count_ = 0;
  bool is_full_ = false;
};

}  // namespace dandelion
