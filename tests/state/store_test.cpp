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

Timestamp at(int second) {
  return Timestamp(std::chrono::seconds(second));
}

std::string ids(const Result<std::vector<PageRecord>>& pages) {
  std::string text;
  for (const PageRecord& record : pages.value())
    text += record.id + " ";
  return text;
}

TEST_F(StoreTest, RemembersAllOfAPageAcrossOpenings) {
  PageRecord kept = page("n1", 1);
  kept.listed = false;
  kept.status = PageStatus::withdrawn;
  kept.corrected = at(1);
  kept.gone_since = at(2);
  kept.withdrawn = at(3);
  kept.etag = "e";
  kept.last_modified = "l";
  kept.article_hash = "a";
  kept.content_hash = "c";
  kept.rules_hash = "r";
  kept.theme_hash = "t";
  kept.hint = at(4);
  kept.checked = at(5);
  kept.next_check = at(6);
  kept.recheck = std::chrono::seconds(7);
  kept.failures = 8;
  kept.message = "m";
  kept.first_seen = at(9);
  {
    Store store = open();
    auto key = store.put_page("site", kept);
    ASSERT_TRUE(key) << key.error().message;
    ASSERT_TRUE(store.add_address("site", *key, "https://e.example/other"));
  }
  Store store = open();
  const auto found = store.page_at_address("site", "http://e.example/n1").value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->url, kept.url);
  EXPECT_EQ(found->published, kept.published);
  EXPECT_EQ(found->listed, false);
  EXPECT_EQ(found->status, PageStatus::withdrawn);
  EXPECT_EQ(found->corrected, kept.corrected);
  EXPECT_EQ(found->gone_since, kept.gone_since);
  EXPECT_EQ(found->withdrawn, kept.withdrawn);
  EXPECT_EQ(found->etag + found->last_modified + found->article_hash + found->content_hash +
                found->rules_hash + found->theme_hash + found->message,
            "elacrtm");
  EXPECT_EQ(found->hint, kept.hint);
  EXPECT_EQ(found->checked, kept.checked);
  EXPECT_EQ(found->next_check, kept.next_check);
  EXPECT_EQ(found->recheck, kept.recheck);
  EXPECT_EQ(found->failures, 8);
  EXPECT_EQ(found->first_seen, kept.first_seen);
  EXPECT_EQ(store.page_at_address("site", "https://e.example/other").value()->key, found->key);
  EXPECT_EQ(store.other_addresses(*found).value(), std::vector<std::string>{"e.example/other"});
  EXPECT_FALSE(store.page_at_address("other", "https://e.example/n1").value());
  EXPECT_EQ(store.page_at_path("site", "Pages/News/N1.md").value()->url, kept.url);
}

TEST_F(StoreTest, OrdersPagesNewestFirstWhateverTheOrderTheyCameIn) {
  Store store = open();
  for (const PageRecord& record :
       {page("n9"), page("n10"), page("old", 1), page("n100", 5), page("n99", 5)}) {
    ASSERT_TRUE(store.put_page("site", record));
  }
  EXPECT_EQ(ids(store.pages("site")), "n100 n99 old n10 n9 ");
  EXPECT_EQ(ids(store.listed("site", {}, 0, 9)), "n100 n99 old n10 n9 ");
  EXPECT_EQ(ids(store.listed("site", {"news", {}, false}, 1, 3)), "n99 old n10 ");
  EXPECT_EQ(ids(store.listed("site", {"sport", {}, false}, 0, 9)), "");
  const auto newest = store.listed("site", {}, 0, 2);
  EXPECT_EQ(ids(store.listed_after("site", {}, newest->back(), 2)), "old n10 ");
}

TEST_F(StoreTest, CountsThePagesOfEachMonth) {
  Store store = open();
  EXPECT_TRUE(store.months("site").value().empty());
  for (const PageRecord& record : {page("n1"), page("n2"), page("feb", 31), page("feb2", 58),
                                   page("march", 59), page("before", -1), page("january", 30)}) {
    ASSERT_TRUE(store.put_page("site", record));
  }
  std::string months;
  const auto counted = store.months("site").value();
  for (const MonthCount& month : counted)
    months += fmt::format("{}-{}:{} ", month.year, month.month, month.pages);
  EXPECT_EQ(months, "1970-3:1 1970-2:2 1970-1:1 1969-12:1 0-0:2 ");
}

TEST_F(StoreTest, ListsNoTombstones) {
  Store store = open();
  PageRecord gone = page("n1");
  gone.listed = false;
  ASSERT_TRUE(store.put_page("site", gone));
  ASSERT_TRUE(store.put_page("site", page("n2")));
  EXPECT_EQ(ids(store.listed("site", {}, 0, 9)), "n2 ");
  EXPECT_EQ(store.categories("site").value().at(0).pages, 1);
  EXPECT_EQ(store.counts("site")->pages, 1);
}

