// SPDX-License-Identifier: MIT
#include "render/template_values.hpp"

#include <algorithm>
#include <array>

#include <kainjow/mustache.hpp>

#include "core/text.hpp"

namespace dandelion {
namespace {

// Kept in step with what render/page.cpp fills in; a test compares them with the manual.
constexpr std::array<std::string_view, 21> everywhere = {
    "site",   "site_title", "language", "dir",     "root",  "style",   "policy",
    "menu",   "text",       "href",     "last",    "home",  "archive", "feed",
    "search", "mirrors",    "name",     "entries", "title", "path",    "date"};

std::vector<std::string_view> own_values(TemplateKind kind) {
  switch (kind) {
    case TemplateKind::page:
      return {"url",         "url_text",      "url_link",    "source_host", "id",
              "category",    "category_path", "byline",      "published",   "date_text",
              "excerpt",     "body",          "hero",        "image",       "caption",
              "pixel",       "notes",         "number",      "address",     "previous",
              "next",        "fetched",       "corrected",   "withdrawn",   "removed",
              "copies",      "share",         "parts",       "current",     "article_language",
              "article_dir", "withdrawn_on",  "fetched_time"};
    case TemplateKind::index:
      return {"category", "date_text", "excerpt", "newer", "older", "entry_language"};
    case TemplateKind::front:
      return {"category", "date_text",  "excerpt",         "categories",    "count",
              "hot",      "public_key", "key_fingerprint", "entry_language"};
    case TemplateKind::archive:
      return {"years", "year", "months", "month", "count"};
    case TemplateKind::search:
      return {"script"};
    case TemplateKind::not_found:
      return {};
    case TemplateKind::feed:
      return {"updated",  "published", "byline",   "excerpt",       "content",
              "entry_id", "feed_id",   "category", "entry_language"};
  }
  return {};
}

std::size_t line_of(std::string_view text, std::size_t position) {
  return static_cast<std::size_t>(
             std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(position), '\n')) +
         1;
}

}  // namespace

std::vector<std::string_view> template_values(TemplateKind kind) {
  std::vector<std::string_view> values(everywhere.begin(), everywhere.end());
  const auto own = own_values(kind);
  values.insert(values.end(), own.begin(), own.end());
  return values;
}

Result<void> check_template(std::string_view text, TemplateKind kind, std::string_view file,
                            const std::vector<std::string>& words) {
  const kainjow::mustache::mustache compiled{std::string(text)};
  if (!compiled.is_valid())
    return fail(ErrorKind::bad_input, "{}: {}", file, compiled.error_message());
  std::vector<std::string> names;
  names.reserve(words.size());
  for (const std::string& word : words)
    names.push_back("word_" + word);
  std::vector<std::string_view> known = template_values(kind);
  known.insert(known.end(), names.begin(), names.end());
  for (auto open = text.find("{{"); open != std::string_view::npos;
       open = text.find("{{", open + 2)) {
    const auto close = text.find("}}", open);
    if (close == std::string_view::npos) break;
    std::string_view tag = trim(text.substr(open + 2, close - open - 2));
    if (tag.starts_with('!')) continue;
    if (tag.starts_with('>')) continue;  // its file is checked by itself
    if (tag.starts_with('=')) {
      return fail(ErrorKind::bad_input, "{}:{}: '{{{{{}}}}}': other delimiters are not for themes",
                  file, line_of(text, open), tag);
    }
    if (!tag.empty() && std::string_view("#/^&{").find(tag.front()) != std::string_view::npos)
      tag = trim(tag.substr(1));
    if (tag == "." || std::find(known.begin(), known.end(), tag) != known.end()) continue;
    const std::string near = nearest_word(tag, known.data(), known.size());
    return fail(ErrorKind::bad_input, "{}:{}: unknown value '{}'{}", file, line_of(text, open), tag,
                near.empty() ? std::string("; docs/themes.md lists what there is")
                             : fmt::format(" (did you mean '{}'?)", near));
  }
  return {};
}

}  // namespace dandelion
