// SPDX-License-Identifier: MIT
#include "html/charset.hpp"

#include <array>
#include <filesystem>

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
