// SPDX-License-Identifier: MIT
#include "html/charset.hpp"

#include <array>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "core/handle.hpp"
#include "core/text.hpp"

namespace dandelion::html {
namespace {

std::string unpacked(const std::filesystem::path& path) {
  std::string content;
  const Handle<std::remove_pointer_t<gzFile>, gzclose> file(gzopen(path.c_str(), "rb"));
  std::array<char, 65'536> buffer{};
  for (int count = 0; file && (count = gzread(file.get(), buffer.data(), buffer.size())) > 0;)
    content.append(buffer.data(), static_cast<std::size_t>(count));
  return content;
}

TEST(Decode, TrustsAByteOrderMarkMost) {
  EXPECT_EQ(decode("\xEF\xBB\xBFé", "text/html; charset=gbk").text, "é");
  EXPECT_EQ(decode(std::string_view("\xFF\xFE\x2D\x4E", 4), "").text, "中");
}

TEST(Decode, TakesTheHeaderBeforeTheMeta) {
  const auto page = decode("<meta charset=utf-8>\xD6\xD0", "text/html; charset=\"GB2312\"");
  EXPECT_EQ(page.text, "<meta charset=utf-8>中");
  EXPECT_EQ(page.encoding, "GBK");
}

TEST(Decode, ReadsBothFormsOfMeta) {
  EXPECT_EQ(decode("<!-- <meta charset=big5> --><meta charset='gbk'>\xD6\xD0", "").encoding, "GBK");
  EXPECT_EQ(decode("<META content='text/html;charset=Big5' http-equiv=Content-Type>\xA4\xA4", "")
                .text.substr(63),
            "中");
  EXPECT_EQ(decode("<meta charset=utf-16>é", "").text, "<meta charset=utf-16>é");
}

struct Sample {
  const char* label;
  const char* bytes;
  const char* text;
};

class DecodeLabel : public testing::TestWithParam<Sample> {};

TEST_P(DecodeLabel, AsTheEncodingStandardSays) {
  EXPECT_EQ(decode(GetParam().bytes, std::string("text/html; charset=") + GetParam().label).text,
            GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Encodings, DecodeLabel,
    testing::Values(Sample{"gb2312", "\x81\x30\x81\x30", "\u0080"},  // read as gb18030
                    Sample{"big5-hkscs", "\xa7\x41", "你"}, Sample{"x-sjis", "\x93\xfa", "日"},
                    Sample{"euc-kr", "\xc7\xd1", "한"}, Sample{"koi8-r", "\xc1", "а"},
                    Sample{"windows-1251", "\xe0", "а"}, Sample{"latin1", "\x80", "€"},
                    Sample{"iso-8859-9", "\xfd", "ı"}, Sample{"euc-jp", "\xc6\xfc", "日"}));

TEST(Decode, GuessesWhereNothingIsSaid) {
  EXPECT_EQ(decode("日本", "").encoding, "UTF-8");
  const auto page = decode(
      "\xB4\xF3\xBC\xCD\xD4\xAA\xD0\xC2\xCE\xC5\xCD\xF8\xA3\xAC\xD6\xD0\xB9\xFA\xB5\xC4\xBC\xC7\xD5"
      "\xDF"
      "\xB1\xA8\xB5\xBC\xD5\xE2\xBC\xFE\xCA\xC2\xA1\xA3",
      "text/html");
  EXPECT_EQ(page.text.substr(0, 18), "大纪元新闻网");
}

TEST(Decode, GuessesKorean) {
  const std::string page =
      "<p>\xB0\xAD \xB8\xB6\xC0\xBB \xC0\xA7\xBF\xF8\xC8\xB8\xB4\xC2 "
      "\xB8\xF1\xBF\xE4\xC0\xCF\xBF\xA1 \xB8\xF0\xBF\xA9 \xBB\xF5 \xB4\xD9\xB8\xAE\xBF\xA1 "
      "\xB4\xEB\xC7\xD8 \xB3\xED\xC0\xC7\xC7\xDF\xB4\xD9. \xB8\xB9\xC0\xBA "
      "\xBB\xE7\xB6\xF7\xB5\xE9\xC0\xCC \xB0\xDC\xBF\xEF\xC0\xCC \xBF\xC0\xB1\xE2 \xC0\xFC\xBF\xA1 "
      "\xB4\xD9\xB8\xAE\xB8\xA6 \xBA\xB8\xB1\xE2\xB8\xA6 \xB9\xD9\xB6\xFA\xB4\xD9.";
  EXPECT_EQ(decode(page, "").encoding, "EUC-KR");
  EXPECT_NE(decode(page, "").text.find("강 마을 위원회는"), std::string::npos);
  EXPECT_EQ(decode("<meta charset=utf-8>" + page, "").encoding, "EUC-KR");
}

TEST(Decode, KnowsJapaneseByItsEscapes) {
  const auto page =
      decode("<meta charset=utf-8><p>\x1B$B@n$ND.$N0Q0w2q$OLZMKF|$K2q9g$r3+$$$?!#\x1B(B",
             "text/html; charset=utf-8");
  EXPECT_EQ(page.encoding, "ISO-2022-JP");
  EXPECT_NE(page.text.find("川の町の委員会は"), std::string::npos) << page.text;
  EXPECT_EQ(decode("<p>\x1B$ is no escape", "").encoding, "UTF-8");
}

TEST(Decode, TellsPolishEncodingsApart) {
  const std::string latin2 =
      "<p>Komitet miasta nad rzek\xB1 zebra\xB3 si\xEA, aby om\xF3wi\xE6 nowy most, kt\xF3ry rada "
      "obiecywa\xB3"
      "a od kilku lat i kt\xF3ry wielu ludzi mia\xB3o nadziej\xEA zobaczy\xE6 przed zim\xB1. "
      "In\xBFynierowie wyja\xB6nili, jak ka\xBF"
      "dy ud\xBCwignie ruch. Obieca\xB3, \xBF"
      "e ksi\xEAgi b\xEA"
      "d\xB1 otwarte i \xBF"
      "e doko\xF1"
      "cz\xB1 budow\xEA wiosn\xB1.";
  const std::string windows =
      "<p>Komitet miasta nad rzek\xB9 zebra\xB3 si\xEA, aby om\xF3wi\xE6 nowy most, kt\xF3ry rada "
      "obiecywa\xB3"
      "a od kilku lat i kt\xF3ry wielu ludzi mia\xB3o nadziej\xEA zobaczy\xE6 przed zim\xB9. "
      "In\xBFynierowie wyja\x9Cnili, jak ka\xBF"
      "dy ud\x9Fwignie ruch. Obieca\xB3, \xBF"
      "e ksi\xEAgi b\xEA"
      "d\xB9 otwarte i \xBF"
      "e doko\xF1"
      "cz\xB9 budow\xEA wiosn\xB9.";
  EXPECT_EQ(decode(latin2, "").encoding, "ISO-8859-2");
  EXPECT_EQ(decode(windows, "").encoding, "windows-1250");
  EXPECT_EQ(decode(latin2, "").text, decode(windows, "").text);
  EXPECT_NE(decode(latin2, "").text.find("rzeką"), std::string::npos);
}

// The text in units of `width` bytes, the high ones in front or behind; ASCII alone.
std::string widened(std::string_view text, std::size_t width, bool big_endian) {
  std::string bytes;
  for (const char c : text) {
    if (big_endian) bytes.append(width - 1, '\0');
    bytes += c;
    if (!big_endian) bytes.append(width - 1, '\0');
  }
  return bytes;
}

TEST(Decode, KnowsWideUnitsByTheirZeros) {
  const std::string text = "<html><p>Words</html>";
  for (const std::size_t width : {2, 4}) {
    for (const bool big_endian : {false, true}) {
      const auto page = decode(widened(text, width, big_endian), "text/html; charset=utf-8");
      EXPECT_EQ(page.text, text);
      EXPECT_EQ(page.encoding, fmt::format("UTF-{}{}", 8 * width, big_endian ? "BE" : "LE"));
    }
  }
  EXPECT_EQ(decode(std::string("\xFF\xFE\0\0", 4) + widened(text, 4, false), "").text, text);
  // No page in ASCII is, whatever it says.
  EXPECT_EQ(decode("<meta charset=utf-32>a", "").text, "<meta charset=utf-32>a");
}

TEST(Decode, ReplacesBytesThatMeanNothing) {
  const auto page = decode("a\xff\xfe b\xc3", "text/html; charset=utf-8");
  EXPECT_TRUE(is_utf8(page.text));
  EXPECT_EQ(page.text, "a\ufffd\ufffd b\ufffd");
}

TEST(Decode, BelievesNoDeclarationThatCannotBe) {
  const std::string text = "<meta charset=gb2312><p>大紀元新聞網的記者報導";
  EXPECT_EQ(decode(text, "").text, text);
  EXPECT_EQ(decode("大紀元新聞網的記者", "text/html; charset=big5").encoding, "UTF-8");
  const auto gbk = decode(
      "<meta "
      "charset=utf-8>\xB4\xF3\xBC\xCD\xD4\xAA\xD0\xC2\xCE\xC5\xCD\xF8\xA3\xAC\xD6\xD0\xB9\xFA\xB5"
      "\xC4\xBC\xC7\xD5\xDF\xB1\xA8\xB5\xBC\xD5\xE2\xBC\xFE\xCA\xC2\xA1\xA3",
      "text/html; charset=utf-8");
  EXPECT_NE(gbk.text.find("大纪元新闻网"), std::string::npos) << gbk.encoding;
  // Some stray bytes in a page of UTF-8 prove nothing.
  const auto stray = decode("大紀元新聞網的記者\xff\xfe報導", "text/html; charset=utf-8");
  EXPECT_EQ(stray.encoding, "UTF-8");
}

// Every saved page of the corpus, which declares what it likes, is read as what it is.
TEST(Decode, ReadsTheChineseCorpus) {
  const std::filesystem::path folder =
      std::filesystem::path(DANDELION_SOURCE_DIR) / "../shared/corpus/chinese";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "no corpus at " << folder;
  int pages = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string page = unpacked(entry.path());
    if (page.empty()) continue;
    ++pages;
    const std::string text = decode(page, "").text;
    std::size_t ideographs = 0;
    std::size_t replaced = 0;
    for (std::string_view rest = text; !rest.empty();) {
      const CodePoint next = read_utf8(rest);
      ideographs += next.value >= 0x4E00 && next.value <= 0x9FFF ? 1U : 0U;
      replaced += next.value == 0xFFFD ? 1U : 0U;
      rest.remove_prefix(next.length);
    }
    // The thousand commonest make nine tenths of any Chinese text: mojibake has few of them.
    EXPECT_NE(text.find("的"), std::string::npos) << entry.path();
    EXPECT_GT(ideographs, 200U) << entry.path();
    // Two pages were saved with some in them.
    std::size_t there = 0;
    for (auto at = page.find("\xEF\xBF\xBD"); at != std::string::npos;
         at = page.find("\xEF\xBF\xBD", at + 1))
      ++there;
    EXPECT_EQ(replaced, there) << entry.path();
  }
  EXPECT_GE(pages, 60);
}

}  // namespace
}  // namespace dandelion::html
