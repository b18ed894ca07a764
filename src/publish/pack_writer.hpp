// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <git2.h>
#include <openssl/evp.h>

#include "core/error.hpp"
#include "core/handle.hpp"

namespace dandelion {

using PackDigest = std::array<unsigned char, GIT_OID_RAWSZ>;  // SHA-1

// Computes one SHA-1 piece by piece.
class PackDigester {
 public:
  PackDigester();
  void add(std::string_view bytes);
  [[nodiscard]] PackDigest end();

 private:
  Handle<EVP_MD_CTX, EVP_MD_CTX_free> context_;
};

// A temporary file in the pack folder that is hashed while it is written. It is gone with the
// object unless it got its name. Errors are storage, and name the file.
class HashedFile {
 public:
  explicit HashedFile(const std::filesystem::path& folder);
  ~HashedFile();
  HashedFile(const HashedFile&) = delete;
  HashedFile& operator=(const HashedFile&) = delete;
  HashedFile(HashedFile&&) = delete;
  HashedFile& operator=(HashedFile&&) = delete;

  [[nodiscard]] Result<void> append(std::string_view bytes);
  [[nodiscard]] std::uint64_t size() const { return size_; }

  // Ends the file with the digest of all before, and brings it to the disk.
  [[nodiscard]] Result<PackDigest> seal();
  [[nodiscard]] Result<void> rename_to(const std::filesystem::path& name);

 private:
  Result<void> append_unhashed(std::string_view bytes);
  Result<void> flush();

  std::string path_;
  PackDigester digester_;
  std::string buffer_;
  std::uint64_t size_ = 0;
  int fd_ = -1;
  int open_error_ = 0;
};

// Writes one pack of version 2 with its index of version 2, as git's gitformat-pack(5) has them:
//
//   pack   "PACK" 2 count | for each object: type and size, zlib stream | SHA-1 of it all
//   index  ff "tOc" 2 | 256 running counts by first byte | ids | CRC-32s | offsets |
//          the pack's SHA-1 | SHA-1 of it all
//
// The objects become visible all at once when finish() names the index; a process killed before
// leaves only tmp_* files, which git's own housekeeping removes.
class PackWriter {
 public:
  // `count` objects will follow; the folder has to be there.
  PackWriter(const std::filesystem::path& folder, std::uint32_t count);

  // An object whose entry begins here; append() follows with the bytes that `crc` was taken of.
  void begin_object(const git_oid& id, std::uint32_t crc) { begin_object(id, crc, pack_.size()); }
  // The same, somewhere within what append() is to be given next. An offset is below 2^31.
  void begin_object(const git_oid& id, std::uint32_t crc, std::uint64_t offset);
  [[nodiscard]] Result<void> append(std::string_view bytes);
  [[nodiscard]] std::uint64_t size() const { return pack_.size(); }

  // Brings both files to the disk under their name, which is returned: "pack-" and 40 digits.
  [[nodiscard]] Result<std::string> finish();

 private:
  struct Entry {
    git_oid id{};
    std::uint32_t crc = 0;
    std::uint32_t offset = 0;
  };
  [[nodiscard]] std::string index_of(const PackDigest& pack);

  std::filesystem::path folder_;
  HashedFile pack_;
  Result<void> head_;  // what came of writing the first bytes
  std::vector<Entry> entries_;
};

}  // namespace dandelion
