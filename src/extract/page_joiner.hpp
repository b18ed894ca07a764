// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <unordered_set>

#include "html/article.hpp"
#include "html/dom.hpp"

namespace dandelion {

// Puts the pages on which an article goes on behind its first.
class PageJoiner {
 public:
  // `first` must outlive it.
  explicit PageJoiner(html::Article& first);

  // Puts the body behind what there is, with its links and pictures; first.next_page becomes that
  // of `next`. False, with nothing done, where `next` is another article (by its headline, unless
  // the address is the first page's own with a page's number), or repeats what there is.
  [[nodiscard]] bool add(const html::Article& next);

 private:
  [[nodiscard]] bool repeats(const html::Node& body);

  html::Article& first_;
  std::unordered_set<std::size_t> seen_;  // hashes of texts and pictures' addresses
};

}  // namespace dandelion
