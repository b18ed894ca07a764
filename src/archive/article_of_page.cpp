// SPDX-License-Identifier: MIT
#include "archive/article_of_page.hpp"

#include <algorithm>

#include "archive/page_capture.hpp"
#include "core/url.hpp"
#include "extract/extract.hpp"

namespace dandelion {
namespace {

// Of 120 articles of the WCXB corpus the one with the most links has a fifth of its letters in
// them; of its lists of articles every third has more than this.
constexpr std::size_t list_links = 10;
constexpr double list_share = 0.4;

std::size_t letters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > ' '; }));
}

bool is_list(const html::Article& article) {
  std::size_t in_links = 0;
  for (const html::ArticleLink& link : article.links)
    in_links += letters(link.text);
  const auto all = static_cast<double>(letters(html::text_content(*article.body)));
  return article.links.size() >= list_links && static_cast<double>(in_links) > list_share * all;
}

bool is_front_page(const std::string& url) {
  const auto parsed = parse_url(url);
  return parsed && parsed->path == "/" && parsed->query.empty();
}

void redact_links(html::Article& article) {
  for (html::Node* part : {article.hero_caption, article.body}) {
    for (html::Node* at = part; at != nullptr; at = html::next_in_tree(*at, *part)) {
      const auto href = at->attribute("href");
      if (href && has_scheme(*href))
        article.document->set_attribute(*at, "href", redact_url(*href));
    }
  }
}

}  // namespace

std::optional<html::Article> article_of(const FetchedPage& page) {
  if (is_front_page(page.url)) return std::nullopt;
  auto article = extract_article(page_text(page), page.url, {});
  if (!article || is_list(*article)) return std::nullopt;
  article->url = redact_url(page.url);
  redact_links(*article);
  return std::move(*article);
}

}  // namespace dandelion
