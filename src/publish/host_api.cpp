// SPDX-License-Identifier: MIT
#include "publish/host_api.hpp"

#include <nlohmann/json.hpp>

#include "core/log.hpp"
#include "core/mirror_addresses.hpp"
#include "core/stop_signal.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "fetch/easy_handle.hpp"
#include "fetch/private_address.hpp"
#include "publish/host_limits.hpp"
#include "publish/push_target.hpp"
#include "publish/rate_limit.hpp"
#include "publish/redaction.hpp"
#include "publish/remote_words.hpp"

namespace dandelion {
namespace {

using nlohmann::json;

// What lies deeper is dropped: no host nests its answers so, and printing a value goes down its
// levels by recursion.
constexpr int max_depth = 16;

json parsed(const ApiAnswer& answer) {
  const auto keep = [](int depth, json::parse_event_t, const json&) { return depth <= max_depth; };
  return json::parse(answer.body, keep,
                     false);  // no exceptions: "discarded" where it is no JSON
}

// The text at one key of an object; empty where there is none.
std::string text_at(const json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_string()
             ? clean_remote_text(found->get<std::string>(), 300)
             : std::string();
}

std::string words_of(const ApiAnswer& answer) {
  const json body = parsed(answer);
  std::string words = text_at(body, "message");
  if (words.empty()) words = text_at(body, "error");
  if (body.is_object() && body.contains("message") && !body["message"].is_string())
    words = clean_remote_text(body["message"].dump(-1, ' ', false, json::error_handler_t::replace),
                              300);
  return words;
}

// The page that people have of a repository.
std::string page_of(HostKind kind, const json& repository) {
  return text_at(repository, kind == HostKind::gitlab ? "web_url" : "html_url");
}

bool is_redirect(long status) {
  return status == 301 || status == 302 || status == 307 || status == 308;
}

// Where a redirect leads, fit for our log.
std::string new_address(const ApiAnswer& answer) {
  return clean_remote_text(printable_url(redact_url(answer.header("location"))));
}

// The address in a Link header (RFC 8288) whose relation is "blocked-by" (RFC 7725): who blocks.
std::string blocked_by(std::string_view links) {
  while (!links.empty()) {
    const auto begin = links.find('<');
    const auto end = links.find('>', begin == std::string_view::npos ? 0 : begin);
    if (begin == std::string_view::npos || end == std::string_view::npos) return {};
    const std::string_view target = links.substr(begin + 1, end - begin - 1);
    links.remove_prefix(end + 1);
    const auto next = std::min(links.find(",<"), links.find(", <"));
    if (links.substr(0, next).find("blocked-by") != std::string_view::npos)
      return clean_remote_text(redact_url(target), 200);
    links.remove_prefix(std::min(next, links.size()));
  }
  return {};
}

// The first address in a page or text that is, by its own words, a notice's.
std::string notice_in(std::string_view body) {
  constexpr std::size_t looked_through = 64U << 10;
  constexpr std::size_t longest = 300;
  body = body.substr(0, looked_through);
  for (auto at = body.find("http"); at != std::string_view::npos; at = body.find("http", at + 4)) {
    std::string_view url = body.substr(at, longest);
    url = url.substr(0, url.find_first_of(std::string_view(" \t\r\n\"'<>\\)", 10)));
    while (url.ends_with('.') || url.ends_with(',') || url.ends_with(';'))
      url.remove_suffix(1);
    const std::string lower = ascii_lower(url);
    const bool is_address = lower.starts_with("http://") || lower.starts_with("https://");
    const auto says = [&lower](const char* word) { return lower.find(word) != std::string::npos; };
    if (is_address && (says("dmca") || says("notice") || says("takedown") || says("lumendatabase")))
      return clean_remote_text(redact_url(url), longest);
  }
  return {};
}

// 451 (RFC 7725), or GitHub's 403 with what was blocked, why, and where the notice stands.
std::optional<HostVerdict> block_in(const ApiAnswer& answer) {
  const json body = parsed(answer);
  const bool has_block = body.is_object() && body.contains("block");
  if (answer.status != 451 && !(answer.status == 403 && has_block)) return std::nullopt;
  const json block = has_block ? body["block"] : json();
  std::string detail = text_at(block, "reason");
  if (detail.empty()) detail = "for legal reasons";
  std::string notice = printable_url(text_at(block, "html_url"));
  if (notice.empty()) notice = notice_in(answer.body);
  if (!notice.empty()) detail += ", notice " + notice;
  const std::string blocker = blocked_by(answer.header("link"));
  if (!blocker.empty()) detail += ", blocked by " + blocker;
  return HostVerdict{HostVerdict::State::taken_down, detail};
}

std::optional<HostVerdict> rate_limit_in(const ApiAnswer& answer, Timestamp now) {
  const auto limit = find_rate_limit(answer, now);
  if (!limit) return std::nullopt;
  return HostVerdict{HostVerdict::State::rate_limited,
                     limit->again ? format_rfc3339(*limit->again) : "later", limit->again};
}

std::vector<std::string> headers_for(const HostPlace& place, const std::string& token) {
  std::vector<std::string> headers = {"Accept: application/json", "Content-Type: application/json"};
  if (place.kind == HostKind::github) {
    headers[0] = "Accept: application/vnd.github+json";
    headers.emplace_back("X-GitHub-Api-Version: 2022-11-28");
  }
  if (token.empty()) return headers;
  switch (place.kind) {
    case HostKind::github:
      headers.push_back("Authorization: Bearer " + token);
      break;
    case HostKind::gitlab:
      headers.push_back("PRIVATE-TOKEN: " + token);
      break;
    case HostKind::forgejo:
      headers.push_back("Authorization: token " + token);
      break;
  }
  return headers;
}

std::string repository_url(const HostPlace& place) {
  if (place.kind == HostKind::gitlab)
    return place.api + "/projects/" + percent_encode(place.owner + "/" + place.name);
  return fmt::format("{}/repos/{}/{}", place.api, place.owner, place.name);
}

// Longer than this a host is not waited for.
constexpr std::chrono::seconds longest_wait{120};

// send_request, and once more when the host says that a short wait will do.
Result<ApiAnswer> send_patiently(const NetworkSettings& network, const std::string& mirror,
                                 const ApiRequest& request, const Redaction& redaction) {
  auto answer = send_request(network, mirror, request, redaction);
  if (!answer) return answer;
  const Timestamp now = SystemClock().now();
  const auto limited = rate_limit_in(*answer, now);
  if (!limited || !limited->again || *limited->again - now > longest_wait) return answer;
  log_info("mirror {}: its host wants to be asked again at {}", mirror, limited->detail);
  if (!waited_without_stop(*limited->again - now)) return answer;
  return send_request(network, mirror, request, redaction);
}

// One host, one mirror, its token.
class Conversation {
 public:
  static Result<Conversation> begin(const HostPlace& place, const MirrorSettings& mirror,
                                    const NetworkSettings& network) {
    const auto url = parse_url(place.api);
    if (!url) return tl::unexpected(url.error());
    auto credentials = read_credentials(mirror, *url, network);
    if (!credentials) return tl::unexpected(std::move(credentials.error()));
    return Conversation(place, mirror, network, credentials->value_or(Credentials()));
  }

