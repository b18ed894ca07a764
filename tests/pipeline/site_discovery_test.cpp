// SPDX-License-Identifier: MIT
#include "pipeline/site_discovery.hpp"

#include <gtest/gtest.h>

#include "discover/sitemap.hpp"
#include "pipeline/paper.hpp"

namespace dandelion {
namespace {

using std::chrono::hours;

class DiscoverySitemap : public PaperTest {
 protected:
  DiscoverySitemap() {
    SourceRules& source = config.sites[0].sources[0];
    source.kind = SourceRules::Kind::sitemap;
    source.url = Paper::url("sitemap.xml");
    source.items.clear();
    paper.add("n1", clock.now() - hours(1));
    paper.add("n2", clock.now() - hours(2));
    paper.publish(engine);
  }

  // A sitemap with the addresses first and last in so many bytes.
  static std::string sitemap(const std::string& first, const std::string& last, std::size_t bytes) {
    const auto entry = [](const std::string& name) {
      return "<url><loc>" + Paper::url(name) + "</loc></url>\n";
    };
    std::string text = "<urlset>\n" + entry(first);
    const std::string end = entry(last) + "</urlset>\n";
    while (text.size() + end.size() < bytes)
      text.append(std::min<std::size_t>(1000, bytes - text.size() - end.size()), ' ');
    return text + end;
  }
};

TEST_F(DiscoverySitemap, IsReadToItsEndHoweverLarge) {
  engine.pages[Paper::url("sitemap.xml")] = {
      sitemap("n1", "n2", FakeEngine::default_max_body + 300'000), {}, false};
  const SiteOutcome outcome = run();
  EXPECT_TRUE(outcome.errors.empty());
  EXPECT_EQ(outcome.added.size(), 2U);
  // The same bytes are not read again, but count.
  EXPECT_EQ(run().known, 2U);
  paper.add("n3", clock.now());
  paper.publish(engine);
  engine.pages[Paper::url("sitemap.xml")] = {
      sitemap("n1", "n3", FakeEngine::default_max_body + 300'000), {}, false};
  EXPECT_EQ(run().added.size(), 1U);
}

TEST_F(DiscoverySitemap, IsNotReadAboveTheProtocolsLimit) {
  engine.pages[Paper::url("sitemap.xml")] = {sitemap("n1", "n2", max_sitemap_bytes + 1), {}, false};
  const SiteOutcome outcome = run();
  ASSERT_EQ(outcome.errors.size(), 1U);
  EXPECT_TRUE(outcome.added.empty());
}

}  // namespace
}  // namespace dandelion
