// SPDX-License-Identifier: MIT
#include "archive/browser_rendering.hpp"

#include <set>
#include <vector>

#include "archive/browser_process.hpp"
#include "archive/devtools.hpp"
#include "core/log.hpp"
#include "core/url.hpp"
#include "fetch/easy_handle.hpp"
#include "fetch/socks_relay.hpp"

namespace dandelion {
namespace {

using Json = DevTools::Json;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

// A browser's own start, on a slow machine under load.
constexpr seconds longest_start{60};
constexpr seconds longest_loading{20};
constexpr seconds longest_reading{10};
constexpr milliseconds quiet_enough{500};
constexpr int readings = 3;
constexpr std::string_view unwanted_features =
    "AutofillServerCommunication,CertificateTransparencyComponentUpdater,DialMediaRouteProvider,"
    "InterestFeedContentSuggestions,MediaRouter,OptimizationHints,NetworkTimeServiceQuerying,"
    "Translate";
constexpr int window_width = 1'280;
constexpr int window_height = 1'024;

std::vector<std::string> arguments_of(const BrowserSettings& browser,
                                      const NetworkSettings& network, std::uint16_t relay) {
  std::vector<std::string> arguments = {
      "--headless",
      // Everything by the relay: nothing is resolved here, no datagram goes past it.
      fmt::format("--proxy-server=socks5://127.0.0.1:{}", relay),
      "--proxy-bypass-list=<-loopback>",
      "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
      "--disable-quic",
      "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
      "--webrtc-ip-handling-policy=disable_non_proxied_udp",
      "--dns-prefetch-disable",
      // Nothing of its own accord.
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-client-side-phishing-detection",
      "--disable-default-apps",
      "--disable-domain-reliability",
      "--disable-extensions",
      "--disable-sync",
      "--disable-breakpad",
      "--disable-features=" + std::string(unwanted_features),
      "--no-default-browser-check",
      "--no-first-run",
      "--no-pings",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--mute-audio",
      "--password-store=basic",
      "--lang=en-US",
      "--user-agent=" + network.user_agent,
  };
  if (!browser.sandbox) arguments.emplace_back("--no-sandbox");
  return arguments;
}

std::string text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

long number_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<long>() : 0;
}

class Rendering {
 public:
  Rendering(const BrowserProcess& process, std::string url)
      : url_(std::move(url)),
        tools_(process.commands(), process.answers(),
               [this](const std::string& method, const Json& parameters) {
                 take_event(method, parameters);
               }) {}

  Result<RenderedPage> work() {
    if (auto opened = open(); !opened) return tl::unexpected(opened.error());
    if (auto loaded = load(); !loaded) return tl::unexpected(loaded.error());
    if (auto read = read_tree(); !read) return tl::unexpected(read.error());
    return std::move(page_);
  }

 private:
  // A tab in a context of its own, which keeps nothing.
  Result<void> open() {
    const auto deadline = Clock::now() + longest_start;
    auto version = tools_.ask("Browser.getVersion", Json::object(), deadline);
    if (!version) return tl::unexpected(version.error());
    const std::string product = text_at(*version, "product");
    page_.browser = "Chromium " + product.substr(product.find('/') + 1);
    auto context = tools_.ask("Target.createBrowserContext", {{"disposeOnDetach", true}}, deadline);
    if (!context) return tl::unexpected(context.error());
    context_ = text_at(*context, "browserContextId");
    auto denied = tools_.ask("Browser.setDownloadBehavior",
                             {{"behavior", "deny"}, {"browserContextId", context_}}, deadline);
    if (!denied) return tl::unexpected(denied.error());
    auto target = tools_.ask("Target.createTarget",
                             {{"url", "about:blank"},
                              {"browserContextId", context_},
                              {"width", window_width},
                              {"height", window_height}},
                             deadline);
    if (!target) return tl::unexpected(target.error());
    target_ = text_at(*target, "targetId");
    auto session =
        tools_.ask("Target.attachToTarget", {{"targetId", target_}, {"flatten", true}}, deadline);
    if (!session) return tl::unexpected(session.error());
    if (auto told = tools_.ask("Target.setDiscoverTargets", {{"discover", true}}, deadline); !told)
      return tl::unexpected(told.error());
    tools_.use_session(text_at(*session, "sessionId"));
    for (const char* domain : {"Page.enable", "Network.enable", "DOM.enable"}) {
      auto enabled = tools_.ask(domain, Json::object(), deadline);
      if (!enabled) return tl::unexpected(enabled.error());
    }
    return {};
  }

