// SPDX-License-Identifier: MIT
#include "extract/text_blocks.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace dandelion {
namespace {

using html::Node;
using html::Tag;
using html::TagSet;

// They show nothing, or nothing that is the page's own text.
const TagSet& silent_elements() {
  static const TagSet tags = {
      Tag::script_,   Tag::style_,  Tag::template_, Tag::head_,  Tag::select_,   Tag::svg_,
      Tag::textarea_, Tag::iframe_, Tag::object_,   Tag::math_,  Tag::datalist_, Tag::canvas_,
      Tag::audio_,    Tag::video_,  Tag::option_,   Tag::input_, Tag::title_,    Tag::noframes_};
  return tags;
}

std::uint32_t bits_of_tag(Tag tag) {
  static const auto table = [] {
    std::array<std::uint32_t, static_cast<std::size_t>(Tag::count)> bits{};
    const auto set = [&bits](Tag which, std::uint32_t value) {
      bits.at(static_cast<std::size_t>(which)) = value;
    };
    set(Tag::article_, around::article);
    set(Tag::main_, around::main);
    set(Tag::nav_, around::nav);
    set(Tag::menu_, around::nav);
    set(Tag::header_, around::header);
    set(Tag::footer_, around::footer);
    set(Tag::aside_, around::aside);
    set(Tag::form_, around::form);
    set(Tag::table_, around::table);
    set(Tag::ul_, around::list);
    set(Tag::ol_, around::list);
    set(Tag::figure_, around::figure);
    set(Tag::figcaption_, around::caption);
    set(Tag::caption_, around::caption);
    set(Tag::button_, around::button);
    set(Tag::label_, around::button);
    set(Tag::blockquote_, around::quote);
    set(Tag::pre_, around::code);
    set(Tag::code_, around::code);
    set(Tag::dl_, around::definition);
    set(Tag::section_, around::section);
    set(Tag::a_, around::link);
    set(Tag::details_, around::details);
    set(Tag::p_, around::paragraph);
    set(Tag::dialog_, around::dialog);
    set(Tag::noscript_, around::noscript);
    for (const Tag heading : {Tag::h1_, Tag::h2_, Tag::h3_, Tag::h4_, Tag::h5_, Tag::h6_})
      set(heading, around::heading);
    for (const Tag strong : {Tag::b_, Tag::strong_, Tag::em_, Tag::i_})
      set(strong, around::emphasis);
    return bits;
  }();
  return table[static_cast<std::size_t>(tag)];
}

bool hides(std::string_view style) {
  // `display:none` as it is written: with or without a space, rarely in capitals.
  const auto display = style.find("display");
  if (display != std::string_view::npos) {
    std::string_view rest = style.substr(display + 7);
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == ':'))
      rest.remove_prefix(1);
    if (rest.starts_with("none")) return true;
  }
  return style.find("visibility:hidden") != std::string_view::npos ||
         style.find("visibility: hidden") != std::string_view::npos;
}

std::uint32_t bits_of_role(std::string_view role) {
  if (role == "main") return around::main;
  if (role == "article") return around::article;
  if (role == "navigation" || role == "menu" || role == "menubar" || role == "tablist")
    return around::nav;
  if (role == "contentinfo") return around::footer;
  if (role == "banner") return around::header;
  if (role == "complementary") return around::aside;
  if (role == "search" || role == "form") return around::form;
  if (role == "button") return around::button;
  if (role == "dialog" || role == "alertdialog") return around::dialog;
  if (role == "heading") return around::heading;
  return 0;
}

std::uint32_t bits_of_attributes(const Node& element) {
  std::uint32_t bits = 0;
  for (const html::Attribute& attribute : element.attributes) {
    if (attribute.name == "style") {
      if (hides(attribute.value)) bits |= around::hidden;
    } else if (attribute.name == "hidden") {
      bits |= around::hidden;
    } else if (attribute.name == "aria-hidden") {
      if (attribute.value == "true") bits |= around::hidden;
    } else if (attribute.name == "role") {
      bits |= bits_of_role(attribute.value);
    } else if (attribute.name == "itemprop") {
      if (attribute.value == "articleBody" || attribute.value == "text" ||
          attribute.value == "reviewBody")
        bits |= around::article_body;
    } else if (attribute.name == "itemscope") {
      bits |= around::item;
    }
  }
  return bits;
}

