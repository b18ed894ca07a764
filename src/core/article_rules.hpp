// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace dandelion {

// How a site's articles are cut out of its pages: `article:` in sites.yaml. All selectors are CSS
// (Selectors 3 with :is, :not and :has) and have been checked when the configuration was read. What
// is empty is found automatically.
struct ArticleRules {
  struct Hero {
    std::string image;    // selector of the <img>
    std::string caption;  // selector of the element that holds its caption
  };
  std::string title;
  std::string body;
  std::optional<Hero> hero;
  std::vector<std::string> remove;            // elements taken out of the body, with all they hold
  std::map<std::string, std::string> rename;  // element name -> element name, in hero and body
};

// One `discover:` entry that names a page with links to articles.
struct IndexRules {
  std::string url;
  std::string category;
  std::string items;  // selector of the <a> elements, or of elements that hold one
  std::string next;   // selector of the link to the next index page; empty: none
  int pages = 1;      // how many index pages at the most
};

}  // namespace dandelion
