// SPDX-License-Identifier: MIT
#include "pipeline/publish_site.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "core/files.hpp"
#include "core/log.hpp"
#include "core/stop_signal.hpp"
#include "core/text.hpp"
#include "pipeline/mirror_check.hpp"
#include "pipeline/mirror_watch.hpp"
#include "pipeline/own_secrets.hpp"
#include "pipeline/run_lock.hpp"
#include "pipeline/state_recovery.hpp"
#include "publish/host_limits.hpp"
#include "publish/mirror_line.hpp"
#include "publish/patient_push.hpp"
#include "publish/prune_objects.hpp"
#include "publish/push_plan.hpp"
#include "publish/push_target.hpp"
#include "publish/scratch_objects.hpp"
#include "sign/signing_key.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

// Each looks for differences with all cores and keeps a window of objects in memory.
constexpr std::size_t pushes_at_once = 8;

// One mirror's push, from what the state knows of it to what it will know.
struct Job {
  const MirrorSettings& mirror;
  MirrorRecord known;
  MirrorLine line;   // what the mirror gets
  bool is_in_doubt;  // it may not be where we left it
  std::optional<Result<PushOutcome>> pushed;
  std::optional<Sighting> sighting{};  // what the push tells of the mirror
  bool rests = false;                  // its host asked to be left alone for now
};

bool is_where_it_should_be(const Job& job, const std::string& head) {
  return !job.is_in_doubt && job.known.commit == head && job.known.error.empty() &&
         job.line.last_pushed == (job.line.is_own ? job.line.commit : std::string());
}

// Whether the last look from where we push saw another mirror than the one that we left, even where
// that is not believed yet. What readers alone miss, no push brings.
bool was_seen_elsewhere(const MirrorLife& life) {
  return life.state == MirrorState::behind || life.view == owner_view ||
         std::any_of(life.suspicions.begin(), life.suspicions.end(),
                     [](const MirrorSuspicion& each) { return each.view == owner_view; });
}

// The commit that the last push left the mirror's branch at; empty: there was none.
const std::string& left_at(const Job& job) {
  return job.line.last_pushed.empty() ? job.known.commit : job.line.last_pushed;
}

// Runs the jobs on threads of their own; `done` is called for each, on this thread, as it ends.
class Pushes {
 public:
  Pushes(const PublishContext& context, const std::string& site, MirrorRepository& repository,
         const std::string& head, const SigningKey* key)
      : context_(context), site_(site), repository_(repository), head_(head), key_(key) {}

  template <typename Done>
  void run(const std::vector<Job*>& jobs, Done done) {
    waiting_.assign(jobs.begin(), jobs.end());
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::min(jobs.size(), pushes_at_once); ++i)
      threads.emplace_back([this] { work(); });
    for (std::size_t left = jobs.size(); left > 0; --left) {
      std::unique_lock lock(mutex_);
      ended_.wait(lock, [this] { return !finished_.empty(); });
      Job* job = finished_.front();
      finished_.pop_front();
      lock.unlock();
      done(*job);
    }
  }

 private:
  void work() {
    while (Job* job = next()) {
      job->pushed = push(*job);
      job->sighting = sighting_of_push(job->mirror, context_.config.network, *job->pushed,
                                       context_.clock.now());
      const std::lock_guard lock(mutex_);
      finished_.push_back(job);
      ended_.notify_one();
    }
  }

  Job* next() {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) return nullptr;
    Job* job = waiting_.front();
    waiting_.pop_front();
    return job;
  }

  Result<PushOutcome> push(const Job& job) {
    PushOptions options;
    options.commit = job.line.commit;
    options.last_pushed = left_at(job);
    options.is_derived = job.line.is_own;
    options.tunnel = {own_executable(), "-c",       context_.config.file,
                      "tunnel",         "--mirror", job.mirror.name};
    if (context_.progress) {
      options.progress = [this, &job](const PushProgress& progress) {
        const std::lock_guard lock(progress_mutex_);
        context_.progress(site_, job.mirror.name, progress);
      };
    }
    auto outcome =
        push_patiently(repository_, job.mirror, context_.config.network, options, context_.pace);
    const bool is_conflict = !outcome && outcome.error().kind == ErrorKind::conflict;
    if (is_conflict && job.mirror.on_conflict == OnConflict::adopt)
      outcome = adopt_and_push(job, std::move(options));
    return outcome;
  }

  Result<PushOutcome> adopt_and_push(const Job& job, PushOptions options) {
    options.fetch_to = fetched_ref(job.mirror);
    auto theirs = ::dandelion::push(repository_, job.mirror, context_.config.network, options);
    if (!theirs) return theirs;
    const auto merge = adopt_into_line(repository_.folder(), job.mirror, key_, head_,
                                       job.line.commit, theirs->commit);
    if (!merge) return tl::unexpected(merge.error());
    options.fetch_to.clear();
    options.commit = *merge;
    options.last_pushed = theirs->commit;
    options.is_derived = true;
    auto outcome =
        push_patiently(repository_, job.mirror, context_.config.network, options, context_.pace);
    if (outcome) outcome->adopted = theirs->commit;
    return outcome;
  }

  const PublishContext& context_;
  const std::string& site_;
  MirrorRepository& repository_;
  const std::string& head_;
  const SigningKey* key_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::deque<Job*> waiting_;
  std::deque<Job*> finished_;
  std::mutex progress_mutex_;  // the listener hears one push at a time
};

