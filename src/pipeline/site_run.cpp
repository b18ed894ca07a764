// SPDX-License-Identifier: MIT
#include "pipeline/site_run.hpp"

#include "core/log.hpp"
#include "core/sha256.hpp"
#include "core/stop_signal.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "html/charset.hpp"
#include "pipeline/index_build.hpp"
#include "pipeline/page_build.hpp"
#include "pipeline/publish_site.hpp"
#include "publish/secret_scan.hpp"

namespace dandelion {
namespace {

// Pages held in memory before they are committed; also what a power cut may cost in fetching again.
constexpr std::size_t pages_per_commit = 500;

std::string plural(std::size_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

}  // namespace

SiteRun::SiteRun(const Context& context, const SiteConfig& site) : context_(context), site_(site) {
  outcome_.site = site.name;
}

void SiteRun::begin() {
  auto theme = load_theme(site_.theme, context_.config.file.parent_path());
  if (!theme) {
    fail_site(theme.error());
    return;
  }
  theme_ = std::move(*theme);
  if (!context_.options.dry_run && !open_repository()) return;
  open_indexes_ = site_.indexes.size();
  for (const IndexRules& rules : site_.indexes)
    fetch_index(rules, rules.url, 1);
}

bool SiteRun::open_repository() {
  auto repository = MirrorRepository::open_or_create(context_.config.output / site_.name);
  if (!repository) {
    fail_site(repository.error());
    return false;
  }
  repository_.emplace(std::move(*repository));
  return true;
}

void SiteRun::fetch_index(const IndexRules& rules, const std::string& url, int page) {
  seen_.insert("index " + url);
  context_.engine.add({url, site_.name, {}},
                      [this, &rules, page, url](Result<FetchedPage> fetched) {
                        if (!fetched) {
                          if (fetched.error().kind != ErrorKind::stopped) {
                            fail_site({fetched.error().kind, "index " + fetched.error().message});
                          }
                          index_done();
                          return;
                        }
                        read_index(rules, page, *fetched);
                      });
}

void SiteRun::read_index(const IndexRules& rules, int page, const FetchedPage& fetched) {
  const html::DecodedText text = html::decode(fetched.body, fetched.content_type);
  auto index = read_index_page(text.text, fetched.url, rules);
  if (!index) {
    fail_site(Error{index.error().kind,
                    fmt::format("index {}: {}", redact_url(fetched.url), index.error().message)});
    index_done();
    return;
  }
  for (const DiscoveredArticle& article : index->articles)
    add_candidate(article.url, rules.category);
  const bool more =
      page < rules.pages && !index->next.empty() && !seen_.contains("index " + index->next);
  if (more) {
    fetch_index(rules, index->next, page + 1);
  } else {
    index_done();
  }
}

void SiteRun::add_candidate(const std::string& url, const std::string& category) {
  if (!seen_.insert(url).second) return;
  ++outcome_.listed;
  auto known = context_.store.knows_page(site_.name, url);
  if (!known) {
    fail_site(known.error());
  } else if (*known) {
    ++outcome_.known;
  } else {
    candidates_.push_back({url, category});
  }
}

void SiteRun::index_done() {
  if (--open_indexes_ == 0) fetch_articles();
}

void SiteRun::fetch_articles() {
  const std::size_t limit = context_.options.limit;
  if (limit != 0 && candidates_.size() > limit) {
    outcome_.left = candidates_.size() - limit;
    candidates_.resize(limit);
  }
  if (context_.options.dry_run) {
    for (const Candidate& candidate : candidates_)
      outcome_.added.push_back(candidate.url);
    return;
  }
  articles_queued_ = candidates_.size();
  for (const Candidate& candidate : candidates_) {
    context_.engine.add({candidate.url, site_.name, {}},
                        [this, &candidate](Result<FetchedPage> fetched) {
                          take_article(candidate, std::move(fetched));
                        });
  }
}

void SiteRun::take_article(const Candidate& candidate, Result<FetchedPage> fetched) {
  if (!fetched && fetched.error().kind == ErrorKind::stopped) {
    ++outcome_.left;
    return;
  }
  ++articles_done_;
  if (context_.progress) context_.progress(site_.name, articles_done_, articles_queued_);
  if (!fetched) {
    fail_page(candidate.url, fetched.error());
  } else if (auto kept = keep_page(candidate, *fetched); !kept) {
    fail_page(candidate.url, kept.error());
  }
  if (pending_.size() >= pages_per_commit) commit_pending();
}

Result<void> SiteRun::keep_page(const Candidate& candidate, const FetchedPage& fetched) {
  auto built = build_page(site_, *theme_, candidate.category, candidate.url, fetched.url,
                          fetched.body, fetched.content_type);
  if (!built) return tl::unexpected(built.error());
  // Here, and not only at the commit: one page that looks so must not hold up the others.
  if (const auto secret = SecretScan::shape_in(built->content)) {
    return fail(ErrorKind::refused, "it holds what looks like {}, and is not published", *secret);
  }
  auto owner = context_.store.url_at_path(site_.name, built->place.path);
  if (!owner) return tl::unexpected(owner.error());
  const auto [other, free] =
      pending_paths_.try_emplace(ascii_lower(built->place.path), candidate.url);
  if (*owner || !free) {
    return fail(ErrorKind::conflict,
                "its file {} already belongs to {}; change the site's `id` or `layout`",
                built->place.path, *owner ? **owner : other->second);
  }
  PageRecord record;
  record.url = candidate.url;
  record.id = built->place.id;
  record.category = built->place.category;
  record.path = built->place.path;
  record.title = built->article.title;
  record.published = built->article.published;
  record.first_seen = context_.clock.now();
  record.etag = fetched.validators.etag;
  record.last_modified = fetched.validators.last_modified;
  record.content_hash = sha256_hex(built->content);
  pending_.push_back(std::move(record));
  pending_files_.push_back({built->place.path, std::move(built->content)});
  std::move(built->further.begin(), built->further.end(), std::back_inserter(pending_files_));
  return {};
}

void SiteRun::commit_pending() {
  auto commit = commit_files();
  if (!commit) {
    fail_site(commit.error());
    pending_.clear();
    pending_files_.clear();
    return;
  }
  if (*commit) outcome_.commit = **commit;
  if (auto added = context_.store.add_pages(site_.name, pending_); !added) fail_site(added.error());
  for (const PageRecord& page : pending_)
    outcome_.added.push_back(page.path);
  pending_.clear();
  pending_files_.clear();
}

Result<std::optional<std::string>> SiteRun::commit_files() {
  auto pages = context_.store.pages(site_.name);
  if (!pages) return tl::unexpected(pages.error());
  const std::size_t before = pages->size();
  pages->insert(pages->end(), pending_.begin(), pending_.end());
  sort_newest_first(*pages);
  auto files = build_indexes(site_, *theme_, *pages, mirrors());
  if (!files) return tl::unexpected(files.error());
  files->insert(files->end(), std::make_move_iterator(pending_files_.begin()),
                std::make_move_iterator(pending_files_.end()));
  const std::string what = pending_.empty() ? std::string("Update the indexes")
                           : before == 0
                               ? fmt::format("Begin with {}", plural(pending_.size(), "page"))
                               : fmt::format("Add {}", plural(pending_.size(), "page"));
  auto settings = commit_settings(context_.config, context_.clock.now(), what);
  if (!settings) return tl::unexpected(std::move(settings.error()));
  auto commit = repository_->commit(*files, *settings);
  if (!commit)
    return within(fmt::format("commit to {}", repository_->folder().string()), commit.error());
  return commit;
}

void SiteRun::finish() {
  if (context_.options.dry_run || !repository_) return;
  // Also where nothing is new: another menu or mirror in sites.yaml shows in the indexes, and costs
  // no commit otherwise.
  auto pages = context_.store.site(site_.name);
  const bool has_pages = pages && pages->pages > 0;
  if (!pending_.empty() || has_pages) commit_pending();
}

std::vector<MirrorSettings> SiteRun::mirrors() const {
  std::vector<MirrorSettings> found;
  for (const std::string& name : site_.mirrors) {
    if (const MirrorSettings* mirror = context_.config.find_mirror(name)) found.push_back(*mirror);
  }
  return found;
}

void SiteRun::push_mirrors() {
  if (!repository_) return;
  if (!context_.options.push) {
    for (const std::string& mirror : site_.mirrors)
      outcome_.mirrors.push_back({mirror, MirrorOutcome::State::skipped, {}});
    return;
  }
  const PublishContext context{context_.config, context_.store, context_.clock, context_.pace,
                               context_.options.push_progress};
  auto outcomes = publish_site(context, site_.name, *repository_, mirrors());
  if (!outcomes) {
    fail_site(outcomes.error());
  } else {
    outcome_.mirrors = std::move(*outcomes);
  }
}

void SiteRun::fail_page(const std::string& url, const Error& error) {
  outcome_.failed.push_back({url, error.message});
  if (auto saved = context_.store.add_failure(site_.name, url, error.message, context_.clock.now());
      !saved) {
    fail_site(saved.error());
  }
}

void SiteRun::fail_site(const Error& error) {
  outcome_.errors.push_back(error.message);
}

}  // namespace dandelion
