// SPDX-License-Identifier: MIT
#include "archive/epub.hpp"

#include <vector>

#include "archive/content_uuid.hpp"
#include "archive/zip.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "html/serialize.hpp"
#include "render/html_text.hpp"

namespace dandelion {
namespace {

using html::escape_attribute;

constexpr std::string_view declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

constexpr std::string_view container =
    "<container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\n"
    "<rootfiles>\n"
    "<rootfile full-path=\"EPUB/package.opf\" media-type=\"application/oebps-package+xml\"/>\n"
    "</rootfiles>\n</container>\n";

// What reading programs do by themselves stays theirs: letters, colours, margins.
constexpr std::string_view style =
    "h1, h2, h3, h4, h5, h6 { line-height: 1.3; page-break-after: avoid }\n"
    "img { max-width: 100%; height: auto }\n"
    "figure { margin: 1.5em 0; text-align: center; page-break-inside: avoid }\n"
    "figcaption, .facts, .copy, .notes { font-size: 0.9em }\n"
    "blockquote { margin: 1em 1.5em }\n"
    "pre { white-space: pre-wrap; overflow-wrap: break-word }\n"
    "table { border-collapse: collapse }\n"
    "th, td { padding: 0.3em 0.6em; border: 1px solid; text-align: inherit; vertical-align: top }\n"
    ".copy { margin-top: 2em; padding-top: 1em; border-top: 1px solid }\n"
    ".copy p { margin: 0.3em 0 }\n"
    ".address { overflow-wrap: anywhere; word-break: break-all }\n";

// XML 1.0, 2.2: what may stand in a document at all; what is no character becomes U+FFFD.
std::string only_xml_characters(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  while (!text.empty()) {
    const auto [value, length] = read_utf8(text);
    const bool is_control = value < 0x20 && value != '\t' && value != '\n' && value != '\r';
    if (!is_control && value != 0xFFFE && value != 0xFFFF) append_utf8(kept, value);
    text.remove_prefix(length);
  }
  return kept;
}

// A `%` that begins no escape is one for itself: validators of books take addresses at their word
// (RFC 3986, 2.1), where browsers forgive.
std::string valid_address(std::string_view address) {
  std::string valid;
  for (std::size_t i = 0; i < address.size(); ++i) {
    valid += address[i];
    const bool is_escape =
        i + 2 < address.size() && hex_value(address[i + 1]) >= 0 && hex_value(address[i + 2]) >= 0;
    if (address[i] == '%' && !is_escape) valid += "25";
  }
  return valid;
}

// ` lang="ar" xml:lang="ar" dir="rtl"`
std::string language_attributes(const std::string& tag, std::string_view direction) {
  std::string text;
  if (!tag.empty()) {
    const std::string value = escape_attribute(tag);
    text += fmt::format(" lang=\"{}\" xml:lang=\"{}\"", value, value);
  }
  return text + fmt::format(" dir=\"{}\"", direction);
}

class Book {
 public:
  Book(const html::Article& article, const ArticlePictures& pictures, const Theme& theme,
       Timestamp fetched)
      : article_(article),
        language_(theme.languages.find(article.language)),
        words_(words_for(theme, article.language)),
        fetched_(fetched),
        url_(valid_address(printable_url(article.url))) {
    const auto parsed = parse_url(article.url);
    host_ = parsed ? parsed->host : std::string();
    title_ = escape_attribute(is_blank(article.title) ? host_ : collapse_space(article.title));
    for (const auto& [address, picture] : pictures)
      files_.emplace(picture.name, &picture);
    const BodyRules rules{
        PageFormat::markdown,
        LinkPolicy::keep,
        {},
        PictureMode::mirror,
        {},
        {},
        local_pictures(pictures, [](const ArticlePicture& at) { return at.name; }),
        false,
        FootnoteForm::html};
    prepared_ = prepare_body(article, rules);
    for (html::Node* part : {prepared_.hero_caption, prepared_.body}) {
      for (html::Node* at = part; at != nullptr; at = html::next_in_tree(*at, *part)) {
        if (const auto href = at->attribute("href"))
          prepared_.document.set_attribute(*at, "href", valid_address(*href));
      }
    }
  }

  Result<std::string> write() {
    ZipWriter zip;
    zip.store("mimetype", "application/epub+zip");
    const auto add = [&zip](std::string_view name, std::string_view text) {
      zip.deflate(name, only_xml_characters(std::string(declaration).append(text)));
    };
    add("META-INF/container.xml", container);
    add("EPUB/package.opf", package());
    add("EPUB/nav.xhtml", navigation());
    add("EPUB/article.xhtml", chapter());
    zip.deflate("EPUB/style.css", style);
    for (const auto& [name, picture] : files_)
      zip.deflate("EPUB/" + name, picture->bytes);
    return std::move(zip).finish();
  }

 private:
  [[nodiscard]] std::string_view direction() const { return direction_of(article_.language); }

  [[nodiscard]] const std::string& word(const std::string& name) const { return words_.at(name); }

