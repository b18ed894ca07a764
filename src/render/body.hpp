// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "html/article.hpp"

namespace dandelion {

enum class PageFormat { markdown, html };

// What becomes of a body's links that lead out of the mirror. Those to mirrored articles lead to
// the local copy, but where the policy is `inert`.
enum class LinkPolicy {
  inert,    // only the text stays (the classic theme: <ok>, of which Git hosts show only the text)
  text,     // the text, and the address, defanged, in a list of notes under the article
  keep,     // links, which tell their target nothing of the reader
  archive,  // links to an archive: a prefix, then the address
};

enum class PictureMode { mirror, link, drop };

// A picture that the mirror holds.
struct MirroredPicture {
  std::string path;  // relative to the mirror's root
  int width = 0;     // in pixels; 0: not known
  int height = 0;
};

// What becomes of footnotes (render/footnotes.hpp).
enum class FootnoteForm {
  text,      // their links go as any within the page do: for what is not shown as one page
  markdown,  // as the source has them: to_markdown finds them
  html,      // linked both ways, for to_html_text
};

// The path of a mirrored article by its address, nullopt where the mirror has none.
using LocalPage = std::function<std::optional<std::string>(const std::string& url)>;
using LocalPicture = std::function<std::optional<MirroredPicture>(const std::string& url)>;

struct BodyRules {
  PageFormat format = PageFormat::markdown;
  LinkPolicy links = LinkPolicy::keep;
  std::string archive_prefix;
  PictureMode pictures = PictureMode::link;
  std::string path;  // of the page's Markdown file, relative to the mirror's root
  LocalPage local_page;
  LocalPicture local_picture;
  // The body is written with the source's own markup: links stay as they are (the writer disarms
  // them), and so do pictures that are not mirrored.
  bool keeps_markup = false;
  FootnoteForm footnotes = FootnoteForm::text;
};

struct LinkNote {
  int number = 0;       // from 1, or from behind the article's footnotes
  std::string address;  // defanged: hxxps://news[.]example/a
};

// A copy of an article's tree whose addresses lead where the rules say.
struct PreparedBody {
  html::Document document;
  html::Node* body = nullptr;
  html::Node* hero_image = nullptr;    // nullptr where there is none, or it may not be shown
  html::Node* hero_caption = nullptr;  // likewise
  std::vector<LinkNote> notes;         // LinkPolicy::text, in the order of the text
};

[[nodiscard]] PreparedBody prepare_body(const html::Article& article, const BodyRules& rules);

// An address that no program takes for one, and that a person can put together again:
// hxxps://news[.]example/a.
[[nodiscard]] std::string defang(std::string_view url);

// The file of a page in that format: pages/a/n1.md -> pages/a/n1.html.
[[nodiscard]] std::string path_in_format(std::string_view markdown_path, PageFormat format);

// An <img>'s address; pages that load pictures by script leave the true one in another attribute.
// Empty where there is none.
[[nodiscard]] std::string picture_address(const html::Node& image);

// How to get from the file `from` to the file `to`, both relative to the mirror's root:
// "../../indexes/news.md".
[[nodiscard]] std::string relative_path(std::string_view from, std::string_view to);

}  // namespace dandelion
