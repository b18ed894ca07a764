// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/proxy_health.hpp"
#include "state/records.hpp"

namespace dandelion {

// What is known of every page, mirror and run, in SQLite (WAL, foreign keys). The schema stands in
// schema.cpp and carries a version. Every write is one transaction: all of it or nothing; several
// become one inside a Batch. One Store serves one thread. Addresses are normalised ones
// (core/address.hpp); they are compared without their scheme.
class Store {
 public:
  enum class Mode {
    read_write,  // made where it is missing
    read_only,   // an empty one in memory stands in for a missing file; nothing on disk is touched
    copy,        // a copy in memory that may be written; nothing on disk is touched
  };

  // storage, naming the file, where it cannot be opened, is no database of ours, or was written by
  // a newer version. One of ours that is damaged is set aside for a new one (read_write).
  [[nodiscard]] static Result<Store> open(const std::filesystem::path& file, Mode mode);

  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  ~Store();

  // Holds the writes that follow together: none of them is kept unless commit() is called. Reads
  // see them at once.
  class Batch {
   public:
    Batch(Batch&&) noexcept;
    Batch& operator=(Batch&&) = delete;
    Batch(const Batch&) = delete;
    Batch& operator=(const Batch&) = delete;
    ~Batch();
    [[nodiscard]] Result<void> commit();

   private:
    friend class Store;
    struct Impl;
    explicit Batch(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
  };
  [[nodiscard]] Result<Batch> begin();

  // Whether a call found the file damaged. It is of no further use then: set_aside() it once the
  // Store is gone.
  [[nodiscard]] bool damaged() const;

  // Gives the file, with what SQLite keeps beside it, a name that ends in `.damaged`, so that the
  // next open() makes a new one. Of several only the last is kept.
  [[nodiscard]] static Result<void> set_aside(const std::filesystem::path& file);

  // Pages.

  [[nodiscard]] Result<std::optional<PageRecord>> page_at_address(const std::string& site,
                                                                  const std::string& url) const;
  // The same, but only what discovery asks of each address that it comes upon.
  [[nodiscard]] Result<std::optional<KnownPage>> known_page(const std::string& site,
                                                            const std::string& url) const;
  // Notes that a feed or sitemap says that the page changed at `hint`; where `at_once`, the page is
  // due for its check now.
  [[nodiscard]] Result<void> note_hint(std::int64_t page, Timestamp hint, bool at_once,
                                       Timestamp now);
  // Compared without regard to ASCII case: some file systems do not tell.
  [[nodiscard]] Result<std::optional<PageRecord>> page_at_path(const std::string& site,
                                                               const std::string& path) const;
  // How many pages of the category there are or are wanted; of all for an empty one. What is wanted
  // and becomes a page changes nothing of it.
  [[nodiscard]] Result<std::int64_t> count_in_category(const std::string& site,
                                                       const std::string& category) const;
  // All of them, as sort_newest_first orders them.
  [[nodiscard]] Result<std::vector<PageRecord>> pages(const std::string& site) const;
  // Categories that have listed pages, by name.
  [[nodiscard]] Result<std::vector<CategoryCount>> categories(const std::string& site) const;

  // Lists.

  [[nodiscard]] Result<std::int64_t> count_listed(const std::string& site,
                                                  const ListScope& scope) const;
  // How many of the list stand behind the page: older ones.
  [[nodiscard]] Result<std::int64_t> count_older(const std::string& site, const ListScope& scope,
                                                 const PageRecord& page) const;
  // `count` of the list from the one at `first`, from 0, as sort_newest_first orders them. Costs as
  // much as `first` and `count` together.
  [[nodiscard]] Result<std::vector<PageRecord>> listed(const std::string& site,
                                                       const ListScope& scope, std::size_t first,
                                                       std::size_t count) const;
  // `count` of the list behind this page: the older ones next to it. Costs as much as `count`.
  [[nodiscard]] Result<std::vector<PageRecord>> listed_after(const std::string& site,
                                                             const ListScope& scope,
                                                             const PageRecord& page,
                                                             std::size_t count) const;
  // The listed page of its category next to this one.
  [[nodiscard]] Result<std::optional<PageRecord>> neighbour(const std::string& site,
                                                            const PageRecord& page,
                                                            bool newer) const;
  // Months that have listed pages, newest first.
  [[nodiscard]] Result<std::vector<MonthCount>> months(const std::string& site) const;

  // Addresses, of pages and pictures, that the page's own file was made with; those of before are
  // forgotten.
  [[nodiscard]] Result<void> set_references(const std::string& site, std::int64_t page,
                                            const std::vector<std::string>& addresses);
  [[nodiscard]] Result<std::vector<PageRecord>> pages_referring_to(const std::string& site,
                                                                   const std::string& url) const;

  [[nodiscard]] Result<std::optional<AssetRecord>> asset(const std::string& site,
                                                         const std::string& url) const;
  [[nodiscard]] Result<void> put_asset(const std::string& site, const std::string& url,
                                       const AssetRecord& asset);
  // Pictures that could not be had and may be tried again.
  [[nodiscard]] Result<std::vector<std::string>> assets_to_try(const std::string& site,
                                                               Timestamp now,
                                                               std::size_t count) const;

  // Pages whose next check is due, the longest due first; never archived ones.
  [[nodiscard]] Result<std::vector<PageRecord>> due_pages(const std::string& site, Timestamp now,
                                                          std::size_t count) const;
  // Pages after the one with that key whose file was rendered with something else, by key.
  [[nodiscard]] Result<std::vector<PageRecord>> pages_rendered_otherwise(
      const std::string& site, const std::string& theme_hash, std::int64_t after,
      std::size_t count) const;

