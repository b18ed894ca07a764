// SPDX-License-Identifier: MIT
#include "config/block_fingerprints.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

TEST(BlockFingerprints, AreAListOfWhatTellsThem) {
  const auto known = parse_block_fingerprints(
      "- {name: A, title: Access Denied}\n- name: B\n  body: 10.10.34.34\n  address: "
      "deny.example\n",
      "mine.yaml");
  ASSERT_TRUE(known) << known.error().message;
  ASSERT_EQ(known->size(), 2U);
  EXPECT_EQ(known->at(0).title, "Access Denied");
  EXPECT_EQ(known->at(1).address, "deny.example");
}

TEST(BlockFingerprints, TellAllThatIsWrongWithItsPlace) {
  const auto known = parse_block_fingerprints(
      "- {name: A}\n- {name: B, titel: Access Denied}\n- {name: C, body: no}\n", "mine.yaml");
  ASSERT_FALSE(known);
  EXPECT_EQ(known.error().kind, ErrorKind::bad_input);
  EXPECT_EQ(
      known.error().message,
      "mine.yaml:1:3: nothing tells this block page; give it a title, body or address\n"
      "mine.yaml:2:13: unknown key 'titel' (did you mean 'title'?)\n"
      "mine.yaml:3:19: a text of less than 6 bytes would be found anywhere; write more of it");
}

TEST(BlockFingerprints, ThatComeWithTheProgramAreSound) {
  const auto known =
      load_block_fingerprints(std::string(DANDELION_SOURCE_DIR) + "/data/block_pages.yaml");
  ASSERT_TRUE(known) << known.error().message;
  EXPECT_GT(known->size(), 40U);
}

}  // namespace
}  // namespace dandelion
