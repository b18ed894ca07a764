// SPDX-License-Identifier: MIT
#include <charconv>
#include <optional>

#include "core/text.hpp"
#include "html/selector_syntax.hpp"

namespace dandelion::html::selector_detail {
namespace {

// Far above what anyone writes by hand, low enough that neither parsing nor matching runs off the
// stack.
constexpr std::size_t max_selector_bytes = 4096;
constexpr int max_nesting = 8;

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80 || c == '\\';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name_char(char c) {
  return is_name_start(c) || is_digit(c) || c == '-';
}
bool is_css_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

// Recursive descent over the grammar of Selectors 4, 18, as far as selector.hpp promises it.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<SelectorList> whole() {
    auto list = selector_list(false, 0);
    if (!list) return list;
    if (!at_end()) return unexpected("a combinator, `,` or the end");
    return list;
  }

 private:
  [[nodiscard]] bool at_end() const { return position_ == text_.size(); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
  }
  bool take(char c) {
    if (at_end() || text_[position_] != c) return false;
    ++position_;
    return true;
  }
  bool skip_space() {
    const std::size_t before = position_;
    while (!at_end() && is_css_space(text_[position_]))
      ++position_;
    return position_ != before;
  }
  [[nodiscard]] tl::unexpected<Error> unexpected(std::string_view wanted) const {
    if (at_end()) return fail(ErrorKind::bad_input, "expected {} at its end", wanted);
    return fail(ErrorKind::bad_input, "expected {} at character {}, found '{}'", wanted,
                position_ + 1, text_[position_]);
  }

  Result<SelectorList> selector_list(bool relative, int depth) {
    if (depth > max_nesting)
      return fail(ErrorKind::bad_input, "nested more than {} deep", max_nesting);
    SelectorList list;
    do {
      auto alternative = complex(relative, depth);
      if (!alternative) return tl::unexpected(alternative.error());
      list.alternatives.push_back(std::move(*alternative));
    } while (take(','));
    return list;
  }

  std::optional<Combinator> take_combinator() {
    const bool spaced = skip_space();
    std::optional<Combinator> combinator;
    if (take('>')) combinator = Combinator::child;
    if (!combinator && take('+')) combinator = Combinator::next_sibling;
    if (!combinator && take('~')) combinator = Combinator::subsequent_sibling;
    if (combinator) {
      skip_space();
      return combinator;
    }
    const bool more = !at_end() && peek() != ',' && peek() != ')';
    return spaced && more ? std::optional(Combinator::descendant) : std::nullopt;
  }

  Result<ComplexSelector> complex(bool relative, int depth) {
    ComplexSelector selector;
    skip_space();
    if (relative) selector.leading = take_combinator().value_or(Combinator::descendant);
    for (;;) {
      auto part = compound(depth);
      if (!part) return tl::unexpected(part.error());
      selector.compounds.push_back(std::move(*part));
      const auto combinator = take_combinator();
      if (!combinator) return selector;
      selector.combinators.push_back(*combinator);
    }
  }

  Result<CompoundSelector> compound(int depth) {
    CompoundSelector result;
    bool any = take('*');
    if (!any && starts_name()) {
      auto element = name("an element name");
      if (!element) return tl::unexpected(element.error());
      SimpleSelector type;
      type.name = ascii_lower(*element);
      result.parts.push_back(std::move(type));
      any = true;
    }
    for (;;) {
      const char c = peek();
      if (c != '#' && c != '.' && c != '[' && c != ':') break;
      auto part = simple(depth);
      if (!part) return tl::unexpected(part.error());
      result.parts.push_back(std::move(*part));
      any = true;
    }
    if (!any) return unexpected("a selector");
    return result;
  }

  Result<SimpleSelector> simple(int depth) {
    SimpleSelector part;
    if (take('#') || peek() == '.') {
      part.kind = take('.') ? SimpleSelector::Kind::class_name : SimpleSelector::Kind::id;
      auto value = name(part.kind == SimpleSelector::Kind::id ? "an id" : "a class name");
      if (!value) return tl::unexpected(value.error());
      part.name = std::move(*value);
      return part;
    }
    if (take('[')) return attribute();
    take(':');
    return pseudo_class(depth);
  }

  [[nodiscard]] bool starts_name() const {
    return is_name_start(peek()) || (peek() == '-' && (is_name_start(peek(1)) || peek(1) == '-'));
  }

  // CSS Syntax 3, 4.3.11 (consume an ident sequence), escapes included.
  Result<std::string> name(std::string_view wanted) {
    if (!is_name_char(peek()) || is_digit(peek())) return unexpected(wanted);
    std::string result;
    while (!at_end() && is_name_char(peek())) {
      if (peek() == '\\') {
        escape(result);
      } else {
        result += text_[position_++];
      }
    }
    return result;
  }

  void escape(std::string& into) {
    ++position_;
    char32_t code = 0;
    int digits = 0;
    while (digits < 6 && hex_value(peek()) >= 0) {
      code = code * 16 + static_cast<char32_t>(hex_value(text_[position_++]));
      ++digits;
    }
    if (digits > 0) {
      if (is_css_space(peek())) ++position_;
      append_utf8(into, code);
    } else if (!at_end()) {
      into += text_[position_++];
    }
  }

  Result<std::string> string_or_name() {
    const char quote = peek();
    if (quote != '"' && quote != '\'') return name("a value, in quotes unless it is a plain word");
    ++position_;
    std::string value;
    while (!at_end() && peek() != quote) {
      if (peek() == '\\') {
        escape(value);
      } else {
        value += text_[position_++];
      }
    }
    if (!take(quote)) return unexpected("a closing quote");
    return value;
  }

