// SPDX-License-Identifier: MIT
#include "discover/page_links.hpp"

#include <gtest/gtest.h>

#include "html/parse.hpp"

namespace dandelion {
namespace {

TEST(ReadLinks, GivesEachAddressOnceInOrder) {
  std::string lines;
  const auto read = read_links(
      "<base href=/b/><a href=n2#x>Two</a><nav><a href='n1'> One\n more</a></nav><a "
      "href=n2>again</a>"
      "<a href='#top'>no</a><a href='mailto:x@e.example'>no</a><a>no</a>",
      "https://e.example/a", [&](const FoundAddress& found) {
        lines += found.url + " " + found.title + "\n";
        return Result<void>();
      });
  ASSERT_TRUE(read);
  EXPECT_EQ(lines, "https://e.example/b/n2 Two\nhttps://e.example/b/n1 One more\n");
}

TEST(ReadLinks, RefusesAPageOfTooManyNodes) {
  std::string page = "<a href=/x>";
  for (std::size_t i = 0; i < html::max_nodes; ++i)
    page += "<p>";
  const auto read =
      read_links(page, "https://e.example/", [](const FoundAddress&) { return Result<void>(); });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::too_large);
}

}  // namespace
}  // namespace dandelion
