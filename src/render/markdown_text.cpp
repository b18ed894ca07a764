// SPDX-License-Identifier: MIT
#include "render/markdown_text.hpp"

#include <algorithm>
#include <vector>

#include "core/text.hpp"

namespace dandelion {
namespace {

bool is_word(char c) {
  return is_ascii_letter(c) || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}
bool is_punctuation(char c) {
  return c > ' ' && c < 0x7F && !is_word(c);
}

class Escaper {
 public:
  explicit Escaper(const std::string& text)
      : text_(text),
        backticks_(std::count(text.begin(), text.end(), '`')),
        tildes_(std::count(text.begin(), text.end(), '~')),
        closing_run_(text.find_last_not_of('#') + 1),
        brackets_(text.size(), false) {
    find_loose_brackets();
  }

  std::string escape() {
    std::string escaped;
    for (std::size_t i = 0; i < text_.size(); ++i) {
      const char c = text_[i];
      if (c == '<' && begins_tag(i)) {
        escaped += "&lt;";
      } else if (c == '&' && begins_reference(i)) {
        escaped += "&amp;";
      } else {
        if (needs_backslash(i)) escaped += '\\';
        escaped += c;
      }
    }
    return escaped;
  }

 private:
  [[nodiscard]] char at(std::size_t i) const { return i < text_.size() ? text_[i] : ' '; }
  [[nodiscard]] char before(std::size_t i) const { return i == 0 ? ' ' : text_[i - 1]; }

  [[nodiscard]] bool begins_tag(std::size_t i) const {
    const char next = at(i + 1);
    return is_ascii_letter(next) || next == '/' || next == '!' || next == '?';
  }

  [[nodiscard]] bool begins_reference(std::size_t i) const {
    const auto end = text_.find_first_not_of(
        "#0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", i + 1);
    return end != std::string::npos && text_[end] == ';' && end > i + 1;
  }

  // A bracket may stand where it has a partner and the pair is followed by nothing that makes it a
  // link.
  void find_loose_brackets() {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == '[') {
        open.push_back(i);
        brackets_[i] = true;
      } else if (text_[i] == ']') {
        brackets_[i] = true;
        if (open.empty()) continue;
        const bool link = at(i + 1) == '(' || at(i + 1) == '[' || at(i + 1) == ':';
        const bool image_or_note = before(open.back()) == '!' || at(open.back() + 1) == '^';
        if (!link && !image_or_note) brackets_[i] = brackets_[open.back()] = false;
        open.pop_back();
      }
    }
  }

  [[nodiscard]] bool needs_backslash(std::size_t i) const {
    const bool loose = before(i) == ' ' && at(i + 1) == ' ';
    switch (text_[i]) {
      case '\\':
        return is_punctuation(at(i + 1));
      case '[':
      case ']':
        return brackets_[i];
      case '*':
        return !loose;
      case '_':
        return !loose && !(is_word(before(i)) && is_word(at(i + 1)));
      case '`':
        return backticks_ > 1;
      case '~':
        return tildes_ > 1;
      // A run of these at the end would close an ATX heading.
      case '#':
        return i == closing_run_;
      default:
        return false;
    }
  }

  const std::string& text_;
  std::ptrdiff_t backticks_;
  std::ptrdiff_t tildes_;
  std::size_t closing_run_;     // where a run of `#` that ends the text begins
  std::vector<bool> brackets_;  // which of them need a backslash
};

}  // namespace

std::string escape_markdown(std::string_view text) {
  const std::string line = collapse_space(text);
  return Escaper(line).escape();
}

}  // namespace dandelion
