// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "extract/block_features.hpp"
#include "extract/block_structure.hpp"

namespace dandelion {
namespace {

constexpr float sure_rate = 0.7F;
constexpr float sure_weight = 40;
constexpr double core_part = 0.7;

struct Rated {
  float weight = 0;
  float expected = 0;
};

// What the first rates say about where the text is: an article is in one place, and what stands
// beside or behind it is less likely of it than the same in its midst.
class RateDescriber {
 public:
  RateDescriber(const BlockStructure& structure, const std::vector<float>& rates,
                BlockFeatures& features)
      : page_(structure.page()),
        rates_(rates),
        structure_(structure),
        weights_(rates.size()),
        expected_(rates.size()),
        features_(features) {
    for (std::size_t i = 0; i < rates.size(); ++i) {
      weights_.add(weight(i));
      expected_.add(weight(i) * rates[i]);
    }
    all_weight_ = weights_.between(0, rates.size());
    all_expected_ = expected_.between(0, rates.size());
  }

  void describe() {
    find_core();
    for (std::size_t i = 0; i < rates_.size(); ++i) {
      containers(i);
      neighbours(i);
      core(i);
      set(Feature::rate, i, rates_[i]);
      set(Feature::rate_before, i, ratio(expected_.between(0, i), all_expected_));
      set(Feature::rate_behind, i, ratio(expected_.between(i + 1, rates_.size()), all_expected_));
      set(Feature::page_rate, i, ratio(all_expected_, all_weight_));
      set(Feature::page_expected, i, all_expected_);
    }
    sure_neighbours();
    repetition();
    sections();
  }

 private:
  void set(Feature feature, std::size_t block, float value) {
    features_.column(feature)[block] = value;
  }
  [[nodiscard]] float weight(std::size_t block) const { return page_.blocks[block].count.weight; }
  [[nodiscard]] float rate_between(std::size_t begin, std::size_t end) const {
    return ratio(expected_.between(begin, end), weights_.between(begin, end));
  }
  [[nodiscard]] float rate_of(const PageElement& element) const {
    return rate_between(element.first_block, element.end_block);
  }

  // The deepest element that holds most of the text that is expected.
  void find_core() {
    for (std::uint32_t i = 0; i < page_.elements.size(); ++i) {
      const PageElement& element = page_.elements[i];
      // An inline element counts all of the block that it stands in.
      if (element.node->is_element() && !html::is_block(element.node->tag)) continue;
      const auto held =
          static_cast<double>(expected_.between(element.first_block, element.end_block));
      if (held < core_part * static_cast<double>(all_expected_)) continue;
      if (i == 0 || element.depth > page_.elements[core_].depth) core_ = i;
    }
  }

  void containers(std::size_t i) {
    static constexpr std::array levels = {Feature::near_rate, Feature::wide_rate,
                                          Feature::wider_rate, Feature::widest_rate};
    const auto containers = structure_.containers<levels.size()>(page_.blocks[i]);
    for (std::size_t at = 0; at < levels.size(); ++at)
      set(levels[at], i, rate_of(page_.elements[containers[at]]));
  }

  void neighbours(std::size_t i) {
    const std::size_t end = rates_.size();
    set(Feature::before_rate, i, i >= 1 ? rates_[i - 1] : -1);
    set(Feature::before2_rate, i, i >= 2 ? rates_[i - 2] : -1);
    set(Feature::behind_rate, i, i + 1 < end ? rates_[i + 1] : -1);
    set(Feature::behind2_rate, i, i + 2 < end ? rates_[i + 2] : -1);
    set(Feature::around_rate, i,
        rate_between(i - std::min<std::size_t>(i, 4), std::min(end, i + 5)));
    set(Feature::around2_rate, i,
        rate_between(i - std::min<std::size_t>(i, 15), std::min(end, i + 16)));
  }