MirrorOutcome outcome_of(const Job& job) {
  MirrorOutcome outcome{job.mirror.name, MirrorOutcome::State::up_to_date, {}};
  if (job.rests) outcome.state = MirrorOutcome::State::skipped;
  if (!job.pushed) return outcome;
  const Result<PushOutcome>& pushed = *job.pushed;
  if (!pushed) {
    outcome.state = MirrorOutcome::State::failed;
    outcome.message = pushed.error().message;
  } else if (!pushed->up_to_date) {
    outcome.state = MirrorOutcome::State::pushed;
  }
  return outcome;
}

MirrorRecord record_after(const Job& job, const std::string& head, Timestamp now) {
  MirrorRecord record = job.known;
  record.url = job.mirror.url;
  record.branch = job.mirror.branch;
  record.error.clear();
  record.is_conflict = false;
  record.not_before.reset();
  if (*job.pushed) {
    record.commit = head;  // of our own repository, whatever line the mirror gets
    record.pushed = now;
  } else {
    const Error& error = job.pushed->error();
    record.error = error.message;
    record.is_conflict = error.kind == ErrorKind::conflict;
    if (error.retry_after.count() > 0)
      record.not_before = now + std::min<std::chrono::seconds>(error.retry_after, longest_rest);
  }
  return record;
}

// Where there is no line for it, the push has failed before it began, and no other mirror's.
Result<Job> make_job(const PublishContext& context, const std::string& site,
                     const MirrorSettings& mirror, const Result<MirrorLine>& line) {
  auto known = record_of(context.store, site, mirror);
  if (!known) return tl::unexpected(std::move(known.error()));
  const auto life = life_of(context.store, site, mirror);
  if (!life) return tl::unexpected(life.error());
  const bool is_in_doubt = context.looks_anyway || was_seen_elsewhere(*life);
  Job job{mirror, std::move(*known), line.value_or(MirrorLine{}), is_in_doubt, {}};
  if (!line) job.pushed = tl::unexpected(line.error());
  return job;
}

// Whether the mirror is left alone, as its host asked. Who names it has a reason to try.
bool is_resting(const PublishContext& context, const std::string& site, const Job& job) {
  const auto until = rest_of(job.known, context.clock.now());
  if (!until) return false;
  log_warning("{}: mirror {}: its host asked us to wait until {}; {}", site, job.mirror.name,
              format_rfc3339(*until),
              context.looks_anyway
                  ? "tried all the same, since it was named"
                  : fmt::format("not tried (`publish --mirror {}` tries anyway)", job.mirror.name));
  return !context.looks_anyway;
}

