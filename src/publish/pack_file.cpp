// SPDX-License-Identifier: MIT
#include "publish/pack_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "core/files.hpp"
#include "core/handle.hpp"

// The formats are git's gitformat-pack(5): a pack of version 2 and an index of version 2.
//
//   pack   "PACK" 2 count | for each object: type and size, zlib stream | SHA-1 of it all
//   index  ff "tOc" 2 | 256 running counts by first byte | ids | CRC-32s | offsets |
//          the pack's SHA-1 | SHA-1 of it all

namespace dandelion {
namespace {

using DigestContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using Digest = std::array<unsigned char, GIT_OID_RAWSZ>;

// On 58 MB of text in pages, level 1 took 0.37 s, level 6 took 0.65 s for a tenth fewer bytes.
constexpr int compression_level = 1;
constexpr std::size_t buffer_bytes = 256U << 10;

tl::unexpected<Error> system_failure(const std::filesystem::path& path, int number = errno) {
  return fail(ErrorKind::storage, "write {}: {}", path.string(),
              std::generic_category().message(number));
}

void append_u32(std::string& bytes, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>(static_cast<unsigned char>(value >> shift));
}

void append_id(std::string& bytes, const git_oid& id) {
  bytes.append(reinterpret_cast<const char*>(id.id), sizeof id.id);
}

// A temporary file in the pack folder that is hashed while it is written. It is gone with the
// object unless it got its name.
class HashedFile {
 public:
  explicit HashedFile(const std::filesystem::path& folder)
      : path_((folder / "tmp_pack_XXXXXX").string()), digest_(EVP_MD_CTX_new()) {
    fd_ = ::mkostemp(path_.data(), O_CLOEXEC);
    open_error_ = fd_ < 0 ? errno : 0;
    buffer_.reserve(buffer_bytes);
    if (!digest_ || EVP_DigestInit_ex(digest_.get(), EVP_sha1(), nullptr) != 1)
      throw std::bad_alloc();
  }
  ~HashedFile() {
    if (fd_ < 0) return;
    ::close(fd_);
    ::unlink(path_.c_str());
  }
  HashedFile(const HashedFile&) = delete;
  HashedFile& operator=(const HashedFile&) = delete;
  HashedFile(HashedFile&&) = delete;
  HashedFile& operator=(HashedFile&&) = delete;

  [[nodiscard]] Result<void> append(std::string_view bytes) {
    EVP_DigestUpdate(digest_.get(), bytes.data(), bytes.size());
    return append_unhashed(bytes);
  }

  [[nodiscard]] std::uint64_t size() const { return size_; }

  // Ends the file with the digest of all before, and brings it to the disk.
  [[nodiscard]] Result<Digest> seal() {
    Digest digest{};
    EVP_DigestFinal_ex(digest_.get(), digest.data(), nullptr);
    auto done = append_unhashed({reinterpret_cast<const char*>(digest.data()), digest.size()});
    if (done) done = flush();
    if (!done) return tl::unexpected(std::move(done.error()));
    if (::fchmod(fd_, 0444) != 0 || ::fsync(fd_) != 0) return system_failure(path_);
    return digest;
  }

  [[nodiscard]] Result<void> rename_to(const std::filesystem::path& name) {
    if (::rename(path_.c_str(), name.c_str()) != 0) return system_failure(name);
    ::close(fd_);
    fd_ = -1;
    return {};
  }

 private:
  Result<void> append_unhashed(std::string_view bytes) {
    if (fd_ < 0) return system_failure(path_, open_error_);
    size_ += bytes.size();
    buffer_.append(bytes);
    return buffer_.size() < buffer_bytes ? Result<void>{} : flush();
  }

  Result<void> flush() {
    std::string_view rest(buffer_);
    while (!rest.empty()) {
      const ssize_t count = ::write(fd_, rest.data(), rest.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return system_failure(path_);
      rest.remove_prefix(static_cast<std::size_t>(count));
    }
    buffer_.clear();
    return {};
  }

  std::string path_;
  DigestContext digest_;
  std::string buffer_;
  std::uint64_t size_ = 0;
  int fd_ = -1;
  int open_error_ = 0;
};

// One zlib stream, started anew for each object.
class Deflater {
 public:
  Deflater() {
    if (deflateInit(&stream_, compression_level) != Z_OK) throw std::bad_alloc();
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  Deflater(Deflater&&) = delete;
  Deflater& operator=(Deflater&&) = delete;

  // Appends the compressed content. It is at most max_pack_bytes, so zlib's counters hold it.
  void append(std::string& out, std::string_view content) {
    deflateReset(&stream_);
    const std::size_t before = out.size();
    out.resize(before + deflateBound(&stream_, content.size()));
    stream_.next_in =
        reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));  // NOLINT: zlib's API of old
    stream_.avail_in = static_cast<uInt>(content.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream_.avail_out = static_cast<uInt>(out.size() - before);
    deflate(&stream_, Z_FINISH);
    out.erase(out.size() - stream_.avail_out);
  }