TEST_F(StoreTest, KeepsNothingOfABatchThatIsNotCommitted) {
  Store store = open();
  {
    auto batch = store.begin();
    ASSERT_TRUE(batch);
    ASSERT_TRUE(store.put_page("site", page("n1")));
    EXPECT_TRUE(store.page_at_path("site", "pages/news/n1.md").value());
  }
  EXPECT_FALSE(store.page_at_path("site", "pages/news/n1.md").value());
  auto batch = store.begin();
  ASSERT_TRUE(store.put_page("site", page("n1")));
  ASSERT_TRUE(batch->commit());
  EXPECT_TRUE(store.page_at_path("site", "pages/news/n1.md").value());
}

TEST_F(StoreTest, LetsTwoPagesShareNoFile) {
  Store store = open();
  PageRecord same_path = page("n2");
  same_path.path = "pages/news/N1.md";
  ASSERT_TRUE(store.put_page("site", page("n1")));
  EXPECT_FALSE(store.put_page("site", same_path));
  EXPECT_FALSE(store.page_at_address("site", same_path.url).value());
}

TEST_F(StoreTest, GivesDuePagesTheLongestDueFirst) {
  Store store = open();
  int second = 0;
  for (const char* id : {"n1", "n2", "n3"}) {
    PageRecord record = page(id);
    record.next_check = at(30 - 10 * second++);
    ASSERT_TRUE(store.put_page("site", record));
  }
  EXPECT_EQ(ids(store.due_pages("site", at(20), 9)), "n3 n2 ");
  EXPECT_EQ(ids(store.due_pages("site", at(99), 1)), "n3 ");
  const auto known = store.known_page("site", "https://e.example/n1").value();
  ASSERT_TRUE(store.note_hint(known->key, at(50), true, at(5)));
  EXPECT_EQ(ids(store.due_pages("site", at(5), 9)), "n1 ");
  EXPECT_EQ(store.known_page("site", "https://e.example/n1").value()->hint, at(50));
}

TEST_F(StoreTest, HasNoCheckDueOfWhatIsArchived) {
  Store store = open();
  PageRecord record = page("n1");
  record.archived = true;
  ASSERT_TRUE(store.put_page("site", record));
  EXPECT_TRUE(store.page_at_path("site", record.path).value()->archived);
  EXPECT_EQ(ids(store.due_pages("site", at(99), 9)), "");
}

TEST_F(StoreTest, WantsNewAddressesFirstAndForgetsThemOnceTheyArePages) {
  Store store = open();
  const auto want = [&store](const std::string& id, int rank, int place) {
    return store.want("site", {"https://e.example/" + id, "news", at(rank), place, {}, 0}, at(100));
  };
  ASSERT_TRUE(want("n1", 5, 0));
  ASSERT_TRUE(want("n2", 9, 1));
  ASSERT_TRUE(want("n3", 9, 0));
  const auto order = [&store](int now, bool all) {
    std::string text;
    const auto wanted = store.wanted("site", at(now), all, 9).value();
    for (const WantedRecord& record : wanted)
      text += record.url.substr(18);
    return text;
  };
  EXPECT_EQ(order(100, false), "n3n2n1");
  ASSERT_TRUE(store.add_failure("site", "https://e.example/n2", "503", at(100), at(200)));
  ASSERT_TRUE(store.add_failure("site", "https://e.example/n2", "504", at(110), at(200)));
  EXPECT_EQ(order(100, false), "n3n1");
  EXPECT_EQ(order(100, true), "n3n2n1");
  const auto failures = store.failures("site").value();
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_EQ(failures[0].attempts, 2);
  EXPECT_EQ(failures[0].message, "504");
  EXPECT_EQ(failures[0].next_try, at(200));
  ASSERT_TRUE(store.put_page("site", page("n2")));
  EXPECT_EQ(order(999, true), "n3n1");
  EXPECT_TRUE(store.failures("site")->empty());
}

TEST_F(StoreTest, GivesUpWhatFailsAndIsListedNoMore) {
  Store store = open();
  for (const char* id : {"a", "b"})
    ASSERT_TRUE(
        store.want("site", {std::string("https://e.example/") + id, "c", at(0), 0, {}, 0}, at(10)));
  ASSERT_TRUE(store.add_failure("site", "https://e.example/a", "404", at(10), at(10)));
  ASSERT_TRUE(store.give_up_wanted("site", 1, at(10)));
  EXPECT_EQ(store.wanted("site", at(99), true, 9)->size(), 2U);
  ASSERT_TRUE(store.give_up_wanted("site", 1, at(11)));
  EXPECT_EQ(store.wanted("site", at(99), true, 9)->at(0).url, "https://e.example/b");
}

