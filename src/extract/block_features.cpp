// SPDX-License-Identifier: MIT
#include "extract/block_features.hpp"

#include <algorithm>
#include <array>

#include "extract/block_structure.hpp"
#include "extract/label_words.hpp"

namespace dandelion {
namespace {

using html::Tag;

// What kind of block an element is, as a number that grows with how much it is running text.
float kind_of(Tag tag) {
  switch (tag) {
    case Tag::p_:
      return 6;
    case Tag::blockquote_:
      return 5;
    case Tag::pre_:
      return 4;
    case Tag::div_:
      return 3;
    case Tag::td_:
    case Tag::th_:
      return 2;
    case Tag::li_:
    case Tag::dd_:
    case Tag::dt_:
      return 1;
    case Tag::h1_:
    case Tag::h2_:
    case Tag::h3_:
    case Tag::h4_:
    case Tag::h5_:
    case Tag::h6_:
      return 7;
    default:
      return 0;
  }
}

int heading_level(Tag tag) {
  return tag >= Tag::h1_ && tag <= Tag::h6_ ? 1 + static_cast<int>(tag) - static_cast<int>(Tag::h1_)
                                            : 0;
}

struct Weights {
  float weight = 0;
  float part = 0;
  float blocks = 0;
};

class Describer {
 public:
  Describer(const BlockStructure& structure, std::string_view title, PageKind kind)
      : page_(structure.page()),
        title_(title),
        kind_(kind),
        structure_(structure),
        weights_(page_.blocks.size()),
        links_(page_.blocks.size()),
        stops_(page_.blocks.size()),
        features_(page_.blocks.size()) {
    for (const TextBlock& block : page_.blocks) {
      weights_.add(block.count.weight);
      links_.add(block.count.in_links);
      stops_.add(static_cast<float>(block.count.stops));
    }
    total_ = weights_.between(0, page_.blocks.size());
  }

  BlockFeatures describe() {
    for (std::size_t i = 0; i < page_.blocks.size(); ++i) {
      own(i);
      surroundings(i);
      containers(i);
      neighbours(i);
    }
    repetition();
    titles();
    sections();
    whole_page();
    return std::move(features_);
  }

 private:
  void set(Feature feature, std::size_t block, float value) {
    features_.column(feature)[block] = value;
  }

  [[nodiscard]] float kind_of_block(const TextBlock& block) const {
    if ((block.around & around::heading) != 0) return 7;
    if ((block.around & around::paragraph) != 0) return 6;
    return kind_of(page_.elements[block.element].node->tag);
  }

  [[nodiscard]] int level_of_block(const TextBlock& block) const {
    if ((block.around & around::heading) == 0) return 0;
    std::uint32_t at = block.inner;
    for (int up = 0; up < 6 && at != no_index; ++up) {
      if (const int level = heading_level(page_.elements[at].node->tag); level != 0) return level;
      at = page_.elements[at].parent;
    }
    return 7;
  }

  void own(std::size_t i) {
    const TextBlock& block = page_.blocks[i];
    const TextCount& count = block.count;
    set(Feature::weight, i, count.weight);
    set(Feature::links, i, ratio(count.in_links, count.weight));
    set(Feature::digits, i, ratio(count.digits, count.weight));
    set(Feature::capitals, i, ratio(count.capitals, count.weight));
    set(Feature::stops, i, static_cast<float>(count.stops));
    set(Feature::commas, i, static_cast<float>(count.commas));
    set(Feature::word_length, i, count.weight / static_cast<float>(count.spaces + 1));
    set(Feature::ending, i, static_cast<float>(block.last));
    set(Feature::inline_elements, i, static_cast<float>(block.inline_elements));
    set(Feature::breaks, i, static_cast<float>(block.breaks));
    set(Feature::heading_level, i, static_cast<float>(level_of_block(block)));
    set(Feature::kind, i, kind_of_block(block));
    set(Feature::depth, i, static_cast<float>(page_.elements[block.element].depth));
    set(Feature::lists, i, static_cast<float>(page_.elements[block.element].lists));
    set(Feature::words, i,
        count.weight < 300
            ? label_weight(page_.texts.data() + block.first_text, block.end_text - block.first_text)
            : 0);
  }

