// SPDX-License-Identifier: MIT
#include "render/page_parts.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

TEST(PagePart, HasItsPagesNameWithItsNumber) {
  EXPECT_EQ(part_path("a/story.md", 0), "a/story.md");
  EXPECT_EQ(part_path("a/story.md", 1), "a/story.part2.md");
}

TEST(PagePart, LeadsBackToItsPageInEitherFormat) {
  EXPECT_EQ(whole_page_of("a/story.part2.md"), "a/story.md");
  EXPECT_EQ(whole_page_of("a/story.part12.html"), "a/story.md");
}

TEST(PagePart, IsNoFileThatOnlyLooksLikeOne) {
  for (const char* path : {"a/story.md", "a/story.part.md", "a/story.partly.md", "a/story.part2.js",
                           "a/.part/2.md", "part2.md", ""})
    EXPECT_FALSE(whole_page_of(path)) << path;
}

}  // namespace
}  // namespace dandelion
