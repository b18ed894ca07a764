// SPDX-License-Identifier: MIT
#include "pipeline/sitemap_build.hpp"

#include <filesystem>
#include <map>

#include <gtest/gtest.h>

namespace dandelion {
namespace {

using Files = std::map<std::string, std::string>;

class BuildSitemaps : public testing::Test {
 protected:
  BuildSitemaps() {
    site_.name = "site";
    theme_.templates["page.html"] = "";
    MirrorSettings mirror;
    mirror.pages_url = "https://m.example/copy";
    mirrors_.push_back(mirror);
  }
  ~BuildSitemaps() override { std::filesystem::remove_all(folder_); }

  ListChange page(int number, int month) {
    ListChange change;
    change.after.id = std::to_string(number);
    change.after.url = "https://e.example/" + change.after.id;
    change.after.title = "Story";
    change.after.category = "news";
    change.after.path = "pages/news/a b " + change.after.id + ".md";
    change.after.published = Timestamp(std::chrono::sys_days(
        std::chrono::year(2026) / std::chrono::month(static_cast<unsigned>(month)) / 2));
    change.after.key = *store_.put_page(site_.name, change.after);
    return change;
  }

  Files build(const std::vector<ListChange>& changes, bool all = false) {
    auto built = build_sitemaps({site_, theme_, mirrors_}, store_, changes, all);
    EXPECT_TRUE(built) << built.error().message;
    Files written;
    for (FileChange& file : *built) {
      EXPECT_FALSE(written.contains(file.path)) << file.path << " comes twice";
      if (file.content) written[file.path] = *file.content;
    }
    return written;
  }

  SiteConfig site_;
  Theme theme_;
  std::vector<MirrorSettings> mirrors_;
  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      ("sitemap_build_" +
       std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
  Store store_ = [this] {
    std::filesystem::create_directories(folder_);
    return std::move(*Store::open(folder_ / "state.db", Store::Mode::read_write));
  }();
};

TEST_F(BuildSitemaps, NameEveryPageByMonthWithWholeAddresses) {
  const Files files = build({page(1, 3), page(2, 4), page(3, 4)}, true);
  EXPECT_NE(files.at("sitemap.xml").find("<loc>https://m.example/copy/sitemap-2026-04.xml</loc>"),
            std::string::npos);
  const std::string& april = files.at("sitemap-2026-04.xml");
  EXPECT_NE(april.find("<url><loc>https://m.example/copy/pages/news/a%20b%202.html</loc>"
                       "<lastmod>2026-04-02</lastmod></url>"),
            std::string::npos)
      << april;
  EXPECT_LT(april.find("202.html"), april.find("203.html"));
  EXPECT_NE(files.at("sitemap-lists.xml").find("copy/indexes/news.html"), std::string::npos);
}

TEST_F(BuildSitemaps, AreWrittenOnlyWhereAMonthChanged) {
  build({page(1, 3), page(2, 4)}, true);
  const Files files = build({page(3, 4)});
  EXPECT_FALSE(files.contains("sitemap-2026-03.xml"));
  EXPECT_TRUE(files.contains("sitemap-2026-04.xml"));
  EXPECT_TRUE(build({}).empty());
}

TEST_F(BuildSitemaps, GoOnInAnotherFileWhereAMonthIsLong) {
  std::vector<ListChange> changes;
  auto batch = store_.begin();
  for (int number = 0; number < 10'001; ++number)
    changes.push_back(page(number, 5));
  ASSERT_TRUE(batch->commit());
  const Files files = build(changes);
  EXPECT_TRUE(files.contains("sitemap-2026-05-2.xml"));
  EXPECT_FALSE(files.contains("sitemap-2026-05-3.xml"));
  EXPECT_NE(files.at("sitemap.xml").find("sitemap-2026-05-2.xml"), std::string::npos);
}

TEST_F(BuildSitemaps, NeedAMirrorWhoseAddressIsKnown) {
  mirrors_.clear();
  EXPECT_TRUE(build({page(1, 3)}, true).empty());
}

}  // namespace
}  // namespace dandelion
