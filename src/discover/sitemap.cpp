// SPDX-License-Identifier: MIT
#include "discover/sitemap.hpp"

#include <optional>
#include <string>

#include "core/compression.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "discover/xml_stream.hpp"

namespace dandelion {
namespace {

// Longer than any address.
constexpr std::size_t max_text_bytes = 16U << 10;

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
  Form form = Form::unknown;
  std::string kept;  // the first bytes, until the form shows; of a text the last line's beginning
  std::size_t left = max_sitemap_bytes;

  Reading(std::string_view url, AddressSink pages, AddressSink sitemaps)
      : handler(url, std::move(pages), std::move(sitemaps)), stream(handler) {}

  Result<void> take(std::string_view text) {
    if (text.size() > left)
      return fail(ErrorKind::too_large, "a sitemap has at most {} MiB", max_sitemap_bytes >> 20);
    left -= text.size();
    if (form == Form::unknown) {
      kept += text;
      const std::string_view begun =
          trim(std::string_view(kept).substr(kept.starts_with("\xEF\xBB\xBF") ? 3 : 0));
      if (begun.empty()) return {};
      form = begun.starts_with('<') ? Form::xml : Form::lines;
      const std::string all = kept.substr(static_cast<std::size_t>(begun.data() - kept.data()));
      kept.clear();
      return pass_on(all);
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
  const bool at_beginning = reading.left == max_sitemap_bytes && !reading.gzip;
  if (at_beginning && is_gzip(bytes)) {
    reading.gzip.emplace(max_sitemap_bytes,
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