TEST_F(StoreTest, KeepsArticlesAsLongAsTheirPages) {
  Store store = open();
  const auto key = store.put_page("site", page("n1")).value();
  const std::string bytes("a\0b", 3);
  ASSERT_TRUE(store.put_article(key, bytes));
  EXPECT_EQ(store.article(key).value(), bytes);
  PageRecord record = page("n1");
  record.key = key;
  ASSERT_TRUE(store.forget_page(record));
  EXPECT_FALSE(store.article(key).value());
  EXPECT_FALSE(store.page_at_address("site", record.url).value());
}

TEST_F(StoreTest, KeepsWhatWasNotBelievedUntilItIsAPage) {
  Store store = open();
  ASSERT_TRUE(
      store.quarantine("site", {"https://e.example/n1", "block page", at(1), at(1), at(9)}));
  ASSERT_TRUE(store.quarantine("site", {"https://e.example/n1", "again", at(2), at(2), at(9)}));
  const auto found = store.quarantined("site").value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].reason, "again");
  EXPECT_EQ(found[0].first_seen, at(1));
  EXPECT_EQ(found[0].last_seen, at(2));
  ASSERT_TRUE(store.put_page("site", page("n1")));
  EXPECT_TRUE(store.quarantined("site")->empty());
}

TEST_F(StoreTest, RemembersSources) {
  Store store = open();
  EXPECT_FALSE(store.source("site", "https://e.example/feed").value());
  ASSERT_TRUE(store.set_source("site", "https://e.example/feed",
                               {"r", "e", "l", "b", 3, "https://e.example/2", at(1)}));
  EXPECT_EQ(store.source("site", "https://e.example/feed").value()->follow, "https://e.example/2");
}

TEST_F(StoreTest, KeepsTheRunsOfNinetyDays) {
  Store store = open();
  const Timestamp begin{std::chrono::days(1000)};
  ASSERT_TRUE(store.finish_run("site", {begin, begin, 1, 2, 3, 4, ""}));
  const Timestamp later = begin + std::chrono::days(1);
  ASSERT_TRUE(store.finish_run("site", {later, later, 0, 0, 0, 0, "index: no"}));
  EXPECT_EQ(store.runs("site", 9)->size(), 2U);
  EXPECT_EQ(store.site("site")->last_run, later);
  EXPECT_EQ(store.site("site")->last_success, begin);
  EXPECT_EQ(store.site("site")->last_error, "index: no");
  const Timestamp much_later = begin + std::chrono::days(91);
  ASSERT_TRUE(store.finish_run("site", {much_later, much_later, 0, 0, 0, 0, ""}));
  EXPECT_EQ(store.runs("site", 9)->size(), 2U);
}

TEST_F(StoreTest, KeepsTheNewestRobots) {
  Store store = open();
  for (int i = 1; i <= 4; ++i)
    ASSERT_TRUE(store.put_robots({fmt::format("https://{}.example", i), "text", at(i)}));
  ASSERT_TRUE(store.forget_robots(at(2), 2));
  EXPECT_FALSE(store.robots("https://1.example").value());
  EXPECT_FALSE(store.robots("https://2.example").value());
  EXPECT_EQ(store.robots("https://3.example").value()->fetched, at(3));
  EXPECT_EQ(store.robots("https://4.example").value()->text, "text");
}

TEST_F(StoreTest, ForgetsTheQuarantineOfWhatItGivesUp) {
  Store store = open();
  for (const char* url : {"https://e.example/n1", "https://e.example/n2"}) {
    ASSERT_TRUE(store.want("site", {url, "news", at(1), 0, {}, 0}, at(1)));
    ASSERT_TRUE(store.quarantine("site", {url, "block page", at(1), at(1), at(9)}));
  }
  ASSERT_TRUE(store.want("site", {"https://e.example/n2", "news", at(1), 0, {}, 0}, at(20)));
  ASSERT_TRUE(store.give_up_wanted("site", 0, at(10)));
  ASSERT_EQ(store.quarantined("site")->size(), 1U);
  EXPECT_EQ(store.quarantined("site")->front().url, "https://e.example/n2");
}

