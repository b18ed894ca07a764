// SPDX-License-Identifier: MIT
#include <algorithm>
#include <deque>
#include <iostream>
#include <list>
#include <memory>
#include <set>
#include <sstream>

#include <CLI/CLI.hpp>

#include "archive/followed_links.hpp"
#include "archive/kept_index.hpp"
#include "cli/archive_browser.hpp"
#include "cli/archive_progress.hpp"
#include "cli/archive_publish.hpp"
#include "cli/commands.hpp"
#include "cli/named_values.hpp"
#include "core/files.hpp"
#include "core/held_folder.hpp"
#include "core/registrable_domain.hpp"
#include "core/stop_signal.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "fetch/private_address.hpp"
#include "fetch/transfer_engine.hpp"
#include "pipeline/page_gate.hpp"
#include "render/theme.hpp"
#include "sign/minisign.hpp"

namespace dandelion {
namespace {

constexpr std::size_t max_list_bytes = 16U << 20;
constexpr std::size_t max_key_bytes = 4U << 10;
// Pages at once; each holds what it shows in memory until it is kept.
constexpr std::size_t most_at_once = 4;

struct ArchiveOptions {
  std::vector<std::string> urls;
  std::string folder = "archive";
  std::string from;
  std::vector<KeptFormat> formats = {KeptFormat::markdown, KeptFormat::html, KeptFormat::page,
                                     KeptFormat::warc, KeptFormat::wacz};
  bool force = false;
  bool list = false;
  bool check = false;
  std::string key;
  FollowOptions follow;
  std::string fallback;  // where to look for what is gone
  std::string publish;   // the site; empty: none
  bool browser = false;
  bool no_sandbox = false;
};

// The addresses of the arguments and of the list, each once, in order.
Result<std::vector<std::string>> addresses(const ArchiveOptions& options) {
  std::vector<std::string> given = options.urls;
  if (!options.from.empty()) {
    auto text = options.from == "-" ? read_standard_input(max_list_bytes)
                                    : read_file(options.from, max_list_bytes);
    if (!text) return fail(ErrorKind::bad_input, "{}", text.error().message);
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);) {
      const std::string_view address = trim(line);
      if (!address.empty() && !address.starts_with('#')) given.emplace_back(address);
    }
  }
  std::vector<std::string> wanted;
  std::set<std::string> seen;
  for (const std::string& address : given) {
    if (auto parsed = parse_url(address); !parsed)
      return fail(ErrorKind::bad_input, "{}", parsed.error().message);
    std::string url = without_fragment(address);
    if (seen.insert(url).second) wanted.push_back(std::move(url));
  }
  if (wanted.empty()) return fail(ErrorKind::bad_input, "name an address, or a list with --from");
  return wanted;
}

// By whose settings an address is fetched: those of the site that it is of, if there is one.
std::string site_of(const std::string& url, const std::optional<Config>& config) {
  const auto parsed = parse_url(url);
  const std::string domain = parsed ? registrable_domain(parsed->host) : std::string();
  if (config) {
    for (const SiteConfig& site : config->sites) {
      const auto& own = site.network.own_domains;
      if (std::find(own.begin(), own.end(), domain) != own.end()) return site.name;
    }
  }
  return "archive";
}

class Archiving {
 public:
  Archiving(const ArchiveOptions& options, const Runtime& runtime,
            const std::optional<Config>& config)
      : options_(options), config_(config), quiet_(runtime.quiet), progress_(runtime.quiet) {}

  ExitCode work() {
    auto wanted = addresses(options_);
    if (!wanted) return report(wanted.error());
    if (config_ && !config_->op.key.empty()) {
      auto key = SigningKey::read(config_->op.key);
      if (!key) return report(key.error());
      key_.emplace(std::move(*key));
    }
    if (!options_.publish.empty()) {
      auto publisher = ArchivePublisher::create(*config_, options_.publish, quiet_);
      if (!publisher) return report(publisher.error());
      publisher_.emplace(std::move(*publisher));
    }
    if (options_.browser) {
      auto browser = usable_browser(!options_.no_sandbox);
      if (!browser) return report(browser.error());
      browser_ = std::move(*browser);
    }
    HeldFolder::sweep(options_.folder, partial_prefix);
    auto index = KeptIndex::read(options_.folder);
    if (!index) return report(index.error());
    index_ = std::move(*index);
    if (auto left = leave_out_kept(*wanted); !left) return report(left.error());
    auto known = known_block_pages(network_.block_pages.value_or(std::filesystem::path()));
    if (!known) return report(known.error());
    block_pages_ = std::move(*known);
    auto theme = load_theme("reader", config_ ? config_->file.parent_path() : data_folder());
    if (!theme) return report(theme.error());
    theme_ = std::move(*theme);
    auto engine = TransferEngine::create(network_);
    if (!engine) return report(engine.error());
    engine_ = std::move(*engine);
    links_.emplace(options_.follow, *wanted);
    for (std::string& url : *wanted)
      waiting_.push_back({std::move(url)});
    do {
      start_some();
      engine_->run();
      progress_.clear();
      if (publisher_) publisher_->publish(*engine_);
    } while (!waiting_.empty() && !stop_requested());
    count();
    progress_.finish();
    if (links_->left_out() > 0)
      log_info("{} links were not followed: --limit is {}", links_->left_out(),
               options_.follow.most);
    if (stop_requested()) return ExitCode::stopped;
    if (publisher_ && publisher_->outcome() != ExitCode::done) return publisher_->outcome();
    return progress_.counts.failed == 0 ? ExitCode::done : ExitCode::partly;
  }

