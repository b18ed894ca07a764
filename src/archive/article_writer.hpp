// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "archive/article_pictures.hpp"
#include "archive/page_capture.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "render/page.hpp"

namespace dandelion {

struct KeptFile {
  std::string name;  // relative to the kept page's folder, with `/`
  std::string content;
};

// Writes a captured page's article in the ways in which it is kept. Each file stands by itself, but
// for the Markdown, which has its pictures beside it. The same article gives the same bytes.
class ArticleWriter {
 public:
  // `captured` must have an article; it and the theme must outlive the writer.
  ArticleWriter(const CapturedPage& captured, const Theme& theme, Timestamp fetched);

  // article.md and the pictures that it shows.
  [[nodiscard]] std::vector<KeptFile> markdown() const;
  // One file with its pictures in it, which asks for nothing.
  [[nodiscard]] std::string html() const;
  [[nodiscard]] Result<std::string> epub() const;

 private:
  [[nodiscard]] std::string page(PageFormat format, LocalPicture local_picture) const;

  const CapturedPage& captured_;
  html::Article article_;  // with a word on the archive that it was had from, if it was
  const Theme& theme_;
  Timestamp fetched_;
  ArticlePictures pictures_;
};

}  // namespace dandelion
