// SPDX-License-Identifier: MIT
#include "publish/pack_writer.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dandelion {
namespace {

constexpr std::size_t buffer_bytes = 256U << 10;

tl::unexpected<Error> system_failure(const std::filesystem::path& path, int number = errno) {
  return fail(ErrorKind::storage, "write {}: {}", path.string(),
              std::generic_category().message(number));
}

void append_u32(std::string& bytes, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>(static_cast<unsigned char>(value >> shift));
}

std::string_view view_of(const PackDigest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
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

}  // namespace

PackDigester::PackDigester() : context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha1(), nullptr) != 1)
    throw std::bad_alloc();
}

void PackDigester::add(std::string_view bytes) {
  EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
}

PackDigest PackDigester::end() {
  PackDigest digest{};
  EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
  return digest;
}

HashedFile::HashedFile(const std::filesystem::path& folder)
    : path_((folder / "tmp_pack_XXXXXX").string()) {
  fd_ = ::mkostemp(path_.data(), O_CLOEXEC);
  open_error_ = fd_ < 0 ? errno : 0;
  buffer_.reserve(buffer_bytes);
}

HashedFile::~HashedFile() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink(path_.c_str());
}

Result<void> HashedFile::append(std::string_view bytes) {
  digester_.add(bytes);
  return append_unhashed(bytes);
}

Result<PackDigest> HashedFile::seal() {
  const PackDigest digest = digester_.end();
  auto done = append_unhashed(view_of(digest));
  if (done) done = flush();
  if (!done) return tl::unexpected(std::move(done.error()));
  if (::fchmod(fd_, 0444) != 0 || ::fsync(fd_) != 0) return system_failure(path_);
  return digest;
}

Result<void> HashedFile::rename_to(const std::filesystem::path& name) {
  if (::rename(path_.c_str(), name.c_str()) != 0) return system_failure(name);
  ::close(fd_);
  fd_ = -1;
  return {};
}

Result<void> HashedFile::append_unhashed(std::string_view bytes) {
  if (fd_ < 0) return system_failure(path_, open_error_);
  size_ += bytes.size();
  buffer_.append(bytes);
  return buffer_.size() < buffer_bytes ? Result<void>{} : flush();
}

Result<void> HashedFile::flush() {
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

PackWriter::PackWriter(const std::filesystem::path& folder, std::uint32_t count)
    : folder_(folder), pack_(folder) {
  std::string head("PACK");
  append_u32(head, 2);
  append_u32(head, count);
  head_ = pack_.append(head);
  entries_.reserve(count);
}

void PackWriter::begin_object(const git_oid& id, std::uint32_t crc, std::uint64_t offset) {
  assert(offset < (std::uint64_t{1} << 31));
  entries_.push_back({id, crc, static_cast<std::uint32_t>(offset)});
}

Result<void> PackWriter::append(std::string_view bytes) {
  if (!head_) return head_;
  return pack_.append(bytes);
}

std::string PackWriter::index_of(const PackDigest& pack) {
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return git_oid_cmp(&a.id, &b.id) < 0; });
  std::string bytes("\377tOc");
  append_u32(bytes, 2);
  auto entry = entries_.begin();
  for (unsigned int first = 0; first < 256; ++first) {
    while (entry != entries_.end() && entry->id.id[0] == first)
      ++entry;
    append_u32(bytes, static_cast<std::uint32_t>(entry - entries_.begin()));
  }
  for (const Entry& each : entries_)
    bytes.append(reinterpret_cast<const char*>(each.id.id), sizeof each.id.id);
  for (const Entry& each : entries_)
    append_u32(bytes, each.crc);
  for (const Entry& each : entries_)
    append_u32(bytes, each.offset);
  bytes.append(view_of(pack));
  return bytes;
}

Result<std::string> PackWriter::finish() {
  if (!head_) return tl::unexpected(head_.error());
  const auto digest = pack_.seal();
  if (!digest) return tl::unexpected(digest.error());
  HashedFile index(folder_);
  auto done = index.append(index_of(*digest));
  if (!done) return tl::unexpected(std::move(done.error()));
  if (const auto sealed = index.seal(); !sealed) return tl::unexpected(sealed.error());

  git_oid name{};
  std::memcpy(name.id, digest->data(), digest->size());
  std::string stem("pack-");
  stem.append(GIT_OID_HEXSZ, '0');
  git_oid_fmt(stem.data() + 5, &name);
  // The pack first: readers look for the index, and then for its pack.
  done = pack_.rename_to(folder_ / (stem + ".pack"));
  if (done) done = index.rename_to(folder_ / (stem + ".idx"));
  if (done) done = sync_folder(folder_);
  if (!done) return tl::unexpected(std::move(done.error()));
  return stem;
}

}  // namespace dandelion