  void core(std::size_t i) {
    const PageElement& core = page_.elements[core_];
    std::uint32_t at = page_.blocks[i].element;
    const bool inside = i >= core.first_block && i < core.end_block;
    // Up to what holds both: how far the block stands from the text.
    float steps = 0;
    const std::uint32_t from = inside ? at : core_;
    const auto holds_both = [&](std::uint32_t element) {
      return inside ? element == core_
                    : page_.elements[element].first_block <= i &&
                          i < page_.elements[element].end_block;
    };
    for (at = from; at != 0 && !holds_both(at) && steps < 30; at = page_.elements[at].parent)
      steps += 1;
    set(Feature::core_steps, i, inside ? steps : -1 - steps);
    set(Feature::core_rate, i, rate_of(core));
    const float core_weight = weights_.between(core.first_block, core.end_block);
    set(Feature::core_share, i, ratio(core_weight, all_weight_));
    set(Feature::core_weight, i, core_weight);
    float distance = 0;
    if (i < core.first_block)
      distance = static_cast<float>(i) - static_cast<float>(core.first_block);
    if (i >= core.end_block) distance = static_cast<float>(i - core.end_block) + 1;
    set(Feature::near_core, i, distance);
  }

  // How far the nearest blocks stand that are surely of the text, in blocks and in letters.
  void sure_neighbours() {
    const std::size_t end = rates_.size();
    const auto sure = [this](std::size_t i) {
      return rates_[i] >= sure_rate && weight(i) >= sure_weight;
    };
    std::size_t last = end;
    for (std::size_t i = 0; i < end; ++i) {
      set(Feature::since_sure, i, last == end ? 1000 : static_cast<float>(i - last));
      set(Feature::weight_since_sure, i, last == end ? 100'000 : weights_.between(last + 1, i));
      if (sure(i)) last = i;
    }
    last = end;
    for (std::size_t i = end; i-- > 0;) {
      set(Feature::until_sure, i, last == end ? 1000 : static_cast<float>(last - i));
      set(Feature::weight_until_sure, i, last == end ? 100'000 : weights_.between(i + 1, last));
      if (sure(i)) last = i;
    }
  }

  void repetition() {
    const std::vector<std::uint64_t>& paths = structure_.paths();
    std::vector<std::uint64_t> looks = structure_.looks();
    for (std::size_t i = page_.elements.size(); i-- > 1;)
      looks[i] = mix(mix(looks[i], 1), looks[page_.elements[i].parent]);
    ByHash<Rated> by_path(rates_.size());
    ByHash<Rated> by_look(rates_.size());
    for (std::size_t i = 0; i < rates_.size(); ++i) {
      const std::uint32_t element = page_.blocks[i].element;
      for (Rated* same : {&by_path[paths[element]], &by_look[looks[element]]}) {
        same->weight += weight(i);
        same->expected += weight(i) * rates_[i];
      }
    }
    for (std::size_t i = 0; i < rates_.size(); ++i) {
      const std::uint32_t element = page_.blocks[i].element;
      const Rated& path = by_path[paths[element]];
      const Rated& look = by_look[looks[element]];
      set(Feature::path_rate, i, ratio(path.expected, path.weight));
      set(Feature::look_rate, i, ratio(look.expected, look.weight));
      set(Feature::path_rate_share, i, ratio(path.expected, all_expected_));
      set(Feature::look_rate_share, i, ratio(look.expected, all_expected_));
    }
  }

  void sections() {
    each_section(page_, [this](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i)
        set(Feature::section_rate, i, rate_between(begin, end));
    });
  }

  const PageText& page_;
  const std::vector<float>& rates_;
  const BlockStructure& structure_;
  BlockSums weights_;
  BlockSums expected_;
  BlockFeatures& features_;
  float all_weight_ = 0;
  float all_expected_ = 0;
  std::uint32_t core_ = 0;
};

}  // namespace

void describe_rates(const BlockStructure& structure, const std::vector<float>& rates,
                    BlockFeatures& features) {
  RateDescriber(structure, rates, features).describe();
}

}  // namespace dandelion
