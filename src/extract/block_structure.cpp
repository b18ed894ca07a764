// SPDX-License-Identifier: MIT
#include "extract/block_structure.hpp"

namespace dandelion {

BlockStructure::BlockStructure(const PageText& page)
    : page_(page),
      wider_(page.elements.size(), 0),
      paths_(page.elements.size(), 1),
      looks_(page.elements.size(), 1) {
  for (std::uint32_t i = 1; i < page.elements.size(); ++i) {
    const PageElement& element = page.elements[i];
    const PageElement& parent = page.elements[element.parent];
    const auto tag = static_cast<std::uint64_t>(element.node->tag);
    const bool same =
        parent.first_block == element.first_block && parent.end_block == element.end_block;
    wider_[i] = same ? wider_[element.parent] : element.parent;
    paths_[i] = mix(paths_[element.parent], tag);
    looks_[i] = hash_of(element.node->attribute_or_empty("class").substr(0, 80), tag);
  }
}

}  // namespace dandelion
