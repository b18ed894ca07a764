// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "discover/index_page.hpp"
#include "pipeline/run.hpp"
#include "publish/mirror_repository.hpp"
#include "publish/push_pace.hpp"
#include "render/theme.hpp"
#include "state/store.hpp"

namespace dandelion {

// One site's part of a run: indexes, then articles, then commits. Its callbacks run inside the
// engine's loop; it must outlive that.
//
// What makes a kill at any instant harmless: a commit holds whole pages and the indexes that list
// them; the state learns of the pages only after the commit. A page that is committed but not yet
// in the state is fetched again, gives the same file and so no commit.
class SiteRun {
 public:
  struct Context {
    const Config& config;
    const RunOptions& options;
    TransferEngine& engine;
    Store& store;
    const Clock& clock;
    const ProgressListener& progress;
    PushPace& pace;
  };

  SiteRun(const Context& context, const SiteConfig& site);

  // Loads the theme, opens the repository, queues the index pages. What fails is noted in the
  // outcome.
  void begin();
  // After the engine's loop: commits what is left, brings the indexes up to date.
  void finish();
  // Brings every mirror of the site to the repository's head.
  void push_mirrors();

  [[nodiscard]] SiteOutcome& outcome() { return outcome_; }

 private:
  struct Candidate {
    std::string url;
    std::string category;
  };

  [[nodiscard]] bool open_repository();
  void fetch_index(const IndexRules& rules, const std::string& url, int page);
  void read_index(const IndexRules& rules, int page, const FetchedPage& fetched);
  void add_candidate(const std::string& url, const std::string& category);
  void index_done();
  void fetch_articles();
  void take_article(const Candidate& candidate, Result<FetchedPage> fetched);
  [[nodiscard]] Result<void> keep_page(const Candidate& candidate, const FetchedPage& fetched);
  void commit_pending();
  [[nodiscard]] Result<std::optional<std::string>> commit_files();
  void fail_page(const std::string& url, const Error& error);
  void fail_site(const Error& error);
  [[nodiscard]] std::vector<MirrorSettings> mirrors() const;

  const Context context_;
  const SiteConfig& site_;
  SiteOutcome outcome_;
  std::optional<Theme> theme_;
  std::optional<MirrorRepository> repository_;

  std::size_t open_indexes_ = 0;
  std::vector<Candidate> candidates_;  // new ones, in the order of the indexes
  std::unordered_set<std::string> seen_;
  std::size_t articles_done_ = 0;
  std::size_t articles_queued_ = 0;

  std::vector<PageRecord> pending_;  // rendered, not yet committed
  std::vector<FileChange> pending_files_;
  std::map<std::string, std::string>
      pending_paths_;  // lower-case path -> address, of this run's pages
};

}  // namespace dandelion