  [[nodiscard]] std::string package() const {
    const std::string date = format_rfc3339(fetched_);
    std::string text =
        "<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" "
        "unique-identifier=\"id\">\n"
        "<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n" +
        fmt::format("<dc:identifier id=\"id\">urn:uuid:{}</dc:identifier>\n",
                    content_uuid(article_.url));
    const auto add = [&text](std::string_view name, const std::string& value) {
      if (!is_blank(value)) {
        text +=
            fmt::format("<dc:{}>{}</dc:{}>\n", name, escape_attribute(collapse_space(value)), name);
      }
    };
    text += fmt::format("<dc:title>{}</dc:title>\n", title_);
    add("language", article_.language.empty() ? "und" : article_.language);
    add("creator", article_.byline);
    add("publisher", is_blank(article_.site_name) ? host_ : article_.site_name);
    add("source", url_);
    add("date", date);
    add("description", article_.excerpt);
    if (article_.published)
      text += fmt::format("<meta property=\"dcterms:issued\">{}</meta>\n",
                          format_rfc3339(*article_.published));
    text += fmt::format("<meta property=\"dcterms:modified\">{}</meta>\n</metadata>\n", date);
    text += manifest();
    const bool from_right = direction() == "rtl";
    return text + fmt::format("<spine{}>\n<itemref idref=\"article\"/>\n</spine>\n</package>\n",
                              from_right ? " page-progression-direction=\"rtl\"" : "");
  }

  [[nodiscard]] std::string manifest() const {
    std::string text =
        "<manifest>\n"
        "<item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" "
        "properties=\"nav\"/>\n"
        "<item id=\"article\" href=\"article.xhtml\" media-type=\"application/xhtml+xml\"/>\n"
        "<item id=\"style\" href=\"style.css\" media-type=\"text/css\"/>\n";
    const std::string cover = prepared_.hero_image == nullptr
                                  ? std::string()
                                  : std::string(prepared_.hero_image->attribute_or_empty("src"));
    int number = 0;
    for (const auto& [name, picture] : files_) {
      text +=
          fmt::format("<item id=\"picture{}\" href=\"{}\" media-type=\"{}\"{}/>\n", ++number, name,
                      picture->media_type, name == cover ? " properties=\"cover-image\"" : "");
    }
    return text + "</manifest>\n";
  }

  [[nodiscard]] std::string page(std::string_view more_namespaces, std::string_view body) const {
    return fmt::format(
        "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"{}{}>\n<head>\n<title>{}"
        "</title>\n<link rel=\"stylesheet\" type=\"text/css\" href=\"style.css\"/>\n</head>\n"
        "<body>\n{}</body>\n</html>\n",
        more_namespaces, language_attributes(article_.language, direction()), title_, body);
  }

  [[nodiscard]] std::string navigation() const {
    return page(" xmlns:epub=\"http://www.idpf.org/2007/ops\"",
                fmt::format("<nav epub:type=\"toc\">\n<h1>{0}</h1>\n<ol>\n"
                            "<li><a href=\"article.xhtml\">{0}</a></li>\n</ol>\n</nav>\n",
                            title_));
  }

  [[nodiscard]] std::string chapter() const {
    HtmlTextOptions options;
    options.rename = article_.rename;
    options.as_xml = true;
    return page(
        {},
        fmt::format("<article>\n<header>\n<h1>{}</h1>\n{}</header>\n{}{}\n</article>\n{}", title_,
                    facts(), lead(options), to_html_text(*prepared_.body, options), notice()));
  }

  [[nodiscard]] std::string facts() const {
    std::string text;
    const auto add = [&text](const std::string& fact) {
      if (!is_blank(fact))
        text += fmt::format("{}<bdi>{}</bdi>", text.empty() ? "" : " · ",
                            escape_attribute(collapse_space(fact)));
    };
    add(article_.byline);
    add(article_.published ? language_.format_date(*article_.published) : std::string());
    add(host_);
    return text.empty() ? text : fmt::format("<p class=\"facts\">{}</p>\n", text);
  }

  [[nodiscard]] std::string lead(const HtmlTextOptions& options) const {
    std::string text;
    if (prepared_.hero_image != nullptr)
      text += to_html_picture(*prepared_.hero_image, options) + "\n";
    const std::string caption = prepared_.hero_caption == nullptr
                                    ? std::string()
                                    : to_html_line(*prepared_.hero_caption, options);
    if (!caption.empty()) text += fmt::format("<figcaption>{}</figcaption>\n", caption);
    return text.empty() ? text : fmt::format("<figure>\n{}</figure>\n", text);
  }

  // In the language of the words, which need not be the article's.
  [[nodiscard]] std::string notice() const {
    const std::string address = escape_attribute(url_);
    return fmt::format(
        "<aside class=\"copy\"{}>\n<p>{}</p>\n"
        "<p>{}: <a class=\"address\" dir=\"ltr\" href=\"{}\">{}</a></p>\n"
        "<p>{}: {} (<bdi>{}</bdi>)</p>\n</aside>\n",
        language_attributes(language_.tag, language_.right_to_left ? "rtl" : "ltr"),
        escape_attribute(word("notice")), escape_attribute(word("source")), address, address,
        escape_attribute(word("fetched")), escape_attribute(language_.format_date(fetched_)),
        format_rfc3339(fetched_));
  }

  const html::Article& article_;
  const Language& language_;
  const std::map<std::string, std::string> words_;
  const Timestamp fetched_;
  const std::string url_;
  std::string host_;
  std::string title_;  // escaped
  std::map<std::string, const ArticlePicture*> files_;
  PreparedBody prepared_;
};

}  // namespace

Result<std::string> epub_of(const html::Article& article, const ArticlePictures& pictures,
                            const Theme& theme, Timestamp fetched) {
  return Book(article, pictures, theme, fetched).write();
}

}  // namespace dandelion
