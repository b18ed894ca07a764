// SPDX-License-Identifier: MIT
#include "archive/css_addresses.hpp"

#include <cstdint>
#include <vector>

#include "core/text.hpp"

namespace dandelion {
namespace {

// Loads nothing, whatever the reader's browser is.
constexpr std::string_view nothing = "data:,";

bool is_css_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n' || c == '\r' || c == '\f') continue;
    out += c;
  }
  return out + '"';
}

class Rewriting {
 public:
  Rewriting(std::string_view css, const CssRewrite& rewrite) : css_(css), rewrite_(rewrite) {}

  std::string work() && {
    out_.reserve(css_.size());
    while (at_ < css_.size())
      step();
    return std::move(out_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < css_.size() ? css_[at_ + ahead] : '\0';
  }

  void step() {
    const char c = peek();
    if (c == '/' && peek(1) == '*') {
      const auto end = css_.find("*/", at_ + 2);
      copy(end == std::string_view::npos ? css_.size() - at_ : end + 2 - at_);
    } else if (c == '"' || c == '\'') {
      take_string();
    } else if (c == '@') {
      take_at_keyword();
    } else if (is_name_character(c)) {
      take_name();
    } else if (c == '\\') {
      copy(2);
    } else {
      if (c == '(') functions_.emplace_back();
      if (c == ')' && !functions_.empty()) functions_.pop_back();
      if (c == ';' || c == '{' || c == '}') in_import_ = false;
      copy(1);
    }
  }

  void copy(std::size_t count) {
    count = std::min(count, css_.size() - at_);
    out_ += css_.substr(at_, count);
    at_ += count;
  }

  std::string read_name() {
    const std::size_t begin = at_;
    while (at_ < css_.size() && is_name_character(css_[at_]))
      ++at_;
    return ascii_lower(css_.substr(begin, at_ - begin));
  }

  void take_at_keyword() {
    const std::size_t begin = at_++;
    const std::string name = read_name();
    out_ += css_.substr(begin, at_ - begin);
    in_import_ = name == "import";
    // Its addresses are names, which nobody fetches.
    if (name == "namespace") copy(std::min(css_.find(';', at_), css_.size()) - at_);
  }

  void take_name() {
    const std::size_t begin = at_;
    const std::string name = read_name();
    if (peek() != '(') {
      out_ += css_.substr(begin, at_ - begin);
      return;
    }
    ++at_;
    if (name == "url" || name == "src") {
      take_url();
      return;
    }
    out_ += css_.substr(begin, at_ - begin);
    functions_.push_back(name);
  }

  void take_string() {
    const std::string text = read_string();
    const bool is_address =
        in_import_ || (!functions_.empty() && functions_.back().ends_with("image-set"));
    if (is_address) {
      put(text);
    } else {
      out_ += css_.substr(string_begin_, at_ - string_begin_);
    }
  }

  // Escapes resolved; an unclosed string ends with its line.
  std::string read_string() {
    string_begin_ = at_;
    const char quote = css_[at_++];
    std::string text;
    while (at_ < css_.size() && css_[at_] != quote && css_[at_] != '\n') {
      if (css_[at_] == '\\') {
        read_escape(text);
      } else {
        text += css_[at_++];
      }
    }
    if (peek() == quote) ++at_;
    return text;
  }

  void read_escape(std::string& text) {
    ++at_;
    std::uint32_t code = 0;
    int digits = 0;
    for (; digits < 6 && at_ < css_.size() && hex_value(css_[at_]) >= 0; ++digits)
      code = code * 16 + static_cast<std::uint32_t>(hex_value(css_[at_++]));
    if (digits > 0) {
      if (is_css_space(peek())) ++at_;
      append_utf8(text, code == 0 ? U'\uFFFD' : static_cast<char32_t>(code));
    } else if (at_ < css_.size()) {
      if (css_[at_] != '\n') text += css_[at_];
      ++at_;
    }
  }

  void skip_space() {
    while (at_ < css_.size() && is_css_space(css_[at_]))
      ++at_;
  }

  void take_url() {
    skip_space();
    std::string address;
    if (peek() == '"' || peek() == '\'') {
      address = read_string();
    } else {
      while (at_ < css_.size() && css_[at_] != ')' && !is_css_space(css_[at_])) {
        if (css_[at_] == '\\') {
          read_escape(address);
        } else {
          address += css_[at_++];
        }
      }
    }
    at_ = std::min(css_.find(')', at_), css_.size() - 1) + 1;
    put(address);
  }

  void put(const std::string& address) {
    const auto kind = in_import_ ? CssAddress::import : CssAddress::resource;
    in_import_ = false;
    out_ += "url(" + in_quotes(rewrite_(address, kind).value_or(std::string(nothing))) + ")";
  }

  std::string_view css_;
  const CssRewrite& rewrite_;
  std::size_t at_ = 0;
  std::size_t string_begin_ = 0;
  bool in_import_ = false;              // behind `@import`, before its address
  std::vector<std::string> functions_;  // that are open, outermost first
  std::string out_;
};

}  // namespace

std::string rewrite_css(std::string_view css, const CssRewrite& rewrite) {
  return Rewriting(css, rewrite).work();
}

}  // namespace dandelion
