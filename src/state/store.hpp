// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/error.hpp"

namespace dandelion {

// A page that the mirror holds.
struct PageRecord {
  std::string url;  // as it was discovered; the page's identity
  std::string id;
  std::string category;
  std::string path;  // in the mirror
  std::string title;
  std::optional<Timestamp> published;
  Timestamp first_seen{};
  std::string etag;
  std::string last_modified;
  std::string content_hash;  // SHA-256 of the rendered file, hex
};

// The order of every list: by time of publication, newest first, pages without one last, then by
// id. It depends on nothing but the pages, so that a run that was killed and one that was not list
// them alike.
void sort_newest_first(std::vector<PageRecord>& pages);

// A page that could not be had.
struct FailureRecord {
  std::string url;
  std::string message;
  int attempts = 0;
  Timestamp last_try{};
};

struct SiteRecord {
  std::optional<Timestamp> last_run;
  std::string last_error;  // of the site as a whole; empty: none
  std::int64_t pages = 0;
  std::int64_t failures = 0;
};

struct MirrorRecord {
  std::string url;  // and branch: where the commit went
  std::string branch;
  std::string commit;  // what was last pushed; empty: never
  std::optional<Timestamp> pushed;
  std::string error;  // of the last try; empty: it worked
};

// What is known of every page, mirror and run, in SQLite (WAL, foreign keys). The schema stands
// beside its writer in store.cpp and carries a version. Every write is one transaction: all of it
// or nothing. One Store serves one thread.
class Store {
 public:
  enum class Mode {
    read_write,  // made where it is missing
    read_only,   // an empty one in memory stands in for a missing file; nothing on disk is touched
  };

  // storage, naming the file, where it cannot be opened, is no database of ours, or was written by
  // a newer version.
  [[nodiscard]] static Result<Store> open(const std::filesystem::path& file, Mode mode);

  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  ~Store();

  [[nodiscard]] Result<bool> knows_page(const std::string& site, const std::string& url) const;
  // The address whose page is kept at that path, compared without regard to ASCII case: some file
  // systems do not tell.
  [[nodiscard]] Result<std::optional<std::string>> url_at_path(const std::string& site,
                                                               const std::string& path) const;
  // As sort_newest_first orders them.
  [[nodiscard]] Result<std::vector<PageRecord>> pages(const std::string& site) const;
  [[nodiscard]] Result<std::vector<FailureRecord>> failures(const std::string& site) const;
  [[nodiscard]] Result<SiteRecord> site(const std::string& site) const;
  [[nodiscard]] Result<MirrorRecord> mirror(const std::string& site,
                                            const std::string& mirror) const;

  // The pages are in the mirror now; what failed of them before is forgotten.
  [[nodiscard]] Result<void> add_pages(const std::string& site,
                                       const std::vector<PageRecord>& pages);
  [[nodiscard]] Result<void> add_failure(const std::string& site, const std::string& url,
                                         const std::string& message, Timestamp now);
  // `started` is when the run began; `error` is empty where it went well.
  [[nodiscard]] Result<void> finish_site(const std::string& site, Timestamp started,
                                         const std::string& error);
  [[nodiscard]] Result<void> set_mirror(const std::string& site, const std::string& mirror,
                                        const MirrorRecord& record);

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dandelion
