// SPDX-License-Identifier: MIT
#include "archive/page_capture.hpp"

#include <tuple>

#include "core/log.hpp"
#include "core/text.hpp"
#include "html/charset.hpp"
#include "html/parse.hpp"

namespace dandelion {
namespace {

constexpr std::size_t most_resources = 1'000;
constexpr std::uint64_t most_bytes = 100U << 20;
constexpr std::uint64_t most_bytes_each = 20U << 20;
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

class SingleFile {
 public:
  explicit SingleFile(const CapturedPage& captured) : captured_(captured) {}

  std::string work() { return page(captured_.page, 0); }

 private:
  std::string page(const FetchedPage& fetched, int depth) {
    const html::DecodedText text = html::decode(fetched.body, fetched.content_type);
    html::Document document = html::parse(text.text);
    return doctype_of(text.text) + rewrite_page(document, fetched.url, embed(depth));
  }

  Embed embed(int depth) {
    return [this, depth](const std::string& url, EmbeddedKind kind) -> std::optional<std::string> {
      const auto found = captured_.resources.find(url);
      if (found == captured_.resources.end() || !found->second.error.empty()) return std::nullopt;
      const FetchedPage& fetched = found->second.page;
      if (depth > deepest_style || embedded_ > most_embedded) return std::nullopt;
      std::string made;
      switch (kind) {
        case EmbeddedKind::style:
          if (!is_style(fetched)) return std::nullopt;
          made = rewrite_style(html::decode(fetched.body, fetched.content_type).text, fetched.url,
                               embed(depth + 1));
          break;
        case EmbeddedKind::frame:
          if (depth >= deepest_frame || !is_html(fetched)) return std::nullopt;
          made = page(fetched, depth + 1);
          break;
        case EmbeddedKind::resource:
          made = data_address(media_type(fetched.content_type), fetched.body);
      }
      embedded_ += made.size();
      return made;
    };
  }

  const CapturedPage& captured_;
  std::size_t embedded_ = 0;
};

}  // namespace

std::string media_type(std::string_view content_type) {
  const std::string type = ascii_lower(trim(content_type));
  return std::string(trim(type.substr(0, type.find(';'))));
}

PageCapture::PageCapture(TransferEngine& engine, std::string url, std::string site, Done done)
    : engine_(engine), site_(std::move(site)), done_(std::move(done)) {
  captured_.asked = std::move(url);
}

FetchRequest PageCapture::request(const std::string& url, std::uint64_t most) {
  auto log = std::make_shared<ExchangeLog>();
  captured_.exchanges.push_back(log);
  FetchRequest request{url, site_, {}};
  request.max_body = most;
  request.recorder = std::move(log);
  return request;
}

void PageCapture::begin() {
  open_ = 1;
  FetchRequest page = request(captured_.asked, 0);
  page.passes_robots = true;
  engine_.add(std::move(page),
              [this](Result<FetchedPage> fetched) { take_page(std::move(fetched)); });
}

void PageCapture::take_page(Result<FetchedPage> fetched) {
  if (!fetched) {
    done_(tl::unexpected(fetched.error()));
    return;
  }
  captured_.page = std::move(*fetched);
  captured_.is_html = is_html(captured_.page);
  if (captured_.is_html) look_through(captured_.page, EmbeddedKind::frame, 0);
  end_one();
}

void PageCapture::want(const std::string& url, EmbeddedKind kind, int depth) {
  if (captured_.resources.size() >= most_resources) {
    if (!captured_.resources.contains(url)) ++captured_.left_out;
    return;
  }
  const auto [place, is_new] = captured_.resources.try_emplace(url);
  if (!is_new) return;
  place->second.error = "not fetched";
  if (bytes_ >= most_bytes) return;
  ++open_;
  engine_.add(request(url, most_bytes_each), [this, url, kind, depth](Result<FetchedPage> answer) {
    take_resource(url, kind, depth, std::move(answer));
  });
}

void PageCapture::take_resource(const std::string& url, EmbeddedKind kind, int depth,
                                Result<FetchedPage> fetched) {
  CapturedResource& resource = captured_.resources[url];
  if (fetched) {
    resource = {std::move(*fetched), {}};
    bytes_ += resource.page.body.size();
    look_through(resource.page, kind, depth);
  } else {
    log_info("{}", fetched.error().message);
    resource.error = word_for(fetched.error().kind);
  }
  end_one();
}

// The same pass that will embed them names them first.
void PageCapture::look_through(const FetchedPage& page, EmbeddedKind kind, int depth) {
  const Embed collect = [this, depth](const std::string& url, EmbeddedKind found) {
    want(url, found, depth + 1);
    return std::optional<std::string>();
  };
  if (kind == EmbeddedKind::style && depth <= deepest_style) {
    std::ignore = rewrite_style(html::decode(page.body, page.content_type).text, page.url, collect);
  }
  if (kind == EmbeddedKind::frame && depth < deepest_frame && is_html(page)) {
    html::Document document = html::parse(html::decode(page.body, page.content_type).text);
    std::ignore = rewrite_page(document, page.url, collect);
  }
}

void PageCapture::end_one() {
  if (--open_ == 0) done_(std::move(captured_));
}

std::string single_file(const CapturedPage& captured) {
  return SingleFile(captured).work();
}

}  // namespace dandelion
