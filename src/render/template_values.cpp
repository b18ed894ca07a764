// SPDX-License-Identifier: MIT
#include "render/template_values.hpp"

#include <algorithm>

#include <kainjow/mustache.hpp>

#include "core/text.hpp"

namespace dandelion {
namespace {

// Kept in step with what render/page.cpp fills in; tests/render/template_values_test.cpp compares
// them with the manual.
const std::vector<std::string_view>& values_of(TemplateKind kind) {
  static const std::vector<std::string_view> page = {
      "title",      "menu",     "text",   "href",      "last", "hero",     "image",
      "caption",    "body",     "pixel",  "url",       "id",   "category", "site",
      "site_title", "language", "byline", "published", "date", "excerpt",  "root"};
  static const std::vector<std::string_view> index = {
      "site",    "site_title", "language", "category", "menu",  "text",  "href", "last",
      "entries", "title",      "path",     "date",     "newer", "older", "root"};
  static const std::vector<std::string_view> front = {
      "site",       "site_title", "language", "menu",    "text", "href",
      "last",       "entries",    "title",    "path",    "date", "category",
      "categories", "name",       "count",    "mirrors", "pages"};
  switch (kind) {
    case TemplateKind::page:
      return page;
    case TemplateKind::index:
      return index;
    case TemplateKind::front:
      return front;
  }
  return page;
}

std::size_t line_of(std::string_view text, std::size_t position) {
  return static_cast<std::size_t>(
             std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(position), '\n')) +
         1;
}

}  // namespace

Result<void> check_template(std::string_view text, TemplateKind kind, std::string_view file,
                            const std::vector<std::string>& words) {
  const kainjow::mustache::mustache compiled{std::string(text)};
  if (!compiled.is_valid())
    return fail(ErrorKind::bad_input, "{}: {}", file, compiled.error_message());
  std::vector<std::string> names;
  names.reserve(words.size());
  for (const std::string& word : words)
    names.push_back("word_" + word);
  std::vector<std::string_view> known = values_of(kind);
  known.insert(known.end(), names.begin(), names.end());
  for (auto open = text.find("{{"); open != std::string_view::npos;
       open = text.find("{{", open + 2)) {
    const auto close = text.find("}}", open);
    if (close == std::string_view::npos) break;
    std::string_view tag = trim(text.substr(open + 2, close - open - 2));
    if (tag.starts_with('!')) continue;
    if (tag.starts_with('>') || tag.starts_with('=')) {
      return fail(ErrorKind::bad_input,
                  "{}:{}: '{{{{{}}}}}': partials and other delimiters are not for themes", file,
                  line_of(text, open), tag);
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
