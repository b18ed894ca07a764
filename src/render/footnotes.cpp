// SPDX-License-Identifier: MIT
#include "render/footnotes.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/text.hpp"

namespace dandelion {
namespace {

using html::Node;
using html::Tag;
using html::TagSet;

// What is nested deeper is no article's footnote. It bounds every way up from a link.
constexpr int max_depth = 100;
constexpr std::size_t longest_way_back = 60;  // in bytes of text: "Jump back to footnote 12"

// The number that a label like `1`, `[1]` or `(1)` shows; 0 of anything else.
int number_of_label(std::string_view text) {
  std::string label = collapse_space(text);
  std::erase_if(label,
                [](char c) { return std::string_view("[]() ").find(c) != std::string::npos; });
  const bool is_number =
      !label.empty() && label.size() <= 4 && label.front() != '0' &&
      std::all_of(label.begin(), label.end(), [](char c) { return c >= '0' && c <= '9'; });
  return is_number ? std::stoi(label) : 0;
}

// Text that is there to be clicked on, or stands between such.
bool is_marks_alone(std::string_view text) {
  while (!text.empty()) {
    const CodePoint c = read_utf8(text);
    const bool arrow = (c.value >= 0x2190 && c.value <= 0x21FF) ||  // Arrows
                       (c.value >= 0x2900 && c.value <= 0x297F) || c.value == 0x23CE ||
                       (c.value >= 0x2B00 && c.value <= 0x2B4F) || c.value == 0x1F519;
    const bool invisible = c.value == 0xA0 || c.value == 0x200B || c.value == 0x200D ||
                           c.value == 0x2060 || c.value == 0xFE0E || c.value == 0xFE0F;
    constexpr std::string_view signs = " \t\r\n\f^[]().,;:|-";
    const bool sign = c.value < 0x80 && signs.find(static_cast<char>(c.value)) != signs.npos;
    if (!arrow && !invisible && !sign) return false;
    text.remove_prefix(c.length);
  }
  return true;
}

bool is_media(const Node& node) {
  static const TagSet tags = {Tag::img_, Tag::video_, Tag::audio_};
  return node.is_element() && tags.has(node.tag);
}

bool shows_something(const Node& node) {
  for (const Node* at = &node; at != nullptr; at = html::next_in_tree(*at, node)) {
    if (is_media(*at) || (at->is_text() && !is_blank(at->text))) return true;
  }
  return false;
}

bool may_be_raised(const Node& node) {
  static const TagSet tags = {Tag::sup_, Tag::span_,   Tag::small_, Tag::b_,   Tag::i_,
                              Tag::em_,  Tag::strong_, Tag::cite_,  Tag::font_};
  return node.is_element() && tags.has(node.tag);
}

// What the page itself calls a reference or a way back.
bool is_called(const Node& link, std::initializer_list<std::string_view> names) {
  for (const std::string_view attribute :
       {"role", "epub:type", "class", "rel", "id", "href", "data-component-name", "data-type"}) {
    const std::string value = ascii_lower(link.attribute_or_empty(attribute));
    for (const std::string_view name : names) {
      if (value.find(name) != std::string::npos) return true;
    }
  }
  return false;
}

// The node after `node` in a walk that leaves out what is under it.
const Node* step(const Node& node, const Node& root, bool into) {
  return into ? html::next_in_tree(node, root) : html::next_skipping_children(node, root);
}

// How much of `text` is the note's own number: `1.`, `[1] `, or what a link with it left: `. `.
std::size_t label_length(std::string_view text, const std::string& number, bool number_is_gone) {
  const auto at = [&text](std::size_t i) { return i < text.size() ? text[i] : '\0'; };
  const auto skip_space = [&](std::size_t i) { return i + leading_space(text.substr(i)); };
  std::size_t i = skip_space(0);
  const bool open = at(i) == '[' || at(i) == '(';
  if (open) i = skip_space(i + 1);
  if (!number_is_gone) {
    if (text.compare(i, number.size(), number) != 0) return 0;
    i += number.size();
    if (is_ascii_letter(at(i)) || (at(i) >= '0' && at(i) <= '9')) return 0;
  }
  const std::size_t behind = skip_space(i);
  const bool close = at(behind) == ']' || at(behind) == ')';
  if (open && !close) return 0;
  if (close) i = behind + 1;
  if (at(i) == '.' || at(i) == ':') ++i;
  return skip_space(i);
}

class FootnoteSearch {
 public:
  FootnoteSearch(const Node& body, const std::vector<const Node*>& links)
      : body_(body), links_(links) {}