  [[nodiscard]] bool has_token() const { return !token_.empty(); }

  // Waits as told where the host wants it for a short while: what it refused it did not do.
  Result<ApiAnswer> send(const std::string& method, const std::string& url,
                         const json& body = nullptr) const {
    return send_patiently(network_, mirror_.name,
                          {.method = method,
                           .url = url,
                           .headers = headers_for(place_, is_at_home(url) ? token_ : ""),
                           .body = body.is_null() ? std::string() : body.dump()},
                          redaction_);
  }

  // The page that people have of a repository that has moved; where nobody names one, `otherwise`.
  // A redirect of the interface leads to another address of the interface, which knows the page.
  [[nodiscard]] std::string new_page(std::string otherwise) const {
    constexpr int max_hops = 3;
    std::string at = repository_url(place_);
    auto answer = send("GET", at);
    for (int hop = 0; hop < max_hops && answer && is_redirect(answer->status); ++hop) {
      const auto next = resolve_url(at, answer->header("location"));
      if (!next || !may_follow(at, *next)) return otherwise;
      at = without_fragment(*next);
      answer = send("GET", at);
    }
    if (!answer || answer->status != 200) return otherwise;
    std::string page = printable_url(redact_url(page_of(place_.kind, parsed(*answer))));
    return parse_url(page) ? page : otherwise;
  }