  void surroundings(std::size_t i) {
    struct Pair {
      Feature feature;
      std::uint32_t bit;
    };
    static constexpr Pair pairs[] = {{Feature::in_article, around::article},
                                     {Feature::in_main, around::main},
                                     {Feature::in_nav, around::nav},
                                     {Feature::in_header, around::header},
                                     {Feature::in_footer, around::footer},
                                     {Feature::in_aside, around::aside},
                                     {Feature::in_form, around::form},
                                     {Feature::in_table, around::table},
                                     {Feature::in_figure, around::figure},
                                     {Feature::in_button, around::button},
                                     {Feature::in_quote, around::quote},
                                     {Feature::in_code, around::code},
                                     {Feature::in_hidden, around::hidden},
                                     {Feature::in_caption, around::caption},
                                     {Feature::in_definition, around::definition},
                                     {Feature::in_section, around::section},
                                     {Feature::in_link, around::link},
                                     {Feature::in_body_item, around::article_body},
                                     {Feature::in_details, around::details},
                                     {Feature::in_dialog, around::dialog},
                                     {Feature::in_item, around::item},
                                     {Feature::in_emphasis, around::emphasis},
                                     {Feature::in_noscript, around::noscript}};
    const std::uint32_t bits = page_.blocks[i].around;
    for (const Pair& pair : pairs)
      set(pair.feature, i, (bits & pair.bit) != 0 ? 1.0F : 0.0F);
    const PageElement& inner = page_.elements[page_.blocks[i].inner];
    set(Feature::own_name, i, inner.own_name);
    set(Feature::name_sum, i, inner.name_sum);
    set(Feature::name_low, i, inner.name_low);
    set(Feature::name_high, i, inner.name_high);
    set(Feature::name_near, i, inner.name_near);
    const std::uint32_t wider = structure_.wider(page_.blocks[i].element);
    set(Feature::name_wider, i, page_.elements[wider].name_near);
  }

  void containers(std::size_t i) {
    struct Level {
      Feature weight, links, blocks, share, stops;
    };
    static constexpr std::array<Level, 4> levels = {
        {{Feature::near_weight, Feature::near_links, Feature::near_blocks, Feature::near_share,
          Feature::near_stops},
         {Feature::wide_weight, Feature::wide_links, Feature::wide_blocks, Feature::wide_share,
          Feature::wide_stops},
         {Feature::wider_weight, Feature::wider_links, Feature::wider_blocks, Feature::wider_share,
          Feature::wider_stops},
         {Feature::widest_weight, Feature::widest_links, Feature::widest_blocks,
          Feature::widest_share, Feature::widest_stops}}};
    const auto containers = structure_.containers<levels.size()>(page_.blocks[i]);
    for (std::size_t at = 0; at < levels.size(); ++at) {
      const Level& level = levels[at];
      const PageElement& element = page_.elements[containers[at]];
      const float weight = weights_.between(element.first_block, element.end_block);
      set(level.weight, i, weight);
      set(level.links, i, ratio(links_.between(element.first_block, element.end_block), weight));
      set(level.blocks, i, static_cast<float>(element.end_block - element.first_block));
      set(level.share, i, ratio(weight, total_));
      set(level.stops, i,
          100 * ratio(stops_.between(element.first_block, element.end_block), weight));
    }
  }

  void neighbours(std::size_t i) {
    const auto link_share = [this](std::size_t at) {
      return ratio(page_.blocks[at].count.in_links, page_.blocks[at].count.weight);
    };
    if (i >= 1) {
      set(Feature::before_weight, i, page_.blocks[i - 1].count.weight);
      set(Feature::before_links, i, link_share(i - 1));
      set(Feature::before_kind, i, kind_of_block(page_.blocks[i - 1]));
    }
    if (i >= 2) {
      set(Feature::before2_weight, i, page_.blocks[i - 2].count.weight);
      set(Feature::before2_links, i, link_share(i - 2));
    }
    if (i + 1 < page_.blocks.size()) {
      set(Feature::behind_weight, i, page_.blocks[i + 1].count.weight);
      set(Feature::behind_links, i, link_share(i + 1));
      set(Feature::behind_kind, i, kind_of_block(page_.blocks[i + 1]));
    }
    if (i + 2 < page_.blocks.size()) {
      set(Feature::behind2_weight, i, page_.blocks[i + 2].count.weight);
      set(Feature::behind2_links, i, link_share(i + 2));
    }
    set(Feature::offset, i, ratio(weights_.between(0, i), total_));
    set(Feature::position, i, static_cast<float>(i) / static_cast<float>(page_.blocks.size()));
  }

  // How often what a block is like stands on the page: cards, comments and menus repeat themselves,
  // and so, with much more text, do an article's paragraphs.
  void repetition() {
    const std::vector<std::uint64_t>& looks = structure_.looks();
    const std::vector<std::uint64_t>& paths = structure_.paths();
    ByHash<std::uint32_t> same_look(page_.elements.size());
    for (std::size_t i = 1; i < page_.elements.size(); ++i)
      ++same_look[mix(looks[i], page_.elements[i].parent)];
    ByHash<Weights> by_path(page_.blocks.size());
    ByHash<std::uint32_t> by_text(page_.blocks.size());
    std::vector<std::uint64_t> texts;
    texts.reserve(page_.blocks.size());
    for (const TextBlock& block : page_.blocks) {
      Weights& path = by_path[paths[block.element]];
      path.weight += block.count.weight;
      path.part += block.count.in_links;
      path.blocks += 1;
      heaviest_path_ = std::max(heaviest_path_, path.weight);
      std::uint64_t text = 11;
      for (std::uint32_t i = block.first_text; i < block.end_text; ++i)
        text = hash_of(page_.texts[i]->text.substr(0, 200), text);
      texts.push_back(text);
      ++by_text[text];
    }
    for (std::size_t i = 0; i < page_.blocks.size(); ++i) {
      const std::uint32_t element = page_.blocks[i].element;
      const Weights& path = by_path[paths[element]];
      set(Feature::path_weight, i, ratio(path.weight, total_));
      set(Feature::path_blocks, i, path.blocks);
      set(Feature::path_links, i, ratio(path.part, path.weight));
      set(Feature::copies, i, static_cast<float>(by_text[texts[i]]));
      const auto siblings = [&](std::uint32_t at) {
        return at == 0 ? 0.0F
                       : static_cast<float>(same_look[mix(looks[at], page_.elements[at].parent)]);
      };
      set(Feature::siblings, i, siblings(element));
      float most = 0;
      std::uint32_t at = element;
      for (int up = 0; up < 4 && at != 0; ++up) {
        at = page_.elements[at].parent;
        most = std::max(most, siblings(at));
      }
      set(Feature::wider_siblings, i, most);
    }
  }