enum class Sign : std::uint8_t { none, space, stop, comma };

// The punctuation of other scripts, as UTF-8 from its lead byte on.
Sign sign_of(std::string_view at) {
  struct Known {
    std::string_view bytes;
    Sign sign;
  };
  static constexpr Known known[] = {
      {"\u3002", Sign::stop},  {"\uFF01", Sign::stop},  {"\uFF1F", Sign::stop},
      {"\uFF0E", Sign::stop},  {"\u2026", Sign::stop},  {"\u061F", Sign::stop},
      {"\u06D4", Sign::stop},  {"\u0964", Sign::stop},  {"\u0589", Sign::stop},
      {"\u1362", Sign::stop},  {"\u17D4", Sign::stop},  {"\u104B", Sign::stop},
      {"\uFF61", Sign::stop},  {"\uFF0C", Sign::comma}, {"\u3001", Sign::comma},
      {"\u060C", Sign::comma}, {"\u061B", Sign::comma}, {"\uFF1B", Sign::comma},
      {"\u104A", Sign::comma}, {"\u3000", Sign::space}, {"\u00A0", Sign::space}};
  for (const Known& one : known) {
    if (at.starts_with(one.bytes)) return one.sign;
  }
  return Sign::none;
}

bool may_be_sign(unsigned char lead) {
  return lead == 0xC2 || lead == 0xD6 || lead == 0xD8 || lead == 0xDB || lead == 0xE0 ||
         lead == 0xE1 || lead == 0xE2 || lead == 0xE3 || lead == 0xEF;
}

// Counts of ASCII, each in eight bits of one number: a table look-up and an addition a byte.
namespace packed {
constexpr std::uint64_t letter = 1;
constexpr std::uint64_t capital = 1U << 8;
constexpr std::uint64_t digit = 1U << 16;
constexpr std::uint64_t stop = 1U << 24;
constexpr std::uint64_t comma = std::uint64_t{1} << 32;
constexpr std::size_t most = 255;

constexpr std::uint8_t of(std::uint64_t counts, std::uint64_t unit) {
  return static_cast<std::uint8_t>(counts / unit);
}
}  // namespace packed

// 0 for white space.
const std::array<std::uint64_t, 128>& packed_counts() {
  static const auto table = [] {
    std::array<std::uint64_t, 128> counts{};
    counts.fill(packed::letter);
    for (const char c : {' ', '\t', '\n', '\r', '\f', '\v'})
      counts.at(static_cast<std::size_t>(c)) = 0;
    for (std::size_t c = 'A'; c <= 'Z'; ++c)
      counts.at(c) += packed::capital;
    for (std::size_t c = '0'; c <= '9'; ++c)
      counts.at(c) += packed::digit;
    for (const char c : {'.', '!', '?'})
      counts.at(static_cast<std::size_t>(c)) += packed::stop;
    for (const char c : {',', ';'})
      counts.at(static_cast<std::size_t>(c)) += packed::comma;
    return counts;
  }();
  return table;
}

constexpr float ideograph_weight = 2.5F;

