// SPDX-License-Identifier: MIT
#include "pipeline/mirror_check.hpp"

#include <future>

#include "core/files.hpp"
#include "core/url.hpp"
#include "publish/host_api.hpp"
#include "publish/mirror_line.hpp"
#include "publish/push.hpp"
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

State state_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::not_found:
      return State::gone;
    case ErrorKind::transient:
      return State::unreachable;
    default:
      return State::refused;
  }
}

// One mirror, from the host's word to the reader's view.
class Look {
 public:
  Look(const Config& config, const MirrorCheckOptions& options, const SiteConfig& site,
       const MirrorSettings& mirror, MirrorRecord known, Timestamp now)
      : config_(config),
        options_(options),
        mirror_(mirror),
        known_(std::move(known)),
        now_(now),
        repository_(config.output / site.name) {
    health_.site = site.name;
    health_.mirror = mirror.name;
  }

  MirrorHealth work() {
    if (!ask()) return health_;
    if (!look_at_branch()) return health_;
    if (!read_as_reader()) return health_;
    if (!behind_.empty()) return found(State::behind, behind_);
    return found(State::live, {});
  }

 private:
  MirrorHealth found(State state, std::string detail) {
    health_.state = state;
    health_.detail = std::move(detail);
    return health_;
  }

  // Whether to look further: the host's own word is final where it says no.
  bool ask() {
    const auto place = place_of(mirror_);
    if (!place) return true;
    auto verdict = ask_host(*place, mirror_, config_.network, now_);
    if (!verdict) {
      found(state_of(verdict.error().kind), verdict.error().message);
      return false;
    }
    // An interface that does not answer may be blocked where git is not.
    if (verdict->state == HostVerdict::State::live ||
        verdict->state == HostVerdict::State::unreachable)
      return true;
    found(state_of(verdict->state), verdict->detail);
    return false;
  }

  bool look_at_branch() {
    auto repository = MirrorRepository::open(repository_);
    if (!repository) return true;  // nothing was ever committed
    auto head = repository->head();
    if (!head || !*head) return true;
    PushOptions options;
    options.looks_only = true;
    options.tunnel = {own_executable(), "-c", config_.file, "tunnel", "--mirror", mirror_.name};
    auto at = push(*repository, mirror_, config_.network, options);
    if (!at) {
      found(state_of(at.error().kind), at.error().message);
      return false;
    }
    auto pushed = pushed_commit(repository_, mirror_);
    if (!pushed) {
      found(State::unreachable, pushed.error().message);
      return false;
    }
    const std::string& left = pushed->empty() ? known_.commit : *pushed;
    if (at->commit.empty()) {
      behind_ = fmt::format("it has no branch {} yet", mirror_.branch);
    } else if (!left.empty() && at->commit != left) {
      behind_ = fmt::format("{} is at {}, we left it at {}", mirror_.branch,
                            at->commit.substr(0, 10), left.substr(0, 10));
    } else if (known_.commit != **head && at->commit != **head) {
      behind_ = fmt::format("it has not got {}", (*head)->substr(0, 10));
    } else if (!left.empty() && has_own_line(mirror_) == pushed->empty()) {
      behind_ = "its `folder` or `history` was changed since the last push";
    }
    return true;
  }

  // Where the owner sees the mirror and a reader does not, it is blocked for readers.
  bool read_as_reader() {
    NetworkSettings network = config_.network;
    if (options_.readers_proxy) network.proxies = {*options_.readers_proxy};
    for (const std::string& url :
         {mirror_.public_url, raw_front_page(mirror_), mirror_.pages_url}) {
      if (url.empty()) continue;
      auto answer = send_request(
          network, mirror_.name,
          {.method = "GET", .url = url, .headers = {}, .body = {}, .follows_redirects = true});
      const bool is_fine =
          answer && ((answer->status >= 200 && answer->status < 300) || answer->status == 429);
      if (is_fine) continue;
      found(State::geo_blocked,
            answer ? fmt::format("readers get HTTP {} at {}", answer->status, redact_url(url))
                   : fmt::format("readers get no answer: {}", answer.error().message));
      return false;
    }
    return true;
  }

  const Config& config_;
  const MirrorCheckOptions& options_;
  const MirrorSettings& mirror_;
  MirrorRecord known_;
  Timestamp now_;
  std::filesystem::path repository_;
  MirrorHealth health_;
  std::string behind_;
};

Result<void> check_names(const Config& config, const std::vector<std::string>& mirrors) {
  for (const std::string& name : mirrors) {
    if (config.find_mirror(name) == nullptr)
      return fail(ErrorKind::bad_input, "there is no mirror '{}' in {}", name,
                  config.file.string());
  }
  return {};
}

}  // namespace

std::string_view state_name(MirrorHealth::State state) {
  switch (state) {
    case State::live:
      return "live";
    case State::behind:
      return "behind";
    case State::moved:
      return "moved";
    case State::geo_blocked:
      return "geo-blocked";
    case State::taken_down:
      return "taken-down";
    case State::gone:
      return "gone";
    case State::refused:
      return "refused";
    case State::rate_limited:
      return "rate-limited";
    case State::unreachable:
      break;
  }
  return "unreachable";
}

Result<std::vector<MirrorHealth>> check_mirrors(const Config& config,
                                                const MirrorCheckOptions& options,
                                                const Clock& clock) {
  if (auto known = check_names(config, options.mirrors); !known)
    return tl::unexpected(std::move(known.error()));
  auto store = Store::open(config.state, Store::Mode::read_only);
  if (!store) return tl::unexpected(std::move(store.error()));
  std::vector<std::future<MirrorHealth>> looks;
  for (const SiteConfig& site : config.sites) {
    for (const std::string& name : site.mirrors) {
      const bool asked =
          options.mirrors.empty() ||
          std::find(options.mirrors.begin(), options.mirrors.end(), name) != options.mirrors.end();
      const MirrorSettings* mirror = config.find_mirror(name);
      if (!asked || mirror == nullptr) continue;
      auto known = store->mirror(site.name, name);
      if (!known) return tl::unexpected(std::move(known.error()));
      looks.push_back(std::async(std::launch::async,
                                 [look = Look(config, options, site, *mirror, std::move(*known),
                                              clock.now())]() mutable { return look.work(); }));
    }
  }
  std::vector<MirrorHealth> found;
  found.reserve(looks.size());
  for (auto& look : looks)
    found.push_back(look.get());
  return found;
}

}  // namespace dandelion
