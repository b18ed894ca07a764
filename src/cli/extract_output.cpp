// SPDX-License-Identifier: MIT
#include "cli/extract_output.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "html/serialize.hpp"
#include "render/markdown.hpp"

namespace dandelion {
namespace {

// Whether one of eight bytes cannot stand in a JSON string as it is: a control, `"` or `\`.
bool has_special(const char* at) {
  constexpr std::uint64_t each = 0x0101010101010101U;
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof(bytes));
  const auto below = [](std::uint64_t word, std::uint64_t limit) {
    return (word - each * limit) & ~word & (each * 0x80);
  };
  return (below(bytes, 0x20) | below(bytes ^ (each * '"'), 1) | below(bytes ^ (each * '\\'), 1)) !=
         0;
}

// Appends a text as a JSON string. Texts are long here and most of their bytes stand for
// themselves.
void append_string(std::string& line, std::string_view text) {
  if (!is_utf8(text)) {
    line += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return;
  }
  const auto is_special = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
  };
  line += '"';
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at != end; ++at) {
    const char* plain = at;
    while (end - plain >= 8 && !has_special(plain))
      plain += 8;
    const char* const special = std::find_if(plain, end, is_special);
    line.append(at, special);
    at = special;
    if (at == end) break;
    constexpr std::string_view named = "\"\"\\\\\bb\ff\nn\rr\tt";  // a character, its escape
    const std::size_t known = named.find(*at);
    if (known != std::string_view::npos) {
      line.append(1, '\\').append(1, named[known + 1]);
    } else {
      line += fmt::format("\\u{:04x}", static_cast<unsigned>(*at));
    }
  }
  line += '"';
}

void append_text_or_null(std::string& line, std::string_view text) {
  if (text.empty()) {
    line += "null";
  } else {
    append_string(line, text);
  }
}

void append_links(std::string& line, const std::vector<html::ArticleLink>& links) {
  for (const html::ArticleLink& link : links) {
    line += &link == links.data() ? R"({"href":)" : R"(,{"href":)";
    append_string(line, link.href);
    line += R"(,"text":)";
    append_string(line, link.text);
    line += '}';
  }
}

void append_images(std::string& line, const std::vector<html::ArticleImage>& images) {
  for (const html::ArticleImage& image : images) {
    line += &image == images.data() ? R"({"src":)" : R"(,{"src":)";
    append_string(line, image.src);
    line += R"(,"alt":)";
    append_string(line, image.alt);
    line += R"(,"caption":)";
    append_string(line, image.caption);
    line += '}';
  }
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
  std::string line = R"({"url":)";
  append_text_or_null(line, article.url);
  line += R"(,"canonical":)";
  append_text_or_null(line, article.canonical);
  line += R"(,"title":)";
  append_text_or_null(line, article.title);
  line += R"(,"byline":)";
  append_text_or_null(line, article.byline);
  line += R"(,"published":)";
  append_text_or_null(line, article.published ? format_rfc3339(*article.published) : "");
  line += R"(,"language":)";
  append_text_or_null(line, article.language);
  line += R"(,"site_name":)";
  append_text_or_null(line, article.site_name);
  line += R"(,"image":)";
  append_text_or_null(line, article.image);
  line += R"(,"excerpt":)";
  append_text_or_null(line, article.excerpt);
  line += R"(,"text":)";
  append_string(line, article_text(article));
  line += R"(,"html":)";
  append_string(line, article_html(article));
  line += R"(,"markdown":)";
  append_string(line, article_markdown(article));
  line += R"(,"links":[)";
  append_links(line, article.links);
  line += R"(],"images":[)";
  append_images(line, article.images);
  line += "]}";
  return line;
}

std::string failure_json(const std::string& url, const std::string& message) {
  std::string line = R"({"url":)";
  append_text_or_null(line, url);
  for (const char* key : {"canonical", "title", "byline", "published", "language", "site_name",
                          "image", "excerpt", "text", "html", "markdown", "links", "images"}) {
    line += fmt::format(R"(,"{}":null)", key);
  }
  line += R"(,"error":)";
  append_string(line, message);
  line += '}';
  return line;
}

}  // namespace dandelion