// Why a push could not even begin, as far as this machine tells: no connection is opened.
Result<void> obstacle_here(MirrorRepository& repository, const MirrorSettings& mirror,
                           const NetworkSettings& network) {
  const auto target = parse_target(mirror.url);
  if (!target) return tl::unexpected(target.error());
  if (std::holds_alternative<LocalTarget>(*target)) {
    PushOptions look;
    look.looks_only = true;
    const auto looked = push(repository, mirror, network, look);
    if (!looked) return tl::unexpected(looked.error());
  }
  // A helper is not asked: it might ask on the terminal.
  if (const auto* web = std::get_if<WebTarget>(&*target); web != nullptr && mirror.token) {
    const auto credentials = read_credentials(mirror, web->url, network);
    if (!credentials) return tl::unexpected(credentials.error());
  }
  return {};
}

void warn_of_size(const std::string& site, const Job& job) {
  const std::uint64_t most = job.mirror.max_history_bytes;
  if (most == 0 || job.line.bytes <= most) return;
  constexpr std::uint64_t MiB = 1U << 20U;
  log_warning(
      "{}: mirror {}: its files take some {} MiB without any history; `max_size: {} MiB` cannot be "
      "kept",
      site, job.mirror.name, job.line.bytes / MiB, most / MiB);
}

// Keeps in the state and the repository what became of the push.
Result<void> remember(const PublishContext& context, const std::string& site,
                      const fs::path& repository, const std::string& head, const Job& job) {
  const Result<PushOutcome>& pushed = *job.pushed;
  // A push that was stopped says nothing of the mirror.
  if (!pushed && pushed.error().kind == ErrorKind::stopped) return {};
  if (pushed) {
    if (auto done = remember_pushed(repository, job.mirror, pushed->commit); !done) return done;
  }
  return context.store.set_mirror(site, job.mirror.name,
                                  record_after(job, head, context.clock.now()));
}

// What the pushes told of the mirrors.
Result<void> note_pushes(const PublishContext& context, const std::string& site,
                         const std::deque<Job>& jobs) {
  const SiteConfig* settings = context.config.find_site(site);
  std::vector<MirrorSeen> seen;
  for (const Job& job : jobs) {
    if (job.pushed)
      seen.push_back({job.mirror.name, job.sighting, moved_to(job.mirror, *job.pushed)});
  }
  if (settings == nullptr || seen.empty()) return {};
  if (const std::string reason = drop_own_outage(context.config, seen); !reason.empty())
    log_warning("{}: {}: that is our own network, and says nothing of the mirrors", site, reason);
  return note_sightings(context.config, *settings, context.store, seen, context.clock.now());
}

std::vector<MirrorSettings> mirrors_of(const Config& config, const SiteConfig& site) {
  std::vector<MirrorSettings> found;
  for (const std::string& name : site.mirrors) {
    if (const MirrorSettings* mirror = config.find_mirror(name)) found.push_back(*mirror);
  }
  return found;
}

// Whether a mirror has left commits behind that only it had.
bool left_a_line(const Job& job) {
  return job.pushed && *job.pushed && !job.line.last_pushed.empty() &&
         (job.line.is_folded || !job.line.is_own);
}

// What nobody needs any more after that goes.
Result<void> prune(const PublishContext& context, const std::string& site, const fs::path& folder,
                   const SigningKey* key) {
  const SiteConfig* settings = context.config.find_site(site);
  if (settings == nullptr) return {};
  const auto mirrors = mirrors_of(context.config, *settings);
  if (auto done = forget_other_lines(folder, mirrors, key); !done) return done;
  std::vector<std::string> needed;
  for (const MirrorSettings& mirror : mirrors) {
    auto known = context.store.mirror(site, mirror.name);
    if (!known) return tl::unexpected(std::move(known.error()));
    needed.push_back(std::move(known->commit));
  }
  const auto pruned = prune_objects(folder, needed);
  if (!pruned) return tl::unexpected(pruned.error());
  if (pruned->objects != 0) {
    log_info("{}: took {} objects of folded history away, {} KiB", site, pruned->objects,
             pruned->bytes / 1024);
  }
  return {};
}

}  // namespace