TEST_F(StoreTest, RemembersMirrors) {
  Store store = open();
  EXPECT_EQ(store.mirror("site", "one")->commit, "");
  ASSERT_TRUE(
      store.set_mirror("site", "one", {"https://h.example/r", "main", "abc", Timestamp{}, ""}));
  ASSERT_TRUE(store.set_mirror("site", "one",
                               {"https://h.example/r", "main", "abc", Timestamp{}, "refused"}));
  EXPECT_EQ(store.mirror("site", "one")->error, "refused");
  EXPECT_FALSE(store.mirror("site", "one")->is_conflict);
  EXPECT_FALSE(store.mirror("site", "one")->not_before);
  const Timestamp later{std::chrono::hours(1)};
  ASSERT_TRUE(store.set_mirror(
      "site", "one", {"https://h.example/r", "main", "abc", Timestamp{}, "moved", true, later}));
  EXPECT_TRUE(store.mirror("site", "one")->is_conflict);
  EXPECT_EQ(store.mirror("site", "one")->not_before, later);
}

TEST_F(StoreTest, RemembersHowMirrorsAre) {
  Store store = open();
  EXPECT_FALSE(store.mirror_life("site", "one")->state);
  MirrorLife life;
  life.url = "https://h.example/r";
  life.branch = "main";
  life.state = MirrorState::geo_blocked;
  life.since = at(10);
  life.seen = at(20);
  life.detail = "readers get HTTP 451";
  life.view = "reader";
  life.is_promoted = true;
  life.moved_to = "https://h.example/new";
  life.suspicions = {{MirrorState::gone, "owner", at(11), 2}};
  MirrorChange change;
  change.mirror = "one";
  change.at = at(20);
  change.since = at(10);
  change.from = MirrorState::live;
  change.to = MirrorState::geo_blocked;
  change.detail = "451";
  ASSERT_TRUE(store.set_mirror_life("site", "one", life, {change}));
  const auto known = store.mirror_life("site", "one");
  EXPECT_EQ(known->url + known->branch + known->detail + known->view,
            life.url + life.branch + life.detail + life.view);
  EXPECT_EQ(known->state, life.state);
  EXPECT_EQ(known->since, life.since);
  EXPECT_EQ(known->seen, life.seen);
  EXPECT_TRUE(known->is_promoted);
  EXPECT_EQ(known->moved_to, life.moved_to);
  ASSERT_EQ(known->suspicions.size(), 1U);
  EXPECT_EQ(known->suspicions[0].state, MirrorState::gone);
  EXPECT_EQ(known->suspicions[0].view, "owner");
  EXPECT_EQ(known->suspicions[0].first, at(11));
  EXPECT_EQ(known->suspicions[0].sightings, 2);
  const auto changes = store.mirror_changes("site", "one", 9);
  ASSERT_EQ(changes->size(), 1U);
  EXPECT_EQ(changes->front().from, change.from);
  EXPECT_EQ(changes->front().to, change.to);
  EXPECT_EQ(changes->front().detail, "451");
  life.suspicions.clear();
  ASSERT_TRUE(store.set_mirror_life("site", "one", life, {}));
  EXPECT_TRUE(store.mirror_life("site", "one")->suspicions.empty());
}

TEST_F(StoreTest, KeepsTheLastChangesOfEachMirrorAndWhoHeardOfThem) {
  Store store = open();
  MirrorChange change;
  for (int i = 0; i < 250; ++i) {
    change.at = at(i);
    change.to = i % 2 == 0 ? MirrorState::live : MirrorState::gone;
    change.is_told = i < 248;
    ASSERT_TRUE(store.set_mirror_life("site", "one", {}, {change}));
  }
  ASSERT_TRUE(store.set_mirror_life("site", "two", {}, {change}));
  const auto kept = store.mirror_changes("site", "one", 1'000);
  ASSERT_EQ(kept->size(), 200U);
  EXPECT_EQ(kept->front().at, at(249));
  EXPECT_EQ(kept->back().at, at(50));
  auto untold = store.untold_mirror_changes("site");
  ASSERT_EQ(untold->size(), 3U);
  EXPECT_EQ(untold->front().at, at(248));
  EXPECT_EQ(untold->back().mirror, "two");
  ASSERT_TRUE(store.set_told(untold->front()));
  EXPECT_EQ(store.untold_mirror_changes("site")->size(), 2U);
}

TEST_F(StoreTest, TouchesNothingWhenReadOnly) {
  auto store = Store::open(file(), Store::Mode::read_only);
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_FALSE(store->known_page("site", "x").value());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "var"));
}

TEST_F(StoreTest, WritesIntoACopyWithoutTouchingTheFile) {
  ASSERT_TRUE(open().put_page("site", page("n1")));
  {
    auto copy = Store::open(file(), Store::Mode::copy);
    ASSERT_TRUE(copy) << copy.error().message;
    EXPECT_EQ(ids(copy->pages("site")), "n1 ");
    ASSERT_TRUE(copy->put_page("site", page("n2")));
    EXPECT_EQ(ids(copy->pages("site")), "n2 n1 ");
  }
  EXPECT_EQ(ids(open().pages("site")), "n1 ");
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
