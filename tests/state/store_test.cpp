// SPDX-License-Identifier: MIT
#include "state/store.hpp"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

namespace dandelion {
namespace {

class StoreTest : public testing::Test {
 protected:
  StoreTest() {
    std::string pattern = testing::TempDir() + "dandelion-state-XXXXXX";
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  ~StoreTest() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::filesystem::path file() const { return folder_ / "var" / "state.db"; }

  [[nodiscard]] Store open() const {
    auto store = Store::open(file(), Store::Mode::read_write);
    EXPECT_TRUE(store) << store.error().message;
    return std::move(*store);
  }

  std::filesystem::path folder_;
};

PageRecord page(const std::string& id, std::optional<int> day = {}) {
  PageRecord record;
  record.url = "https://e.example/" + id;
  record.id = id;
  record.category = "news";
  record.path = "pages/news/" + id + ".md";
  record.title = "Title of " + id;
  if (day) record.published = Timestamp(std::chrono::days(*day));
  return record;
}

TEST_F(StoreTest, RemembersPagesAcrossOpenings) {
  {
    Store store = open();
    ASSERT_TRUE(store.add_pages("site", {page("n1", 1), page("n2")}));
  }
  Store store = open();
  EXPECT_TRUE(store.knows_page("site", "https://e.example/n1").value());
  EXPECT_FALSE(store.knows_page("other", "https://e.example/n1").value());
  EXPECT_EQ(store.url_at_path("site", "Pages/News/N1.md").value(), "https://e.example/n1");
  EXPECT_EQ(store.site("site")->pages, 2);
}

TEST_F(StoreTest, OrdersPagesNewestFirstWhateverTheOrderTheyCameIn) {
  Store store = open();
  ASSERT_TRUE(store.add_pages(
      "site", {page("n9"), page("n10"), page("old", 1), page("n100", 5), page("n99", 5)}));
  std::string ids;
  const auto pages = store.pages("site");
  for (const PageRecord& record : *pages)
    ids += record.id + " ";
  EXPECT_EQ(ids, "n100 n99 old n10 n9 ");
}

TEST_F(StoreTest, TakesAllPagesOfATransactionOrNone) {
  Store store = open();
  PageRecord same_path = page("n2");
  same_path.path = "pages/news/N1.md";
  EXPECT_FALSE(store.add_pages("site", {page("n1"), same_path}));
  EXPECT_EQ(store.site("site")->pages, 0);
}

TEST_F(StoreTest, CountsTriesAndForgetsThemOnSuccess) {
  Store store = open();
  ASSERT_TRUE(
      store.add_failure("site", "https://e.example/n1", "404", Timestamp(std::chrono::seconds(1))));
  ASSERT_TRUE(
      store.add_failure("site", "https://e.example/n1", "503", Timestamp(std::chrono::seconds(2))));
  auto failures = store.failures("site");
  ASSERT_EQ(failures->size(), 1U);
  EXPECT_EQ(failures->front().attempts, 2);
  EXPECT_EQ(failures->front().message, "503");
  ASSERT_TRUE(store.add_pages("site", {page("n1")}));
  EXPECT_TRUE(store.failures("site")->empty());
}

TEST_F(StoreTest, RemembersMirrors) {
  Store store = open();
  EXPECT_EQ(store.mirror("site", "one")->commit, "");
  ASSERT_TRUE(
      store.set_mirror("site", "one", {"https://h.example/r", "main", "abc", Timestamp{}, ""}));
  ASSERT_TRUE(store.set_mirror("site", "one",
                               {"https://h.example/r", "main", "abc", Timestamp{}, "refused"}));
  EXPECT_EQ(store.mirror("site", "one")->error, "refused");
}

TEST_F(StoreTest, TouchesNothingWhenReadOnly) {
  auto store = Store::open(file(), Store::Mode::read_only);
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_FALSE(store->knows_page("site", "x").value());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "var"));
}

TEST_F(StoreTest, RefusesWhatIsNotItsOwn) {
  std::filesystem::create_directories(file().parent_path());
  std::ofstream(file()) << "this is no database, but long enough to be looked at as one, surely";
  const auto garbage = Store::open(file(), Store::Mode::read_write);
  ASSERT_FALSE(garbage);
  EXPECT_EQ(garbage.error().kind, ErrorKind::storage);
  EXPECT_NE(garbage.error().message.find("state.db"), std::string::npos);
}

}  // namespace
}  // namespace dandelion
