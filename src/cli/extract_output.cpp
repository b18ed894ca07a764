// SPDX-License-Identifier: MIT
#include "cli/extract_output.hpp"

#include <nlohmann/json.hpp>

#include "html/serialize.hpp"
#include "render/markdown.hpp"

namespace dandelion {
namespace {

using nlohmann::ordered_json;

ordered_json text_or_null(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

std::string dump(const ordered_json& object) {
  return object.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

std::string article_markdown(const html::Article& article) {
  return to_markdown(*article.body);
}
std::string article_html(const html::Article& article) {
  return html::to_html(*article.body);
}
std::string article_text(const html::Article& article) {
  return to_plain_text(*article.body);
}

std::string article_json(const html::Article& article) {
  ordered_json links = ordered_json::array();
  for (const html::ArticleLink& link : article.links)
    links.push_back({{"href", link.href}, {"text", link.text}});
  ordered_json images = ordered_json::array();
  for (const html::ArticleImage& image : article.images) {
    images.push_back({{"src", image.src}, {"alt", image.alt}, {"caption", image.caption}});
  }
  return dump({{"url", text_or_null(article.url)},
               {"canonical", text_or_null(article.canonical)},
               {"title", text_or_null(article.title)},
               {"byline", text_or_null(article.byline)},
               {"published", article.published ? ordered_json(format_rfc3339(*article.published))
                                               : ordered_json(nullptr)},
               {"language", text_or_null(article.language)},
               {"site_name", text_or_null(article.site_name)},
               {"image", text_or_null(article.image)},
               {"excerpt", text_or_null(article.excerpt)},
               {"text", article_text(article)},
               {"html", article_html(article)},
               {"markdown", article_markdown(article)},
               {"links", std::move(links)},
               {"images", std::move(images)}});
}

std::string failure_json(const std::string& url, const std::string& message) {
  ordered_json object{{"url", text_or_null(url)}};
  for (const char* key : {"canonical", "title", "byline", "published", "language", "site_name",
                          "image", "excerpt", "text", "html", "markdown", "links", "images"}) {
    object[key] = nullptr;
  }
  object["error"] = message;
  return dump(object);
}

}  // namespace dandelion