  // Stores the page, new where its key is 0, and gives its key. What was wanted or quarantined
  // under its address is forgotten.
  [[nodiscard]] Result<std::int64_t> put_page(const std::string& site, const PageRecord& page);
  // Another address that leads to the page; one that leads elsewhere already stays as it is.
  [[nodiscard]] Result<void> add_address(const std::string& site, std::int64_t page,
                                         const std::string& url);
  // The addresses that lead to the page beside its own, in alphabetical order.
  [[nodiscard]] Result<std::vector<std::string>> other_addresses(const PageRecord& page) const;
  [[nodiscard]] Result<void> forget_page(const PageRecord& page);

  // The article of a page, in the form that its caller gave it; nullopt where there is none.
  [[nodiscard]] Result<std::optional<std::string>> article(std::int64_t page) const;
  [[nodiscard]] Result<void> put_article(std::int64_t page, std::string_view content);
  [[nodiscard]] Result<void> forget_article(std::int64_t page);

  // Addresses that are no page yet.

  // Takes the address up, or renews its category and hint where it is wanted already.
  [[nodiscard]] Result<void> want(const std::string& site, const WantedRecord& wanted,
                                  Timestamp now);
  // Those to be tried now, first things first; with `all` also those whose next try is yet to come.
  [[nodiscard]] Result<std::vector<WantedRecord>> wanted(const std::string& site, Timestamp now,
                                                         bool all, std::size_t count) const;
  [[nodiscard]] Result<bool> is_wanted(const std::string& site, const std::string& url) const;
  [[nodiscard]] Result<std::size_t> count_wanted(const std::string& site, Timestamp now,
                                                 bool all) const;
  [[nodiscard]] Result<void> add_failure(const std::string& site, const std::string& url,
                                         const std::string& message, Timestamp now,
                                         Timestamp next_try);
  [[nodiscard]] Result<void> forget_wanted(const std::string& site, const std::string& url);
  // What failed `attempts` times and was not listed since `listed_before` is given up.
  [[nodiscard]] Result<void> give_up_wanted(const std::string& site, int attempts,
                                            Timestamp listed_before);
  // All that failed may be tried again at once.
  [[nodiscard]] Result<void> retry_failures(const std::string& site);
  // Of addresses that are no page yet, then of pages that could not be checked; by address.
  [[nodiscard]] Result<std::vector<FailureRecord>> failures(const std::string& site) const;

  // Pages that were not believed.

  [[nodiscard]] Result<void> quarantine(const std::string& site, const QuarantineRecord& record);
  [[nodiscard]] Result<void> release(const std::string& site, const std::string& url);
  [[nodiscard]] Result<std::vector<QuarantineRecord>> quarantined(const std::string& site) const;

  // What was learnt of the network (pipeline/network_memory.hpp, pipeline/page_gate.hpp).

  // By proxy and site.
  [[nodiscard]] Result<std::vector<ProxyHealth>> proxies() const;
  // Renews these; others stay.
  [[nodiscard]] Result<void> set_proxies(const std::vector<ProxyHealth>& proxies);
  [[nodiscard]] Result<std::optional<RobotsRecord>> robots(const std::string& origin) const;
  [[nodiscard]] Result<void> put_robots(const RobotsRecord& robots);
  [[nodiscard]] Result<void> forget_robots(Timestamp fetched_before, std::size_t most);
  // The oldest first.
  [[nodiscard]] Result<std::vector<PageSample>> page_samples(const std::string& site) const;
  // These in place of all that there were.
  [[nodiscard]] Result<void> set_page_samples(const std::string& site,
                                              const std::vector<PageSample>& samples);

  // Feeds, sitemaps and index pages.

  [[nodiscard]] Result<std::optional<SourceRecord>> source(const std::string& site,
                                                           const std::string& url) const;
  [[nodiscard]] Result<void> set_source(const std::string& site, const std::string& url,
                                        const SourceRecord& record);

  // Sites, runs, mirrors.

  [[nodiscard]] Result<SiteRecord> site(const std::string& site) const;
  [[nodiscard]] Result<SiteCounts> counts(const std::string& site) const;
  [[nodiscard]] Result<void> set_head(const std::string& site, const std::string& commit);
  [[nodiscard]] Result<void> set_hashes(const std::string& site, const std::string& rules_hash,
                                        const std::string& theme_hash);
  // Notes the run, and forgets those that are 90 days older.
  [[nodiscard]] Result<void> finish_run(const std::string& site, const RunRecord& run);
  // The newest first.
  [[nodiscard]] Result<std::vector<RunRecord>> runs(const std::string& site,
                                                    std::size_t count) const;
  [[nodiscard]] Result<MirrorRecord> mirror(const std::string& site,
                                            const std::string& mirror) const;
  [[nodiscard]] Result<void> set_mirror(const std::string& site, const std::string& mirror,
                                        const MirrorRecord& record);

  // How mirrors are (pipeline/mirror_life.hpp).

  [[nodiscard]] Result<MirrorLife> mirror_life(const std::string& site,
                                               const std::string& mirror) const;
  // Keeps it, with what changed; of each mirror the last 200 changes are kept.
  [[nodiscard]] Result<void> set_mirror_life(const std::string& site, const std::string& mirror,
                                             const MirrorLife& life,
                                             const std::vector<MirrorChange>& changes);
  // The newest first.
  [[nodiscard]] Result<std::vector<MirrorChange>> mirror_changes(const std::string& site,
                                                                 const std::string& mirror,
                                                                 std::size_t count) const;
  // Those of a site's mirrors that set_told was not called for, the oldest first.
  [[nodiscard]] Result<std::vector<MirrorChange>> untold_mirror_changes(
      const std::string& site) const;
  [[nodiscard]] Result<void> set_told(const MirrorChange& change);

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dandelion