 private:
  z_stream stream_{};
};

struct IndexEntry {
  git_oid id{};
  std::uint32_t crc = 0;
  std::uint32_t offset = 0;
};

// The type in three bits and the size in groups of seven, lowest first, after four in the first
// byte.
void append_entry_header(std::string& bytes, git_object_t type, std::size_t size) {
  unsigned int byte =
      static_cast<unsigned int>(type) << 4U | static_cast<unsigned int>(size & 0x0F);
  for (size >>= 4U; size != 0; size >>= 7U) {
    bytes += static_cast<char>(static_cast<unsigned char>(byte | 0x80U));
    byte = static_cast<unsigned int>(size & 0x7F);
  }
  bytes += static_cast<char>(static_cast<unsigned char>(byte));
}

Result<std::vector<IndexEntry>> write_objects(HashedFile& pack,
                                              std::span<const NewObject> objects) {
  std::string bytes("PACK");
  append_u32(bytes, 2);
  append_u32(bytes, static_cast<std::uint32_t>(objects.size()));
  auto done = pack.append(bytes);
  std::vector<IndexEntry> entries;
  entries.reserve(objects.size());
  Deflater deflater;
  for (const NewObject& object : objects) {
    if (!done) break;
    bytes.clear();
    append_entry_header(bytes, object.type, object.content.size());
    deflater.append(bytes, object.content);
    const auto crc = crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    entries.push_back(
        {object.id, static_cast<std::uint32_t>(crc), static_cast<std::uint32_t>(pack.size())});
    done = pack.append(bytes);
  }
  if (!done) return tl::unexpected(std::move(done.error()));
  return entries;
}

std::string index_of(std::vector<IndexEntry> entries, const Digest& pack_digest) {
  std::sort(entries.begin(), entries.end(),
            [](const IndexEntry& a, const IndexEntry& b) { return git_oid_cmp(&a.id, &b.id) < 0; });
  std::string bytes("\377tOc");
  append_u32(bytes, 2);
  auto entry = entries.begin();
  for (unsigned int first = 0; first < 256; ++first) {
    while (entry != entries.end() && entry->id.id[0] == first)
      ++entry;
    append_u32(bytes, static_cast<std::uint32_t>(entry - entries.begin()));
  }
  for (const IndexEntry& each : entries)
    append_id(bytes, each.id);
  for (const IndexEntry& each : entries)
    append_u32(bytes, each.crc);
  for (const IndexEntry& each : entries)
    append_u32(bytes, each.offset);
  bytes.append(reinterpret_cast<const char*>(pack_digest.data()), pack_digest.size());
  return bytes;
}

// A rename is on the disk when its folder is.
Result<void> sync_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return system_failure(folder);
  const bool synced =
      ::fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP;  // some file systems cannot
  ::close(fd);
  if (!synced) return system_failure(folder);
  return {};
}

Result<void> write_one_pack(const std::filesystem::path& folder,
                            std::span<const NewObject> objects) {
  HashedFile pack(folder);
  auto entries = write_objects(pack, objects);
  if (!entries) return tl::unexpected(std::move(entries.error()));
  const auto digest = pack.seal();
  if (!digest) return tl::unexpected(digest.error());

  HashedFile index(folder);
  auto done = index.append(index_of(std::move(*entries), *digest));
  if (!done) return done;
  if (const auto sealed = index.seal(); !sealed) return tl::unexpected(sealed.error());

  git_oid name{};
  std::memcpy(name.id, digest->data(), digest->size());
  std::string stem("pack-");
  stem.append(GIT_OID_HEXSZ, '0');
  git_oid_fmt(stem.data() + 5, &name);
  // The pack first: readers look for the index, and then for its pack.
  done = pack.rename_to(folder / (stem + ".pack"));
  if (done) done = index.rename_to(folder / (stem + ".idx"));
  if (done) done = sync_folder(folder);
  return done;
}

}  // namespace

Result<void> write_pack(const std::filesystem::path& objects_folder,
                        std::span<const NewObject> objects) {
  const auto folder = objects_folder / "pack";
  // A copy that was made without empty folders lacks it.
  if (auto done = create_folders(folder); !done) return done;
  while (!objects.empty()) {
    std::size_t count = 0;
    for (std::size_t bytes = 0; count < objects.size(); ++count) {
      const std::size_t size = objects[count].content.size();
      if (size > max_pack_bytes) {
        return fail(ErrorKind::too_large, "a file of {} bytes; the most is {}", size,
                    max_pack_bytes);
      }
      if (count != 0 && bytes + size > max_pack_bytes) break;
      bytes += size;
    }
    if (auto done = write_one_pack(folder, objects.first(count)); !done) return done;
    objects = objects.subspan(count);
  }
  return {};
}

}  // namespace dandelion
