// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "config/config.hpp"
#include "core/address_pattern.hpp"
#include "core/block_fingerprint.hpp"
#include "core/clock.hpp"
#include "discover/found_address.hpp"
#include "fetch/transfer_engine.hpp"
#include "pipeline/spool_sink.hpp"
#include "state/store.hpp"

namespace dandelion {

// Looks for articles where a site's `discover:` says, and leaves what it finds in the state: new
// addresses are wanted, pages that are said to have changed are due for their check. A source that
// answers that nothing changed, or gives the same bytes, is not read again.
//
// A source that is a known block page, or not what it should be, is asked for by another proxy too,
// where there is one.
//
// Each source is noted in one transaction with all that it named, so that none is passed over as
// unchanged whose addresses are not known. Callbacks run inside the engine's loop; the object must
// outlive that.
class SiteDiscovery {
 public:
  struct Context {
    const SiteConfig& site;
    TransferEngine& engine;
    Store& store;
    const Clock& clock;
    const std::vector<BlockFingerprint>& block_pages;
  };
  using Done = std::function<void()>;

  explicit SiteDiscovery(const Context& context) : context_(context) {}

  // Queues the sources; `done` is called once, when all were read or failed.
  void begin(Done done);

  [[nodiscard]] std::size_t listed() const { return listed_; }
  [[nodiscard]] std::size_t known() const { return known_; }
  // What went wrong with single sources.
  [[nodiscard]] const std::vector<std::string>& errors() const { return errors_; }

 private:
  struct Place {
    const SourceRules* rules = nullptr;
    std::string url;
    int step = 1;                      // which page of an index, how many links or sitemaps away
    std::optional<Timestamp> changed;  // by the index of sitemaps that named it
    // The proxy that gave something else in its place, and why that was not believed.
    std::optional<std::size_t> other_than{};
    std::string doubt{};
  };
  // What came of a source: a sitemap in a file of its own, for it may be large.
  struct Answer {
    FetchedPage page;
    std::shared_ptr<SpoolSink> spool;  // null: page.body has it; else that has the beginning
  };
  // What a source named, as it is read.
  struct Reading {
    const Place& place;
    SourceRecord record;
  };

  void fetch(const Place& place);
  void ask(const Place& place, Validators validators);
  void take(const Place& place, const Result<Answer>& answer);
  // Whether the source is asked for once more, by another way than the one that gave this.
  [[nodiscard]] bool ask_again(const Place& place, const FetchedPage& fetched,
                               const std::string& doubt);
  [[nodiscard]] Result<void> read(const Place& place, const Answer& answer);
  [[nodiscard]] static Result<std::string> hash_of_body(const Answer& answer);
  [[nodiscard]] Result<void> read_anew(Reading& reading, const Answer& answer);
  [[nodiscard]] Result<void> read_sitemap(Reading& reading, const Answer& answer);
  [[nodiscard]] Result<void> read_page(Reading& reading, const FetchedPage& fetched);
  [[nodiscard]] Result<void> add(Reading& reading, const FoundAddress& found);
  [[nodiscard]] bool is_fresh(const Place& place, const SourceRecord& known) const;
  void take_as_known(const SourceRecord& record);
  void follow(const Place& from, const SourceRecord& record);
  void fail(const Place& place, const Error& error);
  void source_done();

  const Context context_;
  std::map<const SourceRules*, AddressPattern> patterns_;
  Done done_;
  std::size_t open_ = 0;  // sources on their way
  std::size_t listed_ = 0;
  std::size_t known_ = 0;
  std::int64_t next_place_ = 0;
  std::unordered_set<std::string> asked_;  // sources, so that none is read twice
  std::vector<std::string> errors_;
};

}  // namespace dandelion
