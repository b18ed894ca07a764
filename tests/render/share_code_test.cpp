// SPDX-License-Identifier: MIT
#include "render/share_code.hpp"

#include <gtest/gtest.h>

#include "core/compression.hpp"

namespace dandelion {
namespace {

constexpr std::string_view address = "https://mirror.example/pages/news/seeds-in-the-wind.html";

std::uint32_t number_at(const std::string& bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i)
    number = number << 8U | static_cast<unsigned char>(bytes.at(at + i));
  return number;
}

TEST(ShareCode, IsAPngFileOfBlackOnWhite) {
  const std::string png = share_code_png(address);
  ASSERT_TRUE(png.starts_with("\x89PNG\r\n\x1a\n"));
  const std::size_t side = number_at(png, 16);
  EXPECT_EQ(number_at(png, 20), side);
  EXPECT_EQ(side % 4, 0U);
  const std::size_t data = png.find("IDAT");
  const std::string rows =
      decompress(png.substr(data + 4, number_at(png, data - 4)), 1U << 20U).value();
  const std::size_t stride = 1 + (side + 7) / 8;
  ASSERT_EQ(rows.size(), side * stride);
  const auto is_dark = [&](std::size_t x, std::size_t y) {
    const auto byte = static_cast<unsigned char>(rows.at(y * stride + 1 + x / 8));
    return (byte & (0x80U >> (x % 8))) == 0;
  };
  // The quiet zone, then a finder pattern: seven modules in a row.
  for (std::size_t dot = 0; dot < side; ++dot) {
    EXPECT_FALSE(is_dark(dot, 15));
    EXPECT_FALSE(is_dark(15, dot));
  }
  for (std::size_t dot = 16; dot < 16 + 7 * 4; ++dot)
    EXPECT_TRUE(is_dark(dot, 16));
  EXPECT_FALSE(is_dark(16 + 7 * 4, 16));
  EXPECT_EQ(share_code_png(address), png);
}

TEST(ShareCode, IsNothingWhereTheTextIsTooLong) {
  EXPECT_EQ(share_code_png(std::string(4000, 'x')), "");
  EXPECT_EQ(share_code_svg(std::string(4000, 'x')), "");
}

TEST(ShareCode, LiesInAFolderOfItsOwn) {
  EXPECT_EQ(share_picture_path("pages/news/story.md"), "pages/news/share/story.png");
  EXPECT_EQ(share_picture_path("story.v2.md"), "share/story.v2.png");
  for (const char* page : {"pages/news/story.md", "story.v2.md"})
    EXPECT_EQ(page_of_share_picture(share_picture_path(page)), page);
  for (const char* other : {"assets/ab/abcd.png", "share.png", "pages/share/story.md"})
    EXPECT_EQ(page_of_share_picture(other), std::nullopt) << other;
}

}  // namespace
}  // namespace dandelion
