// SPDX-License-Identifier: MIT
#include "fetch/block_page.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace dandelion {
namespace {

const std::vector<BlockFingerprint> known = {
    {"by title", "Just a moment", "", ""},
    {"by body and title", "Blocked", "by the ministry", ""},
    {"by body in Russian", "", "доступ ограничен", ""},
    {"by address", "", "", "warning.example.net"}};

PageLook article(int number) {
  PageLook look;
  look.asked = look.url = fmt::format("https://news.example.org/{}", number);
  look.title = fmt::format("Story {}", number);
  look.body_hash = fmt::format("hash {}", number);
  look.text_bytes = 3'000 + static_cast<std::size_t>(number) * 10;
  look.has_article = true;
  return look;
}

SiteProfile site_of(int count) {
  SiteProfile site;
  for (int i = 0; i < count; ++i)
    site.add(article(i));
  return site;
}

int weight(const PageLook& look, const SiteProfile& site = site_of(20),
           std::string_view body = "") {
  return suspect(look, site, known, body).weight;
}

TEST(Suspect, PassesWhatLooksLikeTheSitesPages) {
  const Suspicion none = suspect(article(100), site_of(20), known, "<p>Blocked by the ministry");
  EXPECT_EQ(none.weight, 0);
  EXPECT_EQ(none.reason, "");
  EXPECT_EQ(weight(article(0), {}), 0) << "the first page of a new site";
}

TEST(Suspect, KnowsBlockPagesInAnyCase) {
  PageLook page = article(100);
  page.text_bytes = 300;
  page.title = "BLOCKED";
  const Suspicion found = suspect(page, {}, known, "<p>BY THE Ministry of Truth");
  EXPECT_GE(found.weight, Suspicion::certain);
  EXPECT_EQ(found.reason, "it is a known block page (by body and title)");
  EXPECT_LT(weight(page, {}, "by somebody else"), Suspicion::certain) << "all texts must be there";
}

TEST(Suspect, KnowsBlockPagesInAnyCaseOfAnyScript) {
  PageLook page = article(100);
  page.text_bytes = 100;
  EXPECT_GE(weight(page, {}, "<p>Доступ ОГРАНИЧЕН</p>"), Suspicion::certain);
}

TEST(Suspect, LetsALongArticleQuoteABlockPage) {
  PageLook page = article(100);
  page.title = "Just a moment: how censors work";
  EXPECT_EQ(weight(page, {}), 0);
  page.url = "https://warning.example.net/?u=1";
  EXPECT_GE(weight(page, {}), Suspicion::certain) << "an address is no quotation";
}

TEST(Suspect, WondersAtARedirectToAnotherSiteUnlessTheSiteDoesThat) {
  PageLook page = article(100);
  page.url = "https://elsewhere.example.com/";
  EXPECT_EQ(weight(page), 2);
  page.url = "https://www.example.org/100";
  EXPECT_EQ(weight(page), 0);
  PageLook before = article(99);
  before.url = "https://partner.example.com/99";
  SiteProfile site = site_of(20);
  site.add(before);
  page.url = "https://partner.example.com/100";
  EXPECT_EQ(weight(page, site), 0);
  page.url = "https://else.example.net/";
  page.text_bytes = 1'000;
  EXPECT_GE(weight(page), Suspicion::enough) << "no longer than a notice";
  site.own_domains = {"example.net"};
  EXPECT_LT(weight(page, site), Suspicion::enough);
}

TEST(Suspect, TakesNoShortPageThatThreeAddressesGive) {
  PageLook page = article(100);
  page.body_hash = "hash 7";
  EXPECT_EQ(weight(page), Suspicion::worth_another_look) << "perhaps a second address";
  SiteProfile site = site_of(20);
  PageLook second = article(99);
  second.body_hash = "hash 7";
  site.add(second);
  EXPECT_EQ(weight(page, site), Suspicion::worth_another_look) << "too long for a notice";
  page.text_bytes = 1'000;
  EXPECT_GE(weight(page, site), Suspicion::enough);
  page.asked = page.url = article(7).url;
  EXPECT_LT(weight(page), Suspicion::enough) << "the same page again";
}

TEST(Suspect, AddsUpWhatIsOddWithoutBeingCertain) {
  PageLook page = article(100);
  page.text_bytes = 100;
  EXPECT_EQ(weight(page), Suspicion::worth_another_look);
  page.has_article = false;
  EXPECT_GE(weight(page), Suspicion::enough);
  EXPECT_EQ(weight(page, site_of(2)), 0) << "two pages tell nothing of a site";
}

TEST(Suspect, WondersAtATitleThatComesAgainUnlessTheyAllHaveIt) {
  SiteProfile site = site_of(20);
  for (const int number : {50, 51}) {
    PageLook same = article(number);
    same.title = "Access";
    site.add(same);
  }
  PageLook page = article(100);
  page.title = "Access";
  EXPECT_EQ(weight(page, site), 1);
  for (int number = 52; number < 90; ++number) {
    PageLook same = article(number);
    same.title = "Access";
    site.add(same);
  }
  EXPECT_EQ(weight(page, site), 0);
}

TEST(SiteProfile, RemembersTheLastPagesAndEachOnce) {
  SiteProfile site = site_of(static_cast<int>(SiteProfile::most) + 5);
  EXPECT_EQ(site.samples.size(), SiteProfile::most);
  EXPECT_EQ(site.samples.front().title, "Story 5");
  site.add(article(10));
  EXPECT_EQ(site.samples.size(), SiteProfile::most);
  EXPECT_EQ(site.samples.back().title, "Story 10");
  EXPECT_EQ(site.samples.back().domain, "example.org");
}

}  // namespace
}  // namespace dandelion
