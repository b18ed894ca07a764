// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "extract/block_structure.hpp"

namespace dandelion {

// Blocks that are made as one are read as one: what each is rated by itself is brought together
// here, before blocks are chosen and after.

// Moves the rates of what stands in one list or table of data halfway to their mean, where it has
// no block of a paragraph's length.
void even_out_lists(const PageText& page, std::vector<float>& rates);

// A paragraph is taken where most of the text of its like beside it is, and a heading where what
// stands before and behind it is: an article with holes is worse than one with a line too much.
void close_gaps(const BlockStructure& structure, const std::vector<float>& rates,
                std::vector<bool>& taken);

// Code, a quote, a list or a table is taken with the paragraphs before and behind it in the same
// element, whatever its own names and look say; what is no code not where it is mostly links, or
// surely no text. A quote that is mostly taken is taken whole, with who said it.
void settle_insets(const BlockStructure& structure, const std::vector<float>& rates,
                   std::vector<bool>& taken);

// A table of data is taken as a whole or not at all. One that stands between blocks that are taken
// is, if it is not much less likely than they are.
void settle_tables(const PageText& page, const std::vector<float>& rates, std::vector<bool>& taken);

// A line within the text that only says "Advertisement" or "Read more" is none of it.
void drop_labels(const PageText& page, std::vector<bool>& taken);

}  // namespace dandelion
