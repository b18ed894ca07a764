// SPDX-License-Identifier: MIT
#include "core/files.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

namespace dandelion {
namespace {

struct SegmentCase {
  const char* text;
  const char* segment;
};

class SafePathSegment : public testing::TestWithParam<SegmentCase> {};

TEST_P(SafePathSegment, StaysInItsFolder) {
  const std::string segment = safe_path_segment(GetParam().text);
  EXPECT_EQ(segment, GetParam().segment);
  EXPECT_TRUE(is_safe_relative_path(segment));
  EXPECT_EQ(safe_path_segment(segment), segment) << "a safe segment is its own";
}

INSTANTIATE_TEST_SUITE_P(
    Table, SafePathSegment,
    testing::Values(SegmentCase{"n14082272", "n14082272"}, SegmentCase{"..", "_"},
                    SegmentCase{"../../etc/passwd", "etc-passwd"}, SegmentCase{".git", "git"},
                    SegmentCase{"a/b\\c:d", "a-b-c-d"}, SegmentCase{"科技 新闻", "科技-新闻"},
                    SegmentCase{"con", "_con"}, SegmentCase{"LPT1.txt", "_LPT1.txt"},
                    SegmentCase{"", "_"}, SegmentCase{"a\x01\x7f b", "a-b"}, SegmentCase{"x.", "x"},
                    SegmentCase{"a\xff", "a"}, SegmentCase{"a\u200db\u202e\ufeff", "ab"}));

TEST(SafePathSegment, CutsLongNamesBetweenCharacters) {
  std::string long_name;
  for (int i = 0; i < 100; ++i)
    long_name += "新";
  const std::string segment = safe_path_segment(long_name);
  EXPECT_LE(segment.size(), 120U);
  EXPECT_EQ(segment.size() % 3, 0U);
}

TEST(IsSafeRelativePath, RefusesWhatLeavesOrBreaksATree) {
  for (const char* good : {"README.md", "pages/a/b.md", ".nojekyll", "页面/一.md"}) {
    EXPECT_TRUE(is_safe_relative_path(good)) << good;
  }
  for (const char* bad :
       {"", "/etc", "a//b", "a/", "./a", "a/../b", "..", ".git/config", "a/.GIT/x", "a\nb", "a\\b",
        "c:x", "nul", "a/aux.md", "x.", "x /y", "\xff", ".g\u200cit/x", "a\u202eb"}) {
    EXPECT_FALSE(is_safe_relative_path(bad)) << bad;
  }
}

TEST(ReadFile, NamesTheFileAndTheLimit) {
  const auto missing = read_file("/nonexistent/file", 10);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::not_found);
  EXPECT_NE(missing.error().message.find("/nonexistent/file"), std::string::npos);
  EXPECT_FALSE(read_file("/proc", 10));

  std::string folder = testing::TempDir() + "dandelion-files-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::filesystem::path file = std::filesystem::path(folder) / "ten";
  ASSERT_TRUE(create_file(file, "0123456789"));
  EXPECT_EQ(read_file(file, 10).value(), "0123456789");
  EXPECT_EQ(read_file(file, 9).error().kind, ErrorKind::too_large);
  EXPECT_EQ(create_file(file, "again").error().kind, ErrorKind::conflict);
  EXPECT_EQ(read_file(file, 10).value(), "0123456789");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace dandelion
