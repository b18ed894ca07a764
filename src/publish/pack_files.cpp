// SPDX-License-Identifier: MIT
#include "publish/pack_files.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <system_error>
#include <tuple>

#include "publish/git_handles.hpp"
#include "publish/pack_index.hpp"
#include "publish/pack_writer.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

// The new pack's name; empty where there is nothing to hold.
Result<std::string> write_joined(git_repository* repository, const std::vector<git_oid>& objects) {
  if (objects.empty()) return std::string();
  GitPackBuilder builder;
  if (git_packbuilder_new(out(builder), repository) < 0) return git_failure("join packs");
  git_packbuilder_set_threads(builder.get(), 0);
  for (const git_oid& object : objects) {
    if (git_packbuilder_insert(builder.get(), &object, nullptr) < 0)
      return git_failure("join packs");
  }
  // libgit2 brings it to the disk: see GitLibrary.
  if (git_packbuilder_write(builder.get(), nullptr, 0, nullptr, nullptr) < 0)
    return git_failure("join packs");
  return std::string(git_packbuilder_name(builder.get()));
}

// First the index: one without its pack is an error to readers.
void remove_pack(const PackFiles& files) {
  std::error_code ignored;
  fs::remove(files.index, ignored);
  fs::remove(files.pack, ignored);
  fs::remove(fs::path(files.pack).replace_extension(".rev"), ignored);  // git's, made of the index
}

constexpr std::size_t pack_head_bytes = 12;
constexpr std::size_t digest_bytes = 20;

// Copies a pack's entries behind those that are there. What is read has to be what was written.
Result<void> append_pack(PackWriter& writer, const PackFiles& files,
                         const std::vector<PackedObject>& objects) {
  const auto damaged = [&] {
    return fail(ErrorKind::storage, "{} is damaged", files.pack.string());
  };
  std::ifstream file(files.pack, std::ios::binary);
  std::string piece(256U << 10, '\0');
  PackDigester digester;
  file.read(piece.data(), pack_head_bytes);
  if (!file || !piece.starts_with(std::string_view("PACK\0\0\0\2", 8))) return damaged();
  digester.add({piece.data(), pack_head_bytes});
  for (const PackedObject& object : objects)
    writer.begin_object(object.id, object.crc, writer.size() + object.offset - pack_head_bytes);
  for (auto left = files.bytes - pack_head_bytes - digest_bytes; left > 0;) {
    file.read(piece.data(),
              static_cast<std::streamsize>(std::min<std::uintmax_t>(left, piece.size())));
    const std::string_view read(piece.data(), static_cast<std::size_t>(file.gcount()));
    if (read.empty()) return damaged();
    digester.add(read);
    if (auto done = writer.append(read); !done) return done;
    left -= read.size();
  }
  PackDigest written{};
  file.read(reinterpret_cast<char*>(written.data()), digest_bytes);
  return file && written == digester.end() ? Result<void>{} : damaged();
}

}  // namespace

std::vector<PackFiles> replaceable_packs(git_repository* repository) {
  const fs::path folder = objects_of(repository) / "pack";
  std::vector<PackFiles> found;
  if (is_there(folder / "multi-pack-index")) return found;
  for (const fs::path& index : pack_indexes(repository)) {
    PackFiles files{index, index, 0};
    files.pack.replace_extension(".pack");
    std::error_code unreadable;
    files.bytes = fs::file_size(files.pack, unreadable);
    if (unreadable) continue;
    const auto is_marked = [&](const char* extension) {
      return is_there(fs::path(files.pack).replace_extension(extension));
    };
    if (!is_marked(".keep") && !is_marked(".promisor") && !is_marked(".bitmap"))
      found.push_back(files);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tie(a.bytes, a.index) < std::tie(b.bytes, b.index);
  });
  return found;
}

Result<void> replace_packs(git_repository* repository, const std::vector<PackFiles>& packs,
                           const std::vector<git_oid>& objects) {
  const auto name = write_joined(repository, objects);
  if (!name) return tl::unexpected(name.error());
  for (const PackFiles& each : packs) {
    if (each.pack.stem() != "pack-" + *name) remove_pack(each);
  }
  return {};
}

Result<void> join_packs(const std::vector<PackFiles>& packs) {
  std::vector<std::vector<PackedObject>> contents;
  std::vector<git_oid> ids;
  std::uintmax_t bytes = 0;
  for (const PackFiles& each : packs) {
    auto held = read_pack_index(each.index);
    if (!held) return tl::unexpected(std::move(held.error()));
    for (const PackedObject& object : *held)
      ids.push_back(object.id);
    bytes += each.bytes;
    contents.push_back(std::move(*held));
  }
  const auto before = [](const git_oid& a, const git_oid& b) { return git_oid_cmp(&a, &b) < 0; };
  const auto same = [](const git_oid& a, const git_oid& b) { return git_oid_equal(&a, &b) != 0; };
  std::sort(ids.begin(), ids.end(), before);
  const bool has_twins = std::adjacent_find(ids.begin(), ids.end(), same) != ids.end();
  if (packs.size() < 2 || has_twins || bytes >= (std::uintmax_t{1} << 31)) return {};
  PackWriter writer(packs.front().pack.parent_path(), static_cast<std::uint32_t>(ids.size()));
  for (std::size_t i = 0; i < packs.size(); ++i) {
    if (auto done = append_pack(writer, packs[i], contents[i]); !done) return done;
  }
  if (auto name = writer.finish(); !name) return tl::unexpected(std::move(name.error()));
  for (const PackFiles& each : packs)
    remove_pack(each);
  return {};
}

}  // namespace dandelion
