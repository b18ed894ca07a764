// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "pipeline/mirror_update.hpp"
#include "pipeline/page_gate.hpp"
#include "pipeline/page_keeper.hpp"
#include "pipeline/run.hpp"
#include "pipeline/site_discovery.hpp"
#include "publish/mirror_repository.hpp"
#include "publish/push_pace.hpp"
#include "render/page.hpp"
#include "render/theme.hpp"
#include "state/store.hpp"

namespace dandelion {

// One site's part of a run: addresses are found, then fetched, newest first, then pages whose check
// is due; then commits and pushes. Its callbacks run inside the engine's loop; it must outlive
// that. What makes a kill harmless stands at MirrorUpdate, what becomes of a page at PageKeeper.
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
    const std::vector<BlockFingerprint>& block_pages;
  };

  SiteRun(const Context& context, const SiteConfig& site);

  // Loads the theme, opens the repository, brings the state in line with it, queues the sources.
  // What fails is noted in the outcome.
  void begin();
  // After the engine's loop: commits what was not committed yet.
  void finish();
  // Brings every mirror of the site to the repository's head.
  void push_mirrors();

  [[nodiscard]] SiteOutcome& outcome() { return outcome_; }

 private:
  [[nodiscard]] Result<void> prepare();
  [[nodiscard]] Result<void> recover(const MirrorRepository& repository);
  [[nodiscard]] Result<void> describe_pages();
  [[nodiscard]] Result<void> renew_hashes();
  void discovered();
  void take_given();
  [[nodiscard]] const SiteConfig& rules_for(const PageTask& task, const std::string& url) const;
  [[nodiscard]] Result<html::Article> read(const PageTask& task, const FetchedPage& fetched) const;
  [[nodiscard]] Result<void> choose_tasks();
  void start_tasks();
  void take(const PageTask& task, Result<FetchedPage> fetched);
  void judge(const PageTask& task, FetchedPage fetched);
  void look_again(const PageTask& task, FetchedPage fetched, Result<html::Article> article,
                  PageGate::Judgement judgement);
  void complete(const PageTask& task, FetchedPage fetched, Result<html::Article> article,
                const PageGate::Judgement& judgement);
  [[nodiscard]] Result<void> settle(const PageTask& task, const FetchedPage& fetched,
                                    Result<html::Article> article,
                                    const PageGate::Judgement& judgement);
  void done_with(const PageTask& task, const Result<void>& kept);
  [[nodiscard]] Result<void> render_all_again();
  void fetch_pictures();
  void fetch_picture(const std::string& url);
  void take_picture(const std::string& url, const Result<std::string_view>& bytes);
  void end_tasks();
  [[nodiscard]] bool has_pages();
  void commit(ListsToWrite lists);
  void fail_site(const Error& error);

  // How long the outcome's lists are, to take back what a commit that failed would have done.
  struct Done {
    std::size_t added = 0;
    std::size_t corrected = 0;
    std::size_t withdrawn = 0;
  };

  const Context context_;
  const SiteConfig& site_;
  SiteConfig no_rules_;  // the same site without rules for articles: those of other sites
  SiteOutcome outcome_;
  Done committed_;
  std::vector<MirrorSettings> mirrors_;
  std::vector<MirrorSettings> named_;  // those that readers are told of
  std::optional<Theme> theme_;
  std::optional<SiteRenderer> renderer_;
  std::optional<MirrorRepository> repository_;
  std::optional<MirrorUpdate> update_;
  std::optional<PageKeeper> keeper_;
  std::optional<PageGate> gate_;
  SiteDiscovery discovery_;
  std::string rules_hash_;  // of what extracts an article
  std::string look_hash_;   // of what renders it
  std::string lists_hash_;  // of what renders the lists
  bool looks_new_ = false;  // the theme, the menu or a mirror's address is not what it was
  bool rules_are_new_ = false;
  bool starting_ = false;
  bool ended_ = false;

  std::deque<PageTask> tasks_;
  std::size_t running_ = 0;
  std::unordered_set<std::string> asked_pictures_;  // of this run
  std::size_t running_pictures_ = 0;
  std::size_t tasks_done_ = 0;
  std::size_t tasks_in_all_ = 0;
  int failures_in_a_row_ = 0;  // that asking for another page would not mend
};

}  // namespace dandelion
