// SPDX-License-Identifier: MIT
#include "publish/pack_file.hpp"

#include <cstdint>
#include <new>
#include <string>
#include <utility>

#include <zlib.h>

#include "core/files.hpp"
#include "publish/pack_writer.hpp"

namespace dandelion {
namespace {

// On 58 MB of text in pages, level 1 took 0.37 s, level 6 took 0.65 s for a tenth fewer bytes.
constexpr int compression_level = 1;

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

// A zlib stream (RFC 1950) of stored blocks (RFC 1951). A tree is digests for the most part, which
// nothing makes smaller: of 50 changes spread over a million files, half the time went into trying,
// and after that a quarter into clearing zlib's tables for each. Folding packs makes differences of
// them anyway.
void append_stored(std::string& out, std::string_view content) {
  constexpr std::size_t largest_block = 0xFFFF;
  const auto sum = adler32_z(adler32_z(0, nullptr, 0),
                             reinterpret_cast<const Bytef*>(content.data()), content.size());
  out += "\x78\x01";
  do {
    const std::string_view block = content.substr(0, largest_block);
    content.remove_prefix(block.size());
    const auto size = static_cast<std::uint16_t>(block.size());
    out += content.empty() ? '\1' : '\0';
    for (const unsigned int half : {unsigned{size}, ~unsigned{size}}) {
      out += static_cast<char>(static_cast<unsigned char>(half));
      out += static_cast<char>(static_cast<unsigned char>(half >> 8U));
    }
    out += block;
  } while (!content.empty());
  for (int shift = 24; shift >= 0; shift -= 8)
    out += static_cast<char>(static_cast<unsigned char>(sum >> shift));
}

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

Result<void> write_one_pack(const std::filesystem::path& folder,
                            std::span<const NewObject> objects) {
  PackWriter pack(folder, static_cast<std::uint32_t>(objects.size()));
  Deflater deflater;
  std::string bytes;
  for (const NewObject& object : objects) {
    bytes.clear();
    append_entry_header(bytes, object.type, object.content.size());
    if (object.type == GIT_OBJECT_TREE) {
      append_stored(bytes, object.content);
    } else {
      deflater.append(bytes, object.content);
    }
    const auto crc = crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    pack.begin_object(object.id, static_cast<std::uint32_t>(crc));
    if (auto done = pack.append(bytes); !done) return done;
  }
  if (auto name = pack.finish(); !name) return tl::unexpected(std::move(name.error()));
  return {};
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