  // The same, where only a success will do.
  Result<ApiAnswer> expect(const std::string& method, const std::string& url,
                           const json& body = nullptr) const {
    auto answer = send(method, url, body);
    return answer ? accepted(std::move(*answer), url) : answer;
  }

  // The answer, where it is a success.
  [[nodiscard]] Result<ApiAnswer> accepted(ApiAnswer answer, const std::string& url) const {
    if (answer.status >= 200 && answer.status < 300) return answer;
    return tl::unexpected(refusal(answer, url));
  }

 private:
  // The token is for the interface's own scheme, host and port.
  [[nodiscard]] bool is_at_home(const std::string& url) const {
    const auto home = parse_url(place_.api);
    const auto there = parse_url(url);
    return home && there && home->scheme == there->scheme && home->host == there->host &&
           home->port == there->port;
  }

  [[nodiscard]] bool may_follow(std::string_view from, const std::string& to) const {
    const auto url = parse_url(to);
    return url && url->user.empty() && !(from.starts_with("https:") && url->scheme == "http") &&
           (network_.allow_private_addresses || !is_private_host(url->host));
  }

  [[nodiscard]] Error refusal(const ApiAnswer& answer, const std::string& url) const {
    Error error = status_error(answer.status, url);
    const HostVerdict verdict = judge(place_.kind, answer, SystemClock().now());
    switch (verdict.state) {
      case HostVerdict::State::moved:
        error.message = fmt::format("{}: it has moved to {} (HTTP {}); change the mirror's `url:`",
                                    redact_url(url), new_page(verdict.detail), answer.status);
        return error;
      case HostVerdict::State::taken_down:
        error.message += ": taken down, " + verdict.detail;
        return error;
      case HostVerdict::State::rate_limited:
        error.kind = ErrorKind::transient;
        error.message += "; the host wants to be asked again at " + verdict.detail;
        return error;
      default:
        break;
    }
    if (answer.status == 409 || answer.status == 422) error.kind = ErrorKind::conflict;
    const std::string words = words_of(answer);
    if (!words.empty()) error.message += ": " + words;
    return error;
  }

