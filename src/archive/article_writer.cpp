// SPDX-License-Identifier: MIT
#include "archive/article_writer.hpp"

#include <set>

#include <fmt/format.h>

#include "archive/epub.hpp"
#include "archive/page_rewrite.hpp"

namespace dandelion {

namespace {

// No file may look as if the page itself had been seen.
void tell_of_copy(html::Article& article, const CapturedPage::Copy& copy) {
  html::Document& document = *article.document;
  html::Node* const body = document.clone(*article.body);
  html::Node* const said = document.create_element("p");
  html::append_child(*said, *document.create_text(
                                fmt::format("A copy of the Wayback Machine, which had it on {}: ",
                                            format_rfc3339(copy.time))));
  html::Node* const link = document.create_element("a");
  document.set_attribute(*link, "href", copy.url);
  html::append_child(*link, *document.create_text(copy.url));
  html::append_child(*said, *link);
  html::append_child(*body, *document.create_element("hr"));
  html::append_child(*body, *said);
  article.body = body;
}

}  // namespace

ArticleWriter::ArticleWriter(const CapturedPage& captured, const Theme& theme, Timestamp fetched)
    : captured_(captured),
      article_(*captured.article),
      theme_(theme),
      fetched_(fetched),
      pictures_(article_pictures(article_, captured, {})) {
  if (captured.copy) tell_of_copy(article_, *captured.copy);
}

std::string ArticleWriter::page(PageFormat format, LocalPicture local_picture) const {
  SiteContext nowhere;
  nowhere.pictures = PictureMode::mirror;
  // Whoever keeps a page wants to go on from it: it is not shown to those who may not be seen to.
  nowhere.links = LinkPolicy::keep;
  PageFacts facts;
  facts.fetched = fetched_;
  facts.local_picture = std::move(local_picture);
  return SiteRenderer(theme_, nowhere).lone_page(article_, facts, format);
}

std::vector<KeptFile> ArticleWriter::markdown() const {
  std::vector<KeptFile> files = {
      {"article.md",
       page(PageFormat::markdown, local_pictures(pictures_, [](const ArticlePicture& picture) {
              return picture.name;
            }))}};
  std::set<std::string> there;
  for (const auto& [address, picture] : pictures_) {
    if (there.insert(picture.name).second) files.push_back({picture.name, picture.bytes});
  }
  return files;
}

std::string ArticleWriter::html() const {
  return page(PageFormat::html, local_pictures(pictures_, [](const ArticlePicture& picture) {
                return data_address(picture.media_type, picture.bytes);
              }));
}

Result<std::string> ArticleWriter::epub() const {
  // Of the types that a mirror keeps, EPUB 3.2 knows neither WebP nor AVIF.
  PictureSettings known_to_books;
  known_to_books.format = PictureType::jpeg;
  known_to_books.replaces_webp = true;
  return epub_of(article_, article_pictures(article_, captured_, known_to_books), theme_, fetched_);
}

}  // namespace dandelion
