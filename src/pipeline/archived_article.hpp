// SPDX-License-Identifier: MIT
// What the repository keeps of an archived page beside its files: nobody can be asked for it again,
// so that without it a lost state would leave the page in the look of that day.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "html/article.hpp"
#include "publish/mirror_repository.hpp"
#include "state/store.hpp"

namespace dandelion {

// ".dandelion/articles/ab/cdef…", by the SHA-256 of the page's path, which never changes.
[[nodiscard]] std::string archived_article_path(std::string_view page_path);

// The article of the page, with the pictures that the mirror has of it, as the state has them: a
// line of JSON, {"pictures":[{"url","path","width","height"}]}, then the packed article
// (stored_article.hpp). nullopt where the state has no article.
[[nodiscard]] Result<std::optional<FileChange>> archived_article_file(const Store& store,
                                                                      const std::string& site,
                                                                      const PageRecord& page);

struct ArchivedArticle {
  std::string packed;
  struct Picture {
    std::string url;  // normalised
    AssetRecord asset;
  };
  std::vector<Picture> pictures;
};

// malformed where it is no such file. The mirror may have been somebody else's: what comes out is
// as inert as an article that was just extracted, and names no path but those of pictures.
[[nodiscard]] Result<ArchivedArticle> read_archived_article(std::string_view content);

// Gives the state what the repository has of the page's article, where the state has none. A file
// that is not there, or is damaged, changes nothing.
[[nodiscard]] Result<void> take_archived_article(Store& store, const std::string& site,
                                                 const MirrorRepository& repository,
                                                 const std::string& page_path, std::int64_t key);

}  // namespace dandelion
