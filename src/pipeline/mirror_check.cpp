// SPDX-License-Identifier: MIT
#include "pipeline/mirror_check.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>

#include "core/files.hpp"
#include "core/log.hpp"
#include "core/url.hpp"
#include "fetch/proxy_pool.hpp"
#include "pipeline/mirror_watch.hpp"
#include "pipeline/page_gate.hpp"
#include "pipeline/publish_site.hpp"
#include "publish/api_request.hpp"
#include "publish/host_api.hpp"
#include "publish/mirror_line.hpp"
#include "publish/redaction.hpp"
#include "state/store.hpp"

namespace dandelion {
namespace {

using State = MirrorHealth::State;

State state_of(HostVerdict::State verdict) {
  switch (verdict) {
    case HostVerdict::State::live:
      return State::live;
    case HostVerdict::State::moved:
      return State::moved;
    case HostVerdict::State::taken_down:
      return State::taken_down;
    case HostVerdict::State::refused:
      return State::refused;
    case HostVerdict::State::gone:
      return State::gone;
    case HostVerdict::State::rate_limited:
      return State::rate_limited;
    case HostVerdict::State::unreachable:
      break;
  }
  return State::unreachable;
}

State state_of(const Error& error) {
  switch (error.kind) {
    case ErrorKind::not_found:
      return State::gone;
    case ErrorKind::transient:
      return error.retry_after.count() > 0 ? State::rate_limited : State::unreachable;
    default:
      return State::refused;
  }
}

// What is believed may follow from it; nullopt where it speaks of us and not of the mirror.
std::optional<MirrorState> believable(State state) {
  switch (state) {
    case State::live:
      return MirrorState::live;
    case State::behind:
      return MirrorState::behind;
    case State::geo_blocked:
      return MirrorState::geo_blocked;
    case State::taken_down:
      return MirrorState::taken_down;
    case State::gone:
      return MirrorState::gone;
    case State::unreachable:
      return MirrorState::unreachable;
    default:
      return std::nullopt;
  }
}

// What all looks of one check share.
struct LookContext {
  const Config& config;
  const MirrorCheckOptions& options;
  std::vector<BlockFingerprint> block_pages;
  std::shared_ptr<const SigningKey> key;  // signs the commits of mirrors' own lines; may be null
  Timestamp now;
  // Whether anything came through the reader's proxy. Where nothing did, it may be dead.
  std::atomic<bool> exit_works = false;
};

struct Looked {
  MirrorHealth health;
  std::optional<Sighting> sighting;
  // Where nothing but the reader's proxy gave no answer: what was seen without it.
  std::optional<Sighting> without_exit;
  std::optional<std::string> moved_to;  // see MirrorSeen
};

// How a reader's request for one address ended.
struct Reading {
  enum class Kind { fine, limited, refused, taken_down, missing, failed, silent };
  Kind kind = Kind::silent;
  std::string detail;  // "HTTP 451 at https://…"
};

// One mirror, from the host's word to the reader's view.
class Look {
 public:
  Look(LookContext& context, const SiteConfig& site, const MirrorSettings& mirror,
       MirrorRecord known)
      : context_(context),
        mirror_(mirror),
        known_(std::move(known)),
        redaction_(redaction_of(mirror)),
        repository_(context.config.output / site.name) {
    looked_.health.site = site.name;
    looked_.health.mirror = mirror.name;
  }

  Looked work() {
    if (!ask() || !look_at_branch() || !read_as_reader() || !read_through_exit()) return looked_;
    looked_.sighting = good_news();
    if (has_moved()) {
      found(State::moved, *looked_.moved_to);
      if (!has_looked_at_branch_) looked_.sighting.reset();
    } else {
      found(behind_.empty() ? State::live : State::behind, behind_);
    }
    return looked_;
  }

 private:
  void found(State state, std::string detail) {
    looked_.health.state = state;
    looked_.health.detail = std::move(detail);
  }

  [[nodiscard]] bool has_moved() const { return !looked_.moved_to.value_or("").empty(); }

  [[nodiscard]] Sighting good_news() const {
    return {behind_.empty() ? MirrorState::live : MirrorState::behind, behind_, views_};
  }

  // The look ends here; false, for its callers to return.
  bool ends(State state, std::string detail, std::string view) {
    if (const auto told = believable(state))
      looked_.sighting = Sighting{*told, detail, {std::move(view)}};
    found(state, std::move(detail));
    return false;
  }