 private:
  // A list that was stopped in the middle goes on where it was; what stands among the arguments is
  // asked for again, and so is what leads on.
  Result<void> leave_out_kept(std::vector<std::string>& wanted) {
    if (options_.from.empty() || options_.force || options_.follow.depth > 0) return {};
    std::set<std::string> named;
    for (const std::string& url : options_.urls)
      named.insert(without_fragment(url));
    std::set<std::string> unpublished;
    if (publisher_) {
      auto missing = publisher_->unpublished(wanted);
      if (!missing) return tl::unexpected(missing.error());
      unpublished = std::move(*missing);
    }
    const auto before = wanted.size();
    std::erase_if(wanted, [&](const std::string& url) {
      return !named.contains(url) && !unpublished.contains(url) &&
             index_.find(redact_url(url)) != nullptr;
    });
    if (wanted.size() < before)
      log_info("{} kept before, not asked for again", before - wanted.size());
    return {};
  }

  void start_some() {
    // An engine may answer from within begin().
    if (starting_) return;
    starting_ = true;
    // A browser is waited for: nothing else may be on its way meanwhile.
    const std::size_t most = browser_ ? 1 : most_at_once;
    while (captures_.size() + asking_ < most && !waiting_.empty() && !stop_requested() &&
           !(publisher_ && publisher_->is_full())) {
      const WantedPage page = std::move(waiting_.front());
      waiting_.pop_front();
      begin(page);
    }
    starting_ = false;
    count();
    progress_.show();
  }

  // `gone`: why the page itself could not be had, where `snapshot` says which copy to take.
  void begin(const WantedPage& page, const std::optional<Snapshot>& snapshot = {},
             const std::string& gone = {}) {
    const auto place = captures_.emplace(captures_.end());
    const auto done = [this, page, place, gone](const Result<CapturedPage>& captured) {
      // Those that ended before are off the stack, unless one of them is why this one was begun.
      if (calls_++ == 0) ended_.clear();
      const bool is_gone = !captured && (*place)->may_be_archived();
      if (is_gone && gone.empty() && page.depth == 0 && may_be_told(page.url)) {
        look_elsewhere(page, captured.error());
      } else if (!captured && !gone.empty()) {
        take(page, within(gone + "; the Wayback Machine's copy", captured.error()));
      } else {
        take(page, captured);
      }
      ended_.splice(ended_.end(), captures_, place);
      start_some();
      --calls_;
    };
    *place =
        std::make_unique<PageCapture>(*engine_, page.url, capture_options(page, snapshot), done);
    (*place)->begin();
  }

  // An archive is told of no address with a password in it, and of none that only we can reach.
  static bool may_be_told(const std::string& url) {
    const auto parsed = parse_url(url);
    return parsed && redact_url(url) == url && !is_private_host(parsed->host);
  }

  void look_elsewhere(const WantedPage& page, const Error& gone) {
    if (options_.fallback.empty()) {
      take(page, tl::unexpected(Error{
                     gone.kind, gone.message + " (--fallback wayback would look for a copy in "
                                               "the Wayback Machine)"}));
      return;
    }
    FetchRequest question{wayback_question(page.url), "", {}};
    question.site = site_of(question.url, config_);
    question.max_body = most_wayback_answer;
    question.passes_robots = true;
    ++asking_;
    engine_->add(std::move(question), [this, page, gone](const Result<FetchedPage>& answer) {
      --asking_;
      const auto found = answer ? read_wayback_answer(answer->body)
                                : Result<std::optional<Snapshot>>(tl::unexpected(answer.error()));
      if (found && *found) {
        begin(page, *found, gone.message);
      } else if (found) {
        take(page, fail(gone.kind, "{}; the Wayback Machine has no copy", gone.message));
      } else {
        take(page, within(gone.message + "; the Wayback Machine", found.error()));
      }
      start_some();
    });
  }

