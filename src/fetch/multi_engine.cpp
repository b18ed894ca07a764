// SPDX-License-Identifier: MIT
#include "fetch/multi_engine.hpp"

#include <algorithm>

#include "core/log.hpp"
#include "core/stop_signal.hpp"
#include "core/url.hpp"
#include "fetch/private_address.hpp"
#include "fetch/retry_delay.hpp"
#include "fetch/socks_probe.hpp"

namespace dandelion {
namespace {

using std::chrono::milliseconds;

constexpr int max_redirects = 10;
constexpr milliseconds grace_after_stop{5'000};
// A server that wants us back later than this is asked again by the next run.
constexpr std::chrono::seconds longest_retry_after{120};
constexpr std::string_view product_token = "Dandelion";
// RFC 9309: 500 KiB must be read (2.5), and a copy is good for a day (2.4).
constexpr std::uint64_t robots_bytes = 500U << 10;
constexpr std::chrono::hours robots_lifetime{24};

// scheme://host[:port] of an address, or an error that names it.
Result<std::string> origin_of(const std::string& url, bool allow_private) {
  auto parsed = parse_url(url);
  if (!parsed) return tl::unexpected(parsed.error());
  if (!allow_private && is_private_host(parsed->host)) {
    return tl::unexpected(private_address_error(url));
  }
  return fmt::format("{}://{}", parsed->scheme, parsed->authority());
}

std::string path_of(const std::string& url) {
  const auto parsed = parse_url(url);
  if (!parsed) return "/";
  return parsed->query.empty() ? parsed->path : parsed->path + "?" + parsed->query;
}

bool is_redirect(long status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// RFC 9309, 2.3.1.3: a robots.txt that is refused is none, anything may be fetched. Not so where we
// came too often.
bool means_no_rules(long status) {
  return status >= 400 && status < 500 && status != 429;
}

Error come_back_later(const std::string& what, std::chrono::seconds wanted) {
  return {ErrorKind::transient,
          fmt::format("{}; the server asks to come back in {} s", what, wanted.count())};
}

// Refusals that may be meant for the way we came: another proxy may be let in.
bool is_worth_another_way(const Transfer::Outcome& outcome) {
  if (outcome.error) return outcome.blame != Transfer::Blame::us;
  // 502 to 504 may be the proxy's own: of plain http it passes no others on. But no proxy says when
  // to come back.
  if (outcome.retry_after) return false;
  return outcome.status == 403 || outcome.status == 451 ||
         (outcome.status >= 502 && outcome.status <= 504);
}

}  // namespace

MultiEngine::MultiEngine(const NetworkSettings& settings, const EngineMemory& memory,
                         CurlMulti multi)
    : settings_(settings),
      multi_(std::move(multi)),
      pool_(settings_.proxies, memory.proxies, clock_.now()),
      robots_cache_(memory.robots),
      queue_(settings_.connections_per_host, settings_.delay_per_host),
      generator_(std::random_device{}()) {
  // `running_` keeps to the limit. libcurl's own would count those that wait for a name, and leave
  // none for the resolver over https that they wait for.
  if (!settings_.dns_over_https) {
    curl_multi_setopt(multi_.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS,
                      static_cast<long>(settings_.connections));
  }
  curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  if (settings_.robots == RobotsPolicy::ignore)
    log_warning("robots.txt is ignored, as sites.yaml says");
}

MultiEngine::~MultiEngine() {
  for (Running& running : running_)
    curl_multi_remove_handle(multi_.get(), running.transfer->handle());
}

std::size_t MultiEngine::ways_out() const {
  return std::max<std::size_t>(1, pool_.size());
}

void MultiEngine::distrust(const std::string& site, std::size_t proxy, const std::string& reason) {
  if (proxy < pool_.size()) pool_.distrusted(site, proxy, now(), reason);
}

void MultiEngine::add(FetchRequest request, Done done) {
  request.url = without_fragment(request.url);
  FetchJob job;
  job.request = std::move(request);
  job.done = std::move(done);
  enqueue(std::move(job));
}

void MultiEngine::enqueue(FetchJob job) {
  auto origin = origin_of(job.url(), settings_.allow_private_addresses);
  if (!origin) {
    answer(job, tl::unexpected(origin.error()));
    return;
  }
  Host& host = queue_.host(*origin);
  const std::string site = job.request.site;
  const bool needs_rules = !host.robots_read && obeys_robots(job);
  queue_.push(host, std::move(job), SteadyClock::now());
  if (needs_rules) need_robots(host, site);
}

bool MultiEngine::obeys_robots(const FetchJob& job) const {
  return settings_.robots == RobotsPolicy::obey && !job.is_robots && !job.request.is_secret &&
         !job.request.passes_robots;
}

void MultiEngine::run() {
  std::optional<SteadyClock::time_point> deadline;
  while (queue_.size() > 0 || !running_.empty()) {
    if (stop_requested()) {
      stop_waiting();
      if (!deadline) deadline = SteadyClock::now() + grace_after_stop;
      if (SteadyClock::now() > *deadline) abandon_running();
    } else {
      start_due();
    }
    int still_running = 0;
    curl_multi_perform(multi_.get(), &still_running);
    collect_finished();
    if (queue_.size() > 0 || !running_.empty())
      curl_multi_poll(multi_.get(), nullptr, 0, wait_ms(), nullptr);
  }
}

void MultiEngine::start_due() {
  while (running_.size() < static_cast<std::size_t>(settings_.connections)) {
    auto next = queue_.take(SteadyClock::now());
    if (!next) return;
    start(*next->host, std::move(next->job));
  }
}

void MultiEngine::start(Host& host, FetchJob job) {
  const auto proxy = may_start(host, job) ? choose_proxy(job) : std::nullopt;
  auto transfer = proxy ? make_transfer(job, *proxy)
                        : Result<std::unique_ptr<Transfer>>(std::unique_ptr<Transfer>());
  if (!transfer) answer(job, tl::unexpected(transfer.error()));
  if (!transfer || !*transfer) {
    queue_.finished(host, SteadyClock::now());
    return;
  }
  ++job.attempts;
  queue_.started(host, SteadyClock::now());
  log_debug("GET {}", job.request.is_secret ? host.origin : redact_url(job.url()));
  running_.push_back({std::move(job), &host, *proxy, std::move(*transfer)});
  CURL* handle = running_.back().transfer->handle();
  curl_easy_setopt(handle, CURLOPT_PRIVATE, &running_.back());
  curl_multi_add_handle(multi_.get(), handle);
}

bool MultiEngine::may_start(Host& host, FetchJob& job) {
  if (job.request.still_wanted && !job.request.still_wanted()) {
    answer(job, fail(ErrorKind::transient, "{}: not wanted any more", redact_url(job.request.url)));
    return false;
  }
  if (host.resting) {
    answer(job, tl::unexpected(*host.resting));
    return false;
  }
  if (!obeys_robots(job)) return true;
  if (host.robots_read && SteadyClock::now() - *host.robots_read > robots_lifetime) {
    const std::string site = job.request.site;
    queue_.push(host, std::move(job), SteadyClock::now());
    need_robots(host, site);
    return false;
  }
  if (host.robots_error) {
    answer(job, tl::unexpected(*host.robots_error));
    return false;
  }
  if (host.rules.allows(path_of(job.url()))) return true;
  answer(job, fail(ErrorKind::refused,
                   "{}: its site's robots.txt does not allow it (network.robots: ignore would)",
                   redact_url(job.url())));
  return false;
}

// Proxies that this request must not use any more, or at all.
std::vector<std::size_t> MultiEngine::passed_over(const FetchJob& job) const {
  std::vector<std::size_t> proxies;
  if (job.detour) proxies = job.detour->tried_proxies;
  if (job.request.other_than && pool_.size() > 1) proxies.push_back(*job.request.other_than);
  if (job.detour && job.detour->said_gone) proxies.push_back(*job.detour->said_gone);
  return proxies;
}

// Where every proxy that is left rests, the job waits for the first that comes back, which counts
// as a try: nothing goes past the proxies meanwhile.
std::optional<std::size_t> MultiEngine::choose_proxy(FetchJob& job) {
  if (pool_.direct()) return 0;
  const ProxyPool::Choice choice = pool_.choose(job.request.site, passed_over(job), now());
  if (choice.proxy) return choice.proxy;
  if (job.request.other_than) {
    answer(job, fail(ErrorKind::transient, "{}: no other proxy works now", redact_url(job.url())));
    return std::nullopt;
  }
  if (++job.attempts > settings_.retries + 1) {
    answer(job, fail(ErrorKind::transient,
                     "{}: no proxy answers, and nothing goes out without one "
                     "({})",
                     redact_url(job.url()), pool_.display()));
    return std::nullopt;
  }
  if (job.detour) job.detour->tried_proxies.clear();
  // One that was tried may work sooner than one that rests.
  const bool again = pool_.choose(job.request.site, passed_over(job), now()).proxy.has_value();
  const milliseconds rest = choice.rested - now();
  job.not_before = SteadyClock::now() + (again ? retry_delay(job.attempts, random(), {})
                                               : std::max(milliseconds(1'000), rest));
  enqueue(std::move(job));
  return std::nullopt;
}

Result<std::unique_ptr<Transfer>> MultiEngine::make_transfer(const FetchJob& job,
                                                             std::size_t proxy) {
  const auto parsed = parse_url(job.url());
  const std::string host = parsed ? parsed->host : std::string();
  const std::string& site = job.request.site;
  auto handle =
      make_easy_handle(settings_, proxy, {.name = site, .host = host, .attempt = job.attempts});
  if (!handle) return tl::unexpected(handle.error());
  if (auto added = add_cookies(handle->get(), site); !added) return tl::unexpected(added.error());
  auto headers = own_headers(settings_, site, host, parsed ? parsed->scheme : "");
  if (!headers) return tl::unexpected(headers.error());
  const std::uint64_t asked = job.request.max_body;
  const Transfer::Limits limits =
      job.is_robots ? Transfer::Limits{robots_bytes, true}
                    : Transfer::Limits{asked == 0 ? settings_.max_body : asked, false};
  const bool is_first = job.url() == job.request.url && !job.is_robots;
  return std::make_unique<Transfer>(std::move(*handle), job.url(), job.request, is_first, *headers,
                                    limits);
}

// What the site's servers set goes back to them in this run, and no further; the file is only read.
Result<void> MultiEngine::add_cookies(CURL* handle, const std::string& site) {
  const auto found = settings_.sites.find(site);
  if (found == settings_.sites.end() || !found->second.cookies) return {};
  const auto [share, is_new] = cookies_.try_emplace(site);
  if (is_new) {
    share->second.reset(curl_share_init());
    if (!share->second) return fail(ErrorKind::storage, "libcurl gives no share: out of memory");
    curl_share_setopt(share->second.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
  }
  curl_easy_setopt(handle, CURLOPT_SHARE, share->second.get());
  // Every handle that names the file would read it again, and undo what servers set meanwhile; the
  // empty name reads nothing, but without it libcurl sends no cookies.
  curl_easy_setopt(handle, CURLOPT_COOKIEFILE, is_new ? found->second.cookies->c_str() : "");
  return {};
}

void MultiEngine::need_robots(Host& host, const std::string& site) {
  host.robots_read = SteadyClock::now();
  host.robots_error.reset();
  const auto cached = robots_cache_ == nullptr ? std::nullopt : robots_cache_->find(host.origin);
  if (cached && cached->fetched <= now() && now() - cached->fetched < robots_lifetime) {
    use_rules(host, cached->text);
    return;
  }
  FetchJob job;
  job.request.url = host.origin + "/robots.txt";
  job.request.site = site;
  job.is_robots = true;
  job.done = [this, &host](Result<FetchedPage> answered) {
    robots_done(host, std::move(answered));
  };
  queue_.close_for(host, std::move(job), SteadyClock::now());
}

void MultiEngine::use_rules(Host& host, std::string_view text) {
  host.rules = RobotsRules(text, product_token);
  host.delay = std::max(settings_.delay_per_host, host.rules.crawl_delay());
}

void MultiEngine::robots_done(Host& host, Result<FetchedPage> answered) {
  if (answered) {
    use_rules(host, answered->body);
    if (robots_cache_ != nullptr) robots_cache_->keep(host.origin, {host.rules.text(), now()});
  } else if (const auto old =
                 robots_cache_ == nullptr ? std::nullopt : robots_cache_->find(host.origin)) {
    // RFC 9309, 2.4: an old copy may be used longer where no new one can be had.
    use_rules(host, old->text);
  } else {
    host.robots_error =
        Error{answered.error().kind,
              fmt::format("nothing is fetched from {} now, for its robots.txt could not be had: {}",
                          host.origin, answered.error().message)};
  }
  queue_.open(host, SteadyClock::now());
}

void MultiEngine::collect_finished() {
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    void* owner = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
    const int code = message->data.result;
    // `message` is gone once its handle is taken out.
    curl_multi_remove_handle(multi_.get(), message->easy_handle);
    const auto found = std::find_if(running_.begin(), running_.end(),
                                    [owner](const Running& at) { return &at == owner; });
    Running done = std::move(*found);
    running_.erase(found);
    queue_.finished(*done.host, SteadyClock::now());
    finish(std::move(done), code);
  }
}

void MultiEngine::finish(Running running, int code) {
  FetchJob& job = running.job;
  Outcome outcome = running.transfer->finish(code, now(), !pool_.direct());
  running.transfer.reset();
  if (!pool_.direct() && !outcome.error && outcome.status == 407) {
    // Over plain http the proxy's own refusal comes as an answer like any other.
    outcome.blame = Transfer::Blame::proxy;
    outcome.error = status_error(outcome.status, job.url());
  }
  if (!pool_.direct() && judge_proxy(job, running.proxy, outcome)) return;
  if (ask_once_more(job, running.proxy, outcome)) return;
  const bool is_page = outcome.page.not_modified || (outcome.status >= 200 && outcome.status < 300);
  if (outcome.error) {
    retry_or_fail(std::move(job), *outcome.error, {});
  } else if (is_redirect(outcome.status) && !outcome.location.empty()) {
    follow(std::move(job), outcome.location);
  } else if (is_page || (job.is_robots && means_no_rules(outcome.status))) {
    if (!is_page) outcome.page.body.clear();
    if (job.detour) outcome.page.redirects = std::move(job.detour->redirects);
    if (!pool_.direct()) outcome.page.proxy = running.proxy;
    answer(job, std::move(outcome.page));
  } else {
    const Error error = status_error(outcome.status, job.url());
    if (outcome.status == 429 || outcome.status == 503) slow_down(*running.host, job, outcome);
    retry_or_fail(std::move(job), error, outcome.retry_after);
  }
}

// A way that says "gone" may lie: another one is asked before it is believed.
bool MultiEngine::ask_once_more(FetchJob& job, std::size_t proxy, const Outcome& outcome) {
  if (!job.request.confirm_gone || pool_.size() < 2 || outcome.error || stop_requested())
    return false;
  const bool is_gone = outcome.status == 404 || outcome.status == 410;
  if (job.detour && job.detour->said_gone) {
    if (outcome.status >= 200 && outcome.status < 300) {
      distrust(job.request.site, *job.detour->said_gone,
               fmt::format("{}: it says that there is none, and another way has it",
                           redact_url(job.request.url)));
    }
    return false;
  }
  if (!is_gone || !pool_.choose(job.request.site, {proxy}, now()).proxy) return false;
  FetchJob::Detour& detour = job.take_detour();
  detour.said_gone = proxy;
  detour.tried_proxies.clear();
  detour.url.clear();
  detour.redirects.clear();
  --job.attempts;
  enqueue(std::move(job));
  return true;
}

bool MultiEngine::judge_proxy(FetchJob& job, std::size_t proxy, Outcome& outcome) {
  const std::string& site = job.request.site;
  const bool turned_away = is_worth_another_way(outcome);
  if (outcome.blame == Transfer::Blame::proxy) {
    pool_.failed(site, proxy, now(), outcome.error->message);
  } else if (turned_away) {
    pool_.turned_away(
        site, proxy, now(),
        outcome.error ? outcome.error->message : status_error(outcome.status, job.url()).message);
  } else if (outcome.blame == Transfer::Blame::nobody) {
    pool_.succeeded(site, proxy, now());
  }
  if (!turned_away || stop_requested()) return false;
  auto& tried = job.take_detour().tried_proxies;
  tried.push_back(proxy);
  if (pool_.choose(site, passed_over(job), now()).proxy) {
    --job.attempts;  // each proxy's first try is not a second one of the page
    enqueue(std::move(job));
    return true;
  }
  tried.clear();
  if (outcome.error) outcome.error->message += fmt::format(" (through {})", pool_.display());
  return false;
}

// The whole host has had enough of us, or cannot: what else waits for it would only make it worse.
void MultiEngine::slow_down(Host& host, const FetchJob& job, const Outcome& outcome) {
  const auto& wanted = outcome.retry_after;
  if (wanted && *wanted > longest_retry_after) {
    host.resting = come_back_later(host.origin, *wanted);
    return;
  }
  const auto now = SteadyClock::now();
  queue_.pause(host, now + retry_delay(std::max(1, job.attempts), random(), wanted), now);
}

void MultiEngine::retry_or_fail(FetchJob job, const Error& error,
                                std::optional<std::chrono::seconds> retry_after) {
  if (error.kind != ErrorKind::transient || job.attempts > settings_.retries || stop_requested()) {
    answer(job, tl::unexpected(error));
    return;
  }
  if (retry_after && *retry_after > longest_retry_after) {
    answer(job, tl::unexpected(come_back_later(error.message, *retry_after)));
    return;
  }
  const milliseconds delay = retry_delay(job.attempts, random(), retry_after);
  log_debug("{}; again in {} ms", job.request.is_secret ? "it failed" : error.message,
            delay.count());
  job.not_before = SteadyClock::now() + delay;
  enqueue(std::move(job));
}

void MultiEngine::follow(FetchJob job, const std::string& location) {
  auto target = resolve_url(job.url(), location);
  if (!target) {
    answer(job, fail(ErrorKind::refused, "{}: redirects to what is no web address",
                     redact_url(job.url())));
    return;
  }
  *target = without_fragment(*target);
  FetchJob::Detour& detour = job.take_detour();
  detour.redirects.push_back(job.url());
  detour.tried_proxies.clear();
  // With cookies an address may answer otherwise the second time; without, it never will.
  const auto site = settings_.sites.find(job.request.site);
  const bool has_cookies = site != settings_.sites.end() && site->second.cookies;
  const bool circle = std::find(detour.redirects.begin(), detour.redirects.end(), *target) !=
                      detour.redirects.end();
  if (circle && !has_cookies) {
    answer(job, fail(ErrorKind::malformed, "{}: redirects in a circle, by {}",
                     redact_url(job.request.url), redact_url(*target)));
    return;
  }
  if (detour.redirects.size() > max_redirects) {
    answer(job, fail(ErrorKind::malformed, "{}: more than {} redirects, the last to {}",
                     redact_url(job.request.url), max_redirects, redact_url(*target)));
    return;
  }
  detour.url = std::move(*target);
  job.attempts = 0;
  job.not_before = {};
  enqueue(std::move(job));
}

void MultiEngine::answer(FetchJob& job, Result<FetchedPage> result) {
  const Done done = std::move(job.done);
  done(std::move(result));
}

void MultiEngine::stop_waiting() {
  for (FetchJob& job : queue_.drain())
    answer(job, fail(ErrorKind::stopped, "{}: stopped", redact_url(job.request.url)));
}

void MultiEngine::abandon_running() {
  std::list<Running> abandoned = std::move(running_);
  running_.clear();
  for (Running& running : abandoned) {
    curl_multi_remove_handle(multi_.get(), running.transfer->handle());
    queue_.finished(*running.host, SteadyClock::now());
    answer(running.job,
           fail(ErrorKind::stopped, "{}: stopped", redact_url(running.job.request.url)));
  }
}

// Until the next request may start; short enough that a stop is heard soon. libcurl itself wakes us
// when data comes.
int MultiEngine::wait_ms() const {
  constexpr milliseconds longest{200};
  const auto due = queue_.next_due();
  if (!due || running_.size() >= static_cast<std::size_t>(settings_.connections))
    return static_cast<int>(longest.count());
  const auto wait = std::chrono::ceil<milliseconds>(*due - SteadyClock::now());
  return static_cast<int>(std::clamp(wait, milliseconds(0), longest).count());
}

double MultiEngine::random() {
  return std::uniform_real_distribution<double>(0, 1)(generator_);
}

namespace {

// Told before the first page rather than at it.
Result<void> check_files(const NetworkSettings& settings) {
  std::error_code ignored;
  if (settings.ca_file && !std::filesystem::is_regular_file(*settings.ca_file, ignored)) {
    return fail(ErrorKind::bad_input, "ca_file {}: there is no such file",
                settings.ca_file->string());
  }
  for (const auto& [name, site] : settings.sites) {
    if (site.cookies && !std::filesystem::is_regular_file(*site.cookies, ignored)) {
      return fail(ErrorKind::bad_input, "site {}: cookies {}: there is no such file", name,
                  site.cookies->string());
    }
    if (site.own_domains.empty()) continue;
    if (auto headers = own_headers(settings, name, site.own_domains.front(), "https"); !headers)
      return tl::unexpected(headers.error());
  }
  return {};
}

}  // namespace

void TransferEngine::distrust(const std::string& /*site*/, std::size_t /*proxy*/,
                              const std::string& /*reason*/) {}

Result<std::unique_ptr<TransferEngine>> TransferEngine::create(const NetworkSettings& settings,
                                                               const EngineMemory& memory) {
  const std::size_t proxies = std::max<std::size_t>(1, settings.proxies.size());
  for (std::size_t i = 0; i < proxies; ++i) {
    auto probe = make_easy_handle(settings, i, {});
    if (!probe) return tl::unexpected(probe.error());
  }
  if (auto checked = check_files(settings); !checked) return tl::unexpected(checked.error());
  if (settings.expects_tor) {
    auto tor = probe_socks(settings.proxies.front(), std::chrono::seconds(5));
    if (!tor) return within("proxies: tor", {ErrorKind::bad_input, tor.error().message});
  }
  CurlMulti multi(curl_multi_init());
  if (!multi) return fail(ErrorKind::storage, "libcurl gives no multi handle: out of memory");
  return std::make_unique<MultiEngine>(settings, memory, std::move(multi));
}

}  // namespace dandelion
