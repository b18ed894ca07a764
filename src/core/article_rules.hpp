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
  // Whether a body that `body` names stays as the page has it, since the site's theme shows markup
  // as it came: players, posts from elsewhere and formulas are not put in plain words then.
  bool keeps_markup = false;
};

// One `discover:` entry: where addresses of articles are looked for.
struct SourceRules {
  enum class Kind {
    index,    // a page with links to articles
    feed,     // RSS, Atom, JSON Feed
    sitemap,  // a sitemap or an index of sitemaps
    links,    // a page whose links are followed
  };
  Kind kind = Kind::index;
  std::string url;
  std::string category;
  std::string match;  // regular expression (RE2) that an article's address has to match; empty: any
  std::string items;  // of an index: selector of the <a> elements, or of elements that hold one
  std::string next;   // of an index: selector of the link to the next page; empty: none
  int pages = 1;      // of an index: how many pages at the most
  int depth = 1;      // of links: how many links away from the page an article may be
};

}  // namespace dandelion