  // The host's own word is final where it says no.
  bool ask() {
    auto verdict = ask_about(mirror_, context_.config.network, context_.now);
    if (!verdict) {
      return ends(state_of(verdict.error()), verdict.error().message, std::string(owner_view));
    }
    switch (verdict->state) {
      case HostVerdict::State::live:
        if (place_of(mirror_)) looked_.moved_to.emplace();
        return true;
      case HostVerdict::State::unreachable:  // it may be blocked where git is not
        return true;
      case HostVerdict::State::moved:  // git and browsers follow, mostly
        looked_.moved_to = verdict->detail;
        return true;
      default:
        return ends(state_of(verdict->state), verdict->detail, std::string(owner_view));
    }
  }

  bool look_at_branch() {
    views_.emplace_back(owner_view);
    auto repository = MirrorRepository::open(repository_);
    if (!repository) return true;  // nothing was ever committed
    auto head = repository->head();
    if (!head || !*head) return true;
    PushOptions options;
    options.looks_only = true;
    options.tunnel = {own_executable(), "-c",       context_.config.file,
                      "tunnel",         "--mirror", mirror_.name};
    auto at = push(*repository, mirror_, context_.config.network, options);
    if (!at) {
      const std::string moved = has_moved() ? "; it moved to " + *looked_.moved_to : std::string();
      return ends(state_of(at.error()), at.error().message + moved, std::string(owner_view));
    }
    has_looked_at_branch_ = true;
    if (auto moved = moved_to(mirror_, at); moved && !has_moved())
      looked_.moved_to = std::move(moved);
    const auto line = foretell_line(repository_, **head, mirror_, context_.key.get());
    if (!line) {
      found(State::unreachable, line.error().message);
      return false;
    }
    if (at->commit != line->commit) behind_ = how_it_is_behind(at->commit, *line, **head);
    return true;
  }

  [[nodiscard]] std::string how_it_is_behind(const std::string& at, const MirrorLine& line,
                                             const std::string& head) const {
    const std::string& left = line.last_pushed.empty() ? known_.commit : line.last_pushed;
    if (at.empty()) return fmt::format("it has no branch {} yet", mirror_.branch);
    if (!left.empty() && at != left) {
      return fmt::format("{} is at {}, we left it at {}", mirror_.branch, at.substr(0, 10),
                         left.substr(0, 10));
    }
    if (known_.commit != head) return fmt::format("it has not got {}", head.substr(0, 10));
    return "its `folder` or `history`, or `{mirror}` in the counter's address, was changed since "
           "the last push";
  }

  [[nodiscard]] std::vector<std::string> readers_addresses() const {
    std::vector<std::string> addresses;
    for (const std::string& url :
         {mirror_.public_url, raw_front_page(mirror_), mirror_.pages_url}) {
      if (!url.empty()) addresses.push_back(url);
    }
    return addresses;
  }

  [[nodiscard]] Reading read(const NetworkSettings& network, const std::string& url) const {
    using Kind = Reading::Kind;
    auto answer = send_request(
        network, mirror_.name,
        {.method = "GET", .url = url, .headers = {}, .body = {}, .follows_redirects = true},
        redaction_);
    if (!answer) return {Kind::silent, "no answer: " + answer.error().message};
    const std::string where = redact_url(url);
    const std::string status = fmt::format("HTTP {} at {}", answer->status, where);
    FetchedPage page;
    page.url = url;
    page.status = answer->status;
    page.content_type = answer->header("content-type");
    page.body = answer->body;
    const std::string notice = page.content_type.starts_with("text/html")
                                   ? PageGate::known_notice(url, page, context_.block_pages)
                                   : std::string();
    if (!notice.empty())
      return {Kind::refused, fmt::format("a block page at {}: {}", where, notice)};
    const HostVerdict verdict = judge_reading(*answer, context_.now);
    switch (verdict.state) {
      case HostVerdict::State::live:
        return {Kind::fine, status};
      case HostVerdict::State::rate_limited:
        return {Kind::limited, status};
      case HostVerdict::State::refused:
        return {Kind::refused, status};
      case HostVerdict::State::taken_down:
        return {Kind::taken_down, status + ", " + verdict.detail};
      case HostVerdict::State::gone:
        return {Kind::missing, status};
      default:
        return {Kind::failed, status};
    }
  }

  // A reader without an account, by our own way.
  bool read_as_reader() {
    bool is_limited = false;
    for (const std::string& url : readers_addresses()) {
      const Reading reading = read(context_.config.network, url);
      const std::string told = "readers get " + reading.detail;
      switch (reading.kind) {
        case Reading::Kind::fine:
          continue;
        case Reading::Kind::limited:
          is_limited = true;
          continue;
        case Reading::Kind::taken_down:
          // Where the host told us that it is there, it is not there for all.
          return ends(place_of(mirror_) ? State::geo_blocked : State::taken_down, told,
                      std::string(reader_view));
        case Reading::Kind::refused:
          return ends(State::geo_blocked, told, std::string(reader_view));
        case Reading::Kind::missing:
          if (url == mirror_.public_url) return ends(State::gone, told, std::string(reader_view));
          if (behind_.empty()) behind_ = told;
          continue;
        default:
          return ends(State::unreachable, told, std::string(reader_view));
      }
    }
    if (!is_limited) views_.emplace_back(reader_view);
    return true;
  }

