// SPDX-License-Identifier: MIT
#include "archive/page_capture.hpp"

#include <algorithm>
#include <chrono>
#include <tuple>

#include "archive/article_of_page.hpp"
#include "archive/article_pictures.hpp"
#include "core/log.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "html/charset.hpp"
#include "html/parse.hpp"

namespace dandelion {
namespace {

constexpr std::size_t most_resources = 1'000;
constexpr std::uint64_t most_bytes_each = 20U << 20;
// For all that a page shows: a server that lets its bytes drip would hold us for days.
constexpr std::chrono::minutes longest_capture{5};
constexpr int deepest_frame = 3;
constexpr int deepest_style = 5;
// One picture may stand on a page a thousand times.
constexpr std::size_t most_embedded = 200U << 20;

// As a browser would, where the server says nothing.
bool is_html(const FetchedPage& page) {
  const std::string type = media_type(page.content_type);
  if (!type.empty()) return type == "text/html" || type == "application/xhtml+xml";
  const std::string head = ascii_lower(page.body.substr(0, 512));
  return head.find("<!doctype html") != std::string::npos ||
         head.find("<html") != std::string::npos;
}

// A browser takes nothing else for a style sheet (outside of quirks mode).
bool is_style(const FetchedPage& page) {
  const std::string type = media_type(page.content_type);
  return type.empty() || type == "text/css";
}

// What stands before the tree: without it a page would be laid out in another mode than it was.
std::string doctype_of(std::string_view text) {
  const std::string head = ascii_lower(text.substr(0, 2'048));
  const auto begin = head.find("<!doctype");
  const auto end = head.find('>', begin);
  if (begin == std::string::npos || end == std::string::npos) return {};
  return std::string(text.substr(begin, end + 1 - begin)) + "\n";
}

// Of why something could not be had, what may be given away: messages name proxies.
std::string_view word_for(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::not_found:
      return "not there";
    case ErrorKind::refused:
      return "refused";
    case ErrorKind::too_large:
      return "too large";
    case ErrorKind::malformed:
      return "damaged";
    case ErrorKind::stopped:
      return "stopped";
    default:
      return "no answer";
  }
}

bool is_out_of_reach(ErrorKind kind, const ExchangeLog& log) {
  const bool answered = !log.exchanges().empty() && !log.exchanges().back().response_header.empty();
  return kind == ErrorKind::not_found || (kind == ErrorKind::refused && answered) ||
         (kind == ErrorKind::transient && !answered);
}

bool begins_data_address(std::string_view text, std::size_t colon) {
  constexpr std::string_view scheme = "data";
  return colon >= scheme.size() &&
         equals_ignoring_case(text.substr(colon - scheme.size(), scheme.size()), scheme);
}

// The bytes without the data: addresses that are longer than any file that is kept.
std::string without_long_data(std::string_view text, std::size_t& left_out) {
  std::string kept;
  std::size_t from = 0;
  for (auto at = text.find(':'); at != std::string_view::npos; at = text.find(':', at)) {
    ++at;
    if (!begins_data_address(text, at - 1)) continue;
    const auto end = std::min(text.find_first_of("\"'()<>", at), text.size());
    if (end - at > most_bytes_each) {
      kept += text.substr(from, at - from);
      kept += ',';
      from = end;
      ++left_out;
    }
    at = end;
  }
  kept += text.substr(from);
  return kept;
}

class SingleFile {
 public:
  explicit SingleFile(const CapturedPage& captured) : captured_(captured) {}

  std::string work() { return page(captured_.page, 0); }

 private:
  std::string page(const FetchedPage& fetched, int depth) {
    const std::string text = page_text(fetched);
    html::Document document = html::parse(text);
    return doctype_of(text) + rewrite_page(document, fetched.url, embed(depth));
  }

  Embed embed(int depth) {
    return [this, depth](const std::string& url, EmbeddedKind kind) -> std::optional<std::string> {
      const auto found = captured_.resources.find(url);
      if (found == captured_.resources.end() || !found->second.error.empty()) return std::nullopt;
      if (depth > deepest_style || embedded_ > most_embedded) return std::nullopt;
      if (kind == EmbeddedKind::frame && depth >= deepest_frame) return std::nullopt;
      auto made = make(url, found->second.page, kind, depth);
      if (made) embedded_ += made->size();
      return made;
    };
  }

  // Pages and style sheets that name one another in circles are made once for each depth: else what
  // it takes would grow with the power of the depth.
  std::optional<std::string> make(const std::string& url, const FetchedPage& fetched,
                                  EmbeddedKind kind, int depth) {
    if (kind == EmbeddedKind::resource)
      return data_address(media_type(fetched.content_type), fetched.body);
    if (kind == EmbeddedKind::frame && !is_html(fetched)) return std::nullopt;
    if (kind == EmbeddedKind::style && !is_style(fetched)) return std::nullopt;
    const auto key = std::tuple(url, kind, depth);
    if (const auto known = made_.find(key); known != made_.end()) return known->second;
    std::string made = kind == EmbeddedKind::frame
                           ? page(fetched, depth + 1)
                           : rewrite_style(page_text(fetched), fetched.url, embed(depth + 1));
    return made_.emplace(key, std::move(made)).first->second;
  }

  const CapturedPage& captured_;
  std::map<std::tuple<std::string, EmbeddedKind, int>, std::string> made_;
  std::size_t embedded_ = 0;
};

}  // namespace

std::string media_type(std::string_view content_type) {
  const std::string type = ascii_lower(trim(content_type));
  return std::string(trim(type.substr(0, type.find(';'))));
}

std::string page_text(const FetchedPage& page, std::size_t* left_out) {
  std::size_t count = 0;
  if (page.body.size() <= most_bytes_each) return html::decode(page.body, page.content_type).text;
  const std::string kept = without_long_data(page.body, count);
  if (left_out != nullptr) *left_out += count;
  return html::decode(kept, page.content_type).text;
}

PageCapture::PageCapture(TransferEngine& engine, std::string url, CaptureOptions options, Done done)
    : engine_(engine), options_(std::move(options)), done_(std::move(done)) {
  captured_.asked = std::move(url);
}

FetchRequest PageCapture::request(const std::string& url, std::uint64_t most) {
  auto log = std::make_shared<ExchangeLog>(budget_, options_.on_bytes);
  captured_.exchanges.push_back(log);
  FetchRequest request{
      options_.snapshot ? snapshot_address(*options_.snapshot, url) : url, options_.site, {}};
  request.max_body = most;
  request.recorder = std::move(log);
  request.passes_robots = true;
  return request;
}

void PageCapture::begin() {
  open_ = 1;
  ask_for_page({});
}

void PageCapture::ask_for_page(std::optional<std::size_t> other_than) {
  captured_.exchanges.clear();
  FetchRequest page = request(captured_.asked, std::max(options_.most_html, options_.most_other));
  page.other_than = other_than;
  page.passes_robots = !options_.obeys_robots;
  engine_.add(std::move(page),
              [this](Result<FetchedPage> fetched) { take_page(std::move(fetched)); });
}

// The archive's copy under the address that it had.
Result<FetchedPage> PageCapture::from_archive(Result<FetchedPage> fetched) const {
  if (!fetched || !options_.snapshot) return fetched;
  auto original = read_snapshot_address(fetched->url);
  if (!original)
    return fail(ErrorKind::refused, "the Wayback Machine leads to {}", redact_url(fetched->url));
  fetched->url = std::move(original->url);
  for (std::string& redirect : fetched->redirects) {
    if (auto earlier = read_snapshot_address(redirect)) redirect = std::move(earlier->url);
  }
  return fetched;
}

void PageCapture::take_page(Result<FetchedPage> fetched) {
  if (!fetched) {
    may_be_archived_ = is_out_of_reach(fetched.error().kind, *captured_.exchanges.front());
    done_(tl::unexpected(fetched.error()));
    return;
  }
  if (options_.snapshot) {
    const std::string address = fetched->url;
    fetched = from_archive(std::move(fetched));
    if (!fetched) {
      done_(tl::unexpected(fetched.error()));
      return;
    }
    captured_.copy = {address, read_snapshot_address(address)->snapshot.time};
  }
  const std::string reason =
      options_.notice_in ? options_.notice_in(captured_.asked, *fetched) : std::string();
  if (!reason.empty()) {
    take_notice(*fetched, reason);
    return;
  }
  captured_.page = std::move(*fetched);
  captured_.is_html = is_html(captured_.page);
  if (captured_.is_html &&
      page_text(captured_.page, &captured_.left_out).size() > options_.most_html) {
    done_(fail(ErrorKind::too_large, "{}: its HTML is larger than {} bytes; see network.max_body",
               redact_url(captured_.asked), options_.most_html));
    return;
  }
  if (captured_.is_html && options_.render) {
    if (auto rendered = render_page(); !rendered) {
      done_(tl::unexpected(rendered.error()));
      return;
    }
  }
  budget_->until = std::chrono::steady_clock::now() + longest_capture;
  if (captured_.is_html) {
    if (auto looked = look_through(captured_.page, EmbeddedKind::frame, 0); !looked) {
      done_(within(redact_url(captured_.asked), looked.error()));
      return;
    }
    captured_.article = article_of(captured_.page);
  }
  // The one of several sizes that is the article's may be none that the page itself names. Those
  // that it names are counted already where they are too many.
  if (captured_.article) {
    for (const std::string& address : picture_addresses(*captured_.article)) {
      if (captured_.resources.size() < most_resources)
        want(without_fragment(address), EmbeddedKind::resource, 1);
    }
  }
  end_one();
}

// Whoever put it there may sit on one way out alone.
void PageCapture::take_notice(const FetchedPage& fetched, const std::string& reason) {
  if (fetched.proxy) engine_.distrust(options_.site, *fetched.proxy, reason);
  if (fetched.proxy && ++notices_ < engine_.ways_out()) {
    ask_for_page(fetched.proxy);
    return;
  }
  may_be_archived_ = true;
  done_(fail(ErrorKind::refused, "{}: a notice came in the page's place: {}",
             redact_url(captured_.asked), reason));
}

Result<void> PageCapture::render_page() {
  FetchedPage& page = captured_.page;
  auto rendered = options_.render(page);
  if (!rendered) return tl::unexpected(rendered.error());
  if (rendered->html.size() > options_.most_html)
    return fail(ErrorKind::too_large, "{}: what scripts made of it is larger than {} bytes",
                redact_url(captured_.asked), options_.most_html);
  captured_.rendered =
      RenderedBy{std::move(rendered->browser), rendered->settled, page.url, sha256_hex(page.body)};
  page.url = std::move(rendered->url);
  page.body = std::move(rendered->html);
  page.content_type = "text/html; charset=utf-8";
  const std::string reason =
      options_.notice_in ? options_.notice_in(captured_.asked, page) : std::string();
  if (reason.empty()) return {};
  return fail(ErrorKind::refused, "{}: a notice came to the browser in the page's place: {}",
              redact_url(captured_.asked), reason);
}

void PageCapture::want(const std::string& url, EmbeddedKind kind, int depth) {
  if (captured_.resources.size() >= most_resources) {
    if (!captured_.resources.contains(url)) ++captured_.left_out;
    return;
  }
  if (!captured_.resources.try_emplace(url).second) return;
  ++open_;
  auto body = std::make_shared<BudgetedBody>(budget_);
  FetchRequest wanted = request(url, most_bytes_each);
  wanted.sink = body;
  wanted.still_wanted = [budget = budget_] {
    return budget->is_open(std::chrono::steady_clock::now());
  };
  engine_.add(std::move(wanted), [this, url, kind, depth, body](Result<FetchedPage> answer) {
    if (answer) answer->body = body->take();
    take_resource(url, kind, depth, from_archive(std::move(answer)));
  });
}

void PageCapture::take_resource(const std::string& url, EmbeddedKind kind, int depth,
                                Result<FetchedPage> fetched) {
  CapturedResource& resource = captured_.resources[url];
  if (fetched) {
    resource = {std::move(*fetched), {}};
    if (auto looked = look_through(resource.page, kind, depth); !looked)
      resource.error = word_for(looked.error().kind);
  } else {
    log_debug("{}", fetched.error().message);
    const ErrorKind why = fetched.error().kind;
    is_stopped_ = is_stopped_ || why == ErrorKind::stopped;
    const bool is_ours = !budget_->is_open(std::chrono::steady_clock::now()) &&
                         (why == ErrorKind::transient || why == ErrorKind::too_large);
    resource.error = is_ours ? "not fetched" : word_for(why);
  }
  end_one();
}

// The same pass that will embed them names them first.
Result<void> PageCapture::look_through(const FetchedPage& page, EmbeddedKind kind, int depth) {
  const Embed collect = [this, depth](const std::string& url, EmbeddedKind found) {
    want(url, found, depth + 1);
    return std::optional<std::string>();
  };
  if (kind == EmbeddedKind::style && depth <= deepest_style)
    std::ignore = rewrite_style(page_text(page), page.url, collect);
  if (kind == EmbeddedKind::frame && depth < deepest_frame && is_html(page)) {
    html::Document document = html::parse(page_text(page));
    if (auto whole = html::check_whole(document); !whole) return whole;
    std::ignore = rewrite_page(document, page.url, collect);
  }
  return {};
}

void PageCapture::end_one() {
  if (--open_ > 0) return;
  if (is_stopped_) {
    // What is half is asked for again by the next run.
    done_(fail(ErrorKind::stopped, "{}: stopped", redact_url(captured_.asked)));
  } else {
    done_(std::move(captured_));
  }
}

std::string single_file(const CapturedPage& captured) {
  return SingleFile(captured).work();
}

}  // namespace dandelion