class TextCounter {
 public:
  TextCount count(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
      const auto byte = static_cast<unsigned char>(text[at]);
      at += byte < 0x80 ? ascii(text.substr(at)) : other(text.substr(at));
    }
    count_.weight =
        static_cast<float>(letters_) + ideograph_weight * static_cast<float>(ideographs_);
    count_.digits = static_cast<float>(digits_);
    count_.capitals = static_cast<float>(capitals_);
    return count_;
  }

 private:
  // How many bytes of ASCII were counted, at least one.
  std::size_t ascii(std::string_view text) {
    const std::array<std::uint64_t, 128>& table = packed_counts();
    const std::size_t end = std::min(text.size(), packed::most);
    std::uint64_t counts = 0;
    std::uint32_t spaces = 0;
    bool in_space = in_space_;
    std::size_t at = 0;
    for (; at < end; ++at) {
      const auto byte = static_cast<unsigned char>(text[at]);
      if (byte >= 0x80) break;
      const std::uint64_t one = table[byte];
      const bool is_space = one == 0;
      counts += one;
      spaces += is_space && !in_space ? 1U : 0U;
      in_space = is_space;
    }
    in_space_ = in_space;
    count_.spaces += spaces;
    letters_ += packed::of(counts, packed::letter);
    capitals_ += packed::of(counts, packed::capital);
    digits_ += packed::of(counts, packed::digit);
    count_.stops += packed::of(counts, packed::stop);
    count_.commas += packed::of(counts, packed::comma);
    return at;
  }

  // The same for what begins with a byte that is not ASCII.
  std::size_t other(std::string_view text) {
    const auto byte = static_cast<unsigned char>(text.front());
    if (byte < 0xC0) {
      in_space_ = false;
      return 1;
    }
    const Sign sign = may_be_sign(byte) ? sign_of(text.substr(0, 3)) : Sign::none;
    if (sign == Sign::space) return std::min<std::size_t>(2, text.size());
    count_.stops += sign == Sign::stop ? 1U : 0U;
    count_.commas += sign == Sign::comma ? 1U : 0U;
    // Kana, ideographs, Hangul, and what lies beyond the basic plane.
    const bool is_wide = (byte >= 0xE3 && byte <= 0xED) || byte >= 0xF0;
    ++(is_wide && sign == Sign::none ? ideographs_ : letters_);
    in_space_ = false;
    return 1;
  }

  TextCount count_;
  std::uint32_t letters_ = 0;
  std::uint32_t ideographs_ = 0;
  std::uint32_t digits_ = 0;
  std::uint32_t capitals_ = 0;
  bool in_space_ = true;
};

unsigned char ending_of(std::string_view text) {
  const std::string_view clean = trim(text);
  if (clean.empty()) return 0;
  if (clean.ends_with("...") || clean.ends_with("\u2026")) return 3;
  if (clean.ends_with(':') || clean.ends_with("\uFF1A")) return 2;
  // A closing quote or bracket stands behind the sentence's end.
  std::string_view rest = clean;
  for (const std::string_view close :
       {"\"", "'", ")", "\u201D", "\u2019", "\u300D", "\u300F", "\u00BB", "\uFF09"}) {
    if (rest.ends_with(close)) {
      rest.remove_suffix(close.size());
      break;
    }
  }
  for (const std::string_view stop :
       {".", "!", "?", "\u3002", "\uFF01", "\uFF1F", "\u061F", "\u0964", "\u06D4"}) {
    if (rest.ends_with(stop)) return 1;
  }
  return 0;
}

class Collector {
 public:
  Collector(Node& page, const NameWeights& names) : page_(page), names_(names) {}

  PageText collect() {
    Node* at = &page_;
    for (;;) {
      const bool walks_in = visit(*at);
      if (walks_in && at->first_child != nullptr) {
        at = at->first_child;
        continue;
      }
      if (walks_in) leave(*at);
      while (at != &page_ && at->next == nullptr) {
        at = at->parent;
        leave(*at);
      }
      if (at == &page_) break;
      at = at->next;
    }
    return std::move(result_);
  }

 private:
  // Whether what the node holds is to be walked too.
  bool visit(Node& node) {
    if (node.is_text()) {
      text(node);
      return false;
    }
    if (node.type == html::NodeType::comment) return false;
    if (node.is_element() && (node.ns != html::Namespace::html || silent_elements().has(node.tag)))
      return false;
    enter(node);
    return true;
  }

  static bool begins_block(const Node& node) {
    return !node.is_element() || html::is_block(node.tag);
  }

