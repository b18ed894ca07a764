// SPDX-License-Identifier: MIT
#include "pipeline/left_over_files.hpp"

#include <fstream>

#include "pipeline/paper.hpp"

namespace dandelion {
namespace {

using Files = std::map<std::string, std::string>;

class LeftOverFiles : public PaperTest {
 protected:
  LeftOverFiles() {
    config.sites[0].theme = "reader";
    for (const char* name : {"one", "two", "three"})
      paper.add(name, clock.now());
  }

  Files run_with(const std::string& theme) {
    config.sites[0].theme = theme;
    RunOptions options;
    options.sites = {"paper"};
    publish_and_run(options);
    return files();
  }

  // The mirror of a run that never had another theme.
  Files run_from_nothing_with(const std::string& theme) {
    std::filesystem::remove_all(folder / "var");
    return run_with(theme);
  }
};

TEST_F(LeftOverFiles, AnotherThemeLeavesTheTreeThatItAloneWouldHaveMade) {
  const Files reader = run_with("reader");
  ASSERT_TRUE(reader.contains("search/segments.js"));
  ASSERT_TRUE(reader.contains("pages/news/one.html"));
  const Files classic = run_with("classic");
  EXPECT_EQ(run_with("reader"), reader);
  EXPECT_EQ(run_with("classic"), classic);
  EXPECT_EQ(run_from_nothing_with("classic"), classic);
  EXPECT_FALSE(classic.contains("index.html"));
}

TEST_F(LeftOverFiles, ListsThatLieElsewhereNowGo) {
  const Files mirror = run_with("reader");
  // As an older version left it: months and a list's later parts lay beside each other.
  auto repository = MirrorRepository::open(folder / "var/repos/paper").value();
  ASSERT_TRUE(repository.commit({{"archive/2026-11.md", "x"},
                                 {"archive/2026-11.html", "x"},
                                 {"archive/2026-11-2.md", "x"},
                                 {"indexes/news-2.md", "x"},
                                 {"indexes/news-2.html", "x"}},
                                {.author_name = "Dandelion",
                                 .author_email = "mirror@invalid",
                                 .time = clock.now(),
                                 .message = "Older"}));
  run_with("classic");
  EXPECT_EQ(run_with("reader"), mirror);
}

TEST_F(LeftOverFiles, AThemesAssetsGoWithIt) {
  const std::filesystem::path themes = folder / "themes";
  for (const char* name : {"first", "second"}) {
    std::filesystem::create_directories(themes);
    std::filesystem::copy(DANDELION_SOURCE_DIR "/themes/plain", themes / name,
                          std::filesystem::copy_options::recursive);
    std::filesystem::create_directories(themes / name / "assets");
    std::ofstream(themes / name / "assets" / (std::string(name) + ".txt")) << "x";
  }
  EXPECT_TRUE(run_with("first").contains("assets/theme/first.txt"));
  const Files second = run_with("second");
  EXPECT_FALSE(second.contains("assets/theme/first.txt"));
  EXPECT_TRUE(second.contains("assets/theme/second.txt"));
}

TEST_F(LeftOverFiles, PartsOfAPageThatIsShorterNowGo) {
  std::string long_text;
  for (int i = 0; i < 1000; ++i)
    long_text += fmt::format("Paragraph {}: {}</p><p>", i, std::string(1000, 'x'));
  paper.stories["two"].text = long_text;
  Files mirror = run_with("reader");
  ASSERT_TRUE(mirror.contains("pages/news/two.part3.md"));
  ASSERT_TRUE(mirror.contains("pages/news/two.part3.html"));
  paper.stories["two"].text = "Short.";
  clock.advance(std::chrono::hours(48));
  mirror = run_with("reader");
  for (const auto& [path, content] : mirror)
    EXPECT_EQ(path.find(".part"), std::string::npos) << path;
  EXPECT_TRUE(mirror.contains("pages/news/two.html"));
}

TEST_F(LeftOverFiles, AnArticleThatIsNamedLikeAPartStays) {
  paper.add("two.part2.html", clock.now());
  EXPECT_TRUE(run_with("reader").contains("pages/news/two.part2.md"));
  paper.stories["two"].text = "Other words.";
  clock.advance(std::chrono::hours(48));
  EXPECT_TRUE(run_with("reader").contains("pages/news/two.part2.md"));
}

}  // namespace
}  // namespace dandelion