  Conversation(const HostPlace& place, const MirrorSettings& mirror, const NetworkSettings& network,
               const Credentials& credentials)
      : place_(place),
        mirror_(mirror),
        network_(network),
        token_(credentials.token.reveal()),
        redaction_(credentials) {}
  const HostPlace& place_;
  const MirrorSettings& mirror_;
  const NetworkSettings& network_;
  std::string token_;
  Redaction redaction_;
};

Result<Conversation> begin_with_token(const HostPlace& place, const MirrorSettings& mirror,
                                      const NetworkSettings& network) {
  auto talk = Conversation::begin(place, mirror, network);
  if (talk && !talk->has_token())
    return fail(ErrorKind::bad_input, "the host's interface wants a `token:`, and there is none");
  return talk;
}

json github_body(const HostPlace& place, const NewRepository& wanted) {
  return {{"name", place.name},          {"description", wanted.description},
          {"homepage", wanted.homepage}, {"private", false},
          {"has_issues", false},         {"has_wiki", false},
          {"has_projects", false},       {"auto_init", false}};
}

Result<void> create_as_owner(const Conversation& talk, const HostPlace& place, const json& body) {
  auto user = talk.expect("GET", place.api + "/user");
  if (!user) return tl::unexpected(std::move(user.error()));
  const bool is_own = equals_ignoring_case(text_at(parsed(*user), "login"), place.owner);
  const std::string url =
      is_own ? place.api + "/user/repos" : fmt::format("{}/orgs/{}/repos", place.api, place.owner);
  return talk.expect("POST", url, body).map([](const ApiAnswer&) {});
}

Result<void> create_on_gitlab(const Conversation& talk, const HostPlace& place,
                              const NewRepository& wanted) {
  auto space = talk.expect("GET", place.api + "/namespaces/" + percent_encode(place.owner));
  if (!space) return tl::unexpected(std::move(space.error()));
  const json found = parsed(*space);
  if (!found.is_object() || !found.contains("id") || !found["id"].is_number_integer())
    return fail(ErrorKind::malformed, "GitLab does not say which namespace {} is", place.owner);
  return talk
      .expect("POST", place.api + "/projects",
              {{"name", place.name},
               {"path", place.name},
               {"namespace_id", found["id"].get<std::int64_t>()},
               {"description", wanted.description},
               {"visibility", "public"},
               {"issues_access_level", "disabled"},
               {"wiki_access_level", "disabled"},
               {"initialize_with_readme", false}})
      .map([](const ApiAnswer&) {});
}

std::optional<HostKind> kind_of(const MirrorSettings& mirror) {
  const std::string_view name = limits_of(mirror).name;
  if (name == "github") return HostKind::github;
  if (name == "gitlab") return HostKind::gitlab;
  if (name == "forgejo" || name == "codeberg") return HostKind::forgejo;
  return std::nullopt;
}

// "a/b/c.git" of the address, without slashes and dots of its ends.
std::string path_of(const MirrorSettings& mirror) {
  const auto target = parse_target(mirror.url);
  std::string path;
  if (target && std::holds_alternative<WebTarget>(*target)) {
    path = std::get<WebTarget>(*target).url.path;
  } else if (target && std::holds_alternative<SshTarget>(*target)) {
    path = std::get<SshTarget>(*target).path;
  }
  while (path.starts_with('/'))
    path.erase(0, 1);
  if (path.ends_with(".git")) path.resize(path.size() - 4);
  return path;
}

}  // namespace

std::optional<HostPlace> place_of(const MirrorSettings& mirror) {
  const auto kind = kind_of(mirror);
  const std::string path = path_of(mirror);
  const auto slash = path.rfind('/');
  if (!kind || slash == std::string::npos || slash == 0) return std::nullopt;
  HostPlace place{*kind, mirror.api, path.substr(0, slash), path.substr(slash + 1)};
  while (place.api.ends_with('/'))
    place.api.pop_back();
  if (place.api.empty()) {
    const std::string host = host_of(mirror);
    place.api = *kind == HostKind::github   ? "https://api.github.com"
                : *kind == HostKind::gitlab ? fmt::format("https://{}/api/v4", host)
                                            : fmt::format("https://{}/api/v1", host);
  }
  return place;
}

HostVerdict judge(HostKind kind, const ApiAnswer& answer, Timestamp now) {
  using State = HostVerdict::State;
  if (auto limited = rate_limit_in(answer, now)) return *limited;
  if (auto blocked = block_in(answer)) return *blocked;
  const json body = parsed(answer);
  if (is_redirect(answer.status)) {
    const std::string where = new_address(answer);
    return {State::moved, where.empty() ? printable_url(text_at(body, "url")) : where};
  }
  switch (answer.status) {
    case 200:
      break;
    case 401:
      return {State::refused, "the token is not accepted"};
    case 403:
      return {State::refused, words_of(answer)};
    case 404:
    case 410:
      return {State::gone, fmt::format("HTTP {}", answer.status)};
    default:
      return {State::unreachable, fmt::format("HTTP {}", answer.status)};
  }
  if (!body.is_object()) return {State::unreachable, "the answer is not what the host speaks"};
  if (body.value("disabled", json()) == json(true))
    return {State::taken_down, "disabled by the host"};
  // To those without a token GitLab does not say it, and what they get is visible.
  const std::string visibility = text_at(body, "visibility");
  const bool hidden = body.value("private", json()) == json(true) ||
                      (kind == HostKind::gitlab && !visibility.empty() && visibility != "public");
  if (hidden) return {State::gone, "it is private: readers do not see it"};
  if (body.value("archived", json()) == json(true)) return {State::refused, "it is archived"};
  return {State::live, page_of(kind, body)};
}

HostVerdict judge_reading(const ApiAnswer& answer, Timestamp now) {
  using State = HostVerdict::State;
  if (auto limited = rate_limit_in(answer, now)) return *limited;
  if (auto blocked = block_in(answer)) return *blocked;
  const std::string status = fmt::format("HTTP {}", answer.status);
  if (answer.status >= 200 && answer.status < 300) {
    const std::string path = answer.url.substr(0, answer.url.find('?'));
    const bool asks_who = path.ends_with("/users/sign_in") || path.ends_with("/user/login") ||
                          path.ends_with("/login");
    return asks_who ? HostVerdict{State::gone, "it asks to sign in"} : HostVerdict{State::live, ""};
  }
  if (is_redirect(answer.status)) return {State::moved, new_address(answer)};
  switch (answer.status) {
    case 401:
    case 403:
      return {State::refused, status};
    case 404:
    case 410:
      return {State::gone, status};
    default:
      return {State::unreachable, status};
  }
}

namespace {

Result<HostVerdict> ask_host(const HostPlace& place, const MirrorSettings& mirror,
                             const NetworkSettings& network, Timestamp now) {
  auto talk = Conversation::begin(place, mirror, network);
  if (!talk) return tl::unexpected(std::move(talk.error()));
  auto answer = talk->send("GET", repository_url(place));
  if (!answer) return tl::unexpected(std::move(answer.error()));
  HostVerdict verdict = judge(place.kind, *answer, now);
  if (verdict.state == HostVerdict::State::moved) verdict.detail = talk->new_page(verdict.detail);
  return verdict;
}

// git's own first request, without an account; the host knows the token by pushes.
Result<HostVerdict> ask_by_git(const MirrorSettings& mirror, const NetworkSettings& network,
                               Timestamp now) {
  constexpr std::string_view question = "/info/refs?service=git-upload-pack";
  const auto target = parse_target(mirror.url);
  if (!target || !std::holds_alternative<WebTarget>(*target))
    return HostVerdict{HostVerdict::State::live, ""};
  const std::string& address = std::get<WebTarget>(*target).address;
  auto answer = send_patiently(
      network, mirror.name,
      {.method = "GET", .url = address + std::string(question), .headers = {}, .body = {}},
      redaction_of(mirror));
  if (!answer) return tl::unexpected(std::move(answer.error()));
  HostVerdict verdict = judge_reading(*answer, now);
  switch (verdict.state) {
    case HostVerdict::State::moved:
      if (verdict.detail.ends_with(question))
        verdict.detail.resize(verdict.detail.size() - question.size());
      // As a push takes it: for good, and elsewhere than at the same address with its ending.
      if ((answer->status == 301 || answer->status == 308) && verdict.detail != address + ".git")
        return verdict;
      return HostVerdict{HostVerdict::State::live, ""};
    case HostVerdict::State::taken_down:
    case HostVerdict::State::rate_limited:
      return verdict;
    default:
      return HostVerdict{HostVerdict::State::live, ""};
  }
}

}  // namespace

Result<HostVerdict> ask_about(const MirrorSettings& mirror, const NetworkSettings& network,
                              Timestamp now) {
  const auto place = place_of(mirror);
  auto verdict = place ? ask_host(*place, mirror, network, now) : ask_by_git(mirror, network, now);
  if (!verdict && verdict.error().kind == ErrorKind::transient)
    return HostVerdict{HostVerdict::State::unreachable, verdict.error().message};
  return verdict;
}

Result<void> create_on_host(const HostPlace& place, const MirrorSettings& mirror,
                            const NetworkSettings& network, const NewRepository& wanted) {
  auto talk = begin_with_token(place, mirror, network);
  if (!talk) return tl::unexpected(std::move(talk.error()));
  switch (place.kind) {
    case HostKind::github:
      return create_as_owner(*talk, place, github_body(place, wanted));
    case HostKind::gitlab:
      return create_on_gitlab(*talk, place, wanted);
    case HostKind::forgejo:
      break;
  }
  auto made = create_as_owner(*talk, place,
                              {{"name", place.name},
                               {"description", wanted.description},
                               {"private", false},
                               {"auto_init", false}});
  if (!made) return made;
  return talk
      ->expect("PATCH", repository_url(place),
               {{"website", wanted.homepage}, {"has_issues", false}, {"has_wiki", false}})
      .map([](const ApiAnswer&) {});
}

namespace {

// https://docs.github.com/en/rest/pages/pages
Result<std::string> turn_github_pages_on(const Conversation& talk, const HostPlace& place,
                                         const MirrorSettings& mirror) {
  const std::string url = repository_url(place) + "/pages";
  const std::string path = mirror.folder.empty() ? "/" : "/docs";
  auto on = talk.send("POST", url, {{"source", {{"branch", mirror.branch}, {"path", path}}}});
  const bool were_on = on && on->status == 409;
  if (were_on) {
    on = talk.expect("GET", url);
  } else if (on) {
    on = talk.accepted(std::move(*on), url);
  }
  if (!on) return tl::unexpected(std::move(on.error()));
  const json pages = parsed(*on);
  const json source = pages.is_object() ? pages.value("source", json()) : json();
  const std::string branch = text_at(source, "branch");
  const std::string from = text_at(source, "path");
  if (were_on && !branch.empty() && (branch != mirror.branch || from != path)) {
    return fail(
        ErrorKind::conflict,
        "they are on already, and made of {} of the branch {}, not of {} of {}: change that "
        "in the repository's settings, or take `pages:` away",
        from, branch, path, mirror.branch);
  }
  return text_at(pages, "html_url");
}

// https://docs.gitlab.com/api/projects/, https://docs.gitlab.com/api/pages/,
// https://docs.gitlab.com/ci/pipelines/settings/#specify-a-custom-cicd-configuration-file
Result<std::string> turn_gitlab_pages_on(const Conversation& talk, const HostPlace& place,
                                         const MirrorSettings& mirror) {
  const std::string url = repository_url(place);
  const std::string folder = mirror.folder.empty() ? "" : mirror.folder + "/";
  auto open = talk.expect("PUT", url,
                          {{"pages_access_level", "public"},
                           {"ci_config_path", folder + std::string(gitlab_pages_path)}});
  if (!open) return tl::unexpected(std::move(open.error()));
  auto on = talk.expect("PATCH", url + "/pages", {{"pages_unique_domain_enabled", false}});
  if (!on) return tl::unexpected(std::move(on.error()));
  return text_at(parsed(*on), "url");
}

}  // namespace

Result<std::string> turn_pages_on(const HostPlace& place, const MirrorSettings& mirror,
                                  const NetworkSettings& network) {
  if (place.kind == HostKind::forgejo) {
    return fail(ErrorKind::bad_input,
                "there is nothing to turn on: the host makes Pages of a branch by itself, or none");
  }
  if (const std::string obstacle = pages_obstacle_of(mirror); !obstacle.empty())
    return fail(ErrorKind::bad_input, "{}", obstacle);
  auto talk = begin_with_token(place, mirror, network);
  if (!talk) return tl::unexpected(std::move(talk.error()));
  return place.kind == HostKind::github ? turn_github_pages_on(*talk, place, mirror)
                                        : turn_gitlab_pages_on(*talk, place, mirror);
}

Result<void> remove_from_host(const HostPlace& place, const MirrorSettings& mirror,
                              const NetworkSettings& network) {
  auto talk = begin_with_token(place, mirror, network);
  if (!talk) return tl::unexpected(std::move(talk.error()));
  return talk->expect("DELETE", repository_url(place)).map([](const ApiAnswer&) {});
}

std::string raw_front_page(const MirrorSettings& mirror) {
  const auto kind = kind_of(mirror);
  if (!kind || mirror.public_url.empty()) return {};
  std::string base = mirror.public_url;
  while (base.ends_with('/'))
    base.pop_back();
  const std::string file = mirror.folder.empty() ? "README.md" : mirror.folder + "/README.md";
  switch (*kind) {
    case HostKind::github:
      return fmt::format("{}/raw/{}/{}", base, mirror.branch, file);
    case HostKind::gitlab:
      return fmt::format("{}/-/raw/{}/{}", base, mirror.branch, file);
    case HostKind::forgejo:
      break;
  }
  return fmt::format("{}/raw/branch/{}/{}", base, mirror.branch, file);
}

}  // namespace dandelion
