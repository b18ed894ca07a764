// SPDX-License-Identifier: MIT
#include "cli/archive_publish.hpp"

#include <iostream>

#include "cli/push_progress.hpp"
#include "cli/run_report.hpp"
#include "core/address.hpp"
#include "core/log.hpp"
#include "core/stop_signal.hpp"
#include "core/url.hpp"
#include "pipeline/run.hpp"
#include "render/picture.hpp"
#include "state/store.hpp"

namespace dandelion {
namespace {

constexpr std::size_t most_waiting = 500;
constexpr std::uint64_t most_waiting_bytes = 200U << 20;

std::uint64_t bytes_of(const GivenPage& given) {
  std::uint64_t bytes = given.page.body.size();
  for (const auto& [url, picture] : given.pictures)
    bytes += picture.size();
  return bytes;
}

// The page without what is the operator's own: a password in its address.
GivenPage given_page(const CapturedPage& captured, const std::string& url) {
  GivenPage given{url, captured.page, {}};
  given.page.url = redact_url(given.page.url);
  for (const auto& [address, resource] : captured.resources) {
    const auto normal = normalize_address(address);
    if (normal && resource.error.empty() && read_picture_header(resource.page.body))
      given.pictures.emplace(*normal, resource.page.body);
  }
  return given;
}

std::string summary(const SiteOutcome& site, std::size_t given) {
  std::string line;
  const auto add = [&line](std::size_t count, std::string_view what) {
    if (count > 0) line += fmt::format("{}{} {}", line.empty() ? "" : ", ", count, what);
  };
  const std::size_t changed = site.added.size() + site.corrected.size();
  add(site.added.size(), "published");
  add(site.corrected.size(), "corrected");
  add(given - std::min(given, changed + site.failed.size()), "as the mirror has it");
  add(site.failed.size(), "failed");
  line +=
      site.commit.empty() ? "; no commit" : fmt::format("; commit {}", site.commit.substr(0, 10));
  return fmt::format("{}: {}{}\n", site.site, line, mirrors_sentence(site));
}

}  // namespace

Result<ArchivePublisher> ArchivePublisher::create(const Config& config, const std::string& site,
                                                  bool quiet) {
  if (auto found = site_named(config, site); !found) return within("--publish", found.error());
  return ArchivePublisher(config, site, quiet);
}

Result<std::set<std::string>> ArchivePublisher::unpublished(
    const std::vector<std::string>& addresses) const {
  auto store = Store::open(config_->state, Store::Mode::read_only);
  if (!store) return tl::unexpected(store.error());
  std::set<std::string> missing;
  for (const std::string& address : addresses) {
    auto page = store->page_at_address(site_, normalize_address(address).value_or(address));
    if (!page) return tl::unexpected(page.error());
    if (!*page || !(*page)->archived) missing.insert(address);
  }
  return missing;
}

void ArchivePublisher::add(const CapturedPage& captured) {
  const auto url = normalize_address(captured.asked);
  if (!captured.is_html || !url) {
    no_articles_.push_back(redact_url(captured.asked));
    return;
  }
  waiting_.push_back(given_page(captured, *url));
  waiting_bytes_ += bytes_of(waiting_.back());
}

bool ArchivePublisher::is_full() const {
  return waiting_.size() >= most_waiting || waiting_bytes_ >= most_waiting_bytes;
}

void ArchivePublisher::publish(TransferEngine& engine) {
  RunOptions options;
  options.sites = {site_};
  options.push_progress = push_progress_on_terminal(quiet_);
  options.given = std::exchange(waiting_, {});
  waiting_bytes_ = 0;
  for (const std::string& url : std::exchange(no_articles_, {})) {
    log_error("{}: kept, but not published: it is no page with an article", url);
    outcome_ = ExitCode::partly;
  }
  if (options.given.empty() || stop_requested()) return;
  const auto report = run_mirroring(*config_, options, engine, SystemClock(), {});
  if (options.push_progress) std::cerr << "\r\x1b[K";
  if (!report) {
    const bool is_locked = report.error().kind == ErrorKind::conflict;
    log_error("kept, but not published in {}: {}{}", site_, report.error().message,
              is_locked ? "; give the same command again when it is done" : "");
    outcome_ = is_locked ? ExitCode::locked : ExitCode::partly;
    return;
  }
  for (const SiteOutcome& site : report->sites) {
    if (!quiet_) {
      std::cout << summary(site, options.given.size());
      for (const auto* paths : {&site.added, &site.corrected}) {
        for (const std::string& path : *paths)
          std::cout << "  " << path << '\n';
      }
    }
    for (const std::string& error : site.errors)
      log_error("{}: {}", site.site, error);
    for (const PageFailure& page : site.failed)
      log_error("{}: kept, but not published: {}", redact_url(page.url), page.message);
    log_mirror_failures(site);
  }
  if (!report->ok() && outcome_ == ExitCode::done) outcome_ = ExitCode::partly;
}

}  // namespace dandelion
