// SPDX-License-Identifier: MIT
#include "archive/zip.hpp"

#include <algorithm>
#include <cassert>

#include <zlib.h>

#include "core/compression.hpp"
#include "core/files.hpp"

namespace dandelion {
namespace {

// APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16: signatures, and the bytes of each record without its name.
constexpr std::uint32_t local_signature = 0x0403'4b50;
constexpr std::uint32_t directory_signature = 0x0201'4b50;
constexpr std::uint32_t end_signature = 0x0605'4b50;
constexpr std::size_t local_bytes = 30;
constexpr std::size_t directory_bytes = 46;
constexpr std::size_t end_bytes = 22;

constexpr std::uint16_t version = 20;          // 2.0: deflate, folders
constexpr std::uint16_t utf8_name = 1U << 11;  // 4.4.4, bit 11
constexpr std::uint16_t first_time = 0;        // 00:00:00
constexpr std::uint16_t first_date = 0x0021;   // 1980-01-01

void put16(std::string& to, std::uint32_t value) {
  to += static_cast<char>(value & 0xFFU);
  to += static_cast<char>((value >> 8U) & 0xFFU);
}

void put32(std::string& to, std::uint32_t value) {
  put16(to, value & 0xFFFFU);
  put16(to, value >> 16U);
}

std::uint32_t crc_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

void ZipWriter::store(std::string_view name, std::string_view bytes) {
  if (has_room(name, bytes.size())) add({name, bytes, bytes, Method::stored});
}

void ZipWriter::deflate(std::string_view name, std::string_view bytes) {
  // What is larger than a ZIP may hold is not worth the packing.
  if (is_full_ || bytes.size() > most_bytes) {
    is_full_ = true;
    return;
  }
  const std::string packed = deflated(bytes);
  if (packed.size() >= bytes.size()) {
    store(name, bytes);
  } else if (has_room(name, packed.size())) {
    add({name, packed, bytes, Method::deflated});
  }
}

bool ZipWriter::has_room(std::string_view name, std::size_t size) {
  assert(is_safe_relative_path(name));
  const std::uint64_t used = files_.size() + directory_.size() + end_bytes;
  const std::uint64_t heads = local_bytes + directory_bytes + 2 * name.size();
  is_full_ =
      is_full_ || count_ == most_files || used + heads > limit_ || size > limit_ - used - heads;
  return !is_full_;
}

void ZipWriter::add(const Entry& entry) {
  const auto offset = static_cast<std::uint32_t>(files_.size());
  // What a file's head and the directory say alike, from the version on.
  std::string facts;
  put16(facts, version);
  put16(facts, is_ascii(entry.name) ? 0 : utf8_name);
  put16(facts, static_cast<std::uint16_t>(entry.method));
  put16(facts, first_time);
  put16(facts, first_date);
  put32(facts, crc_of(entry.bytes));
  put32(facts, static_cast<std::uint32_t>(entry.packed.size()));
  put32(facts, static_cast<std::uint32_t>(entry.bytes.size()));
  put16(facts, static_cast<std::uint32_t>(entry.name.size()));
  put16(facts, 0);  // no extra field

  put32(files_, local_signature);
  files_ += facts;
  files_ += entry.name;
  files_ += entry.packed;

  put32(directory_, directory_signature);
  put16(directory_, version);  // made by: MS-DOS, so that no attributes of ours count
  directory_ += facts;
  put16(directory_, 0);  // no comment
  put16(directory_, 0);  // on the first disk
  put16(directory_, 0);  // internal attributes
  put32(directory_, 0);  // external attributes
  put32(directory_, offset);
  directory_ += entry.name;
  ++count_;
}

Result<std::string> ZipWriter::finish() && {
  if (is_full_)
    return fail(ErrorKind::too_large, "more than a ZIP file holds: {} bytes, {} files", limit_,
                most_files);
  const auto begin = static_cast<std::uint32_t>(files_.size());
  std::string whole = std::move(files_);
  whole += directory_;
  put32(whole, end_signature);
  put16(whole, 0);  // the first disk, and the only one
  put16(whole, 0);
  put16(whole, static_cast<std::uint32_t>(count_));
  put16(whole, static_cast<std::uint32_t>(count_));
  put32(whole, static_cast<std::uint32_t>(directory_.size()));
  put32(whole, begin);
  put16(whole, 0);  // no comment
  return whole;
}

}  // namespace dandelion
