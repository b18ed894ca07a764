// SPDX-License-Identifier: MIT
#include "pipeline/mirror_watch.hpp"

#include <memory>

#include <unistd.h>

#include "fetch/hostile_origin.hpp"
#include "pipeline/mirror_check.hpp"
#include "pipeline/paper.hpp"

namespace dandelion {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// A site with the mirrors `one` and `two`, and `spare`.
class MirrorWatch : public PaperTest {
 protected:
  MirrorWatch() {
    for (const char* name : {"one", "two", "spare"}) {
      MirrorSettings mirror;
      mirror.name = name;
      mirror.url = std::string("/srv/") + name;
      mirror.is_spare = mirror.name == "spare";
      config.mirrors.push_back(mirror);
      config.sites[0].mirrors.emplace_back(name);
    }
    state.emplace(std::move(*Store::open(config.state, Store::Mode::read_write)));
    EXPECT_TRUE(state->set_mirror("paper", "spare", {"/srv/spare", "main", "abc", now(), ""}));
  }

  [[nodiscard]] Timestamp now() const { return clock.now(); }

  void see(std::vector<std::pair<std::string, MirrorState>> sightings, minutes later = {}) {
    clock.advance(later);
    std::vector<MirrorSeen> seen;
    for (const auto& [mirror, what] : sightings)
      seen.push_back({mirror, Sighting{what, "why", {"owner"}}});
    outage = drop_own_outage(config, seen);
    const auto noted = note_sightings(config, config.sites[0], *state, seen, now());
    EXPECT_TRUE(noted) << noted.error().message;
  }
  void take_down(const std::string& mirror) {
    see({{mirror, MirrorState::taken_down}});
    see({{mirror, MirrorState::taken_down}}, minutes(30));
  }
  [[nodiscard]] std::string named() const {
    std::string names;
    const auto mirrors = named_mirrors(config, config.sites[0], *state);
    for (const MirrorSettings& mirror : *mirrors)
      names += mirror.name + " ";
    return names;
  }
  [[nodiscard]] std::string untold() const {
    std::string lines;
    const auto changes = state->untold_mirror_changes("paper");
    for (const MirrorChange& change : *changes)
      lines += words_of("paper", change) + "\n";
    return lines;
  }

  // Mirrors `one` and `two` far away, behind a proxy that is up or dead.
  void go_far(bool is_up) {
    std::uint16_t port = 0;
    listener.reset(new int(test::listen_on_loopback(port)));
    if (!is_up) listener.reset();
    config.network.proxies = {{ProxyAddress::Scheme::http, "", "127.0.0.1", port}};
    config.mirrors[0].url = "https://one.example/a/paper.git";
    config.mirrors[1].url = "https://two.example/a/paper.git";
  }

