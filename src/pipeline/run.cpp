// SPDX-License-Identifier: MIT
#include "pipeline/run.hpp"

#include <list>

#include "core/log.hpp"
#include "core/stop_signal.hpp"
#include "core/text.hpp"
#include "pipeline/mirror_watch.hpp"
#include "pipeline/network_memory.hpp"
#include "pipeline/page_gate.hpp"
#include "pipeline/run_lock.hpp"
#include "pipeline/site_run.hpp"
#include "state/store.hpp"

namespace dandelion {
namespace {

Result<std::vector<const SiteConfig*>> chosen_sites(const Config& config,
                                                    const std::vector<std::string>& names) {
  std::vector<const SiteConfig*> sites;
  if (names.empty()) {
    for (const SiteConfig& site : config.sites)
      sites.push_back(&site);
    return sites;
  }
  for (const std::string& name : names) {
    auto site = site_named(config, name);
    if (!site) return tl::unexpected(site.error());
    sites.push_back(*site);
  }
  return sites;
}

// The moment before which a site is passed over; nullopt where it is due.
Result<std::optional<Timestamp>> not_before(const Store& store, const SiteConfig& site,
                                            const RunOptions& options, Timestamp now) {
  if (!options.sites.empty() || site.every.count() == 0) return std::nullopt;
  auto record = store.site(site.name);
  if (!record) return tl::unexpected(record.error());
  if (!record->last_run) return std::nullopt;
  // cron's own minute is not exact: a run that begins some seconds early must not cost a whole
  // interval.
  const auto slack = std::min<std::chrono::seconds>(site.every / 10, std::chrono::minutes(1));
  const Timestamp due = *record->last_run + site.every;
  // Readers are told of a mirror that went down, or of the one in its place, as soon as can be.
  auto names_changed = names_changed_since(site, store, *record->last_run);
  if (!names_changed) return tl::unexpected(names_changed.error());
  if (*names_changed) return std::nullopt;
  return due - slack <= now ? std::nullopt : std::optional(due);
}

std::string joined(const std::vector<std::string>& errors) {
  std::string text;
  for (const std::string& error : errors)
    text += (text.empty() ? "" : "; ") + error;
  return text;
}

class Run {
 public:
  Run(const Config& config, const RunOptions& options, TransferEngine& engine, Store& store,
      const Clock& clock, const ProgressListener& progress,
      const std::vector<BlockFingerprint>& block_pages, NetworkMemory* memory)
      : context_{config, options, engine, store, clock, progress, pace_, block_pages},
        memory_(memory) {}

  Result<RunReport> work(const std::vector<const SiteConfig*>& sites) {
    for (const SiteConfig* site : sites) {
      if (auto begun = begin(*site); !begun) return tl::unexpected(begun.error());
    }
    context_.engine.run();
    for (SiteRun& site : runs_)
      finish(site);
    report_.stopped = stop_requested();
    if (memory_ != nullptr && !context_.options.dry_run) {
      auto saved = memory_->save(context_.store, context_.engine);
      // Nothing is lost by it but what would make the next run a little quicker.
      if (!saved) log_warning("{}", saved.error().message);
    }
    return std::move(report_);
  }

 private:
  Result<void> begin(const SiteConfig& site) {
    auto due = not_before(context_.store, site, context_.options, context_.clock.now());
    if (!due) return tl::unexpected(due.error());
    if (*due) {
      SiteOutcome passed;
      passed.site = site.name;
      passed.passed_over = true;
      passed.due = format_rfc3339(**due);
      report_.sites.push_back(std::move(passed));
      return {};
    }
    runs_.emplace_back(context_, site).begin();
    return {};
  }

  void finish(SiteRun& site) {
    site.finish();
    SiteOutcome& outcome = site.outcome();
    if (!context_.options.dry_run) {
      site.push_mirrors();
      if (context_.options.given.empty()) note(outcome);
    }
    report_.sites.push_back(std::move(outcome));
  }

  void note(SiteOutcome& outcome) {
    RunRecord record;
    record.started = started_;
    record.finished = context_.clock.now();
    record.added = static_cast<std::int64_t>(outcome.added.size());
    record.corrected = static_cast<std::int64_t>(outcome.corrected.size());
    record.withdrawn = static_cast<std::int64_t>(outcome.withdrawn.size());
    record.failed = static_cast<std::int64_t>(outcome.failed.size());
    record.error = joined(outcome.errors);
    auto saved = context_.store.finish_run(outcome.site, record);
    if (!saved) outcome.errors.push_back(saved.error().message);
  }

  PushPace pace_;
  SiteRun::Context context_;
  NetworkMemory* memory_;
  const Timestamp started_ = context_.clock.now();  // what `every:` counts from
  std::list<SiteRun> runs_;  // a list: callbacks keep pointers to its elements
  RunReport report_;
};

}  // namespace

Result<const SiteConfig*> site_named(const Config& config, const std::string& name) {
  if (const SiteConfig* site = config.find_site(name)) return site;
  std::string known;
  std::vector<std::string_view> names;
  for (const SiteConfig& site : config.sites) {
    known += (known.empty() ? "" : ", ") + site.name;
    names.push_back(site.name);
  }
  const std::string near = nearest_word(name, names.data(), names.size());
  return fail(ErrorKind::bad_input, "there is no site '{}' in {}{}; there are {}", name,
              config.file.string(), near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near),
              known);
}

bool SiteOutcome::ok() const {
  const bool mirrors_ok = std::none_of(
      mirrors.begin(), mirrors.end(),
      [](const MirrorOutcome& mirror) { return mirror.state == MirrorOutcome::State::failed; });
  return failed.empty() && errors.empty() && mirrors_ok;
}

bool RunReport::ok() const {
  return std::all_of(sites.begin(), sites.end(), [](const SiteOutcome& site) { return site.ok(); });
}

Result<RunReport> run_mirroring(const Config& config, const RunOptions& options,
                                TransferEngine& engine, const Clock& clock,
                                const ProgressListener& progress, NetworkMemory* memory) {
  auto sites = chosen_sites(config, options.sites);
  if (!sites) return tl::unexpected(sites.error());
  auto block_pages = known_block_pages(config.network.block_pages.value_or(""));
  if (!block_pages) return tl::unexpected(block_pages.error());
  std::optional<RunLock> lock;
  if (!options.dry_run) {
    auto taken = RunLock::take(config.state, clock.now());
    if (!taken) return tl::unexpected(taken.error());
    lock.emplace(std::move(*taken));
  }
  bool damaged = false;
  auto report = [&]() -> Result<RunReport> {
    auto store =
        Store::open(config.state, options.dry_run ? Store::Mode::copy : Store::Mode::read_write);
    if (!store) return tl::unexpected(store.error());
    auto done =
        Run(config, options, engine, *store, clock, progress, *block_pages, memory).work(*sites);
    damaged = store->damaged();
    return done;
  }();
  if (damaged && !options.dry_run) {
    // What this run could not do, the next one does, with a state made from the repositories.
    if (auto aside = Store::set_aside(config.state); !aside) return tl::unexpected(aside.error());
  }
  return report;
}

}  // namespace dandelion