Result<CommitSettings> commit_settings(const Config& config, Timestamp now, std::string message) {
  const Operator& op = config.op;
  const auto since = now.time_since_epoch();
  CommitSettings settings{.author_name = op.name,
                          .author_email = op.email,
                          .time = Timestamp(since - since % op.time_grain),
                          .message = std::move(message)};
  settings.scan = std::make_shared<const SecretScan>(own_secrets(config));
  auto key = signing_key(op);
  if (!key) return tl::unexpected(std::move(key.error()));
  settings.key = std::move(*key);
  return settings;
}

Result<std::shared_ptr<const SigningKey>> signing_key(const Operator& op) {
  if (op.key.empty()) return nullptr;
  auto key = SigningKey::read(op.key);
  if (!key) return tl::unexpected(std::move(key.error()));
  return std::make_shared<const SigningKey>(std::move(*key));
}

Result<std::optional<PublicKey>> published_key(const Operator& op) {
  auto key = signing_key(op);
  if (!key) return tl::unexpected(std::move(key.error()));
  return *key ? std::optional((*key)->public_key()) : std::nullopt;
}

Result<std::vector<MirrorOutcome>> publish_site(const PublishContext& context,
                                                const std::string& site,
                                                MirrorRepository& repository,
                                                const std::vector<MirrorSettings>& mirrors) {
  auto head = repository.head();
  if (!head) return tl::unexpected(std::move(head.error()));
  std::vector<MirrorOutcome> outcomes;
  if (!*head || stop_requested()) {
    for (const MirrorSettings& mirror : mirrors)
      outcomes.push_back({mirror.name, MirrorOutcome::State::skipped, {}});
    return outcomes;
  }
  const auto key = signing_key(context.config.op);
  if (!key) return tl::unexpected(key.error());
  repository.clear_own_locks();
  std::deque<Job> jobs;  // a deque: threads keep pointers to its elements
  std::vector<Job*> to_push;
  for (const MirrorSettings& mirror : mirrors) {
    auto job = make_job(context, site, mirror,
                        derive_line(repository.folder(), **head, mirror, key->get()));
    if (!job) return tl::unexpected(std::move(job.error()));
    jobs.push_back(std::move(*job));
    if (jobs.back().pushed) {
      if (auto done = remember(context, site, repository.folder(), **head, jobs.back()); !done)
        return tl::unexpected(std::move(done.error()));
    } else if (!is_where_it_should_be(jobs.back(), **head) &&
               !(jobs.back().rests = is_resting(context, site, jobs.back()))) {
      to_push.push_back(&jobs.back());
    }
    if (jobs.back().line.is_folded) {
      log_info("{}: mirror {}: its history was folded into one commit at its root", site,
               mirror.name);
    }
  }
  for (const Job& job : jobs)
    warn_of_size(site, job);
  Result<void> saved;
  Pushes(context, site, repository, **head, key->get()).run(to_push, [&](const Job& job) {
    if (*job.pushed && !(*job.pushed)->replaced.empty()) {
      log_warning("{}: mirror {}: its branch {} was at {}, which is overwritten now", site,
                  job.mirror.name, job.mirror.branch, (*job.pushed)->replaced);
    }
    if (*job.pushed && !(*job.pushed)->adopted.empty()) {
      log_warning("{}: mirror {}: others pushed to its branch {}; {} is merged, the files are ours",
                  site, job.mirror.name, job.mirror.branch, (*job.pushed)->adopted);
    }
    auto done = remember(context, site, repository.folder(), **head, job);
    if (!done && saved) saved = std::move(done);
  });
  if (!saved) return tl::unexpected(std::move(saved.error()));
  if (auto noted = note_pushes(context, site, jobs); !noted) return tl::unexpected(noted.error());
  if (std::any_of(jobs.begin(), jobs.end(), left_a_line)) {
    // All is published, whether or not there is room to tidy up after it.
    if (auto done = prune(context, site, repository.folder(), key->get()); !done)
      log_warning("{}: {}", site, done.error().message);
  }
  for (const Job& job : jobs)
    outcomes.push_back(outcome_of(job));
  return outcomes;
}