  Footnotes find() {
    find_places();
    const bool found = take_references() && take_notes() && end_the_article() && sort_links() &&
                       raise_references() && take_labels();
    if (!found) return {};
    found_.left_out.insert(found_.notes.begin(), found_.notes.end());
    return std::move(found_);
  }

 private:
  // What the links lead to, and in which order all of these stand.
  void find_places() {
    std::unordered_set<std::string_view> wanted;
    std::unordered_set<const Node*> links(links_.begin(), links_.end());
    for (const Node* link : links_)
      wanted.insert(link->attribute_or_empty("href").substr(1));
    std::size_t order = 0;
    for (const Node* at = &body_; at != nullptr; at = html::next_in_tree(*at, body_)) {
      if (!at->is_element()) continue;
      ++order;
      if (links.contains(at)) order_[at] = order;
      for (const std::string_view attribute : {"id", "name"}) {
        const std::string_view name = at->attribute_or_empty(attribute);
        if (name.empty() || !wanted.contains(name)) continue;
        places_.try_emplace(name, at);
        order_[at] = order;
      }
    }
  }

  [[nodiscard]] const Node* place_of(const Node& link) const {
    const auto found = places_.find(link.attribute_or_empty("href").substr(1));
    return found == places_.end() ? nullptr : found->second;
  }

  // Links to something below them that are numbered 1, 2, 3 … in the order of the text.
  bool take_references() {
    std::unordered_map<const Node*, int> numbers;
    for (const Node* link : links_) {
      const Node* place = place_of(*link);
      if (place == nullptr || order_.at(place) <= order_.at(link)) continue;
      const int label = number_of_label(html::text_content(*link));
      if (label == 0) continue;
      const auto [known, is_new] = numbers.try_emplace(place, label);
      if (is_new) places_of_notes_.push_back(place);
      if (known->second != label || label > static_cast<int>(places_of_notes_.size())) return false;
      if (is_new && label != static_cast<int>(places_of_notes_.size())) return false;
      if (!stands_in_text(*link)) return false;
      found_.references.push_back({link, label});
      found_.links.insert(link);
      note_places(*link, label);
    }
    return !found_.references.empty();
  }

  // Not in what is written as it stands, nor too deep.
  [[nodiscard]] bool stands_in_text(const Node& link) const {
    static const TagSet verbatim = {Tag::pre_, Tag::listing_, Tag::code_,   Tag::samp_,
                                    Tag::tt_,  Tag::dl_,      Tag::summary_};
    int depth = 0;
    for (const Node* at = &link; at != &body_; at = at->parent) {
      if (++depth > max_depth || verbatim.has(at->tag)) return false;
    }
    return true;
  }

  // Where the way back to a reference may lead: the link, what is in it, what it is in, and an
  // empty anchor before.
  void note_places(const Node& link, int number) {
    for (const Node* at = &link; at != nullptr; at = html::next_in_tree(*at, link))
      places_of_references_[at] = number;
    for (const Node* at = &link; at != &body_ && !html::is_block(at->tag); at = at->parent) {
      places_of_references_[at] = number;
      const Node* before = at->previous;
      if (before != nullptr && before->is_element() && before->first_child == nullptr)
        places_of_references_[before] = number;
    }
  }

  // ---- the notes

  bool take_notes() {
    std::vector<const Node*> above;  // the first place and all that it is in
    for (const Node* at = places_of_notes_.front(); at != &body_; at = at->parent) {
      above.push_back(at);
      if (above.size() > max_depth) return false;
    }
    above.push_back(&body_);
    const std::size_t list =
        places_of_notes_.size() == 1 ? list_of_one(above) : list_around_all(above);
    if (list == 0 || list >= above.size()) return false;
    found_.list = above[list];
    for (const Node* place : places_of_notes_) {
      const Node* note = child_of_list(*place);
      if (note == nullptr) return false;
      found_.notes.push_back(note);
      numbers_of_notes_[note] = static_cast<int>(found_.notes.size());
    }
    return are_a_list();
  }

