// SPDX-License-Identifier: MIT
#include "publish/pack_index.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/files.hpp"
#include "publish/git_handles.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_index_bytes = 512U << 20;
// After 8 bytes of magic, 256 running counts; then for each object its id, its CRC-32 and its
// offset in the pack, each kind together; then what does not fit into 31 bits; two digests last.
constexpr std::size_t counts_end = 8 + 256 * 4;
constexpr std::size_t digest_bytes = 20;

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t number = 0;
  for (const char byte : bytes.substr(at, size))
    number = number << 8U | static_cast<unsigned char>(byte);
  return number;
}

// The lines of an index.
class Lines {
 public:
  explicit Lines(std::string_view bytes) : bytes_(bytes) {
    const bool is_index = bytes.size() >= counts_end + 2 * digest_bytes &&
                          bytes.starts_with(std::string_view("\377tOc\0\0\0\2", 8));
    if (is_index) count_ = number_at(bytes, counts_end - 4, 4);
    constexpr std::size_t line_bytes = GIT_OID_RAWSZ + 4 + 4;
    is_sound_ = is_index && count_ <= (bytes.size() - counts_end - 2 * digest_bytes) / line_bytes;
    offsets_ = counts_end + count_ * (GIT_OID_RAWSZ + 4);
  }

  [[nodiscard]] bool is_sound() const { return is_sound_; }
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] git_oid id(std::size_t i) const {
    git_oid id{};
    std::memcpy(id.id, bytes_.data() + counts_end + i * GIT_OID_RAWSZ, GIT_OID_RAWSZ);
    return id;
  }
  [[nodiscard]] std::uint32_t crc(std::size_t i) const {
    return static_cast<std::uint32_t>(
        number_at(bytes_, counts_end + count_ * GIT_OID_RAWSZ + 4 * i, 4));
  }
  // The end of all where the index is wrong.
  [[nodiscard]] std::uint64_t offset(std::size_t i) const {
    constexpr std::uint64_t is_elsewhere = 1ULL << 31U;
    const std::uint64_t offset = number_at(bytes_, offsets_ + 4 * i, 4);
    if ((offset & is_elsewhere) == 0) return offset;
    const std::size_t at = offsets_ + 4 * count_ + 8 * (offset & (is_elsewhere - 1));
    return at + 8 <= bytes_.size() ? number_at(bytes_, at, 8) : UINT64_MAX;
  }

 private:
  std::string_view bytes_;
  std::size_t count_ = 0;
  std::size_t offsets_ = 0;
  bool is_sound_ = false;
};

}  // namespace

Result<std::vector<PackedObject>> read_pack_index(const fs::path& index) {
  const auto bytes = read_file(index, max_index_bytes);
  if (!bytes) return tl::unexpected(bytes.error());
  std::error_code error;
  const std::uintmax_t pack_bytes =
      fs::file_size(fs::path(index).replace_extension(".pack"), error);
  const Lines lines(*bytes);
  if (error || !lines.is_sound() || pack_bytes < digest_bytes)
    return fail(ErrorKind::storage, "{} is damaged", index.string());
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  order.reserve(lines.count());
  for (std::size_t i = 0; i < lines.count(); ++i)
    order.emplace_back(lines.offset(i), i);
  std::sort(order.begin(), order.end(), std::greater<>());
  std::vector<PackedObject> objects(lines.count());
  std::uint64_t end = pack_bytes - digest_bytes;
  for (const auto& [offset, i] : order) {
    if (offset > end) return fail(ErrorKind::storage, "{} is damaged", index.string());
    objects[i] = {lines.id(i), offset, lines.crc(i), end - offset};
    end = offset;
  }
  return objects;
}

std::vector<fs::path> pack_indexes(git_repository* repository) {
  return pack_indexes(objects_of(repository));
}

std::vector<fs::path> pack_indexes(const fs::path& objects_folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator each(objects_folder / "pack", error), end; !error && each != end;
       each.increment(error)) {
    if (each->path().extension() == ".idx") found.push_back(each->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace dandelion
