// SPDX-License-Identifier: MIT
// Reads numbers out of a picture's bytes without ever leaving them. Inside render/ only.
#pragma once

#include <cstdint>
#include <string_view>

namespace dandelion {

// Bytes beyond the end read as 0.
class PictureBytes {
 public:
  explicit PictureBytes(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] std::uint32_t u8(std::size_t at) const {
    return at < bytes_.size() ? static_cast<unsigned char>(bytes_[at]) : 0U;
  }
  [[nodiscard]] std::uint32_t big16(std::size_t at) const { return u8(at) << 8U | u8(at + 1); }
  [[nodiscard]] std::uint32_t big32(std::size_t at) const {
    return big16(at) << 16U | big16(at + 2);
  }
  [[nodiscard]] std::uint32_t little16(std::size_t at) const { return u8(at + 1) << 8U | u8(at); }
  [[nodiscard]] std::uint32_t little24(std::size_t at) const {
    return u8(at + 2) << 16U | little16(at);
  }
  [[nodiscard]] std::uint32_t little32(std::size_t at) const {
    return little16(at + 2) << 16U | little16(at);
  }
  // Empty where it would leave the bytes.
  [[nodiscard]] std::string_view part(std::size_t at, std::size_t count) const {
    return at <= bytes_.size() && count <= bytes_.size() - at ? bytes_.substr(at, count)
                                                              : std::string_view();
  }
  [[nodiscard]] bool has(std::size_t at, std::size_t count) const {
    return at <= bytes_.size() && count <= bytes_.size() - at;
  }

 private:
  std::string_view bytes_;
};

}  // namespace dandelion