  void count() {
    progress_.counts.running = captures_.size() + asking_;
    progress_.counts.waiting = waiting_.size() + stopped_;
  }

  [[nodiscard]] CaptureOptions capture_options(const WantedPage& page,
                                               const std::optional<Snapshot>& snapshot) {
    CaptureOptions options;
    options.site = site_of(snapshot ? snapshot_address(*snapshot, page.url) : page.url, config_);
    options.snapshot = snapshot;
    options.obeys_robots = page.depth > 0;
    if (config_) options.most_html = config_->network.max_body;
    options.notice_in = [this](const std::string& asked, const FetchedPage& fetched) {
      return PageGate::known_notice(asked, fetched, block_pages_);
    };
    if (browser_ && !snapshot) {
      options.render = [this, site = options.site](const FetchedPage& fetched) {
        return render_in_browser(*browser_, network_, site, fetched.proxy, fetched.url);
      };
    }
    options.on_bytes = [this](std::size_t bytes) { progress_.came(bytes); };
    return options;
  }

  void take(const WantedPage& page, const Result<CapturedPage>& captured) {
    auto kept = captured ? keep(*captured) : Result<KeepOutcome>(tl::unexpected(captured.error()));
    if (!kept) {
      if (kept.error().kind == ErrorKind::stopped) {
        ++stopped_;
      } else {
        progress_.failed(page.url, kept.error());
      }
      return;
    }
    for (WantedPage& next : links_->choose(page, *captured))
      waiting_.push_back(std::move(next));
    if (publisher_ && page.depth == 0) publisher_->add(*captured);
    const std::string folder = kept->page.folder.string();
    if (!kept->is_new) {
      ++progress_.counts.same;
      progress_.say(fmt::format("{}: says the same as on {}, kept in {}", redact_url(page.url),
                                format_date(kept->page.fetched), folder));
      return;
    }
    ++progress_.counts.kept;
    const std::string from = captured->copy ? fmt::format(", as the Wayback Machine had it on {}",
                                                          format_date(captured->copy->time))
                                            : std::string();
    progress_.say(
        fmt::format("{}: kept in {}{}{}", redact_url(page.url), folder, from, remarks(*captured)));
  }

  // What a copy has less of than one may think.
  static std::string remarks(const CapturedPage& captured) {
    std::vector<std::string> all;
    if (!captured.is_html) {
      const std::string type = media_type(captured.page.content_type);
      all.push_back(fmt::format("{}, kept as it came", type.empty() ? "of no type" : type));
    } else if (!captured.article) {
      all.emplace_back("no article found in it, kept as a whole page");
    }
    const auto missing = std::count_if(captured.resources.begin(), captured.resources.end(),
                                       [](const auto& at) { return !at.second.error.empty(); });
    if (missing > 0) {
      all.push_back(
          fmt::format("{} of {} pictures, styles and frames could not be had; see receipt.json",
                      missing, captured.resources.size()));
    }
    std::string text;
    for (const std::string& remark : all)
      text += (text.empty() ? " (" : "; ") + remark;
    return text.empty() ? text : text + ")";
  }

  Result<KeepOutcome> keep(const CapturedPage& captured) {
    return keep_page(captured,
                     {.under = options_.folder,
                      .formats = {options_.formats.begin(), options_.formats.end()},
                      .key = key_ ? &*key_ : nullptr,
                      .even_if_same = options_.force,
                      .theme = &theme_},
                     index_);
  }

  const ArchiveOptions& options_;
  const std::optional<Config>& config_;
  const NetworkSettings network_ = config_ ? config_->network : NetworkSettings{};
  std::optional<BrowserSettings> browser_;
  const bool quiet_;
  ArchiveProgress progress_;
  std::optional<SigningKey> key_;
  Theme theme_;
  KeptIndex index_;
  std::vector<BlockFingerprint> block_pages_;
  std::optional<ArchivePublisher> publisher_;
  std::unique_ptr<TransferEngine> engine_;
  std::optional<FollowedLinks> links_;
  std::deque<WantedPage> waiting_;
  std::list<std::unique_ptr<PageCapture>> captures_;
  std::list<std::unique_ptr<PageCapture>> ended_;
  std::size_t asking_ = 0;   // the Wayback Machine
  int calls_ = 0;            // of captures that ended, one within the other
  std::size_t stopped_ = 0;  // by the person, in the middle
  bool starting_ = false;
};

