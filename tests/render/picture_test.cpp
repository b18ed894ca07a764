// SPDX-License-Identifier: MIT
#include "render/picture.hpp"

#include <gtest/gtest.h>

#include "core/files.hpp"
#include "render/picture_scale.hpp"

namespace dandelion {
namespace {

using std::string_view_literals::operator""sv;

std::string big32(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>(number >> static_cast<unsigned>(shift) & 0xFFU);
  return bytes;
}

std::string png_chunk(std::string_view kind, std::string_view content) {
  return big32(static_cast<std::uint32_t>(content.size()))
      .append(kind)
      .append(content)
      .append("crc!");
}

std::string png(std::uint32_t width, std::uint32_t height, const std::string& between = {}) {
  return std::string("\x89PNG\r\n\x1A\n") +
         png_chunk("IHDR", big32(width) + big32(height) + std::string("\x08\x02\0\0\0", 5)) +
         between + png_chunk("IDAT", "data") + png_chunk("IEND", "");
}

std::string segment(char marker, std::string_view content) {
  const auto length = static_cast<unsigned>(content.size() + 2);
  std::string bytes("\xFF");
  bytes += marker;
  bytes += static_cast<char>(length >> 8U);
  bytes += static_cast<char>(length & 0xFFU);
  return bytes.append(content);
}

std::string exif(char orientation) {
  return segment('\xE1', std::string("Exif\0\0MM\0\x2A\0\0\0\x08\0\x02"
                                     "\x01\x0F\0\x02\0\0\0\x04"
                                     "CAM\0"
                                     "\x01\x12\0\x03\0\0\0\x01\0"sv) +
                             orientation + std::string("\0\0\0\0\0\0GPS 52.1 13.4"sv));
}

std::string jpeg(const std::string& between) {
  return "\xFF\xD8" + between + segment('\xC0', "\x08\x00\x40\x00\x60\x03"sv) +
         segment('\xDA', "\x03\x01"sv) + std::string("scan\xFF\x00more\xFF\xD0rest\xFF\xD9"sv);
}

TEST(ReadPictureHeader, GoesByTheBytes) {
  const auto small = read_picture_header(png(3, 5));
  ASSERT_TRUE(small);
  EXPECT_EQ(small->type, PictureType::png);
  EXPECT_EQ(small->width, 3);
  EXPECT_EQ(small->height, 5);
  const auto photo = read_picture_header(jpeg(exif(6)));
  ASSERT_TRUE(photo);
  EXPECT_EQ(photo->width, 0x60);
  EXPECT_EQ(photo->height, 0x40);
  EXPECT_EQ(read_picture_header("GIF89a\x02\0\x01\0..."sv)->width, 2);
  EXPECT_EQ(read_picture_header("\n <svg viewBox='0 0 1 1'>")->type, PictureType::svg);
  EXPECT_FALSE(read_picture_header("<html><svg>"));
  EXPECT_FALSE(read_picture_header("\xFF\xD8\xFF"));
  EXPECT_FALSE(read_picture_header(""));
  EXPECT_FALSE(read_picture_header(png(0, 5)));
}

TEST(StripMetadata, TakesEverythingButThePictureOutOfAPng) {
  const std::string told = png_chunk("tEXt", "Author\0Ada"sv) + png_chunk("eXIf", "GPS") +
                           png_chunk("tIME", "1234567") + png_chunk("gAMA", "1234");
  const auto bare = strip_metadata(png(3, 5, told) + "hidden behind the end", PictureType::png);
  ASSERT_TRUE(bare);
  EXPECT_EQ(*bare, png(3, 5, png_chunk("gAMA", "1234")));
}

TEST(StripMetadata, LeavesAJpegItsOrientationAlone) {
  const std::string told = segment('\xE0', "JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01RGB"sv) + exif(6) +
                           segment('\xED', "Photoshop 3.0 IPTC") + segment('\xFE', "a comment") +
                           segment('\xE1', "http://ns.adobe.com/xap/1.0/ xmp");
  const auto bare = strip_metadata(jpeg(told) + "hidden", PictureType::jpeg);
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->find("GPS"), std::string::npos);
  EXPECT_EQ(bare->find("CAM"), std::string::npos);
  EXPECT_EQ(bare->find("IPTC"), std::string::npos);
  EXPECT_EQ(bare->find("xmp"), std::string::npos);
  EXPECT_EQ(bare->find("comment"), std::string::npos);
  EXPECT_EQ(bare->find("RGB"), std::string::npos);
  EXPECT_EQ(bare->find("hidden"), std::string::npos);
  EXPECT_TRUE(bare->ends_with("rest\xFF\xD9"));
  EXPECT_EQ(jpeg_orientation(*bare), 6);
  EXPECT_EQ(read_picture_header(*bare)->width, 0x60);
  // Doing it again changes nothing.
  EXPECT_EQ(strip_metadata(*bare, PictureType::jpeg), *bare);
}

TEST(StripMetadata, KeepsAGifsFramesAndLoop) {
  const std::string head("GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF"sv);
  const std::string loop("\x21\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0"sv);
  const std::string frame("\x21\xF9\x04\0\0\0\0\0\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0"sv);
  const std::string comment("\x21\xFE\x05Hello\0"sv);
  const std::string xmp("\x21\xFF\x0BXMP DataXMP\x03gps\0"sv);
  EXPECT_EQ(strip_metadata(head + comment + loop + xmp + frame + ";trailer", PictureType::gif),
            head + loop + frame + ";");
}

TEST(StripMetadata, ClearsAWebpsFlags) {
  const auto chunk = [](std::string_view kind, std::string content) {
    std::string bytes(kind);
    bytes += static_cast<char>(content.size());
    bytes.append(3, '\0').append(content);
    if (content.size() % 2 == 1) bytes += '\0';
    return bytes;
  };
  const auto file = [](const std::string& chunks) {
    std::string bytes("RIFF");
    bytes += static_cast<char>(chunks.size() + 4);
    return bytes.append(3, '\0').append("WEBP").append(chunks);
  };
  const std::string size("\0\0\0\x02\0\0\x03\0\0"sv);
  const std::string told = file(chunk("VP8X", "\x0C" + size) + chunk("VP8L", "abc") +
                                chunk("EXIF", "GPS") + chunk("XMP ", "<x/>"));
  EXPECT_EQ(read_picture_header(told)->width, 3);
  EXPECT_EQ(strip_metadata(told, PictureType::webp),
            file(chunk("VP8X", std::string(1, '\0') + size) + chunk("VP8L", "abc")));
}

TEST(StripMetadata, RefusesWhatIsBroken) {
  EXPECT_FALSE(strip_metadata(png(3, 5).substr(0, 40), PictureType::png));
  EXPECT_FALSE(strip_metadata("\xFF\xD8\xFF\xE0\xFF\xFF", PictureType::jpeg));
  EXPECT_FALSE(strip_metadata("GIF89a\x01\0\x01\0\x80"sv, PictureType::gif));
  EXPECT_FALSE(strip_metadata("RIFF\xFF\xFF\xFF\x7FWEBP", PictureType::webp));
}

TEST(FinishPicture, RefusesWhatWouldTakeAGigabyte) {
  const auto bomb = finish_picture(png(50'000, 50'000), {});
  ASSERT_FALSE(bomb);
  EXPECT_EQ(bomb.error().kind, ErrorKind::too_large);
  EXPECT_EQ(finish_picture("<!doctype html>", {}).error().kind, ErrorKind::malformed);
}

TEST(FinishPicture, NamesByContent) {
  const auto kept = finish_picture(png(3, 5, png_chunk("tEXt", "a")), {});
  const auto other = finish_picture(png(3, 5, png_chunk("tEXt", "b")), {});
  ASSERT_TRUE(kept && other);
  EXPECT_EQ(kept->path, other->path);
  EXPECT_EQ(kept->path.substr(0, 7), "assets/");
  EXPECT_EQ(kept->path.substr(7, 2), kept->path.substr(10, 2));
  EXPECT_TRUE(kept->path.ends_with(".png"));
  EXPECT_EQ(kept->width, 3);
}

TEST(FinishPicture, ScalesWideOnes) {
  if (!can_scale_pictures()) GTEST_SKIP() << "this build has no libvips";
  const auto drawing = read_file(DANDELION_SOURCE_DIR "/demo/site/pictures/dandelion.png", 1 << 24);
  ASSERT_TRUE(drawing);
  PictureSettings settings;
  settings.max_width = 300;
  const auto small = finish_picture(*drawing, settings);
  ASSERT_TRUE(small) << small.error().message;
  EXPECT_EQ(small->width, 300);
  EXPECT_TRUE(small->path.ends_with(".webp"));
  EXPECT_LT(small->bytes.size(), drawing->size());
  EXPECT_EQ(read_picture_header(small->bytes)->height, small->height);
  // What some readers do not know becomes what all do, narrow or not.
  settings.format = PictureType::jpeg;
  EXPECT_TRUE(finish_picture(small->bytes, settings)->path.ends_with(".webp"));
  settings.replaces_webp = true;
  const auto known = finish_picture(small->bytes, settings);
  ASSERT_TRUE(known) << known.error().message;
  EXPECT_EQ(read_picture_header(known->bytes)->type, PictureType::jpeg);
  // A broken one is an error, whatever its header promises.
  EXPECT_FALSE(finish_picture(png(5000, 5), settings));
}

}  // namespace
}  // namespace dandelion