  // Where the block stands to the page's title: the first block that repeats it within an <h1>,
  // else the first <h1>, else the first block that repeats it.
  void titles() {
    std::size_t first_heading = no_index;
    std::size_t first_copy = no_index;
    std::size_t heading_copy = no_index;
    for (std::size_t i = 0; i < page_.blocks.size(); ++i) {
      const bool copies = repeats_title(page_.blocks[i]);
      const bool top = features_.column(Feature::heading_level)[i] == 1.0F;
      set(Feature::is_title, i, copies ? 1.0F : 0.0F);
      if (top && first_heading == no_index) first_heading = i;
      if (copies && first_copy == no_index) first_copy = i;
      if (copies && top && heading_copy == no_index) heading_copy = i;
    }
    std::size_t title = heading_copy;
    if (title == no_index) title = first_heading;
    if (title == no_index) title = first_copy;
    for (std::size_t i = 0; i < page_.blocks.size(); ++i) {
      if (title == no_index) {
        set(Feature::after_title, i, -1000.0F);
        set(Feature::weight_after_title, i, -1000.0F);
        continue;
      }
      set(Feature::after_title, i, static_cast<float>(i) - static_cast<float>(title));
      set(Feature::weight_after_title, i,
          i >= title ? weights_.between(title, i) : -weights_.between(i, title));
    }
  }

  [[nodiscard]] bool repeats_title(const TextBlock& block) const {
    if (title_.empty() || block.count.weight < 2 || block.count.weight > 400) return false;
    if (block.end_text - block.first_text > 4) return false;
    const std::string text = text_of(page_, block);
    return text.size() * 2 >= title_.size() && title_.find(text) != std::string_view::npos;
  }

  void sections() {
    each_section(page_, [&](std::size_t begin, std::size_t end) {
      const float weight = weights_.between(begin, end);
      const float links = ratio(links_.between(begin, end), weight);
      const float level = features_.column(Feature::heading_level)[begin];
      for (std::size_t i = begin; i < end; ++i) {
        set(Feature::section_weight, i, weight);
        set(Feature::section_links, i, links);
        set(Feature::section_level, i, level);
      }
    });
  }

  void whole_page() {
    float paragraphs = 0;
    float headings = 0;
    float articles = 0;
    float items = 0;
    for (const TextBlock& block : page_.blocks) {
      if ((block.around & around::paragraph) != 0) paragraphs += block.count.weight;
      if ((block.around & around::heading) != 0) headings += 1;
    }
    for (const PageElement& element : page_.elements) {
      if (element.node->is_element(Tag::article_)) articles += 1;
      if (element.node->is_element(Tag::li_)) items += 1;
    }
    const std::size_t blocks = page_.blocks.size();
    const auto fill = [&](Feature feature, float value) {
      std::fill_n(features_.column(feature), blocks, value);
    };
    fill(Feature::page_blocks, static_cast<float>(blocks));
    fill(Feature::page_weight, total_);
    fill(Feature::page_links, ratio(links_.between(0, blocks), total_));
    fill(Feature::page_paragraphs, ratio(paragraphs, total_));
    fill(Feature::page_articles, articles);
    fill(Feature::page_type, static_cast<float>(kind_));
    fill(Feature::page_stops, 100 * ratio(stops_.between(0, blocks), total_));
    fill(Feature::page_main_path, ratio(heaviest_path_, total_));
    fill(Feature::page_headings, headings);
    fill(Feature::page_items, items);
  }

  const PageText& page_;
  std::string_view title_;
  PageKind kind_;
  const BlockStructure& structure_;
  BlockSums weights_;
  BlockSums links_;
  BlockSums stops_;
  float total_ = 0;
  float heaviest_path_ = 0;
  BlockFeatures features_;
};

}  // namespace

BlockFeatures describe_blocks(const BlockStructure& structure, std::string_view title,
                              PageKind kind) {
  return Describer(structure, title, kind).describe();
}

std::string_view feature_name(Feature feature) {
  static constexpr std::array<std::string_view, static_cast<std::size_t>(Feature::count)> names = {
#define DANDELION_FEATURE(name) #name,
      DANDELION_BLOCK_FEATURES(DANDELION_FEATURE)
#undef DANDELION_FEATURE
  };
  return names.at(static_cast<std::size_t>(feature));
}

}  // namespace dandelion
