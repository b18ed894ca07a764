// SPDX-License-Identifier: MIT
#include "publish/patient_push.hpp"

#include <random>
#include <set>

#include "core/log.hpp"
#include "core/mirror_addresses.hpp"
#include "core/stop_signal.hpp"
#include "fetch/retry_delay.hpp"
#include "publish/host_limits.hpp"
#include "publish/push_plan.hpp"

namespace dandelion {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds longest_wait{120};

double random_fraction() {
  thread_local std::mt19937 generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

// One push, tried until it went through or trying again does not help.
Result<PushOutcome> try_push(MirrorRepository& repository, const MirrorSettings& mirror,
                             const NetworkSettings& network, const PushOptions& options,
                             PushPace& pace) {
  const auto stopped = fail(ErrorKind::stopped, "stopped before the push");
  const milliseconds interval = push_interval(mirror);
  for (int attempt = 1;; ++attempt) {
    const auto now = std::chrono::steady_clock::now();
    if (!waited_without_stop(pace.book(host_of(mirror), interval, now))) return stopped;
    auto outcome = push(repository, mirror, network, options);
    // Another push may have come between our look and ours, and may have brought the same.
    if (!outcome && outcome.error().kind == ErrorKind::conflict && attempt == 1)
      outcome = push(repository, mirror, network, options);
    if (outcome || outcome.error().kind != ErrorKind::transient) return outcome;
    const Error& error = outcome.error();
    const bool is_last = attempt > network.retries;
    if (error.retry_after > (is_last ? std::chrono::seconds(0) : longest_wait)) {
      Error later = error;
      later.message +=
          fmt::format("; the host asks to be left alone for {} s, a run after that comes back",
                      error.retry_after.count());
      return tl::unexpected(std::move(later));
    }
    if (is_last) return outcome;
    const milliseconds pause = retry_delay(attempt, random_fraction(), error.retry_after);
    log_info("mirror {}: {}; try {} of {} in {:.1f} s", mirror.name, error.message, attempt + 1,
             network.retries + 1, std::chrono::duration<double>(pause).count());
    if (!waited_without_stop(pause)) return stopped;
  }
}

// Why it failed may be its size, which no host says in words that we could know.
Error with_size(const PushPlan& plan, const std::string& commit, Error error) {
  const auto found = plan.oversize.find(commit);
  const bool may_be_it = error.kind == ErrorKind::refused || error.kind == ErrorKind::too_large ||
                         error.kind == ErrorKind::transient;
  if (found != plan.oversize.end() && may_be_it) error.message += "; " + found->second;
  return error;
}

// A push cut into pieces as its host likes it.
class PiecedPush {
 public:
  PiecedPush(MirrorRepository& repository, const MirrorSettings& mirror,
             const NetworkSettings& network, PushOptions options, PushPace& pace)
      : repository_(repository),
        mirror_(mirror),
        network_(network),
        options_(std::move(options)),
        pace_(pace) {}

  Result<PushOutcome> to(const std::string& goal) {
    options_.goal = goal;
    auto outcome = along(plan(goal), true);
    if (!outcome || !outcome->is_elsewhere) return outcome;
    // What the mirror lacks is not what we took it for.
    options_.last_pushed = outcome->commit;
    return along(plan(goal), false);
  }

 private:
  Result<PushPlan> plan(const std::string& goal) {
    auto plan = plan_push(repository_.folder(), options_.last_pushed, goal, limits_of(mirror_));
    if (!plan) return plan;
    for (const std::string& warning : plan->warnings) {
      if (warned_.insert(warning).second) log_warning("mirror {}: {}", mirror_.name, warning);
    }
    if (plan->commits.size() > 1) {
      log_info("mirror {}: more than its host takes at once; {} pushes follow each other",
               mirror_.name, plan->commits.size());
    }
    return plan;
  }

  Result<PushOutcome> along(const Result<PushPlan>& plan, bool may_be_elsewhere) {
    if (!plan) return tl::unexpected(plan.error());
    PushOptions piece = options_;
    piece.only_from_there = may_be_elsewhere && plan->depends_on_start;
    Result<PushOutcome> outcome;
    std::string replaced;
    for (const std::string& commit : plan->commits) {
      piece.commit = commit;
      outcome = try_push(repository_, mirror_, network_, piece, pace_);
      if (!outcome) return tl::unexpected(with_size(*plan, commit, std::move(outcome.error())));
      if (outcome->is_elsewhere) return outcome;
      piece.last_pushed = outcome->commit;
      piece.only_from_there = false;
      if (!outcome->replaced.empty()) replaced = outcome->replaced;
    }
    outcome->replaced = replaced;
    return outcome;
  }

  MirrorRepository& repository_;
  const MirrorSettings& mirror_;
  const NetworkSettings& network_;
  PushOptions options_;
  PushPace& pace_;
  std::set<std::string> warned_;
};

}  // namespace

Result<PushOutcome> push_patiently(MirrorRepository& repository, const MirrorSettings& mirror,
                                   const NetworkSettings& network, const PushOptions& options,
                                   PushPace& pace) {
  std::string goal = options.commit;
  if (goal.empty()) {
    auto head = repository.head();
    if (!head) return tl::unexpected(std::move(head.error()));
    goal = head->value_or(std::string());
  }
  if (goal.empty()) return push(repository, mirror, network, options);
  return PiecedPush(repository, mirror, network, options, pace).to(goal);
}

}  // namespace dandelion
