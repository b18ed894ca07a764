// SPDX-License-Identifier: MIT
#include "pipeline/site_run.hpp"

#include <algorithm>
#include <set>

#include "core/log.hpp"
#include "core/registrable_domain.hpp"
#include "core/sha256.hpp"
#include "core/stop_signal.hpp"
#include "core/url.hpp"
#include "pipeline/check_times.hpp"
#include "pipeline/further_pages.hpp"
#include "pipeline/gitlab_pages.hpp"
#include "pipeline/mirror_watch.hpp"
#include "pipeline/page_build.hpp"
#include "pipeline/page_rendering.hpp"
#include "pipeline/publish_site.hpp"
#include "pipeline/state_recovery.hpp"

namespace dandelion {
namespace {

// Pages held in memory before they are committed; also what a power cut may cost in fetching again.
constexpr std::size_t pages_per_commit = 500;

// What is downloaded of one picture, before it is scaled.
constexpr std::uint64_t max_picture_download = 20U << 20U;
// Pictures held in memory before they are committed.
constexpr std::uint64_t picture_bytes_per_commit = 64U << 20U;
// That could not be had and are tried again.
constexpr std::size_t pictures_per_run = 500;
// More are left for the next run, so that a site's first run of many thousands pushes now and then.
constexpr std::size_t new_pages_per_run = 10'000;
constexpr std::size_t checks_per_run = 200;
// Requests in the engine at once, twice as many as it has connections; the others wait here, where
// they cost little and can still be left for later.
constexpr std::size_t least_running = 8;
// A source that answers nothing this often in a row is left alone until the next run, so that it
// holds up nobody else's.
constexpr int most_failures_in_a_row = 8;
// From then on an article is taken without those of its pages that cannot be had.
constexpr int attempts_for_all_pages = 3;

// Bumped where the same page would be extracted, or rendered, differently by a new version.
constexpr int extraction_version = 2;
constexpr int rendering_version = 2;

std::string hash_of_rules(const ArticleRules& rules) {
  std::string all = fmt::format("{}\n{}\n{}\n", extraction_version, rules.title, rules.body);
  if (rules.hero) all += fmt::format("{}\n{}\n", rules.hero->image, rules.hero->caption);
  for (const std::string& selector : rules.remove)
    all += fmt::format("- {}\n", selector);
  for (const auto& [from, to] : rules.rename)
    all += fmt::format("{} {}\n", from, to);
  return sha256_hex(all);
}

PictureSettings picture_settings(const ImageSettings& images) {
  return {images.max_width, images.max_bytes, images.quality,
          images.jpeg ? PictureType::jpeg : PictureType::webp};
}

// What the files of pages, and what the lists are made with.
struct LookHashes {
  std::string pages;
  std::string lists;
};

LookHashes hashes_of_look(const SiteConfig& site, const Theme& theme,
                          const std::vector<MirrorSettings>& mirrors,
                          const std::optional<PublicKey>& key,
                          const std::set<std::string>& pages_branches) {
  std::string all = fmt::format("{}\n{}\n{}\n{}\n{}\n", rendering_version, theme.fingerprint,
                                site.title, site.language, site.pixel);
  for (const MenuEntry& entry : site.menu)
    all += fmt::format("{} {}\n", entry.text, entry.href);
  all += fmt::format("{} {} {} {} {} {}\n", static_cast<int>(picture_mode(site, theme)),
                     static_cast<int>(site.look.links), site.look.archive_prefix,
                     static_cast<int>(site.look.source_address),
                     static_cast<int>(site.look.share_code), site.pixel_key.has_value());
  if (key) all += ssh_line(*key);
  std::string named;
  for (const MirrorSettings& mirror : mirrors)
    named += fmt::format("{} {} {}\n", mirror.name, mirror.public_url, mirror.pages_url);
  // Where pages tell of no mirror, another list of mirrors is no reason to make them anew.
  std::string pages = sha256_hex(pages_show_mirrors(theme) ? all + named : all);
  if (!pages_branches.empty()) named += gitlab_pages_file(pages_branches);
  return {std::move(pages), sha256_hex(all + named)};
}

}  // namespace

SiteRun::SiteRun(const Context& context, const SiteConfig& site)
    : context_(context),
      site_(site),
      no_rules_(site),
      discovery_({site, context.engine, context.store, context.clock, context.block_pages}) {
  no_rules_.article = {};
  no_rules_.language.clear();
  outcome_.site = site.name;
  for (const std::string& name : site_.mirrors) {
    if (const MirrorSettings* mirror = context_.config.find_mirror(name))
      mirrors_.push_back(*mirror);
  }
}

void SiteRun::begin() {
  if (auto prepared = prepare(); !prepared) {
    fail_site(prepared.error());
    return;
  }
  if (!context_.options.given.empty()) return take_given();
  discovery_.begin([this] { discovered(); });
}

// Pages that somebody else fetched go the way of all others from there on.
void SiteRun::take_given() {
  tasks_in_all_ = context_.options.given.size();
  ++running_;  // ours, so that the first does not end the run
  for (const GivenPage& given : context_.options.given) {
    PageTask task;
    task.url = given.url;
    task.category = archive_category;
    task.is_archived = true;
    take(task, given.page);
  }
  --running_;
  start_tasks();
}

// By whose rules a page is read: a given one may be of any site.
const SiteConfig& SiteRun::rules_for(const PageTask& task, const std::string& url) const {
  if (!task.is_archived) return site_;
  const auto parsed = parse_url(url);
  const auto& own = site_.network.own_domains;
  const bool is_own =
      parsed && std::find(own.begin(), own.end(), registrable_domain(parsed->host)) != own.end();
  return is_own ? site_ : no_rules_;
}

Result<html::Article> SiteRun::read(const PageTask& task, const FetchedPage& fetched) const {
  auto article =
      read_article(rules_for(task, fetched.url), fetched.url, fetched.body, fetched.content_type);
  // Whoever names a page wants it, if it is one that the rules were not made for.
  if (!article && task.is_archived)
    return read_article(no_rules_, fetched.url, fetched.body, fetched.content_type);
  return article;
}

Result<void> SiteRun::prepare() {
  auto theme = load_theme(site_.theme, context_.config.file.parent_path());
  if (!theme) return tl::unexpected(theme.error());
  theme_ = std::move(*theme);
  if (auto secrets = check_secrets(site_); !secrets) return secrets;
  auto named = named_mirrors(context_.config, site_, context_.store);
  if (!named) return tl::unexpected(named.error());
  named_ = std::move(*named);
  renderer_.emplace(*theme_, site_context(site_, named_));
  auto key = published_key(context_.config.op);
  if (!key) return tl::unexpected(key.error());
  rules_hash_ = hash_of_rules(site_.article);
  LookHashes look =
      hashes_of_look(site_, *theme_, named_, *key, gitlab_pages_branches(context_.config, site_));
  look_hash_ = std::move(look.pages);
  lists_hash_ = std::move(look.lists);
  const auto folder = context_.config.output / site_.name;
  if (context_.options.dry_run) {
    // Only looked at, where it is there.
    auto repository = MirrorRepository::open(folder);
    if (!repository) return {};
    if (auto known = check_root(*repository, mirrors_); !known) return known;
    return recover(*repository);
  }
  auto repository = MirrorRepository::open_or_create(folder);
  if (!repository) return tl::unexpected(repository.error());
  if (auto known = check_root(*repository, mirrors_); !known) return known;
  repository_.emplace(std::move(*repository));
  update_.emplace(MirrorUpdate::Context{context_.config, site_, *theme_, context_.store,
                                        *repository_, named_, *key});
  keeper_.emplace(PageKeeper::Context{site_, *renderer_, rules_hash_, look_hash_, context_.store,
                                      context_.clock, *update_, outcome_});
  gate_.emplace(PageGate::Context{site_.name, context_.block_pages, context_.store, context_.clock,
                                  context_.engine.ways_out(), site_.network.own_domains});
  // What pages of the site look like says nothing of those that are given.
  if (context_.options.given.empty()) {
    if (auto opened = gate_->open(); !opened) return opened;
  }
  if (auto recovered = recover(*repository_); !recovered) return recovered;
  return renew_hashes();
}

Result<void> SiteRun::recover(const MirrorRepository& repository) {
  auto recovery = recover_state(context_.store, site_.name, repository, context_.clock.now());
  if (!recovery) return tl::unexpected(recovery.error());
  if (recovery->taken_over > 0)
    log_info("{}: {} pages taken over from the repository", site_.name, recovery->taken_over);
  if (recovery->lost > 0) {
    log_warning("{}: {} pages are not in {}; they are fetched again", site_.name, recovery->lost,
                repository.folder().string());
  }
  return recovery->unrecorded > 0 && update_ ? describe_pages() : Result<void>();
}

// Pages of a version that did not write page files.
Result<void> SiteRun::describe_pages() {
  auto pages = context_.store.pages(site_.name);
  if (!pages) return tl::unexpected(pages.error());
  for (const PageRecord& page : *pages) {
    if (page.article_hash.empty()) update_->update(page).record_changed = true;
  }
  return {};
}

Result<void> SiteRun::renew_hashes() {
  auto record = context_.store.site(site_.name);
  if (!record) return tl::unexpected(record.error());
  looks_new_ = record->theme_hash != lists_hash_;
  if (record->rules_hash == rules_hash_) return {};
  // Other rules may find what these did not.
  rules_are_new_ = true;
  return context_.store.retry_failures(site_.name);
}

void SiteRun::discovered() {
  outcome_.listed = discovery_.listed();
  outcome_.known = discovery_.known();
  outcome_.errors.insert(outcome_.errors.end(), discovery_.errors().begin(),
                         discovery_.errors().end());
  const Timestamp now = context_.clock.now();
  auto given_up = context_.store.give_up_wanted(site_.name, attempts_before_giving_up,
                                                now - listing_before_giving_up);
  if (!given_up) fail_site(given_up.error());
  if (auto chosen = choose_tasks(); !chosen) fail_site(chosen.error());
  const auto added = static_cast<std::size_t>(std::count_if(
      tasks_.begin(), tasks_.end(), [](const PageTask& task) { return !task.is_check; }));
  outcome_.known = std::min(outcome_.known, outcome_.listed - std::min(outcome_.listed, added));
  if (context_.options.dry_run) {
    for (const PageTask& task : tasks_) {
      if (task.is_check) {
        ++outcome_.checked;
      } else {
        outcome_.added.push_back(task.url);
      }
    }
    return;
  }
  tasks_in_all_ = tasks_.size();
  if (picture_mode(site_, *theme_) == PictureMode::mirror) {
    auto missing = context_.store.assets_to_try(site_.name, context_.clock.now(), pictures_per_run);
    if (!missing) fail_site(missing.error());
    for (const std::string& url : missing.value_or(std::vector<std::string>()))
      fetch_picture(url);
  }
  start_tasks();
}

Result<void> SiteRun::choose_tasks() {
  const Timestamp now = context_.clock.now();
  // Whoever names the site wants to see now whether it is mended.
  const bool all = !context_.options.sites.empty();
  const std::size_t limit = context_.options.limit == 0
                                ? new_pages_per_run
                                : std::min(context_.options.limit, new_pages_per_run);
  auto wanted = context_.store.wanted(site_.name, now, all, limit);
  if (!wanted) return tl::unexpected(wanted.error());
  if (wanted->size() == limit) {
    auto in_all = context_.store.count_wanted(site_.name, now, all);
    if (!in_all) return tl::unexpected(in_all.error());
    outcome_.left += *in_all - wanted->size();
  }
  for (WantedRecord& page : *wanted) {
    tasks_.push_back(
        {std::move(page.url), std::move(page.category), page.hint, page.attempts, false});
  }
  auto due = context_.store.due_pages(site_.name, now, checks_per_run);
  if (!due) return tl::unexpected(due.error());
  for (PageRecord& page : *due)
    tasks_.push_back({std::move(page.url), std::move(page.category), page.hint, 0, true});
  return {};
}

void SiteRun::start_tasks() {
  // An engine may answer at once, from within add(): then the loop below goes on, not a call of it.
  if (starting_) return;
  starting_ = true;
  const std::size_t most_running = std::max(
      least_running, 2 * static_cast<std::size_t>(context_.config.network.connections_per_host));
  while (!tasks_.empty() && running_ < most_running) {
    if (stop_requested() || failures_in_a_row_ >= most_failures_in_a_row) {
      outcome_.left += static_cast<std::size_t>(std::count_if(
          tasks_.begin(), tasks_.end(), [](const PageTask& task) { return !task.is_check; }));
      if (!stop_requested()) {
        fail_site({ErrorKind::transient,
                   fmt::format("{} pages in a row could not be had; the others are left for the "
                               "next run",
                               failures_in_a_row_)});
      }
      tasks_.clear();
      break;
    }
    const PageTask task = std::move(tasks_.front());
    tasks_.pop_front();
    Validators validators;
    if (task.is_check) {
      auto page = update_->page_at_address(task.url);
      // What is rendered or extracted anew needs the page itself.
      if (page && *page && (*page)->theme_hash == look_hash_ &&
          (*page)->rules_hash == rules_hash_) {
        validators = {(*page)->etag, (*page)->last_modified};
      }
    }
    ++running_;
    FetchRequest request{task.url, site_.name, std::move(validators)};
    request.confirm_gone = true;
    context_.engine.add(std::move(request), [this, task](Result<FetchedPage> fetched) {
      take(task, std::move(fetched));
      --running_;
      start_tasks();
    });
  }
  starting_ = false;
  if (running_ == 0 && running_pictures_ == 0 && tasks_.empty()) end_tasks();
}

// Pictures that kept articles show and that are not here yet.
void SiteRun::fetch_pictures() {
  for (const std::string& url : update_->take_wanted_pictures()) {
    auto known = update_->knows_picture(url);
    if (!known) fail_site(known.error());
    if (known && !*known) fetch_picture(url);
  }
}

void SiteRun::fetch_picture(const std::string& url) {
  if (stop_requested() || !asked_pictures_.insert(url).second) return;
  for (const GivenPage& given : context_.options.given) {
    if (const auto found = given.pictures.find(url); found != given.pictures.end())
      return take_picture(url, std::string_view(found->second));
  }
  ++running_pictures_;
  FetchRequest request{url, site_.name, {}};
  request.max_body = max_picture_download;
  context_.engine.add(std::move(request), [this, url](Result<FetchedPage> fetched) {
    --running_pictures_;
    const bool stopped = !fetched && fetched.error().kind == ErrorKind::stopped;
    if (!stopped) {
      take_picture(
          url, fetched ? Result<std::string_view>(fetched->body) : tl::unexpected(fetched.error()));
    }
    start_tasks();
  });
}

void SiteRun::take_picture(const std::string& url, const Result<std::string_view>& bytes) {
  auto picture = bytes ? finish_picture(*bytes, picture_settings(site_.images))
                       : tl::unexpected(bytes.error());
  if (!picture)
    log_info("{}: picture {}: {}", site_.name, redact_url(url), picture.error().message);
  update_->add_picture(url, std::move(picture), context_.clock.now());
  if (update_->picture_bytes() >= picture_bytes_per_commit) commit(ListsToWrite::changed);
}

void SiteRun::take(const PageTask& task, Result<FetchedPage> fetched) {
  if (!fetched && fetched.error().kind == ErrorKind::stopped) {
    if (!task.is_check) ++outcome_.left;
    return;
  }
  ++tasks_done_;
  if (task.is_check) ++outcome_.checked;
  if (context_.progress) context_.progress(site_.name, tasks_done_, tasks_in_all_);
  const bool nothing_came = !fetched && fetched.error().kind == ErrorKind::transient;
  failures_in_a_row_ = nothing_came ? failures_in_a_row_ + 1 : 0;
  if (!fetched) {
    done_with(task, tl::unexpected(fetched.error()));
  } else if (fetched->not_modified) {
    auto kept = keeper_->keep(task, *fetched, fail(ErrorKind::not_found, "unchanged"));
    done_with(task, kept ? context_.store.release(site_.name, task.url) : kept);
  } else {
    judge(task, std::move(*fetched));
  }
}

// The one place where a page that came is judged before anything is made of it.
void SiteRun::judge(const PageTask& task, FetchedPage fetched) {
  auto article = read(task, fetched);
  auto judgement = gate_->judge(task.url, fetched, article);
  // Whoever gave a page has looked at it; only a known block page is not believed then.
  if (judgement.verdict == PageGate::Verdict::look_again && !task.is_archived) {
    look_again(task, std::move(fetched), std::move(article), std::move(judgement));
  } else {
    complete(task, std::move(fetched), std::move(article), judgement);
  }
}

// Fetches what else the article has, where it goes on, and settles the page then.
void SiteRun::complete(const PageTask& task, FetchedPage fetched, Result<html::Article> article,
                       const PageGate::Judgement& judgement) {
  const FurtherPages::Context further{rules_for(task, fetched.url), context_.engine, context_.store,
                                      *gate_};
  const bool is_taken = article && judgement.verdict != PageGate::Verdict::refused;
  const auto goes_on = is_taken ? FurtherPages::goes_on(further, *article) : false;
  if (!goes_on) return done_with(task, tl::unexpected(goes_on.error()));
  if (!*goes_on) return done_with(task, settle(task, fetched, std::move(article), judgement));
  ++running_;
  // The first page alone cannot tell that nothing changed.
  fetched.validators = {};
  const bool content_with_less = task.attempts >= attempts_for_all_pages;
  const auto take_whole = [this, task, fetched = std::move(fetched),
                           judgement](Result<FurtherPages::Joined> whole) {
    if (whole) {
      PageTask done = task;
      done.further = std::move(whole->addresses);
      done_with(done, settle(done, fetched, std::move(whole->article), judgement));
    } else if (whole.error().kind != ErrorKind::stopped) {
      done_with(task, tl::unexpected(whole.error()));
    } else if (!task.is_check) {
      ++outcome_.left;
    }
    --running_;
    start_tasks();
  };
  FurtherPages::join(further, std::move(*article), content_with_less, take_whole);
}

// The same page by another way to the source: it alone can tell whether the first was a lie.
void SiteRun::look_again(const PageTask& task, FetchedPage fetched, Result<html::Article> article,
                         PageGate::Judgement judgement) {
  log_info("{}: {}: {}; asking by another way", site_.name, redact_url(task.url),
           judgement.suspicion.reason);
  FetchRequest request{.url = task.url, .site = site_.name, .other_than = fetched.proxy};
  // A std::function wants to be copied, and an article cannot be.
  auto held = std::make_shared<Result<html::Article>>(std::move(article));
  ++running_;
  context_.engine.add(
      std::move(request), [this, task, first = std::move(fetched), held,
                           judgement = std::move(judgement)](const Result<FetchedPage>& second) {
        if (second || second.error().kind != ErrorKind::stopped) {
          const auto other =
              second ? read_article(site_, second->url, second->body, second->content_type)
                     : tl::unexpected(second.error());
          const auto last = gate_->compare(judgement, task.url, second, other);
          const bool lied = second && last.verdict == PageGate::Verdict::refused;
          if (lied && first.proxy)
            context_.engine.distrust(site_.name, *first.proxy, last.suspicion.reason);
          complete(task, first, std::move(*held), last);
        } else if (!task.is_check) {
          ++outcome_.left;
        }
        --running_;
        start_tasks();
      });
}

Result<void> SiteRun::settle(const PageTask& task, const FetchedPage& fetched,
                             Result<html::Article> article, const PageGate::Judgement& judgement) {
  if (judgement.verdict == PageGate::Verdict::refused) {
    if (task.is_archived)
      return fail(ErrorKind::refused, "not believed: {}", judgement.suspicion.reason);
    auto noted = gate_->quarantine(task.url, judgement.suspicion.reason);
    if (!noted) return noted;
    return fail(ErrorKind::refused, "not believed: {}", judgement.suspicion.reason);
  }
  const bool is_article = article.has_value();
  if (auto kept = keeper_->keep(task, fetched, std::move(article)); !kept) return kept;
  if (is_article && !task.is_archived) gate_->learn(judgement.look);
  return context_.store.release(site_.name, task.url);
}

void SiteRun::done_with(const PageTask& task, const Result<void>& kept) {
  if (!kept && task.is_archived) {
    outcome_.failed.push_back({task.url, kept.error().message});
  } else if (!kept) {
    if (auto missed = keeper_->miss(task, kept.error()); !missed) fail_site(missed.error());
  }
  if (picture_mode(site_, *theme_) == PictureMode::mirror) fetch_pictures();
  if (update_->size() >= pages_per_commit) commit(ListsToWrite::changed);
}

// All pages follow another theme, menu or mirror at once, from the articles that the state keeps.
Result<void> SiteRun::render_all_again() {
  std::int64_t after = 0;
  for (;;) {
    auto pages =
        context_.store.pages_rendered_otherwise(site_.name, look_hash_, after, pages_per_commit);
    if (!pages) return tl::unexpected(pages.error());
    if (pages->empty()) return {};
    for (const PageRecord& page : *pages) {
      auto rendered = keeper_->render_again(page);
      if (!rendered) return tl::unexpected(rendered.error());
    }
    after = pages->back().key;
    if (update_->size() >= pages_per_commit) commit(ListsToWrite::later);
  }
}

void SiteRun::end_tasks() {
  if (ended_) return;
  ended_ = true;
  if (auto closed = gate_->close(); !closed) fail_site(closed.error());
  // A site that could not be read well keeps its old look for now: the next run tries again.
  const bool renew = looks_new_ && outcome_.errors.empty();
  if (renew) {
    commit(ListsToWrite::changed);
    if (auto rendered = render_all_again(); !rendered) fail_site(rendered.error());
  }
  commit(renew && has_pages() ? ListsToWrite::all : ListsToWrite::changed);
  // Pages that were rendered anew may show pictures that nobody has asked for yet.
  fetch_pictures();
  if (!outcome_.errors.empty() || (!looks_new_ && !rules_are_new_)) return;
  auto noted = context_.store.set_hashes(site_.name, rules_hash_, lists_hash_);
  if (!noted) fail_site(noted.error());
}

bool SiteRun::has_pages() {
  auto counts = context_.store.counts(site_.name);
  if (!counts) fail_site(counts.error());
  return counts && counts->pages > 0;
}

void SiteRun::finish() {
  if (context_.options.dry_run || !update_) return;
  end_tasks();
  if (update_->has_pictures()) commit(ListsToWrite::changed);
}

void SiteRun::commit(ListsToWrite lists) {
  const auto made = update_->commit(context_.clock.now(), lists);
  if (!made) {
    fail_site(made.error());
    outcome_.added.resize(committed_.added);
    outcome_.corrected.resize(committed_.corrected);
    outcome_.withdrawn.resize(committed_.withdrawn);
    return;
  }
  if (made->commit) outcome_.commit = *made->commit;
  for (const LeftOutPage& page : made->left_out) {
    if (auto left = keeper_->leave_out(page); !left) fail_site(left.error());
  }
  committed_ = {outcome_.added.size(), outcome_.corrected.size(), outcome_.withdrawn.size()};
  // The state learns why they are no pages.
  if (!made->left_out.empty()) commit(ListsToWrite::changed);
}

void SiteRun::push_mirrors() {
  if (!repository_) return;
  if (!context_.options.push) {
    for (const MirrorSettings& mirror : mirrors_)
      outcome_.mirrors.push_back({mirror.name, MirrorOutcome::State::skipped, {}});
    return;
  }
  const PublishContext context{context_.config, context_.store, context_.clock, context_.pace,
                               context_.options.push_progress};
  auto outcomes = publish_site(context, site_.name, *repository_, mirrors_);
  if (!outcomes) {
    fail_site(outcomes.error());
  } else {
    outcome_.mirrors = std::move(*outcomes);
  }
}

void SiteRun::fail_site(const Error& error) {
  outcome_.errors.push_back(error.message);
}

}  // namespace dandelion
