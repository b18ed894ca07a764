// SPDX-License-Identifier: MIT
// A year of a changing newspaper, its mirror run from cron.
#include <random>

#include <gtest/gtest.h>

#include "pipeline/paper.hpp"

namespace dandelion {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr auto between_runs = hours(4);
constexpr std::size_t listed_at_once = 20;

// What the mirror should hold of a story at the end.
struct Expected {
  std::string text;
  bool mirrored = false;
  bool corrected = false;
  bool gone = false;
};

class Year : public PaperTest {
 protected:
  // The index shows the newest stories, as a newspaper's does.
  void publish_paper() {
    paper.publish(engine);
    std::string list;
    for (std::size_t i = 0; i < std::min(listed_at_once, paper.index.size()); ++i)
      list += fmt::format("<a href=/{}>{}</a>", paper.index[i], i);
    engine.pages[Paper::url("index.html")].body = "<ul class=list>" + list + "</ul>";
    engine.down = false;
  }

  std::size_t pick() { return generator() % std::min<std::size_t>(400, paper.index.size()); }

  void a_day_of_changes(int day) {
    const int stories = day % 7 == 6 ? 1 : 3;
    for (int i = 0; i < stories; ++i) {
      const std::string name = fmt::format("n{}", ++count);
      paper.add(name, clock.now() + hours(i), "First words.");
      expected[name].text = "First words.";
    }
    if (day % 2 == 1) {
      const std::string name = paper.index[pick()];
      if (paper.stories.contains(name)) {
        paper.stories[name].text = fmt::format("Words of day {}.", day);
        expected[name].text = paper.stories[name].text;
        expected[name].corrected = expected[name].corrected || expected[name].mirrored;
      }
    }
    if (day % 9 == 8) {
      const std::string name = paper.index[pick()];
      paper.stories.erase(name);
      paper.index.erase(std::find(paper.index.begin(), paper.index.end(), name));
      expected[name].gone = true;
    }
  }

  // Outages, a feed that was reset, an index that lists old stories in another order.
  void mischief(int day) {
    if (day % 60 == 30 || day % 60 == 31) engine.down = true;
    if (day % 45 == 44) engine.pages[Paper::url("index.html")].body = "<ul class=list></ul>";
    if (day % 30 == 29) {
      std::string list;
      for (std::size_t i = 0; i < std::min<std::size_t>(50, paper.index.size()); ++i)
        list += fmt::format("<a href=/{}?utm_source=x>{}</a>",
                            paper.index[paper.index.size() - 1 - i], i);
      engine.pages[Paper::url("index.html")].body = "<ul class=list>" + list + "</ul>";
    }
    if (day % 50 == 49) engine.pages.erase(Paper::url("index.html"));
  }

  void run_quietly() {
    auto report = run_mirroring(config, {}, engine, clock, {});
    ASSERT_TRUE(report) << report.error().message;
    for (const std::string& path : report->sites.at(0).added)
      expected.at(std::filesystem::path(path).stem()).mirrored = true;
    commits += report->sites.at(0).commit.empty() ? 0 : 1;
    changes += report->sites.at(0).added.empty() && report->sites.at(0).corrected.empty() &&
                       report->sites.at(0).withdrawn.empty()
                   ? 0
                   : 1;
  }

  std::map<std::string, Expected> expected;
  std::mt19937 generator{1};
  int count = 0;
  int commits = 0;
  int changes = 0;
};

TEST_F(Year, EndsInExactlyTheExpectedPages) {
  for (int day = 0; day < 365; ++day) {
    a_day_of_changes(day);
    publish_paper();
    mischief(day);
    for (auto hour = hours(0); hour < hours(24); hour += between_runs) {
      ASSERT_NO_FATAL_FAILURE(run_quietly());
      clock.advance(between_runs);
    }
  }
  // Long enough for every page to be looked at once more, and to be missed twice.
  publish_paper();
  for (int day = 0; day < 70; day += 1) {
    ASSERT_NO_FATAL_FAILURE(run_quietly());
    clock.advance(days(1));
  }
  EXPECT_EQ(commits, changes);
  const auto found = files();
  // By their names: a folder that is full has others below it.
  std::map<std::string, std::string> by_name;
  for (const auto& [path, content] : found) {
    if (path.starts_with("pages/")) by_name[std::filesystem::path(path).stem()] = content;
  }
  std::size_t pages = 0;
  for (const auto& [name, story] : expected) {
    const auto page = by_name.find(name);
    // A story that came and went while the source was down was never there to be mirrored.
    ASSERT_EQ(page != by_name.end(), story.mirrored) << name;
    if (!story.mirrored) {
      EXPECT_TRUE(story.gone) << name;
      continue;
    }
    ++pages;
    if (!story.gone) {
      EXPECT_NE(page->second.find(story.text), std::string::npos) << page->second;
      EXPECT_EQ(page->second.find("Corrected at") != std::string::npos, story.corrected) << name;
    }
    EXPECT_EQ(page->second.find("taken this page away") != std::string::npos, story.gone) << name;
  }
  EXPECT_EQ(static_cast<std::size_t>(store().counts("paper")->pages), pages);
  EXPECT_GT(pages, 900U);
  EXPECT_EQ(static_cast<std::size_t>(
                std::count_if(found.begin(), found.end(),
                              [](const auto& file) { return file.first.starts_with("pages/"); })),
            pages);
}

}  // namespace
}  // namespace dandelion
