// SPDX-License-Identifier: MIT
#include "fetch/multi_engine.hpp"

#include <algorithm>

#include <curl/curl.h>

#include "core/log.hpp"
#include "core/stop_signal.hpp"
#include "core/url.hpp"
#include "fetch/private_address.hpp"
#include "fetch/retry_delay.hpp"

namespace dandelion {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t max_running = 32;
constexpr int max_redirects = 10;
constexpr milliseconds grace_after_stop{5'000};
// A server that wants us back later than this is asked again by the next run.
constexpr std::chrono::seconds longest_retry_after{120};
constexpr std::string_view product_token = "Dandelion";

// scheme://host[:port] of an address, or an error that names it.
Result<std::string> origin_of(const std::string& url, bool allow_private) {
  auto parsed = parse_url(url);
  if (!parsed) return tl::unexpected(parsed.error());
  if (!allow_private && is_private_host(parsed->host)) {
    return fail(
        ErrorKind::refused,
        "{}: {} is a private address; network.private_addresses: allow lets pages lead there",
        redact_url(url), parsed->host);
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

}  // namespace

MultiEngine::MultiEngine(const NetworkSettings& settings, CurlMulti multi)
    : settings_(settings),
      multi_(std::move(multi)),
      pool_(settings_.proxies),
      generator_(std::random_device{}()) {
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(max_running));
  curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  if (settings_.robots == RobotsPolicy::ignore)
    log_warning("robots.txt is ignored, as sites.yaml says");
}

MultiEngine::~MultiEngine() {
  for (Running& running : running_)
    curl_multi_remove_handle(multi_.get(), running.transfer->handle());
}

void MultiEngine::add(FetchRequest request, Done done) {
  Job job;
  job.url = without_fragment(request.url);
  job.request = std::move(request);
  job.done = std::move(done);
  enqueue(std::move(job));
}

void MultiEngine::enqueue(Job job) {
  auto origin = origin_of(job.url, settings_.allow_private_addresses);
  if (!origin) {
    answer(job, tl::unexpected(origin.error()));
    return;
  }
  auto [host, is_new] = hosts_.try_emplace(*origin);
  if (is_new) host->second.delay = settings_.delay_per_host;
  ++waiting_;
  host->second.waiting.push_back(std::move(job));
}

void MultiEngine::run() {
  std::optional<Clock::time_point> deadline;
  while (waiting_ > 0 || !running_.empty()) {
    if (stop_requested()) {
      stop_waiting();
      if (!deadline) deadline = Clock::now() + grace_after_stop;
      if (Clock::now() > *deadline) abandon_running();
    } else {
      start_due();
    }
    int still_running = 0;
    curl_multi_perform(multi_.get(), &still_running);
    collect_finished();
    if (waiting_ > 0 || !running_.empty())
      curl_multi_poll(multi_.get(), nullptr, 0, wait_ms(), nullptr);
  }
}

// Hosts take turns, so that one with a long queue or slow answers does not hold up the others.
void MultiEngine::start_due() {
  bool started = true;
  while (started && running_.size() < max_running) {
    started = false;
    std::vector<std::string> turn;
    turn.reserve(hosts_.size());
    for (auto at = hosts_.upper_bound(last_origin_); at != hosts_.end(); ++at)
      turn.push_back(at->first);
    for (auto at = hosts_.begin(); at != hosts_.upper_bound(last_origin_); ++at)
      turn.push_back(at->first);
    for (const std::string& origin : turn) {
      if (running_.size() >= max_running) return;
      Host& host = hosts_.at(origin);
      auto job = take_startable(origin, host, Clock::now());
      if (!job) continue;
      last_origin_ = origin;
      started = true;
      start(origin, host, std::move(*job));
    }
  }
}

std::optional<MultiEngine::Job> MultiEngine::take_startable(const std::string& origin, Host& host,
                                                            Clock::time_point now) {
  if (host.waiting.empty() || host.running >= settings_.connections_per_host ||
      host.next_start > now) {
    return std::nullopt;
  }
  const bool obey = settings_.robots == RobotsPolicy::obey;
  if (obey && host.robots == Host::Robots::unknown)
    fetch_robots(origin, host, host.waiting.front().request.site);
  const bool robots_alone = obey && host.robots == Host::Robots::fetching;
  const auto found = std::find_if(host.waiting.begin(), host.waiting.end(), [&](const Job& job) {
    return job.not_before <= now && (!robots_alone || job.is_robots);
  });
  if (found == host.waiting.end()) return std::nullopt;
  Job job = std::move(*found);
  host.waiting.erase(found);
  --waiting_;
  return job;
}

void MultiEngine::fetch_robots(const std::string& origin, Host& host, const std::string& site) {
  host.robots = Host::Robots::fetching;
  Job job;
  job.url = origin + "/robots.txt";
  job.request = {job.url, site, {}};
  job.is_robots = true;
  job.done = [this, origin](Result<FetchedPage> answered) {
    robots_done(origin, std::move(answered));
  };
  ++waiting_;
  host.waiting.push_front(std::move(job));
}

void MultiEngine::robots_done(const std::string& origin, Result<FetchedPage> answered) {
  Host& host = hosts_.at(origin);
  host.robots = Host::Robots::known;
  if (answered) {
    host.rules = RobotsRules(answered->body, product_token);
    host.delay = std::max(settings_.delay_per_host, host.rules.crawl_delay());
    return;
  }
  host.robots = Host::Robots::unavailable;
  host.robots_error =
      Error{answered.error().kind,
            fmt::format("nothing is fetched from {} now, for its robots.txt could not be had: {}",
                        origin, answered.error().message)};
}

void MultiEngine::start(const std::string& origin, Host& host, Job job) {
  if (!job.is_robots && settings_.robots == RobotsPolicy::obey) {
    if (host.robots == Host::Robots::unavailable) {
      answer(job, tl::unexpected(*host.robots_error));
      return;
    }
    if (!host.rules.allows(path_of(job.url))) {
      answer(job, fail(ErrorKind::refused,
                       "{}: its site's robots.txt does not allow it (network.robots: ignore would)",
                       redact_url(job.url)));
      return;
    }
  }
  std::size_t proxy = 0;
  if (!pool_.direct()) {
    const auto chosen = pool_.choose(job.tried_proxies);
    proxy = chosen.value_or(0);
  }
  const auto parsed = parse_url(job.url);
  auto handle =
      make_easy_handle(settings_, proxy, {job.request.site, parsed ? parsed->host : std::string()});
  if (!handle) {
    answer(job, tl::unexpected(handle.error()));
    return;
  }
  ++job.attempts;
  ++host.running;
  host.next_start = Clock::now() + host.delay;
  const bool same_page = job.redirects == 0 && !job.is_robots;
  auto transfer = std::make_unique<Transfer>(std::move(*handle), job.url,
                                             same_page ? job.request.validators : Validators{},
                                             settings_.max_body);
  log_debug("GET {}", redact_url(job.url));
  running_.push_back({std::move(job), origin, proxy, std::move(transfer)});
  curl_easy_setopt(running_.back().transfer->handle(), CURLOPT_PRIVATE, &running_.back());
  curl_multi_add_handle(multi_.get(), running_.back().transfer->handle());
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
    --hosts_.at(done.origin).running;
    finish(std::move(done), code);
  }
}

void MultiEngine::finish(Running running, int code) {
  const SystemClock clock;
  Job& job = running.job;
  Transfer::Outcome outcome = running.transfer->finish(code, clock.now(), !pool_.direct());
  running.transfer.reset();
  if (!pool_.direct()) {
    if (outcome.proxy_failed) {
      pool_.failed(running.proxy);
      job.tried_proxies.push_back(running.proxy);
      if (pool_.choose(job.tried_proxies)) {
        --job.attempts;  // the origin was not asked yet
        enqueue(std::move(job));
        return;
      }
      job.tried_proxies.clear();
      outcome.error->message += fmt::format(" (through {})", pool_.display());
    } else {
      pool_.succeeded(running.proxy);
    }
  }
  if (outcome.error) {
    retry_or_fail(std::move(job), *outcome.error, {});
  } else if (is_redirect(outcome.status) && !outcome.location.empty()) {
    follow(std::move(job), outcome.location);
  } else if (outcome.page.not_modified || (outcome.status >= 200 && outcome.status < 300)) {
    answer(job, std::move(outcome.page));
  } else if (job.is_robots && means_no_rules(outcome.status)) {
    outcome.page.body.clear();
    answer(job, std::move(outcome.page));
  } else {
    const Error error = status_error(outcome.status, job.url);
    retry_or_fail(std::move(job), error, outcome.retry_after);
  }
}

void MultiEngine::retry_or_fail(Job job, const Error& error,
                                std::optional<std::chrono::seconds> retry_after) {
  if (error.kind != ErrorKind::transient || job.attempts > settings_.retries || stop_requested()) {
    answer(job, tl::unexpected(error));
    return;
  }
  if (retry_after && *retry_after > longest_retry_after) {
    answer(job, fail(ErrorKind::transient, "{}; the server asks to come back in {} s",
                     error.message, retry_after->count()));
    return;
  }
  const milliseconds delay = retry_delay(job.attempts, random(), retry_after);
  log_debug("{}; again in {} ms", error.message, delay.count());
  job.not_before = Clock::now() + delay;
  // A robots.txt that was being fetched must stay in front of the pages that wait for it:
  // not_before holds it back.
  enqueue(std::move(job));
}

void MultiEngine::follow(Job job, const std::string& location) {
  const auto target = resolve_url(job.url, location);
  if (!target) {
    answer(job, fail(ErrorKind::refused, "{}: redirects to what is no web address",
                     redact_url(job.url)));
    return;
  }
  if (++job.redirects > max_redirects) {
    answer(job, fail(ErrorKind::malformed, "{}: more than {} redirects, the last to {}",
                     redact_url(job.request.url), max_redirects, redact_url(*target)));
    return;
  }
  job.url = without_fragment(*target);
  job.attempts = 0;
  enqueue(std::move(job));
}

void MultiEngine::answer(Job& job, Result<FetchedPage> result) {
  const Done done = std::move(job.done);
  done(std::move(result));
}

void MultiEngine::stop_waiting() {
  std::vector<Job> stopped;
  for (auto& [origin, host] : hosts_) {
    for (Job& job : host.waiting)
      stopped.push_back(std::move(job));
    host.waiting.clear();
  }
  waiting_ = 0;
  for (Job& job : stopped)
    answer(job, fail(ErrorKind::stopped, "{}: stopped", redact_url(job.request.url)));
}

void MultiEngine::abandon_running() {
  std::list<Running> abandoned = std::move(running_);
  running_.clear();
  for (Running& running : abandoned) {
    curl_multi_remove_handle(multi_.get(), running.transfer->handle());
    --hosts_.at(running.origin).running;
    answer(running.job,
           fail(ErrorKind::stopped, "{}: stopped", redact_url(running.job.request.url)));
  }
}

// Until the next job may start; short enough that a stop is heard soon. libcurl itself wakes us
// when data comes.
int MultiEngine::wait_ms() const {
  constexpr milliseconds longest{200};
  milliseconds wait = longest;
  if (running_.size() >= max_running) return static_cast<int>(wait.count());
  const auto now = Clock::now();
  for (const auto& [origin, host] : hosts_) {
    if (host.waiting.empty() || host.running >= settings_.connections_per_host) continue;
    // While robots.txt is on its way the pages wait for it; it stands at either end of the queue,
    // or runs.
    const bool robots_alone = host.robots == Host::Robots::fetching;
    const Job& next = robots_alone && !host.waiting.front().is_robots ? host.waiting.back()
                                                                      : host.waiting.front();
    if (robots_alone && !next.is_robots) continue;
    const auto due = std::max(host.next_start, next.not_before);
    wait = std::min(wait, std::max(milliseconds(0), std::chrono::ceil<milliseconds>(due - now)));
  }
  return static_cast<int>(wait.count());
}

double MultiEngine::random() {
  return std::uniform_real_distribution<double>(0, 1)(generator_);
}

Result<std::unique_ptr<TransferEngine>> TransferEngine::create(const NetworkSettings& settings) {
  // Told now rather than at the first page: a password that is not there, a CA file that is not
  // there.
  const std::size_t proxies = std::max<std::size_t>(1, settings.proxies.size());
  for (std::size_t i = 0; i < proxies; ++i) {
    auto probe = make_easy_handle(settings, i, {});
    if (!probe) return tl::unexpected(probe.error());
  }
  std::error_code ignored;
  if (settings.ca_file && !std::filesystem::is_regular_file(*settings.ca_file, ignored)) {
    return fail(ErrorKind::bad_input, "ca_file {}: there is no such file",
                settings.ca_file->string());
  }
  CurlMulti multi(curl_multi_init());
  if (!multi) return fail(ErrorKind::storage, "libcurl gives no multi handle: out of memory");
  return std::make_unique<MultiEngine>(settings, std::move(multi));
}

}  // namespace dandelion