  // The lowest of `above` that all notes are in.
  [[nodiscard]] std::size_t list_around_all(const std::vector<const Node*>& above) const {
    std::unordered_map<const Node*, std::size_t> height;
    for (std::size_t i = 0; i < above.size(); ++i)
      height[above[i]] = i;
    std::size_t common = 0;
    for (const Node* place : places_of_notes_) {
      const Node* at = place;
      for (std::size_t depth = 0; !height.contains(at); at = at->parent) {
        if (++depth > max_depth) return above.size();
      }
      common = std::max(common, height.at(at));
    }
    return common;
  }

  // A lone note is the item or block that its place is in.
  static std::size_t list_of_one(const std::vector<const Node*>& above) {
    std::size_t note = 0;
    while (note + 1 < above.size() && !html::is_block(above[note]->tag))
      ++note;
    for (std::size_t i = note; i < std::min(note + 3, above.size()); ++i) {
      if (above[i]->is_element(Tag::li_)) note = i;
    }
    return note + 1;
  }

  // The list's child that the node is in, nullptr where it is in none.
  [[nodiscard]] const Node* child_of_list(const Node& node) const {
    const Node* at = &node;
    for (int depth = 0; at != &body_ && at->parent != found_.list; at = at->parent) {
      if (++depth > max_depth) return nullptr;
    }
    return at == &body_ ? nullptr : at;
  }

  // The number of the note that the node is in, 0 where it is in none.
  [[nodiscard]] int number_of_note_around(const Node& node) const {
    const Node* child = child_of_list(node);
    const auto found = numbers_of_notes_.find(child);
    return found == numbers_of_notes_.end() ? 0 : found->second;
  }

  // The notes and nothing else, from the first on.
  [[nodiscard]] bool are_a_list() const {
    static const TagSet of_notes = {Tag::li_, Tag::p_, Tag::div_, Tag::aside_, Tag::section_};
    std::size_t next = 0;
    for (const Node* at = found_.notes.front(); at != nullptr; at = at->next) {
      const bool is_note = next < found_.notes.size() && at == found_.notes[next];
      if (is_note ? !of_notes.has(at->tag) : shows_something(*at)) return false;
      if (is_note) ++next;
    }
    if (next != found_.notes.size()) return false;
    for (const Node* note : found_.notes) {
      for (const Node* at = note; at != nullptr; at = html::next_in_tree(*at, *note)) {
        if (at->is_element() && at->tag >= Tag::h1_ && at->tag <= Tag::h6_) return false;
      }
    }
    return true;
  }

  // Nothing stands behind the notes, and a rule in front of them goes: GFM draws its own.
  bool end_the_article() {
    static const TagSet boxes = {Tag::div_,    Tag::section_, Tag::aside_,
                                 Tag::footer_, Tag::article_, Tag::main_,
                                 Tag::center_, Tag::ol_,      Tag::ul_};
    for (const Node* at = found_.list; at != &body_; at = at->parent) {
      if (!boxes.has(at->tag)) return false;
      for (const Node* behind = at->next; behind != nullptr; behind = behind->next) {
        if (shows_something(*behind)) return false;
      }
    }
    const Node* before = shown_before(*found_.notes.front());
    const bool is_list = found_.list->is_element(Tag::ol_) || found_.list->is_element(Tag::ul_);
    if (is_list && before != nullptr) return false;
    for (const Node* at = found_.list; before == nullptr && at != &body_; at = at->parent)
      before = shown_before(*at);
    if (before != nullptr && before->is_element(Tag::hr_)) found_.left_out.insert(before);
    return true;
  }

  static const Node* shown_before(const Node& node) {
    const Node* at = node.previous;
    while (at != nullptr && !at->is_element(Tag::hr_) && !shows_something(*at))
      at = at->previous;
    return at;
  }

  // ---- the links of the notes, and to them