namespace {

std::string known_names(const auto& list) {
  std::string names;
  for (const auto& each : list)
    names += (names.empty() ? "" : ", ") + each.name;
  return names;
}

// One site of a `publish`: its repository, and those of its mirrors that were asked for.
class SitePublishing {
 public:
  SitePublishing(const PublishContext& context, const PublishOptions& options,
                 const SiteConfig& site)
      : context_(context), options_(options), site_(site) {
    outcome_.site = site.name;
  }

  SiteOutcome work() {
    auto repository = MirrorRepository::open(context_.config.output / site_.name);
    if (!repository && repository.error().kind == ErrorKind::not_found) {
      outcome_.errors.push_back("nothing is committed yet; `dandelion run` comes first");
      return std::move(outcome_);
    }
    auto done = repository ? publish(*repository) : tl::unexpected(repository.error());
    if (!done) outcome_.errors.push_back(done.error().message);
    return std::move(outcome_);
  }

 private:
  Result<void> publish(MirrorRepository& repository) {
    if (auto known = check_root(repository, mirrors_of(context_.config, site_)); !known)
      return known;
    auto outcomes = options_.dry_run ? foretell(repository)
                                     : publish_site(context_, site_.name, repository, mirrors());
    if (!outcomes) return tl::unexpected(std::move(outcomes.error()));
    outcome_.mirrors = std::move(*outcomes);
    return {};
  }

  [[nodiscard]] std::vector<MirrorSettings> mirrors() const {
    auto found = mirrors_of(context_.config, site_);
    const auto is_left_out = [&](const MirrorSettings& mirror) {
      return !options_.mirrors.empty() &&
             std::find(options_.mirrors.begin(), options_.mirrors.end(), mirror.name) ==
                 options_.mirrors.end();
    };
    found.erase(std::remove_if(found.begin(), found.end(), is_left_out), found.end());
    return found;
  }

  Result<std::vector<MirrorOutcome>> foretell(MirrorRepository& repository) {
    auto head = repository.head();
    if (!head) return tl::unexpected(std::move(head.error()));
    const auto key = signing_key(context_.config.op);
    if (!key) return tl::unexpected(key.error());
    std::vector<MirrorOutcome> outcomes;
    for (const MirrorSettings& mirror : mirrors()) {
      outcomes.push_back({mirror.name, MirrorOutcome::State::skipped, {}});
      if (!*head) continue;
      auto done = foretell(repository, **head, mirror, key->get(), outcomes.back());
      if (!done) return tl::unexpected(std::move(done.error()));
    }
    return outcomes;
  }

  Result<void> foretell(MirrorRepository& repository, const std::string& head,
                        const MirrorSettings& mirror, const SigningKey* key,
                        MirrorOutcome& outcome) {
    const fs::path& folder = repository.folder();
    std::optional<ScratchObjects> scratch;
    if (limits_of(mirror).weighs()) {
      auto made = ScratchObjects::make();
      if (!made) return tl::unexpected(std::move(made.error()));
      scratch.emplace(std::move(*made));
    }
    const ScratchObjects* objects = scratch ? &*scratch : nullptr;
    const auto job =
        make_job(context_, site_.name, mirror, foretell_line(folder, head, mirror, key, objects));
    if (!job) return tl::unexpected(job.error());
    if (job->pushed) {
      outcome = outcome_of(*job);
    } else if (is_where_it_should_be(*job, head)) {
      outcome.state = MirrorOutcome::State::up_to_date;
    } else if (const auto until = rest_of(job->known, context_.clock.now());
               until && !context_.looks_anyway) {
      outcome.message = fmt::format("would not be tried: its host asked us to wait until {}",
                                    format_rfc3339(*until));
    } else if (auto able = obstacle_here(repository, mirror, context_.config.network); !able) {
      outcome.state = MirrorOutcome::State::failed;
      outcome.message = "would fail: " + able.error().message;
    } else if (const std::string& from = left_at(*job); from == job->line.commit) {
      outcome.message = "would look whether it is at " + from.substr(0, 10);
    } else {
      foretell_push(folder, *job, objects, outcome);
    }
    return {};
  }