ExitCode list(const ArchiveOptions& options) {
  const auto kept = list_kept(options.folder);
  if (!kept) return report(kept.error());
  for (const KeptPage& page : *kept) {
    std::cout << fmt::format("{}  {}  {}{}\n", format_date(page.fetched),
                             page.folder.filename().string(), redact_url(page.url),
                             page.title.empty() ? "" : "  " + collapse_space(page.title));
  }
  return ExitCode::done;
}

ExitCode check(const ArchiveOptions& options) {
  std::optional<PublicKey> key;
  if (!options.key.empty()) {
    // The line itself, or a file that holds it.
    const auto file = read_file(options.key, max_key_bytes);
    const std::string text = file ? *file : options.key;
    const auto last = std::string_view(trim(text)).rfind('\n');
    auto read =
        read_minisign_line(trim(text).substr(last == std::string_view::npos ? 0 : last + 1));
    if (!read) return report(Error{ErrorKind::bad_input, "--key: " + read.error().message});
    key = *read;
  }
  const auto kept = list_kept(options.folder);
  if (!kept) return report(kept.error());
  std::size_t bad = 0;
  for (const KeptPage& page : *kept) {
    const auto problems = check_kept(page.folder, key);
    bad += problems.empty() ? 0 : 1;
    for (const std::string& problem : problems)
      std::cout << page.folder.filename().string() << ": " << problem << '\n';
  }
  std::cout << fmt::format("{} kept pages, {} with something wrong\n", kept->size(), bad);
  return bad == 0 ? ExitCode::done : ExitCode::partly;
}

ExitCode archive(const ArchiveOptions& options, const Runtime& runtime) {
  if (options.list) return list(options);
  if (options.check) return check(options);
  auto [usable, config] = load_optional_config(runtime, !options.publish.empty());
  if (!usable) return ExitCode::usage;
  return Archiving(options, runtime, config).work();
}

}  // namespace

void add_archive_command(CLI::App& app, Runtime& runtime) {
  auto options = std::make_shared<ArchiveOptions>();
  CLI::App* command =
      app.add_subcommand("archive", "Keep single pages for good, whole and with proof");
  command->add_option("URL", options->urls, "Addresses of the pages")->type_name("");
  command->add_option("-o,--output", options->folder, "Where they are kept (default: archive)")
      ->type_name("DIR");
  command
      ->add_option("--from", options->from,
                   "A list of addresses, one a line; - is standard input. Those that are kept "
                   "already are passed over")
      ->type_name("FILE");
  command
      ->add_option(
          "--format", options->formats,
          "What to write: of the article md, html, epub, text; of the whole page page (one "
          "HTML file), warc, wacz (default: md,html,page,warc,wacz)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->transform(named_values<KeptFormat>({{"md", KeptFormat::markdown},
                                            {"html", KeptFormat::html},
                                            {"epub", KeptFormat::epub},
                                            {"text", KeptFormat::text},
                                            {"page", KeptFormat::page},
                                            {"warc", KeptFormat::warc},
                                            {"wacz", KeptFormat::wacz}}))
      ->type_name("FORMATS");
  command
      ->add_option("--depth", options->follow.depth,
                   "Keep what the pages link to as well, so many links away")
      ->check(CLI::Range(0, 100).description(""))
      ->type_name("N");
  command->add_flag("--same-site", options->follow.same_site,
                    "With --depth: within the sites of the pages that are named");
  command
      ->add_option("--limit", options->follow.most,
                   "With --depth: so many pages beside those that are named (default: 100)")
      ->check(CLI::Range(1, 100'000).description(""))
      ->type_name("N");
  command
      ->add_option("--fallback", options->fallback,
                   "Where to look for a page that is gone: wayback (the Wayback Machine)")
      ->check(CLI::IsMember({"wayback"}).description(""))
      ->type_name("ARCHIVE");
  command->add_flag("--force", options->force, "Keep a further copy of what did not change");
  CLI::Option* browser = command->add_flag(
      "--browser", options->browser,
      "Let the system's Chromium build the pages by their scripts, and keep what it made of them");
  command
      ->add_flag("--no-sandbox", options->no_sandbox,
                 "With --browser: run it without its sandbox, as root has to")
      ->needs(browser);
  CLI::Option* publish =
      command
          ->add_option("--publish", options->publish,
                       "Put the articles into this site's mirror too, under its category "
                       "`archive`, and push it")
          ->type_name("SITE");
  command->add_flag("--list", options->list, "Show what is kept")
      ->excludes(publish)
      ->excludes(browser);
  command->add_flag("--check", options->check, "Verify receipts, signatures and files")
      ->excludes(publish)
      ->excludes(browser);
  command->add_option("--key", options->key, "With --check: the public key that must have signed")
      ->type_name("FILE");
  command->callback([options, &runtime] { runtime.exit_code = archive(*options, runtime); });
}

}  // namespace dandelion
