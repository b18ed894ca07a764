// SPDX-License-Identifier: MIT
// A newspaper in memory and its mirror in a folder of its own, for the pipeline's tests.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "pipeline/fake_engine.hpp"
#include "pipeline/run.hpp"
#include "publish/libraries.hpp"
#include "state/store.hpp"

namespace dandelion {

// Articles by name, and the index that lists them. What changed is put in front of the engine by
// publish().
class Paper {
 public:
  struct Story {
    std::string title;
    std::string text;
    Timestamp published{};
    std::string canonical;
  };

  std::map<std::string, Story> stories;
  std::vector<std::string> index;  // names, newest first

  static std::string url(const std::string& name) { return "https://paper.example/" + name; }

  void add(const std::string& name, Timestamp published, const std::string& text = "Words.") {
    stories[name] = {"Title of " + name, text, published, {}};
    index.insert(index.begin(), name);
  }

  static std::string page_of(const Story& story) {
    const std::string canonical =
        story.canonical.empty() ? std::string()
                                : fmt::format("<link rel=canonical href=\"{}\">", story.canonical);
    return fmt::format(
        "<!DOCTYPE html><html lang=en><head><title>{0}</title>{3}<meta "
        "property=\"article:published_time\" content=\"{1}\"></head><body><h1>{0}</h1><div "
        "id=story><p>{2}</p></div></body></html>",
        story.title, format_rfc3339(story.published), story.text, canonical);
  }

  void publish(FakeEngine& engine) const {
    engine.pages.clear();
    for (const auto& [name, story] : stories)
      engine.pages[url(name)] = {page_of(story), {}, true};
    std::string list;
    for (const std::string& name : index)
      list += fmt::format("<li><a href=\"/{}\">{}</a></li>", name, name);
    engine.pages[url("index.html")] = {"<ul class=list>" + list + "</ul>", {}, true};
  }
};

inline Config paper_config(const std::filesystem::path& folder) {
  Config config;
  config.file = folder / "sites.yaml";
  config.state = folder / "var" / "state.db";
  config.output = folder / "var" / "repos";
  config.op.name = "Tester";
  config.op.email = "tester@example.invalid";
  SiteConfig site;
  site.name = "paper";
  site.title = "The Paper";
  site.theme = "classic";
  site.language = "en";
  site.article.title = "h1";
  site.article.body = "#story";
  SourceRules index;
  index.url = Paper::url("index.html");
  index.category = "news";
  index.items = ".list a";
  site.sources.push_back(index);
  config.sites.push_back(std::move(site));
  return config;
}

class PaperTest : public testing::Test, test::Libraries {
 protected:
  PaperTest() {
    std::string pattern = testing::TempDir() + "dandelion-paper-XXXXXX";
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    config = paper_config(folder);
  }
  ~PaperTest() override { std::filesystem::remove_all(folder); }

  // One run; what it says.
  SiteOutcome run(const RunOptions& options = {}) {
    auto report = run_mirroring(config, options, engine, clock, {});
    EXPECT_TRUE(report) << report.error().message;
    return report ? report->sites.at(0) : SiteOutcome{};
  }
  // The same after what the paper has now is published.
  SiteOutcome publish_and_run(const RunOptions& options = {}) {
    paper.publish(engine);
    return run(options);
  }

  // All files of the mirror that readers see, with their content.
  [[nodiscard]] std::map<std::string, std::string> files(bool ours = false) const {
    std::map<std::string, std::string> found;
    auto repository = MirrorRepository::open(config.output / "paper");
    EXPECT_TRUE(repository);
    const auto list = repository->list();
    for (const TreeFile& file : *list) {
      if (ours || !file.path.starts_with(".dandelion/"))
        found[file.path] = repository->read(file.path).value().value();
    }
    return found;
  }
  [[nodiscard]] std::string head() const {
    return MirrorRepository::open(config.output / "paper")->head().value().value_or("");
  }
  [[nodiscard]] Store store() const {
    return std::move(*Store::open(config.state, Store::Mode::read_only));
  }

  std::filesystem::path folder;
  Config config;
  Paper paper;
  FakeEngine engine;
  FakeClock clock{*parse_iso8601("2026-01-01T00:00:00Z")};
};

}  // namespace dandelion