  bool sort_links() {
    std::unordered_set<const Node*> ways_back;
    std::unordered_set<int> with_way_back;
    for (const Node* link : links_) {
      const bool is_reference = found_.links.contains(link);
      const int number = number_of_note_around(*link);
      if (is_reference && number != 0) return false;
      if (is_reference) continue;
      const Node* place = place_of(*link);
      // A link to a note that is no reference would lead nowhere.
      if (place != nullptr && number_of_note_around(*place) != 0) return false;
      if (number == 0 || !leads_back(*link, place, number)) continue;
      ways_back.insert(link);
      with_way_back.insert(number);
    }
    for (const Footnotes::Reference& reference : found_.references) {
      if (!is_marked(*reference.node) && !with_way_back.contains(reference.number)) return false;
    }
    for (std::size_t i = 0; i < found_.notes.size(); ++i)
      take_ways_back(*found_.notes[i], static_cast<int>(i) + 1, ways_back);
    found_.links.insert(ways_back.begin(), ways_back.end());
    return true;
  }

  [[nodiscard]] bool leads_back(const Node& link, const Node* place, int number) const {
    const auto found = places_of_references_.find(place);
    if (found != places_of_references_.end()) return found->second == number;
    return is_marks_alone(html::text_content(link));
  }

  // Whether it looks or is called like a reference, so that a table of contents is none.
  static bool is_marked(const Node& link) {
    for (const Node* at = &link; at != nullptr; at = html::next_in_tree(*at, link)) {
      if (at->is_element(Tag::sup_)) return true;
      if (at->is_text() && at->text.find('[') != std::string_view::npos) return true;
    }
    const Node* above = link.parent;
    for (; above != nullptr && may_be_raised(*above); above = above->parent) {
      if (above->is_element(Tag::sup_)) return true;
    }
    return is_called(link, {"noteref", "footnote", "endnote", "fn", "cite_note"});
  }

  void take_ways_back(const Node& note, int number, const std::unordered_set<const Node*>& all) {
    struct Way {
      const Node* link;
      std::size_t order;
    };
    std::vector<Way> ways;
    std::size_t order = 0;
    std::size_t last_text = 0;
    for (const Node* at = &note; at != nullptr;) {
      const bool is_way = all.contains(at);
      ++order;
      if (is_way) {
        ways.push_back({at, order});
      } else if (is_media(*at) || (at->is_text() && !is_marks_alone(at->text))) {
        last_text = order;
      }
      at = step(*at, note, !is_way);
    }
    for (const Way& way : ways) {
      const std::string text = collapse_space(html::text_content(*way.link));
      const bool says_nothing = number_of_label(text) == number || is_marks_alone(text) ||
                                (text.size() == 1 && is_ascii_letter(text.front()));
      const bool is_behind = way.order > last_text && text.size() <= longest_way_back;
      if (last_text != 0 && (says_nothing || is_behind)) {
        leave_out(*way.link, note, all);
      } else {
        found_.unwrapped.insert(way.link);
      }
    }
  }

  // With what was only there to hold it.
  void leave_out(const Node& node, const Node& note, const std::unordered_set<const Node*>& ways) {
    const Node* top = &node;
    while (top->parent != &note && may_be_raised(*top->parent) &&
           holds_marks_alone(*top->parent, ways))
      top = top->parent;
    found_.left_out.insert(top);
  }

  bool holds_marks_alone(const Node& node, const std::unordered_set<const Node*>& ways) {
    const auto [known, is_new] = marks_alone_.try_emplace(&node, true);
    if (!is_new) return known->second;
    for (const Node* at = &node; at != nullptr;) {
      const bool is_way = ways.contains(at);
      if (is_media(*at) || (at->is_text() && !is_marks_alone(at->text))) {
        known->second = false;
        break;
      }
      at = step(*at, node, !is_way);
    }
    return known->second;
  }

  // ---- the references