  void foretell_push(const fs::path& folder, const Job& job, const ScratchObjects* scratch,
                     MirrorOutcome& outcome) const {
    const std::string& from = left_at(job);
    const auto plan = plan_push(folder, from, job.line.commit, limits_of(job.mirror), scratch);
    if (!plan) {
      outcome.state = MirrorOutcome::State::failed;
      outcome.message = plan.error().message;
      return;
    }
    for (const std::string& warning : plan->warnings)
      log_warning("{}: mirror {}: {}", site_.name, job.mirror.name, warning);
    outcome.message =
        fmt::format("would push {}{}{}", from.empty() ? "" : from.substr(0, 10) + "..",
                    job.line.commit.substr(0, 10),
                    job.line.is_folded ? ", older history folded into its root" : "");
    if (plan->commits.size() > 1)
      outcome.message += fmt::format(", in {} pushes", plan->commits.size());
    add_last_trouble(job, outcome);
  }

  // What the last push met, this one will meet too, unless somebody mended it.
  static void add_last_trouble(const Job& job, MirrorOutcome& outcome) {
    if (job.known.error.empty()) return;
    if (!job.known.is_conflict) {
      outcome.message =
          fmt::format("the last push failed: {}; {}", job.known.error, outcome.message);
      return;
    }
    constexpr std::string_view found = "the last push found commits of others";
    switch (job.mirror.on_conflict) {
      case OnConflict::refuse:
        outcome.state = MirrorOutcome::State::failed;
        outcome.message = fmt::format("{}: this one would be refused", found);
        break;
      case OnConflict::overwrite:
        outcome.message += fmt::format("; {}: this one would overwrite them", found);
        break;
      case OnConflict::adopt:
        outcome.message += fmt::format("; {}: this one would merge them", found);
        break;
    }
  }

  const PublishContext& context_;
  const PublishOptions& options_;
  const SiteConfig& site_;
  SiteOutcome outcome_;
};

Result<void> check_names(const Config& config, const PublishOptions& options) {
  for (const std::string& name : options.sites) {
    if (config.find_site(name) == nullptr) {
      return fail(ErrorKind::bad_input, "there is no site '{}' in {}; there are {}", name,
                  config.file.string(), known_names(config.sites));
    }
  }
  for (const std::string& name : options.mirrors) {
    if (config.find_mirror(name) == nullptr) {
      return fail(ErrorKind::bad_input, "there is no mirror '{}' in {}; there are {}", name,
                  config.file.string(), known_names(config.mirrors));
    }
  }
  return {};
}

}  // namespace

Result<RunReport> run_publishing(const Config& config, const PublishOptions& options,
                                 const Clock& clock) {
  if (auto known = check_names(config, options); !known)
    return tl::unexpected(std::move(known.error()));
  std::optional<RunLock> lock;
  if (!options.dry_run) {
    auto taken = RunLock::take(config.state, clock.now());
    if (!taken) return tl::unexpected(std::move(taken.error()));
    lock.emplace(std::move(*taken));
  }
  auto store =
      Store::open(config.state, options.dry_run ? Store::Mode::read_only : Store::Mode::read_write);
  if (!store) return tl::unexpected(std::move(store.error()));
  PushPace pace;
  const PublishContext context{config, *store,           clock,
                               pace,   options.progress, !options.mirrors.empty()};
  RunReport report;
  for (const SiteConfig& site : config.sites) {
    const bool asked =
        options.sites.empty() ||
        std::find(options.sites.begin(), options.sites.end(), site.name) != options.sites.end();
    const bool serves =
        options.mirrors.empty() ||
        std::any_of(site.mirrors.begin(), site.mirrors.end(), [&](const auto& name) {
          return std::find(options.mirrors.begin(), options.mirrors.end(), name) !=
                 options.mirrors.end();
        });
    if (asked && serves) report.sites.push_back(SitePublishing(context, options, site).work());
  }
  report.stopped = stop_requested();
  return report;
}

}  // namespace dandelion