  // A reader behind another proxy, who gets no less than the one before.
  bool read_through_exit() {
    if (!context_.options.readers_proxy) return true;
    NetworkSettings network = context_.config.network;
    network.proxies = {*context_.options.readers_proxy};
    const std::string exit = proxy_name(*context_.options.readers_proxy);
    bool is_limited = false;
    for (const std::string& url : readers_addresses()) {
      const Reading reading = read(network, url);
      if (reading.kind != Reading::Kind::silent) context_.exit_works = true;
      if (reading.kind == Reading::Kind::fine) continue;
      if (reading.kind == Reading::Kind::limited) {
        is_limited = true;
        continue;
      }
      // Missing for everybody was told already.
      if (reading.kind == Reading::Kind::missing && url != mirror_.public_url && !behind_.empty())
        continue;
      if (reading.kind == Reading::Kind::silent) looked_.without_exit = good_news();
      return ends(State::geo_blocked,
                  fmt::format("readers behind {} get {}; others get it", exit, reading.detail),
                  exit);
    }
    if (!is_limited) views_.push_back(exit);
    return true;
  }

  LookContext& context_;
  const MirrorSettings& mirror_;
  MirrorRecord known_;
  Redaction redaction_;
  std::filesystem::path repository_;
  Looked looked_;
  std::string behind_;
  bool has_looked_at_branch_ = false;
  std::vector<std::string> views_;  // of those who got it
};

Result<void> check_names(const Config& config, const std::vector<std::string>& mirrors) {
  for (const std::string& name : mirrors) {
    if (config.find_mirror(name) == nullptr)
      return fail(ErrorKind::bad_input, "there is no mirror '{}' in {}", name,
                  config.file.string());
  }
  return {};
}

// What is said of a mirror whose host asked to be left alone, which is not looked at then.
std::future<Looked> left_alone(const SiteConfig& site, const std::string& mirror, Timestamp until) {
  Looked looked;
  looked.health.site = site.name;
  looked.health.mirror = mirror;
  looked.health.state = State::rate_limited;
  looked.health.detail =
      fmt::format("its host asked us to wait until {}, not tried (`mirrors check {}` tries anyway)",
                  format_rfc3339(until), mirror);
  std::promise<Looked> told;
  told.set_value(std::move(looked));
  return told.get_future();
}

// All looks at once; in the order of the configuration.
Result<std::vector<Looked>> look_at_all(LookContext& context, const Store& store) {
  const std::vector<std::string>& wanted = context.options.mirrors;
  std::vector<std::future<Looked>> looks;
  for (const SiteConfig& site : context.config.sites) {
    for (const std::string& name : site.mirrors) {
      const bool is_wanted =
          wanted.empty() || std::find(wanted.begin(), wanted.end(), name) != wanted.end();
      const MirrorSettings* mirror = context.config.find_mirror(name);
      if (!is_wanted || mirror == nullptr) continue;
      auto known = record_of(store, site.name, *mirror);
      if (!known) return tl::unexpected(known.error());
      if (const auto until = rest_of(*known, context.now)) {
        if (wanted.empty()) {
          looks.push_back(left_alone(site, name, *until));
          continue;
        }
        log_warning(
            "{}: mirror {}: its host asked us to wait until {}; tried all the same, since it was "
            "named",
            site.name, name, format_rfc3339(*until));
      }
      looks.push_back(std::async(
          std::launch::async, [look = Look(context, site, *mirror, std::move(*known))]() mutable {
            return look.work();
          }));
    }
  }
  std::vector<Looked> found;
  found.reserve(looks.size());
  for (auto& look : looks)
    found.push_back(look.get());
  return found;
}

// Where our own network is down, nothing was seen of what is behind it.
void tell_own_outage(const Config& config, std::vector<Looked>& looks) {
  std::vector<MirrorSeen> seen;
  seen.reserve(looks.size());
  for (const Looked& look : looks)
    seen.push_back({look.health.mirror, look.sighting, look.moved_to});
  const std::string reason = drop_own_outage(config, seen);
  for (std::size_t i = 0; i < looks.size(); ++i) {
    if (!looks[i].sighting || seen[i].sighting) continue;
    looks[i].sighting.reset();
    looks[i].health.state = State::unseen;
    looks[i].health.detail =
        fmt::format("{}: that is our own network, and says nothing of the mirror", reason);
  }
}

Result<void> note_looks(const Config& config, const std::vector<Looked>& looks, Timestamp now) {
  auto store = Store::open(config.state, Store::Mode::read_write);
  if (!store) return tl::unexpected(store.error());
  for (const SiteConfig& site : config.sites) {
    std::vector<MirrorSeen> seen;
    for (const Looked& each : looks) {
      if (each.health.site == site.name)
        seen.push_back({each.health.mirror, each.sighting, each.moved_to});
    }
    if (seen.empty()) continue;
    auto noted = note_sightings(config, site, *store, seen, now);
    if (!noted) return noted;
  }
  return {};
}

}  // namespace

std::string_view state_name(MirrorHealth::State state) {
  switch (state) {
    case State::moved:
      return "moved";
    case State::refused:
      return "refused";
    case State::rate_limited:
      return "rate-limited";
    case State::unseen:
      return "unseen";
    default:
      return state_name(believable(state).value_or(MirrorState::unreachable));
  }
}

Result<std::vector<MirrorHealth>> check_mirrors(const Config& config,
                                                const MirrorCheckOptions& options,
                                                const Clock& clock) {
  if (auto known = check_names(config, options.mirrors); !known)
    return tl::unexpected(std::move(known.error()));
  auto block_pages = known_block_pages(config.network.block_pages.value_or(""));
  if (!block_pages) return tl::unexpected(std::move(block_pages.error()));
  auto store = Store::open(config.state, Store::Mode::read_only);
  if (!store) return tl::unexpected(std::move(store.error()));
  auto key = signing_key(config.op);
  if (!key) return tl::unexpected(std::move(key.error()));
  LookContext context{config, options, std::move(*block_pages), std::move(*key), clock.now()};
  auto looks = look_at_all(context, *store);
  if (!looks) return tl::unexpected(std::move(looks.error()));
  for (Looked& look : *looks) {
    if (!look.without_exit || context.exit_works) continue;
    look.sighting = std::move(look.without_exit);
    look.health.state = State::unseen;
    look.health.detail = fmt::format("nothing came through {}, from no mirror: is it up?",
                                     proxy_name(*options.readers_proxy));
  }
  tell_own_outage(config, *looks);
  // A look that cannot be kept is a look all the same.
  if (auto noted = note_looks(config, *looks, context.now); !noted)
    log_warning("what was seen is not kept: {}", noted.error().message);
  store = Store::open(config.state, Store::Mode::read_only);
  if (!store) return tl::unexpected(std::move(store.error()));
  std::vector<MirrorHealth> found;
  for (Looked& look : *looks) {
    auto life = life_of(*store, look.health.site, *config.find_mirror(look.health.mirror));
    if (life) look.health.life = std::move(*life);
    found.push_back(std::move(look.health));
  }
  return found;
}

std::optional<std::string> moved_to(const MirrorSettings& mirror,
                                    const Result<PushOutcome>& pushed) {
  if (!pushed || !pushed->moved_to || (pushed->moved_to->empty() && place_of(mirror)))
    return std::nullopt;
  return pushed->moved_to;
}

std::optional<Sighting> sighting_of_push(const MirrorSettings& mirror,
                                         const NetworkSettings& network,
                                         const Result<PushOutcome>& pushed, Timestamp now) {
  const std::vector<std::string> views = {std::string(owner_view)};
  if (pushed) return Sighting{MirrorState::live, {}, views};
  const Error& error = pushed.error();
  if (error.kind == ErrorKind::conflict) return Sighting{MirrorState::behind, error.message, views};
  const bool may_be_the_mirror = error.kind == ErrorKind::not_found ||
                                 error.kind == ErrorKind::refused ||
                                 error.kind == ErrorKind::transient;
  if (!may_be_the_mirror || error.retry_after.count() > 0) return std::nullopt;
  const auto verdict = ask_about(mirror, network, now);
  const auto said = verdict ? verdict->state : HostVerdict::State::unreachable;
  if (said == HostVerdict::State::taken_down || said == HostVerdict::State::gone)
    return Sighting{*believable(state_of(said)), verdict->detail, views};
  if (said == HostVerdict::State::rate_limited) return std::nullopt;
  if (error.kind == ErrorKind::transient)
    return Sighting{MirrorState::unreachable, error.message, views};
  // A host that says that it is there does not take our token.
  if (error.kind == ErrorKind::refused || place_of(mirror)) return std::nullopt;
  return Sighting{MirrorState::gone, error.message, views};
}

}  // namespace dandelion