  void enter(Node& node) {
    PageElement element;
    element.node = &node;
    if (!open_.empty()) {
      PageElement& parent = result_.elements[open_.back()];
      ++parent.children;
      element.parent = open_.back();
      element.depth = static_cast<std::uint16_t>(std::min<unsigned>(parent.depth + 1U, 60'000));
      element.around = parent.around;
      element.lists = parent.lists;
      element.name_sum = parent.name_sum;
      element.name_low = parent.name_low;
      element.name_high = parent.name_high;
      element.name_near = parent.name_near;
    }
    if (node.is_element()) describe(node, element);
    if (begins_block(node)) {
      end_block();
    } else if (node.tag == Tag::br_) {
      line_break();
    } else if (block_open_) {
      ++block_.inline_elements;
    }
    element.first_block = static_cast<std::uint32_t>(result_.blocks.size());
    open_.push_back(static_cast<std::uint32_t>(result_.elements.size()));
    if (begins_block(node)) open_blocks_.push_back(open_.back());
    result_.elements.push_back(element);
  }

  void describe(const Node& node, PageElement& element) {
    element.around |= bits_of_tag(node.tag);
    if (node.tag == Tag::ul_ || node.tag == Tag::ol_) ++element.lists;
    if (node.attributes.empty()) return;
    element.around |= bits_of_attributes(node);
    // The page's own names say what kind of page it is, not what is text on it.
    if (node.tag == Tag::body_ || node.tag == Tag::html_) return;
    element.own_name = names_.weight_of(node);
    element.name_sum += element.own_name;
    element.name_low = std::min(element.name_low, element.own_name);
    element.name_high = std::max(element.name_high, element.own_name);
    if (element.own_name != 0) element.name_near = element.own_name;
  }

  void leave(const Node& node) {
    if (begins_block(node)) {
      end_block();
      open_blocks_.pop_back();
    }
    close_record();
  }

  void close_record() {
    PageElement& element = result_.elements[open_.back()];
    // An open run of text belongs to inline elements that end inside it, too.
    element.end_block = static_cast<std::uint32_t>(result_.blocks.size()) + (block_open_ ? 1U : 0U);
    element.end_element = static_cast<std::uint32_t>(result_.elements.size());
    open_.pop_back();
  }

  // Two breaks in a row end a paragraph where authors write no <p>.
  void line_break() {
    if (!block_open_) return;
    if (last_was_break_) {
      end_block();
    } else {
      ++block_.breaks;
      last_was_break_ = true;
    }
  }

  void text(Node& node) {
    const TextCount count = count_text(node.text);
    if (count.weight == 0) return;
    last_was_break_ = false;
    const PageElement& holder = result_.elements[open_.back()];
    if (!block_open_) {
      block_open_ = true;
      block_ = {};
      block_.element = open_blocks_.back();
      block_.inner = open_.back();
      block_.first_text = static_cast<std::uint32_t>(result_.texts.size());
      block_.around = holder.around;
    }
    block_.around &= holder.around;
    block_.count.weight += count.weight;
    if ((holder.around & around::link) != 0) block_.count.in_links += count.weight;
    block_.count.digits += count.digits;
    block_.count.capitals += count.capitals;
    block_.count.stops += count.stops;
    block_.count.commas += count.commas;
    block_.count.spaces += count.spaces;
    result_.texts.push_back(&node);
  }

  void end_block() {
    last_was_break_ = false;
    if (!block_open_) return;
    block_open_ = false;
    block_.end_text = static_cast<std::uint32_t>(result_.texts.size());
    block_.last = ending_of(result_.texts.back()->text);
    result_.blocks.push_back(block_);
  }

  Node& page_;
  const NameWeights& names_;
  PageText result_;
  std::vector<std::uint32_t> open_;         // elements that are being walked
  std::vector<std::uint32_t> open_blocks_;  // those of them that begin a block
  TextBlock block_;
  bool block_open_ = false;
  bool last_was_break_ = false;
};

}  // namespace

TextCount count_text(std::string_view text) {
  return TextCounter().count(text);
}

PageText collect_text(Node& page, const NameWeights& names) {
  return Collector(page, names).collect();
}

std::string text_of(const PageText& page, const TextBlock& block) {
  std::string text;
  for (std::uint32_t i = block.first_text; i < block.end_text; ++i)
    text += page.texts[i]->text;
  return collapse_space(text);
}

}  // namespace dandelion