  std::optional<Store> state;
  std::string outage;
  struct Close {
    void operator()(const int* descriptor) const {
      ::close(*descriptor);
      delete descriptor;
    }
  };
  std::unique_ptr<int, Close> listener;
};

TEST_F(MirrorWatch, NamesTheSpareInPlaceOfWhatIsDown) {
  EXPECT_EQ(named(), "one two ");
  see({{"one", MirrorState::taken_down}});
  EXPECT_EQ(named(), "one two ");
  see({{"one", MirrorState::taken_down}}, minutes(30));
  EXPECT_EQ(named(), "two spare ");
  EXPECT_EQ(untold(),
            "paper: mirror one is taken-down since 2026-01-01T00:00:00Z: why\n"
            "paper: mirror spare was a spare and steps in: readers are told of it\n");
  see({{"one", MirrorState::live}}, minutes(1));
  EXPECT_EQ(named(), "one two spare ");
  take_down("two");
  EXPECT_EQ(named(), "one spare ");
}

TEST_F(MirrorWatch, WaitsForASpareThatHoldsNothingYet) {
  ASSERT_TRUE(state->set_mirror("paper", "spare", {"/srv/elsewhere", "main", "abc", now(), ""}));
  take_down("one");
  EXPECT_EQ(named(), "two ");
  ASSERT_TRUE(state->set_mirror("paper", "spare", {"/srv/spare", "main", "abc", now(), ""}));
  see({{"spare", MirrorState::live}});
  EXPECT_EQ(named(), "two spare ");
}

TEST_F(MirrorWatch, TakesNothingOfItsOwnSideForTheMirrors) {
  go_far(false);
  for (int i = 0; i < 5; ++i)
    see({{"one", MirrorState::unreachable}, {"spare", MirrorState::live}}, hours(3));
  EXPECT_NE(outage.find("takes no connections"), std::string::npos) << outage;
  EXPECT_FALSE(state->mirror_life("paper", "one")->state)
      << "the one mirror, beside one in a folder";
  EXPECT_TRUE(state->mirror_life("paper", "one")->suspicions.empty());
  EXPECT_EQ(state->mirror_life("paper", "spare")->state, MirrorState::live);
}

TEST_F(MirrorWatch, BlamesTheOneMirrorThatIsSilentBehindAProxyThatIsUp) {
  go_far(true);
  for (int i = 0; i < 3; ++i)
    see({{"one", MirrorState::unreachable}, {"spare", MirrorState::live}}, hours(3));
  EXPECT_EQ(outage, "");
  EXPECT_EQ(state->mirror_life("paper", "one")->state, MirrorState::unreachable);
}

TEST_F(MirrorWatch, BlamesAMirrorInOurOwnNetworkThatIsSilent) {
  config.mirrors[0].url = "http://127.0.0.1:1/a/paper.git";
  config.mirrors[1].url = "git://127.0.0.1:1/paper.git";
  for (int i = 0; i < 3; ++i)
    see({{"one", MirrorState::unreachable}, {"two", MirrorState::unreachable}}, hours(3));
  EXPECT_EQ(outage, "");
  EXPECT_EQ(state->mirror_life("paper", "two")->state, MirrorState::unreachable);
}

TEST_F(MirrorWatch, GoesOnNamingWhatItCannotReachWhereNothingElseIsLeft) {
  go_far(true);
  config.mirrors[0].public_url = "https://one.example/a/paper";
  const auto look = [&] { see({{"one", MirrorState::unreachable}, {"two", MirrorState::live}}); };
  const auto take_three = [&] {
    look();
    clock.advance(hours(3));
    look();
    clock.advance(hours(3));
    look();
  };
  config.mirrors[2].is_spare = false;
  take_three();
  EXPECT_EQ(state->mirror_life("paper", "one")->state, MirrorState::unreachable);
  EXPECT_EQ(named(), "one two spare ") << "the others have no address for readers";
  config.mirrors[1].pages_url = "https://two.example/a/";
  EXPECT_EQ(named(), "two spare ");
  config.mirrors[1].pages_url = "";
  see({{"one", MirrorState::taken_down}, {"two", MirrorState::live}});
  see({{"one", MirrorState::taken_down}, {"two", MirrorState::live}}, minutes(30));
  EXPECT_EQ(named(), "two spare ") << "its host says so";
}

TEST_F(MirrorWatch, TakesOurOwnOutageForNoneOfTheMirrors) {
  go_far(true);
  const std::vector<std::pair<std::string, MirrorState>> nothing = {
      {"one", MirrorState::unreachable}, {"two", MirrorState::unreachable}};
  for (int i = 0; i < 5; ++i)
    see(nothing, hours(3));
  EXPECT_FALSE(state->mirror_life("paper", "one")->state);
  EXPECT_TRUE(state->mirror_life("paper", "one")->suspicions.empty());
  for (int i = 0; i < 3; ++i)
    see({{"one", MirrorState::unreachable}, {"two", MirrorState::live}}, hours(3));
  EXPECT_EQ(named(), "two spare ");
  EXPECT_EQ(outage, "");
}

TEST_F(MirrorWatch, KnowsNothingOfAMirrorThatIsElsewhereNow) {
  take_down("one");
  config.mirrors[0].url = "/srv/another";
  EXPECT_EQ(named(), "one two spare ") << "the spare has stepped in";
  EXPECT_FALSE(life_of(*state, "paper", config.mirrors[0])->state);
  config.mirrors[2].branch = "other";
  EXPECT_TRUE(life_of(*state, "paper", config.mirrors[2])->is_promoted);
}

TEST_F(MirrorWatch, TellsWhetherReadersAreToBeToldAnew) {
  const auto changed = [this](Timestamp since) {
    return names_changed_since(config.sites[0], *state, since).value();
  };
  see({{"one", MirrorState::live}});
  see({{"one", MirrorState::behind}}, minutes(1));
  EXPECT_FALSE(changed(now() - hours(1)));
  EXPECT_EQ(untold(), "") << "no news";
  take_down("one");
  EXPECT_TRUE(changed(now()));
  EXPECT_FALSE(changed(now() + minutes(1)));
}

TEST_F(MirrorWatch, RunsASiteBeforeItIsDueWhereItsReadersAreToBeToldAnew) {
  RunOptions options;
  options.push = false;
  config.sites[0].every = hours(24);
  paper.add("n1", now());
  EXPECT_FALSE(publish_and_run(options).passed_over);
  clock.advance(minutes(10));
  EXPECT_TRUE(run(options).passed_over);
  take_down("one");
  clock.advance(minutes(1));
  EXPECT_FALSE(run(options).passed_over);
  clock.advance(minutes(1));
  EXPECT_TRUE(run(options).passed_over) << "they were";
}

Result<PushOutcome> failed(ErrorKind kind, std::chrono::seconds retry_after = {}) {
  return tl::unexpected(Error{kind, "why", retry_after});
}

TEST_F(MirrorWatch, LearnsFromPushes) {
  const MirrorSettings& mirror = config.mirrors[0];
  const auto learnt = [&](const Result<PushOutcome>& pushed) -> std::string {
    const auto sighting = sighting_of_push(mirror, config.network, pushed, now());
    return sighting ? std::string(state_name(sighting->state)) : "nothing";
  };
  EXPECT_EQ(learnt(PushOutcome{"abc", false}), "live");
  EXPECT_EQ(learnt(failed(ErrorKind::conflict)), "behind");
  EXPECT_EQ(learnt(failed(ErrorKind::not_found)), "gone");
  EXPECT_EQ(learnt(failed(ErrorKind::transient)), "unreachable");
  EXPECT_EQ(learnt(failed(ErrorKind::transient, minutes(5))), "nothing");
  EXPECT_EQ(learnt(failed(ErrorKind::refused)), "nothing");
  EXPECT_EQ(learnt(failed(ErrorKind::too_large)), "nothing");
  EXPECT_EQ(learnt(failed(ErrorKind::stopped)), "nothing");
}

}  // namespace
}  // namespace dandelion
