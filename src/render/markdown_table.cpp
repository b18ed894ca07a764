// SPDX-License-Identifier: MIT
#include "render/markdown_table.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace dandelion {
namespace {

using html::Node;
using html::Tag;
using html::TagSet;

constexpr std::size_t max_columns = 100;

bool is_cell(const Node& node) {
  return node.is_element(Tag::td_) || node.is_element(Tag::th_);
}

// What in a table tells its kind.
struct Signs {
  bool nested = false;  // a table within
  bool caption = false;
  bool header = false;  // <th>
  bool spans = false;
  bool blocks = false;      // cells that hold more than lines
  bool row_inside = false;  // a row's child that is no cell
};

Signs signs_of(const Node& table, std::vector<const Node*>& rows) {
  static const TagSet line_blocks = {Tag::p_,  Tag::div_,   Tag::td_,    Tag::th_,
                                     Tag::tr_, Tag::tbody_, Tag::thead_, Tag::tfoot_};
  Signs signs;
  for (const Node* at = html::next_in_tree(table, table); at != nullptr;
       at = html::next_in_tree(*at, table)) {
    if (!at->is_element()) continue;
    if (at->tag == Tag::table_) signs.nested = true;
    if (at->tag == Tag::caption_) signs.caption = true;
    if (at->tag == Tag::tr_) rows.push_back(at);
    if (at->tag == Tag::th_) signs.header = true;
    if (is_cell(*at)) {
      signs.spans = signs.spans || at->attribute("colspan").value_or("1") != "1" ||
                    at->attribute("rowspan").value_or("1") != "1";
    } else if (html::is_block(at->tag) && !line_blocks.has(at->tag)) {
      signs.blocks = true;
    }
    if (at->parent->is_element(Tag::tr_) && !is_cell(*at)) signs.row_inside = true;
  }
  return signs;
}

std::uint8_t alignment_of(const Node& cell) {
  const std::string align = ascii_lower(cell.attribute_or_empty("align"));
  if (align == "left") return 'l';
  if (align == "center") return 'c';
  return align == "right" ? 'r' : 0;
}

}  // namespace

TableGrid grid_of(const Node& table) {
  TableGrid grid;
  const Signs signs = signs_of(table, grid.rows);
  bool even = true;
  for (const Node* row : grid.rows) {
    std::size_t cells = 0;
    for (const Node* cell = row->first_element(); cell != nullptr; cell = cell->next_element())
      ++cells;
    if (grid.columns != 0 && cells != grid.columns) even = false;
    grid.columns = std::max(grid.columns, cells);
  }
  const bool lone = grid.columns <= 1 || grid.rows.size() <= 1;
  if (!signs.header && !signs.caption && (signs.nested || lone)) {
    grid.kind = TableGrid::Kind::layout;
    return grid;
  }
  const bool plain = even && grid.columns > 0 && grid.columns < max_columns && !signs.nested &&
                     !signs.caption && !signs.spans && !signs.blocks && !signs.row_inside;
  if (!plain) return grid;
  grid.kind = TableGrid::Kind::plain;
  for (const Node* cell = grid.rows.front()->first_element(); cell != nullptr;
       cell = cell->next_element())
    grid.alignments.push_back(alignment_of(*cell));
  return grid;
}

}  // namespace dandelion
