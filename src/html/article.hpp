// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "html/dom.hpp"

namespace dandelion::html {

struct ArticleLink {
  std::string href;  // absolute where the page's address is known
  std::string text;
};

struct ArticleImage {
  std::string src;  // absolute where the page's address is known
  std::string alt;
  std::string caption;
};

// An article as extract/ finds it and render/ takes it. It stands here, not in core/, because its
// content is a tree: the one that was parsed, handed on without being written out and parsed again.
struct Article {
  std::string url;        // where the page was fetched
  std::string canonical;  // what it says its address is; may be empty
  std::string title;
  std::string byline;
  std::optional<Timestamp> published;
  std::string language;  // BCP 47
  std::string site_name;
  std::string image;  // the lead picture's address
  std::string excerpt;
  std::string next_page;  // where the article goes on (extract/next_page.hpp); empty: nowhere
  std::vector<ArticleLink> links;
  std::vector<ArticleImage> images;

  // Neutralised (html/sanitize.hpp), addresses made absolute. The nodes belong to `document`.
  std::shared_ptr<Document> document;
  Node* hero_image = nullptr;    // an <img>, or nullptr
  Node* hero_caption = nullptr;  // the element that holds its caption, or nullptr
  Node* body = nullptr;          // never nullptr in an article that was found

  // How a site wants element names written (`rename:`); the tree itself keeps its own, so that a
  // writer knows a link from a heading.
  std::map<std::string, std::string> rename;
};

}  // namespace dandelion::html
