// SPDX-License-Identifier: MIT
#include "discover/feed.hpp"

#include <array>

#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "core/url.hpp"
#include "discover/xml_stream.hpp"

namespace dandelion {
namespace {

using nlohmann::json;

constexpr std::size_t max_entries = 10'000;
// A feed with full texts has long elements; what we want of one is short.
constexpr std::size_t max_text_bytes = 64U << 10;

constexpr std::string_view atom = "http://www.w3.org/2005/Atom";
constexpr std::string_view dublin_core = "http://purl.org/dc/elements/1.1/";
constexpr std::string_view dublin_core_terms = "http://purl.org/dc/terms/";
constexpr std::string_view feedburner = "http://rssnamespace.org/feedburner/ext/1.0";
constexpr std::array<std::string_view, 5> rss_namespaces = {
    "", "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/",
    "http://backend.userland.com/rss2", "http://purl.org/net/rss1.1#"};

bool is_rss(std::string_view ns) {
  return std::find(rss_namespaces.begin(), rss_namespaces.end(), ns) != rss_namespaces.end();
}

std::optional<Timestamp> parse_time(std::string_view text) {
  auto time = parse_iso8601(text);
  return time ? time : parse_rfc822(text);
}

// What an entry says, as it is gathered.
struct Entry {
  std::string link;
  std::string original;  // feedburner:origLink: where its own address leads
  std::string guid;
  std::string title;
  std::string published;
  std::string updated;
};

class FeedHandler final : public XmlHandler {
 public:
  FeedHandler(std::string_view url, const AddressSink& sink) : base_(url), sink_(sink) {}

  // Whether what was read is a feed at all.
  [[nodiscard]] bool is_feed() const { return is_feed_; }

  Result<void> start(const Element& element) override {
    if (depth_++ == 0) begin_document(element);
    if (is_entry(element.ns, element.name)) {
      entry_.emplace();
      entry_depth_ = depth_;
    }
    if (!entry_ || depth_ <= entry_depth_) {
      into_ = nullptr;
    } else if (depth_ == entry_depth_ + 1) {
      into_ = field_of(element);
      if (into_ != nullptr) into_->clear();
    }
    return {};
  }

  Result<void> end(std::string_view /*ns*/, std::string_view /*name*/) override {
    // Markup within a title is part of it.
    if (entry_ && depth_ <= entry_depth_ + 1) into_ = nullptr;
    const bool ends_entry = entry_ && depth_ == entry_depth_;
    --depth_;
    if (!ends_entry) return {};
    const Entry entry = std::move(*entry_);
    entry_.reset();
    return give(entry);
  }

  void text(std::string_view piece) override {
    if (into_ != nullptr && into_->size() + piece.size() <= max_text_bytes) *into_ += piece;
  }

 private:
  void begin_document(const Element& root) {
    is_feed_ = root.name == "rss" || root.name == "RDF" || root.name == "feed";
    const auto base = root.attribute("base");
    if (!base.empty()) base_ = resolve_url(base_, base).value_or(base_);
  }

  static bool is_entry(std::string_view ns, std::string_view name) {
    return (name == "item" && is_rss(ns)) || (name == "entry" && (ns == atom || ns.empty()));
  }

  // Where the element's text goes; nullptr where it is not wanted.
  std::string* field_of(const Element& element) {
    const std::string_view name = element.name;
    if (element.ns == feedburner) return name == "origLink" ? &entry_->original : nullptr;
    if (element.ns == dublin_core) return name == "date" ? &entry_->published : nullptr;
    if (element.ns == dublin_core_terms) {
      return name == "modified"                      ? &entry_->updated
             : name == "issued" || name == "created" ? &entry_->published
                                                     : nullptr;
    }
    if (element.ns != atom && !is_rss(element.ns)) return nullptr;
    if (name == "link") return link_field(element);
    if (name == "title") return &entry_->title;
    if (name == "guid") {
      return element.attribute("isPermaLink") == "false" ? nullptr : &entry_->guid;
    }
    if (name == "pubDate" || name == "published" || name == "issued") return &entry_->published;
    if (name == "updated" || name == "modified") return &entry_->updated;
    return nullptr;
  }

  // Atom's links stand in an attribute, RSS's in the text.
  std::string* link_field(const Element& element) {
    const std::string_view href = element.attribute("href");
    if (href.empty()) return element.ns == atom ? nullptr : &entry_->link;
    const std::string_view rel = element.attribute("rel");
    if ((rel.empty() || rel == "alternate") && entry_->link.empty()) entry_->link = href;
    return nullptr;
  }

  Result<void> give(const Entry& entry) {
    if (given_ == max_entries) return {};
    std::string_view link = trim(entry.original.empty() ? entry.link : entry.original);
    // A guid is an address only where it looks like one.
    if (link.empty() && has_scheme(trim(entry.guid))) link = trim(entry.guid);
    auto target = link.empty() ? std::nullopt : resolve_url(base_, link);
    if (!target) return {};
    ++given_;
    return sink_({without_fragment(*target), collapse_space(entry.title),
                  parse_time(entry.published), parse_time(entry.updated)});
  }

  std::string base_;
  const AddressSink& sink_;
  bool is_feed_ = false;
  int depth_ = 0;
  int entry_depth_ = 0;
  std::optional<Entry> entry_;
  std::string* into_ = nullptr;
  std::size_t given_ = 0;
};

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<void> read_json_feed(std::string_view text, std::string_view url, const AddressSink& sink) {
  const json feed = json::parse(text, nullptr, false);
  const auto items = feed.is_object() ? feed.find("items") : feed.end();
  if (!feed.is_object() || items == feed.end() || !items->is_array())
    return fail(ErrorKind::malformed, "this is JSON, but no JSON Feed");
  std::size_t given = 0;
  for (const json& item : *items) {
    if (!item.is_object() || given == max_entries) continue;
    std::string link = text_at(item, "url");
    if (link.empty()) link = text_at(item, "external_url");
    const auto target = link.empty() ? std::nullopt : resolve_url(url, link);
    if (!target) continue;
    ++given;
    auto done = sink({without_fragment(*target), collapse_space(text_at(item, "title")),
                      parse_time(text_at(item, "date_published")),
                      parse_time(text_at(item, "date_modified"))});
    if (!done) return done;
  }
  return {};
}

}  // namespace

Result<void> read_feed(std::string_view bytes, std::string_view content_type, std::string_view url,
                       const AddressSink& sink) {
  const std::string text = xml_as_utf8(bytes, content_type);
  if (trim(text.substr(0, 256)).starts_with('{')) return read_json_feed(text, url, sink);
  FeedHandler handler(url, sink);
  XmlStream stream(handler);
  if (auto fed = stream.feed(text); !fed) return fed;
  if (auto ended = stream.finish(); !ended) return ended;
  if (!handler.is_feed()) {
    return fail(ErrorKind::malformed,
                "this is no feed: neither RSS, Atom nor JSON Feed; `dandelion discover` looks for "
                "a site's feeds");
  }
  return {};
}

}  // namespace dandelion
