// SPDX-License-Identifier: MIT
#include "pipeline/mirror_life.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using State = MirrorState;

constexpr const char* exit_a = "socks5h://a:1";
constexpr const char* exit_b = "socks5h://b:1";

class MirrorLifeTest : public testing::Test {
 protected:
  // What is believed after a sighting, so long after the one before; the change is kept.
  State see(State state, std::chrono::seconds later, std::vector<std::string> views = {"owner"}) {
    now += later;
    MirrorStep step = next_life(life, {state, "why", std::move(views)}, now);
    life = std::move(step.life);
    if (step.change) changes.push_back(*step.change);
    return life.state.value_or(State::live);
  }
  State see_well(std::chrono::seconds later, std::vector<std::string> views = {"owner", "reader"}) {
    return see(State::live, later, std::move(views));
  }

  Timestamp now{hours(500'000)};
  MirrorLife life;
  std::vector<MirrorChange> changes;
};

TEST_F(MirrorLifeTest, KnowsNothingUntilItSees) {
  EXPECT_FALSE(life.state);
  see_well(hours(0));
  EXPECT_EQ(life.state, State::live);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_FALSE(changes[0].from);
  EXPECT_EQ(changes[0].to, State::live);
  see_well(hours(1));
  EXPECT_EQ(changes.size(), 1U) << "nothing new";
  EXPECT_EQ(life.since, now - hours(1));
  EXPECT_EQ(life.seen, now);
}

TEST_F(MirrorLifeTest, BelievesATakedownThatIsSeenTwiceHalfAnHourApart) {
  see_well(hours(0));
  EXPECT_EQ(see(State::taken_down, hours(1)), State::live);
  const Timestamp first = now;
  EXPECT_EQ(see(State::taken_down, minutes(29)), State::live) << "too soon after the first";
  EXPECT_EQ(see(State::taken_down, minutes(1)), State::taken_down);
  EXPECT_EQ(life.since, first);
  EXPECT_EQ(life.detail, "why");
  EXPECT_TRUE(life.suspicions.empty());
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[1].from, State::live);
  EXPECT_EQ(changes[1].at, now);
  EXPECT_EQ(changes[1].since, first);
}

TEST_F(MirrorLifeTest, BelievesWhatMayPassWhenItIsSeenThreeTimesOverSixHours) {
  for (const State bad : {State::gone, State::geo_blocked, State::unreachable}) {
    life = {};
    see_well(hours(0));
    EXPECT_EQ(see(bad, hours(0)), State::live);
    EXPECT_EQ(see(bad, hours(6)), State::live) << state_name(bad) << ": twice is not enough";
    EXPECT_EQ(see(bad, minutes(1)), bad);
    life = {};
    see_well(hours(0));
    for (int i = 0; i < 12; ++i)
      EXPECT_EQ(see(bad, minutes(30)), State::live) << state_name(bad) << ": not long enough";
    EXPECT_EQ(see(bad, minutes(30)), bad);
  }
}

TEST_F(MirrorLifeTest, BelievesBadNewsOfAMirrorThatItNeverSawWell) {
  see(State::taken_down, hours(0));
  EXPECT_FALSE(life.state);
  see(State::taken_down, hours(1));
  EXPECT_EQ(life.state, State::taken_down);
}

TEST_F(MirrorLifeTest, BeginsToCountAnewAfterGoodNews) {
  see_well(hours(0));
  see(State::taken_down, hours(1));
  EXPECT_EQ(see_well(minutes(20)), State::live);
  EXPECT_TRUE(life.suspicions.empty());
  EXPECT_EQ(see(State::taken_down, minutes(20)), State::live);
  EXPECT_EQ(changes.size(), 1U);
}

TEST_F(MirrorLifeTest, BelievesGoodNewsAtOnce) {
  see(State::taken_down, hours(0));
  see(State::taken_down, hours(1));
  EXPECT_EQ(see(State::behind, minutes(1)), State::behind);
  EXPECT_EQ(see_well(minutes(1)), State::live);
  EXPECT_EQ(life.since, now);
  EXPECT_EQ(life.view, "");
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(changes[1].from, State::taken_down);
}

TEST_F(MirrorLifeTest, GoesFromOneBadStateToAnotherByTheSameProof) {
  for (int i = 0; i < 3; ++i)
    see(State::unreachable, hours(3));
  EXPECT_EQ(life.state, State::unreachable);
  EXPECT_EQ(see(State::taken_down, hours(1)), State::unreachable);
  EXPECT_EQ(see(State::unreachable, hours(1)), State::unreachable);
  EXPECT_EQ(see(State::taken_down, hours(1)), State::unreachable) << "counted anew";
  EXPECT_EQ(see(State::taken_down, hours(1)), State::taken_down);
}

TEST_F(MirrorLifeTest, CountsEachKindOfBadNewsByItself) {
  see_well(hours(0));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(see(State::unreachable, hours(1)), State::live);
    EXPECT_EQ(see(State::gone, hours(1)), State::live);
  }
  EXPECT_EQ(life.suspicions.size(), 2U);
  EXPECT_EQ(see(State::unreachable, hours(1)), State::unreachable);
  EXPECT_TRUE(life.suspicions.empty());
}