  Result<SimpleSelector> attribute() {
    SimpleSelector part;
    part.kind = SimpleSelector::Kind::attribute_present;
    skip_space();
    auto attribute_name = name("an attribute name");
    if (!attribute_name) return tl::unexpected(attribute_name.error());
    part.name = ascii_lower(*attribute_name);
    skip_space();
    if (take(']')) return part;
    using Kind = SimpleSelector::Kind;
    switch (peek()) {
      case '~':
        part.kind = Kind::attribute_has_word;
        break;
      case '|':
        part.kind = Kind::attribute_dash;
        break;
      case '^':
        part.kind = Kind::attribute_prefix;
        break;
      case '$':
        part.kind = Kind::attribute_suffix;
        break;
      case '*':
        part.kind = Kind::attribute_substring;
        break;
      default:
        part.kind = Kind::attribute_equals;
        break;
    }
    if (part.kind != Kind::attribute_equals) ++position_;
    if (!take('=')) return unexpected("`=` or `]`");
    skip_space();
    auto value = string_or_name();
    if (!value) return tl::unexpected(value.error());
    part.value = std::move(*value);
    skip_space();
    if (peek() == 'i' || peek() == 'I') {
      ++position_;
      part.ignore_case = true;
      skip_space();
    }
    if (!take(']')) return unexpected("`]`");
    return part;
  }

  Result<SimpleSelector> pseudo_class(int depth) {
    if (peek() == ':') {
      return fail(ErrorKind::bad_input,
                  "pseudo-elements (`::` at character {}) select nothing in a page's source",
                  position_);
    }
    const std::size_t start = position_ + 1;
    auto word = name("a pseudo-class");
    if (!word) return tl::unexpected(word.error());
    const std::string pseudo = ascii_lower(*word);
    if (take('(')) return function(pseudo, start, depth);
    SimpleSelector part;
    using Kind = SimpleSelector::Kind;
    part.of_type = pseudo.ends_with("-of-type");
    if (pseudo == "first-child" || pseudo == "last-child" || pseudo == "first-of-type" ||
        pseudo == "last-of-type") {
      part.kind = Kind::nth_child;
      part.from_end = pseudo.starts_with("last");
      part.offset = 1;
    } else if (pseudo == "only-child" || pseudo == "only-of-type") {
      part.kind = Kind::only_child;
    } else if (pseudo == "empty") {
      part.kind = Kind::empty;
    } else if (pseudo == "root") {
      part.kind = Kind::root;
    } else {
      return unknown_pseudo(pseudo, start);
    }
    return part;
  }

  static tl::unexpected<Error> unknown_pseudo(std::string_view pseudo, std::size_t start) {
    return fail(ErrorKind::bad_input,
                "unknown pseudo-class ':{}' at character {}; known are :first-child, :last-child, "
                ":only-child, "
                ":nth-child(), :nth-last-child(), their -of-type forms, :empty, :root, :is(), "
                ":not() and :has()",
                pseudo, start - 1);
  }

  Result<SimpleSelector> function(const std::string& pseudo, std::size_t start, int depth) {
    SimpleSelector part;
    using Kind = SimpleSelector::Kind;
    if (pseudo == "is" || pseudo == "not" || pseudo == "has" || pseudo == "where" ||
        pseudo == "matches") {
      part.kind = pseudo == "not" ? Kind::negation : pseudo == "has" ? Kind::has : Kind::is;
      auto list = selector_list(pseudo == "has", depth + 1);
      if (!list) return tl::unexpected(list.error());
      part.list = std::move(*list);
    } else if (pseudo == "nth-child" || pseudo == "nth-last-child" || pseudo == "nth-of-type" ||
               pseudo == "nth-last-of-type") {
      part.kind = Kind::nth_child;
      part.of_type = pseudo.ends_with("-of-type");
      part.from_end = pseudo.starts_with("nth-last");
      if (!nth(part)) return unexpected("`odd`, `even` or an+b such as `2n+1`");
    } else {
      return unknown_pseudo(pseudo, start);
    }
    skip_space();
    if (!take(')')) return unexpected("`)`");
    return part;
  }

  bool integer(int& value) {
    const auto [end, error] =
        std::from_chars(text_.data() + position_, text_.data() + text_.size(), value);
    if (error != std::errc{}) return false;
    position_ = static_cast<std::size_t>(end - text_.data());
    return true;
  }

  bool word(std::string_view expected) {
    if (!equals_ignoring_case(text_.substr(position_, expected.size()), expected)) return false;
    position_ += expected.size();
    return true;
  }

  // CSS Syntax 3, 6 (an+b).
  bool nth(SimpleSelector& part) {
    skip_space();
    part.step = 2;
    if (word("odd")) {
      part.offset = 1;
      return true;
    }
    if (word("even")) return true;
    part.step = 0;
    const int sign = take('-') ? -1 : 1;
    if (sign == 1) take('+');
    int number = 1;
    const bool has_number = is_digit(peek()) && integer(number);
    if (!take('n') && !take('N')) {
      part.offset = sign * number;
      return has_number;
    }
    part.step = sign * number;
    skip_space();
    const int offset_sign = take('-') ? -1 : take('+') ? 1 : 0;
    if (offset_sign == 0) return true;
    skip_space();
    if (!is_digit(peek()) || !integer(number)) return false;
    part.offset = offset_sign * number;
    return true;
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

}  // namespace

Result<SelectorList> parse_selector_list(std::string_view text) {
  if (text.size() > max_selector_bytes) {
    return fail(ErrorKind::bad_input, "longer than {} bytes", max_selector_bytes);
  }
  if (is_blank(text)) return fail(ErrorKind::bad_input, "it is empty");
  return Parser(text).whole();
}

}  // namespace dandelion::html::selector_detail
