// SPDX-License-Identifier: MIT
#include "extract/metadata.hpp"

#include <gtest/gtest.h>

#include "html/parse.hpp"

namespace dandelion {
namespace {

PageMetadata metadata_of(const std::string& head, const std::string& language = "en") {
  const html::Document document = html::parse("<!DOCTYPE html><html lang=\"" + language +
                                              "\"><head>" + head + "</head></html>");
  return read_metadata(document.root());
}

std::string published(const std::string& head) {
  const auto time = metadata_of(head).published;
  return time ? format_rfc3339(*time) : std::string();
}

TEST(ReadMetadata, TakesMailAddressesOutOfTheByline) {
  EXPECT_EQ(metadata_of("<meta name=author content='Ana Roe, ana@paper.example'>").byline,
            "Ana Roe");
  EXPECT_EQ(metadata_of("<meta name=author content='Ana Roe ana@paper.example, Li Wei'>").byline,
            "Ana Roe, Li Wei");
  EXPECT_EQ(metadata_of("<meta name=author content='ana@paper.example, Ana Roe'>").byline,
            "Ana Roe");
  EXPECT_EQ(metadata_of("<meta name=author content='Ana, a@paper.example, Li'>").byline, "Ana, Li");
  EXPECT_EQ(metadata_of("<meta name=author content='Ana Roe @ana'>").byline, "Ana Roe @ana");
  EXPECT_EQ(metadata_of("<meta name=author content='ana@paper.example'>").byline, "");
}

TEST(ReadMetadata, PassesOverWhatIsNoByline) {
  EXPECT_EQ(metadata_of("<meta name=author content=104363>").byline, "");
  EXPECT_EQ(
      metadata_of("<meta name=author content=104363><meta name=dc.creator content=李明>").byline,
      "李明");
  EXPECT_EQ(metadata_of("<meta name=author content='https://paper.example/a'>"
                        "<link><a rel=author>Ana Roe</a>")
                .byline,
            "Ana Roe");
}

TEST(ReadMetadata, TakesTheFirstDateThatIsOne) {
  EXPECT_EQ(published("<meta property=article:published_time content=yesterday>"
                      "<meta name=apub:time content='2019-11-25 16:04:11'>"),
            "2019-11-25T16:04:11Z");
  EXPECT_EQ(published("<meta name=firstpublishedtime content=2019-11-25>"), "2019-11-25T00:00:00Z");
  EXPECT_EQ(published("<meta name=date content=soon>"), "");
}

TEST(ReadMetadata, TakesOnlyALanguageForALanguage) {
  EXPECT_EQ(metadata_of("", "zh-Hans-CN").language, "zh-Hans-CN");
  EXPECT_EQ(metadata_of("", "fa_IR").language, "fa-IR");
  for (const char* none : {"utf-8", "english", "gb2312", "<%= lang %>"})
    EXPECT_EQ(metadata_of("", none).language, "") << none;
  EXPECT_EQ(metadata_of("<meta property=og:locale content=pt_BR>", "utf-8").language, "pt-BR");
}

}  // namespace
}  // namespace dandelion
