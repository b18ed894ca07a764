// SPDX-License-Identifier: MIT
#include "discover/sitemap.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "core/compression.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "discover/xml_stream.hpp"

namespace dandelion {
namespace {

// Longer than any address.
constexpr std::size_t max_text_bytes = 16U << 10;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string_view trim_start(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

class SitemapHandler final : public XmlHandler {
 public:
  SitemapHandler(std::string_view url, AddressSink pages, AddressSink sitemaps)
      : base_(url), pages_(std::move(pages)), sitemaps_(std::move(sitemaps)) {}

  [[nodiscard]] bool is_sitemap() const { return is_sitemap_; }

  Result<void> start(const Element& element) override {
    into_ = nullptr;
    if (depth_++ == 0) {
      is_index_ = element.name == "sitemapindex";
      is_sitemap_ = is_index_ || element.name == "urlset";
      return {};
    }
    if (depth_ == 2 && element.name == (is_index_ ? "sitemap" : "url")) entry_.emplace();
    if (!entry_) return {};
    if (depth_ == 3 && element.name == "loc") into_ = &entry_->loc;
    if (depth_ == 3 && element.name == "lastmod") into_ = &entry_->lastmod;
    // Google's news sitemaps: <news:news><news:publication_date>.
    if (depth_ == 4 && element.name == "publication_date") into_ = &entry_->published;
    if (depth_ == 4 && element.name == "title") into_ = &entry_->title;
    return {};
  }

  Result<void> end(std::string_view /*ns*/, std::string_view /*name*/) override {
    into_ = nullptr;
    if (--depth_ != 1 || !entry_) return {};
    const Entry entry = std::move(*entry_);
    entry_.reset();
    return give(entry.loc, {{},
                            collapse_space(entry.title),
                            parse_iso8601(entry.published),
                            parse_iso8601(entry.lastmod)});
  }

  void text(std::string_view piece) override {
    if (into_ != nullptr && into_->size() + piece.size() <= max_text_bytes) *into_ += piece;
  }

  Result<void> give(std::string_view location, FoundAddress found) {
    const auto target = trim(location).empty() ? std::nullopt : resolve_url(base_, trim(location));
    if (!target || given_ == max_sitemap_entries) return {};
    ++given_;
    found.url = without_fragment(*target);
    return is_index_ ? sitemaps_(found) : pages_(found);
  }

 private:
  struct Entry {
    std::string loc;
    std::string lastmod;
    std::string published;
    std::string title;
  };

  std::string base_;
  AddressSink pages_;
  AddressSink sitemaps_;
  bool is_sitemap_ = false;
  bool is_index_ = false;
  int depth_ = 0;
  std::optional<Entry> entry_;
  std::string* into_ = nullptr;
  std::size_t given_ = 0;
};

}  // namespace

struct SitemapReader::Reading {
  enum class Form { unknown, xml, lines };

  SitemapHandler handler;
  XmlStream stream;
  std::optional<GzipReader> gzip;
  bool begun = false;
  Form form = Form::unknown;
  std::string kept;  // a byte order mark, as far as it came; of a text the last line's beginning
  std::size_t left = max_sitemap_bytes;

  Reading(std::string_view url, AddressSink pages, AddressSink sitemaps)
      : handler(url, std::move(pages), std::move(sitemaps)), stream(handler) {}

  Result<void> take(std::string_view text) {
    if (text.size() > left)
      return fail(ErrorKind::too_large, "a sitemap has at most {} MiB", max_sitemap_bytes >> 20);
    left -= text.size();
    if (form == Form::unknown) {
      // Blanks in front are dropped as they come: there may be as many as the limit lets through.
      kept += kept.empty() ? trim_start(text) : text;
      if (kept.size() < byte_order_mark.size() && byte_order_mark.starts_with(kept)) return {};
      if (kept.starts_with(byte_order_mark))
        kept = trim_start(std::string_view(kept).substr(byte_order_mark.size()));
      if (kept.empty()) return {};
      form = kept.starts_with('<') ? Form::xml : Form::lines;
      return pass_on(std::exchange(kept, {}));
    }
    return pass_on(text);
  }

  Result<void> pass_on(std::string_view text) {
    return form == Form::xml ? stream.feed(text) : take_lines(text);
  }

  Result<void> take_lines(std::string_view text) {
    for (;;) {
      const auto end = text.find('\n');
      if (kept.size() < max_text_bytes) kept += text.substr(0, end);
      if (end == std::string_view::npos) return {};
      if (auto given = take_line(); !given) return given;
      text.remove_prefix(end + 1);
    }
  }

  Result<void> take_line() {
    const std::string line(trim(kept));
    kept.clear();
    // A text that is something else has no absolute addresses at the beginning of its lines.
    return parse_url(line) ? handler.give(line, {}) : Result<void>();
  }
};

SitemapReader::SitemapReader(std::string_view url, AddressSink pages, AddressSink sitemaps)
    : reading_(std::make_unique<Reading>(url, std::move(pages), std::move(sitemaps))) {}
SitemapReader::SitemapReader(SitemapReader&&) noexcept = default;
SitemapReader& SitemapReader::operator=(SitemapReader&&) noexcept = default;
SitemapReader::~SitemapReader() = default;

Result<void> SitemapReader::feed(std::string_view bytes) {
  Reading& reading = *reading_;
  const bool at_beginning = !reading.begun;
  reading.begun = true;
  if (at_beginning && is_gzip(bytes)) {
    // What is too much is told by take(), in a sitemap's own words.
    reading.gzip.emplace(2 * max_sitemap_bytes,
                         [&reading](std::string_view text) { return reading.take(text); });
  }
  return reading.gzip ? reading.gzip->feed(bytes) : reading.take(bytes);
}

Result<void> SitemapReader::finish() {
  Reading& reading = *reading_;
  if (reading.form == Reading::Form::lines) return reading.take_line();
  if (auto ended = reading.stream.finish(); !ended) return ended;
  if (!reading.handler.is_sitemap()) {
    return fail(ErrorKind::malformed,
                "this is no sitemap: neither <urlset>, <sitemapindex> nor a list of addresses");
  }
  return {};
}

}  // namespace dandelion