  // The number stands for all that only holds the link: the <sup>, the brackets.
  bool raise_references() {
    for (Footnotes::Reference& reference : found_.references) {
      while (reference.node->parent != &body_ && may_be_raised(*reference.node->parent) &&
             references_in(*reference.node->parent) == 1)
        reference.node = reference.node->parent;
      found_.numbers[reference.node] = reference.number;
      const Node* above = reference.node->parent;
      for (; above != &body_ && may_be_raised(*above) && references_in(*above) > 1;
           above = above->parent) {
        if (above->is_element(Tag::sup_)) found_.unwrapped.insert(above);
      }
    }
    return true;
  }

  // How many references the node holds, 0 where it holds more than these and marks; all above one
  // count as two.
  int references_in(const Node& node) {
    const auto [known, is_new] = references_in_.try_emplace(&node, 0);
    if (!is_new) return known->second;
    for (const Node* at = &node; at != nullptr;) {
      const bool is_reference = found_.links.contains(at);
      if (is_reference) known->second = std::min(2, known->second + 1);
      if (is_media(*at) || (at->is_text() && !is_marks_alone(at->text))) {
        known->second = 0;
        break;
      }
      at = step(*at, node, !is_reference);
    }
    return known->second;
  }

  // ---- the notes' own numbers

  // A list's numbers are GFM's; other notes begin with theirs as text. Whether all notes still show
  // something.
  bool take_labels() {
    for (std::size_t i = 0; i < found_.notes.size(); ++i) {
      if (!found_.list->is_element(Tag::ol_)) take_label(*found_.notes[i], std::to_string(i + 1));
      if (!still_shows(*found_.notes[i])) return false;
    }
    return true;
  }

  void take_label(const Node& note, const std::string& number) {
    bool number_is_gone = false;
    std::vector<const Node*> texts;
    std::string beginning;
    for (const Node* at = &note; at != nullptr && texts.size() < 4;) {
      const bool gone = found_.left_out.contains(at);
      if (gone && is_marks_alone(beginning) &&
          std::to_string(number_of_label(html::text_content(*at))) == number)
        number_is_gone = true;
      if (!gone && at->is_text()) {
        texts.push_back(at);
        beginning += at->text;
      }
      at = step(*at, note, !gone);
    }
    std::size_t label = label_length(beginning, number, number_is_gone);
    for (const Node* text : texts) {
      if (label == 0) break;
      const std::size_t cut = std::min(label, text->text.size());
      label -= cut;
      if (cut < text->text.size()) {
        found_.shortened[text] = text->text.substr(cut);
      } else {
        leave_out_alone(*text, note);
      }
    }
  }

  // With the elements that hold nothing else.
  void leave_out_alone(const Node& node, const Node& note) {
    const Node* top = &node;
    while (top->parent != &note && may_be_raised(*top->parent) && top->previous == nullptr &&
           top->next == nullptr)
      top = top->parent;
    found_.left_out.insert(top);
  }

  [[nodiscard]] bool still_shows(const Node& note) const {
    for (const Node* at = &note; at != nullptr;) {
      const bool gone = found_.left_out.contains(at);
      if (!gone && (is_media(*at) || (at->is_text() && !is_marks_alone(at->text)))) return true;
      at = step(*at, note, !gone);
    }
    return false;
  }

  const Node& body_;
  const std::vector<const Node*>& links_;
  Footnotes found_;
  std::unordered_map<std::string_view, const Node*> places_;
  std::unordered_map<const Node*, std::size_t> order_;  // of places and links
  std::vector<const Node*> places_of_notes_;            // the first is number 1's
  std::unordered_map<const Node*, int> places_of_references_;
  std::unordered_map<const Node*, int> numbers_of_notes_;
  std::unordered_map<const Node*, bool> marks_alone_;
  std::unordered_map<const Node*, int> references_in_;
};

}  // namespace

std::vector<const Node*> links_within(const Node& body) {
  std::vector<const Node*> links;
  for (const Node* at = &body; at != nullptr; at = html::next_in_tree(*at, body)) {
    if (!at->is_element(Tag::a_)) continue;
    const std::string_view href = at->attribute_or_empty("href");
    if (href.size() > 1 && href.starts_with('#')) links.push_back(at);
  }
  return links;
}

Footnotes find_footnotes(const Node& body, const std::vector<const Node*>& links) {
  return links.empty() ? Footnotes() : FootnoteSearch(body, links).find();
}

}  // namespace dandelion
