// SPDX-License-Identifier: MIT
#include "archive/zip.hpp"

#include <gtest/gtest.h>

#include "publish/child_process.hpp"

namespace dandelion {
namespace {

std::string sample(std::uint64_t limit = ZipWriter::most_bytes) {
  ZipWriter zip(limit);
  zip.store("mimetype", "application/epub+zip");
  zip.deflate("a/long.txt", std::string(100'000, 'x'));
  zip.deflate("a/short.txt", "no shorter when packed");
  zip.store("a/empty", "");
  zip.store("ß/文.bin", std::string("\0\xFF", 2));
  return std::move(zip).finish().value_or(std::string());
}

TEST(ZipWriter, WritesWhatOtherProgramsRead) {
  const test::TemporaryFolder folder;
  const std::string path = (folder / "a.zip").string();
  test::write_text(path, sample());
  const auto python = test::find_program("python3");
  if (python.empty()) GTEST_SKIP() << "python3 is not installed";
  const std::string program =
      "import sys, zipfile\n"
      "z = zipfile.ZipFile(sys.argv[1])\n"
      "print(z.testzip())\n"
      "for e in z.infolist():\n"
      "    print(ascii(e.filename), e.compress_type, e.date_time[:3], e.extra, len(z.read(e)))\n"
      "print(z.read('\\xdf/\\u6587.bin'), z.read('a/short.txt'))\n";
  const auto said = test::run({python, "-c", program, path});
  EXPECT_EQ(said.output,
            "None\n"
            "'mimetype' 0 (1980, 1, 1) b'' 20\n"
            "'a/long.txt' 8 (1980, 1, 1) b'' 100000\n"
            "'a/short.txt' 0 (1980, 1, 1) b'' 22\n"
            "'a/empty' 0 (1980, 1, 1) b'' 0\n"
            "'\\xdf/\\u6587.bin' 0 (1980, 1, 1) b'' 2\n"
            "b'\\x00\\xff' b'no shorter when packed'\n");
  if (const auto unzip = test::find_program("unzip"); !unzip.empty()) {
    const auto tested = test::run({unzip, "-t", path});
    EXPECT_EQ(tested.code, 0) << tested.output;
  }
}

TEST(ZipWriter, HasTheFirstFilesNameAndBytesAtFixedPlaces) {
  const std::string zip = sample();
  // OCF 3.3, 4.3: what says that it is an EPUB.
  EXPECT_EQ(zip.substr(0, 2), "PK");
  EXPECT_EQ(zip.substr(30, 28), "mimetypeapplication/epub+zip");
  EXPECT_EQ(zip, sample());
}

TEST(ZipWriter, RefusesWhatWouldTakeAnotherFormat) {
  const std::string zip = sample();
  EXPECT_EQ(sample(zip.size()), zip);
  EXPECT_EQ(sample(zip.size() - 1), "");

  ZipWriter full;
  for (std::size_t i = 0; i < ZipWriter::most_files; ++i)
    full.store(std::to_string(i), "");
  ZipWriter over = full;
  EXPECT_TRUE(std::move(full).finish());
  over.store("one more", "");
  EXPECT_EQ(std::move(over).finish().error().kind, ErrorKind::too_large);
}

}  // namespace
}  // namespace dandelion