  Result<void> load() {
    const auto deadline = Clock::now() + longest_loading;
    auto navigation = tools_.tell("Page.navigate", {{"url", url_}});
    if (!navigation) return tl::unexpected(navigation.error());
    auto begun = tools_.answer(*navigation, deadline);
    if (!begun) return tl::unexpected(begun.error());
    const std::string why = text_at(*begun, "errorText");
    if (!why.empty())
      return fail(ErrorKind::transient, "{}: the browser cannot open it: {}", redact_url(url_),
                  why);
    last_change_ = Clock::now();
    while (!is_loaded_ || !open_requests_.empty() || Clock::now() - last_change_ < quiet_enough) {
      if (Clock::now() >= deadline) {
        page_.settled = false;
        break;
      }
      if (auto heard = tools_.listen(quiet_enough); !heard) return heard;
    }
    if (status_ >= 400) return tl::unexpected(status_error(status_, url_));
    return {};
  }

  // Without running anything of the page's.
  Result<void> read_tree() {
    Error last{ErrorKind::transient, "the browser does not answer"};
    if (!page_.settled) end_scripts();
    for (int reading = 0; reading < readings; ++reading) {
      auto read = read_once();
      if (read) return {};
      last = read.error();
      if (last.kind == ErrorKind::stopped || last.kind == ErrorKind::too_large) break;
      // It is busy with a script, or loads the tree that it was asked for anew.
      end_scripts();
    }
    return tl::unexpected(Error{last.kind, fmt::format("{}: {}", redact_url(url_), last.message)});
  }

  void end_scripts() {
    static_cast<void>(tools_.tell("Runtime.terminateExecution"));
    static_cast<void>(tools_.tell("Emulation.setScriptExecutionDisabled", {{"value", true}}));
    static_cast<void>(tools_.tell("Page.stopLoading"));
  }

  Result<void> read_once() {
    const auto deadline = Clock::now() + longest_reading;
    auto document = tools_.ask("DOM.getDocument", {{"depth", 0}}, deadline);
    if (!document) return tl::unexpected(document.error());
    const Json root = document->value("root", Json::object());
    if (!root.is_object()) return fail(ErrorKind::malformed, "the browser shows no tree");
    auto tree = tools_.ask("DOM.getOuterHTML", {{"nodeId", number_at(root, "nodeId")}}, deadline);
    if (!tree) return tl::unexpected(tree.error());
    page_.html = text_at(*tree, "outerHTML");
    page_.url = without_fragment(text_at(root, "documentURL"));
    if (!parse_url(page_.url)) return fail(ErrorKind::refused, "its scripts led to no web page");
    return {};
  }

  void take_event(const std::string& method, const Json& parameters) {
    if (method == "Page.loadEventFired") {
      is_loaded_ = true;
    } else if (method == "Network.requestWillBeSent") {
      open_requests_.insert(text_at(parameters, "requestId"));
    } else if (method == "Network.loadingFinished" || method == "Network.loadingFailed") {
      open_requests_.erase(text_at(parameters, "requestId"));
    } else if (method == "Network.responseReceived") {
      take_response(parameters);
    } else if (method == "Page.javascriptDialogOpening") {
      static_cast<void>(tools_.tell("Page.handleJavaScriptDialog", {{"accept", false}}));
    } else if (method == "Target.targetCreated") {
      close_window(parameters);
    }
    last_change_ = Clock::now();
  }

  void take_response(const Json& parameters) {
    if (text_at(parameters, "type") != "Document" || text_at(parameters, "frameId") != target_)
      return;
    const auto response = parameters.find("response");
    if (response == parameters.end() || !response->is_object()) return;
    status_ = number_at(*response, "status");
  }

  // The page is shown in one window, and opens no other.
  void close_window(const Json& parameters) {
    const auto info = parameters.find("targetInfo");
    if (info == parameters.end() || !info->is_object()) return;
    const std::string target = text_at(*info, "targetId");
    if (text_at(*info, "type") == "page" && text_at(*info, "browserContextId") == context_ &&
        target != target_)
      static_cast<void>(tools_.tell("Target.closeTarget", {{"targetId", target}}));
  }

  const std::string url_;
  std::string context_;
  std::string target_;  // and the main frame's name
  bool is_loaded_ = false;
  long status_ = 0;
  std::set<std::string> open_requests_;
  Clock::time_point last_change_;
  RenderedPage page_;
  DevTools tools_;  // last: it calls back
};

}  // namespace

Result<RenderedPage> render_in_browser(const BrowserSettings& browser,
                                       const NetworkSettings& network, const std::string& site,
                                       std::optional<std::size_t> first_proxy,
                                       const std::string& url) {
  auto relay = SocksRelay::start(network, site, first_proxy, {});
  if (!relay) return tl::unexpected(relay.error());
  auto process =
      BrowserProcess::start(browser.program, arguments_of(browser, network, relay->port()));
  if (!process) return tl::unexpected(process.error());
  auto rendered = Rendering(*process, url).work();
  if (rendered || rendered.error().kind != ErrorKind::transient) return rendered;
  // What the browser says is short; the relay, or what it complained with, tells why.
  Error error = rendered.error();
  const std::string why = relay->last_error();
  const std::string said = why.empty() ? process->complaint() : why;
  if (!said.empty()) error.message += " (" + said + ")";
  return tl::unexpected(error);
}

}  // namespace dandelion