TEST_F(MirrorLifeTest, DoesNotTakeThePushersWordForTheReaders) {
  see_well(hours(0));
  for (int i = 0; i < 3; ++i) {
    see(State::gone, hours(3), {"reader"});
    EXPECT_EQ(see_well(minutes(1), {"owner"}), i < 2 ? State::live : State::gone);
  }
  EXPECT_EQ(see(State::behind, hours(1), {"owner"}), State::gone);
  EXPECT_EQ(see_well(hours(1)), State::live);
}

TEST_F(MirrorLifeTest, TakesAReadersWordForTheExitThatItCameFromAlone) {
  see_well(hours(0));
  for (int i = 0; i < 3; ++i) {
    see(State::geo_blocked, hours(3), {exit_a});
    see_well(minutes(1));
  }
  EXPECT_EQ(life.state, State::geo_blocked);
  EXPECT_EQ(life.view, exit_a);
  EXPECT_EQ(see_well(hours(1), {"owner", "reader", exit_b}), State::geo_blocked);
  EXPECT_EQ(see(State::geo_blocked, hours(1), {exit_b}), State::geo_blocked);
  EXPECT_EQ(life.view, exit_a) << "the first has to be open again";
  EXPECT_EQ(see_well(hours(1), {"owner", "reader", exit_a}), State::live);
}

TEST_F(MirrorLifeTest, KeepsTheLastWordOfWhoSeesABadStateThatLasts) {
  see(State::gone, hours(0));
  see(State::gone, hours(3));
  see(State::gone, hours(3));
  EXPECT_EQ(life.view, "owner");
  see(State::gone, hours(1), {"reader"});
  EXPECT_EQ(see_well(hours(1), {"owner"}), State::gone);
}

TEST_F(MirrorLifeTest, IsNotHurriedByAClockThatGoesBack) {
  see(State::taken_down, hours(0));
  see(State::taken_down, -hours(5));
  EXPECT_FALSE(life.state);
}

TEST_F(MirrorLifeTest, IsDownWhereNobodyGetsTheMirror) {
  EXPECT_FALSE(is_down(std::nullopt));
  EXPECT_FALSE(is_down(State::live) || is_down(State::behind) || is_down(State::geo_blocked));
  EXPECT_TRUE(is_down(State::taken_down) && is_down(State::gone) && is_down(State::unreachable));
}

using Places = std::vector<std::size_t>;

MirrorStanding plain() {
  return {.is_filled = true};
}
MirrorStanding spare() {
  return {.is_spare = true, .is_filled = true};
}

TEST(Spares, AreNamedWhenTheyAreNeeded) {
  MirrorStanding each = plain();
  EXPECT_TRUE(is_named(each));
  each.is_down = true;
  EXPECT_FALSE(is_named(each));
  each = spare();
  EXPECT_FALSE(is_named(each));
  each.is_promoted = true;
  EXPECT_TRUE(is_named(each));
}

TEST(Spares, StepInOneForOne) {
  std::vector<MirrorStanding> mirrors = {plain(), spare(), plain(), spare(), spare()};
  EXPECT_EQ(spares_to_promote(mirrors), Places{});
  mirrors[0].is_down = true;
  EXPECT_EQ(spares_to_promote(mirrors), Places{1});
  mirrors[1].is_promoted = true;
  EXPECT_EQ(spares_to_promote(mirrors), Places{});
  mirrors[2].is_down = true;
  EXPECT_EQ(spares_to_promote(mirrors), Places{3});
  mirrors[1].is_down = true;
  EXPECT_EQ(spares_to_promote(mirrors), (Places{3, 4})) << "a spare that is down is no help";
}

TEST(Spares, StayWhereTheMirrorThatTheyStoodInForIsBack) {
  std::vector<MirrorStanding> mirrors = {plain(), plain(), spare(), spare()};
  mirrors[2].is_promoted = true;
  EXPECT_TRUE(is_named(mirrors[2]));
  mirrors[0].is_down = true;
  EXPECT_EQ(spares_to_promote(mirrors), Places{}) << "it is there for the next";
}

TEST(Spares, HelpOnlyWhereTheyHoldTheSiteAndAreUp) {
  std::vector<MirrorStanding> mirrors = {plain(), spare(), spare(), spare()};
  mirrors[0].is_down = true;
  mirrors[1].is_down = true;
  mirrors[2].is_filled = false;
  EXPECT_EQ(spares_to_promote(mirrors), Places{3});
  mirrors[3].is_down = true;
  EXPECT_EQ(spares_to_promote(mirrors), Places{});
}

}  // namespace
}  // namespace dandelion
