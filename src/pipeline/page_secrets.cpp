// SPDX-License-Identifier: MIT
#include "pipeline/page_secrets.hpp"

#include "pipeline/index_build.hpp"
#include "pipeline/search_build.hpp"
#include "render/markdown.hpp"

namespace dandelion {

std::optional<std::string> secret_in_page(const SecretScan& scan, const html::Article& article,
                                          const std::vector<FileChange>& files) {
  if (const auto found = find_secret(files, scan)) return found->what;
  // Each way to write a text has signs of its own that may stand in the middle of a password.
  std::string said;
  for (const std::string* text : {&article.url, &article.canonical, &article.title, &article.byline,
                                  &article.site_name, &article.image, &article.excerpt})
    said.append(*text).append("\n");
  for (const html::ArticleImage& image : article.images)
    said.append(image.alt).append("\n").append(image.caption).append("\n");
  said += to_plain_text(*article.body);
  return scan.secret_in(said);
}

std::optional<std::string> secret_in_lists(const SecretScan& scan, const SiteLook& look,
                                           const PageRecord& page, const html::Article* article) {
  auto files = lists_of_one(look, page, article);
  auto search = search_files_of_one(page, article);
  std::move(search.begin(), search.end(), std::back_inserter(files));
  const auto found = find_secret(files, scan);
  return found ? std::optional(found->what) : std::nullopt;
}

}  // namespace dandelion
