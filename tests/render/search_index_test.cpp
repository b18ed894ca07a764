// SPDX-License-Identifier: MIT
#include "render/search_index.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace dandelion {
namespace {

std::vector<SearchPage> pages(std::size_t count) {
  std::vector<SearchPage> made;
  for (std::size_t i = 0; i < count; ++i) {
    SearchPage page = search_page("Story " + std::to_string(i), "Ann",
                                  "The wind at number " + std::to_string(i % 7));
    page.path = "pages/" + std::to_string(i) + ".html";
    page.date = "2026-11-24";
    made.push_back(std::move(page));
  }
  return made;
}

std::string all_of(const std::vector<RenderedFile>& files) {
  std::string all;
  for (const RenderedFile& file : files)
    all += file.content;
  return all;
}

TEST(SearchSegment, SaysInWhichPagesATermStandsAndWhereInTheTitle) {
  const std::string all = all_of(search_segment("2026-11", pages(3)));
  EXPECT_NE(all.find("\"story\":\"0! 1! 1!\""), std::string::npos) << all;
  EXPECT_NE(all.find("\"wind\":\"0 1 1\""), std::string::npos) << all;
  EXPECT_NE(all.find(R"(["Story 2","pages/2.html","2026-11-24"])"), std::string::npos) << all;
  EXPECT_TRUE(all.starts_with("dandelion_found(\"2026-11/0\",{")) << all;
}

TEST(SearchSegment, HasNoFileThatItsPathsDoNotName) {
  for (const std::size_t count : {0, 1, 30, 700, 7000}) {
    std::set<std::string> known;
    for (const std::string& path : search_segment_paths("2026", count))
      known.insert(path);
    EXPECT_LE(known.size(), 900U);
    const auto files = search_segment("2026", pages(count));
    for (const RenderedFile& file : files)
      EXPECT_TRUE(known.contains(file.path)) << file.path;
    // Fewer pages have no other files than more.
    for (const std::string& path : search_segment_paths("2026", count / 2))
      EXPECT_TRUE(known.contains(path)) << path;
  }
}

TEST(SearchSegment, StaysAsItIsButForTheNewPage) {
  auto few = pages(100);
  const auto before = search_segment("2026-11", few);
  SearchPage added = search_page("Quince", "", "");
  added.path = "pages/quince.html";
  few.push_back(added);
  const auto after = search_segment("2026-11", few);
  ASSERT_EQ(after.size(), before.size() + 1);  // a block of 25 was full
  std::size_t changed = 0;
  for (const RenderedFile& file : before) {
    const auto same = std::find_if(after.begin(), after.end(), [&](const RenderedFile& other) {
      return other.path == file.path && other.content == file.content;
    });
    if (same == after.end()) ++changed;
  }
  EXPECT_EQ(changed, 1U);
}

TEST(SearchSegment, TellsNothingOfATermThatStandsEverywhere) {
  const std::string all = all_of(search_segment("2026", pages(2500)));
  EXPECT_NE(all.find("\"story\":\"*\""), std::string::npos);
}

TEST(SearchPage, IsFoundByItsTitleWhateverTheLengthOfItsText) {
  std::string text;
  for (int i = 0; i < 5000; ++i)
    text += "word" + std::to_string(i) + " ";
  const SearchPage page = search_page("A \"quoted\" title", "Ann", text);
  EXPECT_EQ(page.title_terms, 3U);
  EXPECT_LE(std::count(page.terms.begin(), page.terms.end(), '\n'), 500);
  EXPECT_NE(all_of(search_segment("x", {page})).find(R"(A \"quoted\" title)"), std::string::npos);
}

TEST(SearchList, NamesSegmentsWithWhatTheScriptNeeds) {
  const RenderedFile file = search_list({{"2026-11", 30}, {"2025", 9000}});
  EXPECT_EQ(file.path, "search/segments.js");
  EXPECT_TRUE(is_search_list(file.content));
  EXPECT_FALSE(is_search_list("// index 0\n"));
  EXPECT_EQ(
      file.content,
      "// index "
      "2\ndandelion_found(\"segments\",[\n[\"2026-11\",30,8,25],\n[\"2025\",9000,512,50]]);\n");
}

}  // namespace
}  // namespace dandelion
