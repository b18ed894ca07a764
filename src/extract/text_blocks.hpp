// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "extract/name_weights.hpp"
#include "html/dom.hpp"

namespace dandelion {

// What stands around a block, as bits: set by an element and inherited by all it holds.
namespace around {
enum : std::uint32_t {
  article = 1U << 0,
  main = 1U << 1,
  nav = 1U << 2,
  header = 1U << 3,
  footer = 1U << 4,
  aside = 1U << 5,
  form = 1U << 6,
  table = 1U << 7,
  list = 1U << 8,
  figure = 1U << 9,
  button = 1U << 10,
  quote = 1U << 11,
  code = 1U << 12,
  hidden = 1U << 13,
  heading = 1U << 14,
  caption = 1U << 15,
  definition = 1U << 16,
  section = 1U << 17,
  link = 1U << 18,
  article_body = 1U << 19,  // itemprop="articleBody" and its kin
  details = 1U << 20,
  paragraph = 1U << 21,
  dialog = 1U << 22,
  item = 1U << 23,  // an itemscope of its own
  emphasis = 1U << 24,
  noscript = 1U << 25,
};
}  // namespace around

// Text is weighed in letters, so that no threshold needs words: an ideograph, a kana or a syllable
// of Hangul says about as much as two and a half letters.
struct TextCount {
  float weight = 0;         // all but white space
  float in_links = 0;       // the part of it under <a>
  float digits = 0;         // ASCII digits
  float capitals = 0;       // ASCII capitals
  std::uint32_t stops = 0;  // sentence ends: . ! ? 。 ！ ？ ؟ । …
  std::uint32_t commas = 0;
  std::uint32_t spaces = 0;  // runs of white space
};

constexpr std::uint32_t no_index = 0xFFFFFFFFU;

// An element of the page, in tree order. What it sums up covers all under it.
struct PageElement {
  html::Node* node = nullptr;
  std::uint32_t parent = no_index;
  std::uint32_t around = 0;  // its own bits and its ancestors'
  std::uint16_t depth = 0;
  std::uint16_t lists = 0;  // lists that it stands in
  float own_name = 0;       // weight of its names (class, id, role, itemprop)
  float name_sum = 0;       // these, with its ancestors'
  float name_low = 0;
  float name_high = 0;
  float name_near = 0;            // of the nearest element that has one
  std::uint32_t first_block = 0;  // blocks under it: [first_block, end_block)
  std::uint32_t end_block = 0;
  std::uint32_t end_element = 0;  // elements under it, itself too: [its index, end_element)
  std::uint32_t children = 0;     // child elements
};

// A run of text without a block boundary inside: a paragraph, a heading, a cell, a link in a menu.
struct TextBlock {
  std::uint32_t element = 0;  // the nearest element around it that begins a block
  std::uint32_t inner = 0;    // the element of its first text
  std::uint32_t first_text = 0;
  std::uint32_t end_text = 0;
  TextCount count;
  std::uint16_t inline_elements = 0;
  std::uint16_t breaks = 0;
  std::uint32_t around = 0;  // its element's bits, and those of inline elements that hold all of it
  unsigned char last = 0;  // what it ends with: 0 anything, 1 a sentence's end, 2 a colon, 3 "…"
};

struct PageText {
  std::vector<PageElement> elements;
  std::vector<TextBlock> blocks;
  std::vector<html::Node*> texts;  // text nodes in tree order; those of a block are neighbours
};

// The page's text in one walk. Scripts, styles and other elements that show nothing are left out.
[[nodiscard]] PageText collect_text(html::Node& page, const NameWeights& names);

// A block's text with its white space collapsed.
[[nodiscard]] std::string text_of(const PageText& page, const TextBlock& block);

[[nodiscard]] TextCount count_text(std::string_view text);

}  // namespace dandelion
