// SPDX-License-Identifier: MIT
#include "publish/patient_push.hpp"

#include <random>

#include "core/log.hpp"
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
  const int pushes_a_minute = limits_of(mirror).pushes_a_minute;
  const milliseconds interval(pushes_a_minute == 0 ? 0 : 60'000 / pushes_a_minute);
  for (int attempt = 1;; ++attempt) {
    const auto now = std::chrono::steady_clock::now();
    if (!waited_without_stop(pace.book(host_of(mirror), interval, now))) return stopped;
    auto outcome = push(repository, mirror, network, options);
    // Another push may have come between our look and ours, and may have brought the same.
    if (!outcome && outcome.error().kind == ErrorKind::conflict && attempt == 1)
      outcome = push(repository, mirror, network, options);
    if (outcome || outcome.error().kind != ErrorKind::transient || attempt > network.retries)
      return outcome;
    const Error& error = outcome.error();
    if (error.retry_after > longest_wait) {
      return fail(ErrorKind::transient,
                  "{}; the host asks to be left alone for {} s, the next run comes back",
                  error.message, error.retry_after.count());
    }
    const milliseconds pause = retry_delay(attempt, random_fraction(), error.retry_after);
    log_info("mirror {}: {}; try {} of {} in {:.1f} s", mirror.name, error.message, attempt + 1,
             network.retries + 1, std::chrono::duration<double>(pause).count());
    if (!waited_without_stop(pause)) return stopped;
  }
}

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
  const auto plan = plan_push(repository.folder(), options.last_pushed, goal, limits_of(mirror));
  if (!plan) return tl::unexpected(plan.error());
  for (const std::string& warning : plan->warnings)
    log_warning("mirror {}: {}", mirror.name, warning);
  if (plan->commits.size() > 1) {
    log_info("mirror {}: more than its host takes at once; {} pushes follow each other",
             mirror.name, plan->commits.size());
  }
  PushOptions piece = options;
  piece.goal = goal;
  Result<PushOutcome> outcome;
  std::string replaced;
  for (const std::string& commit : plan->commits) {
    piece.commit = commit;
    outcome = try_push(repository, mirror, network, piece, pace);
    if (!outcome) return outcome;
    piece.last_pushed = outcome->commit;
    if (!outcome->replaced.empty()) replaced = outcome->replaced;
  }
  outcome->replaced = replaced;
  return outcome;
}

}  // namespace dandelion
