// SPDX-License-Identifier: MIT
#include "extract/block_structure.hpp"

namespace dandelion {

BlockStructure::BlockStructure(const PageText& page)
    : page_(page), wider_(page.elements.size(), 0) {
  for (std::uint32_t i = 1; i < page.elements.size(); ++i) {
    const PageElement& element = page.elements[i];
    const PageElement& parent = page.elements[element.parent];
    const bool same =
        parent.first_block == element.first_block && parent.end_block == element.end_block;
    wider_[i] = same ? wider_[element.parent] : element.parent;
  }
}

std::vector<std::uint64_t> BlockStructure::paths() const {
  std::vector<std::uint64_t> paths(page_.elements.size(), 1);
  for (std::size_t i = 1; i < paths.size(); ++i) {
    paths[i] = mix(paths[page_.elements[i].parent],
                   static_cast<std::uint64_t>(page_.elements[i].node->tag));
  }
  return paths;
}

std::vector<std::uint64_t> BlockStructure::looks() const {
  std::vector<std::uint64_t> own(page_.elements.size(), 1);
  for (std::size_t i = 1; i < own.size(); ++i) {
    const html::Node& node = *page_.elements[i].node;
    own[i] = hash_of(node.attribute_or_empty("class").substr(0, 80),
                     static_cast<std::uint64_t>(node.tag));
  }
  return own;
}

}  // namespace dandelion
