// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "extract/block_structure.hpp"

namespace dandelion {

// What the model is told of a block of text: of itself, of what stands around it, and, from
// `page_blocks` on, of the whole page; from `rate` on, of what the first model made of the blocks
// around it and of the page, which the second one asks too.
// clang-format off
#define DANDELION_BLOCK_FEATURES(X)                                                              \
  X(weight) X(links) X(digits) X(capitals) X(stops) X(commas) X(word_length) X(ending)           \
  X(inline_elements) X(breaks) X(heading_level) X(kind) X(depth) X(lists)                        \
  X(in_article) X(in_main) X(in_nav) X(in_header) X(in_footer) X(in_aside) X(in_form)            \
  X(in_table) X(in_figure) X(in_button) X(in_quote) X(in_code) X(in_hidden) X(in_caption)        \
  X(in_definition) X(in_section) X(in_link) X(in_body_item) X(in_details) X(in_dialog)           \
  X(in_item) X(in_emphasis) X(in_noscript)                                                       \
  X(own_name) X(name_sum) X(name_low) X(name_high) X(name_near) X(name_wider) X(words)           \
  X(offset) X(position) X(after_title) X(weight_after_title) X(is_title) X(copies) X(siblings)   \
  X(wider_siblings) X(path_weight) X(path_blocks) X(path_links)                                  \
  X(near_weight) X(near_links) X(near_blocks) X(near_share) X(near_stops)                        \
  X(wide_weight) X(wide_links) X(wide_blocks) X(wide_share) X(wide_stops)                        \
  X(wider_weight) X(wider_links) X(wider_blocks) X(wider_share) X(wider_stops)                   \
  X(widest_weight) X(widest_links) X(widest_blocks) X(widest_share) X(widest_stops)              \
  X(before_weight) X(before_links) X(before_kind) X(before2_weight) X(before2_links)             \
  X(behind_weight) X(behind_links) X(behind_kind) X(behind2_weight) X(behind2_links)             \
  X(section_weight) X(section_links) X(section_level)                                            \
  X(page_blocks) X(page_weight) X(page_links) X(page_paragraphs) X(page_articles) X(page_type)   \
  X(page_stops) X(page_main_path) X(page_headings) X(page_items)                                 \
  X(rate) X(near_rate) X(wide_rate) X(wider_rate) X(widest_rate)                                 \
  X(before_rate) X(before2_rate) X(behind_rate) X(behind2_rate) X(around_rate) X(around2_rate)   \
  X(path_rate) X(look_rate) X(section_rate) X(path_rate_share) X(look_rate_share)                \
  X(rate_before) X(rate_behind) X(since_sure) X(until_sure) X(weight_since_sure)                 \
  X(weight_until_sure) X(core_steps) X(core_rate) X(core_share) X(core_weight) X(near_core)      \
  X(page_rate) X(page_expected)
// clang-format on

enum class Feature : std::uint8_t {
#define DANDELION_FEATURE(name) name,
  DANDELION_BLOCK_FEATURES(DANDELION_FEATURE)
#undef DANDELION_FEATURE
      count
};

constexpr auto first_rated_feature = static_cast<std::size_t>(Feature::rate);

// By column, so that a tree asks one question of all blocks at once.
class BlockFeatures {
 public:
  explicit BlockFeatures(std::size_t blocks)
      : blocks_(blocks), values_(blocks * static_cast<std::size_t>(Feature::count)) {}

  [[nodiscard]] std::size_t blocks() const { return blocks_; }
  [[nodiscard]] float* column(Feature feature) {
    return values_.data() + blocks_ * static_cast<std::size_t>(feature);
  }
  [[nodiscard]] const float* column(Feature feature) const {
    return values_.data() + blocks_ * static_cast<std::size_t>(feature);
  }

 private:
  std::size_t blocks_;
  std::vector<float> values_;
};

// What a page says of its own kind, for the features of the whole page.
enum class PageKind : std::uint8_t { unknown, article, website, product, discussion, other };

// `title` is what the page calls itself.
[[nodiscard]] BlockFeatures describe_blocks(const BlockStructure& structure, std::string_view title,
                                            PageKind kind);

// Fills in the features from `rate` on.
void describe_rates(const BlockStructure& structure, const std::vector<float>& rates,
                    BlockFeatures& features);

[[nodiscard]] std::string_view feature_name(Feature feature);

}  // namespace dandelion
