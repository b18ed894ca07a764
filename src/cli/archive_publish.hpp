// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "archive/page_capture.hpp"
#include "cli/runtime.hpp"
#include "config/config.hpp"
#include "core/error.hpp"
#include "fetch/transfer_engine.hpp"
#include "pipeline/given_page.hpp"

namespace dandelion {

// Puts the articles of archived pages into a site's mirror, to stay there for good, and pushes it.
class ArchivePublisher {
 public:
  // bad_input where there is no such site. `config` must outlive the object.
  [[nodiscard]] static Result<ArchivePublisher> create(const Config& config,
                                                       const std::string& site, bool quiet);

  // Those of the addresses whose page is not in the mirror, to stay there.
  [[nodiscard]] Result<std::set<std::string>> unpublished(
      const std::vector<std::string>& addresses) const;

  // Takes the page's article and pictures to its mirror's next commit; what is no article is told
  // and is not published.
  void add(const CapturedPage& captured);
  // Whether publish() has to come before more are added: they wait in memory.
  [[nodiscard]] bool is_full() const;

  // Commits and pushes what was added, and tells what became of it. Further pages of an article,
  // and pictures that the capture does not have, are fetched through the engine. After a stop was
  // requested nothing is published.
  void publish(TransferEngine& engine);

  // What all of it came to: done; locked where another run held the lock; else partly.
  [[nodiscard]] ExitCode outcome() const { return outcome_; }

 private:
  ArchivePublisher(const Config& config, std::string site, bool quiet)
      : config_(&config), site_(std::move(site)), quiet_(quiet) {}

  const Config* config_;
  std::string site_;
  bool quiet_;
  std::vector<GivenPage> waiting_;
  std::vector<std::string> no_articles_;  // addresses
  std::uint64_t waiting_bytes_ = 0;
  ExitCode outcome_ = ExitCode::done;
};

}  // namespace dandelion
