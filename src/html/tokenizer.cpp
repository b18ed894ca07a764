// SPDX-License-Identifier: MIT
#include "html/tokenizer.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/text.hpp"
#include "html/byte_scan.hpp"
#include "html/doctype.hpp"

namespace dandelion::html {
namespace {

constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

// From how many attributes on a sorted list finds duplicates: comparing each with all others would
// take quadratic time.
constexpr std::size_t many_attributes = 16;

// What ends a tag's or an attribute's name, and what in it has to be changed.
enum class NameByte : std::uint8_t { plain, capital, null, end, equals };

constexpr auto name_bytes = [] {
  std::array<NameByte, 256> table{};
  for (std::size_t c = 'A'; c <= 'Z'; ++c)
    table[c] = NameByte::capital;
  for (const char c : {' ', '\n', '\t', '\f', '\r', '/', '>'})
    table[static_cast<unsigned char>(c)] = NameByte::end;
  table['='] = NameByte::equals;
  table[0] = NameByte::null;
  return table;
}();

NameByte name_byte(char c) {
  return name_bytes[static_cast<unsigned char>(c)];
}

bool begins_with(const char* at, const char* end, std::string_view wanted) {
  return static_cast<std::size_t>(end - at) >= wanted.size() &&
         equals_ignoring_case({at, wanted.size()}, wanted);
}

// Whether a name of letters that is read from text ends there.
bool ends_name(const char* at, const char* end) {
  return at != end && (is_html_space(*at) || *at == '/' || *at == '>');
}

std::string_view view(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

void Tokenizer::next(Token& token) {
  token.attributes = {};
  for (;;) {
    if (kind_ != TextKind::data && read_raw_text(token)) return;
    if (at_ == end_) {
      token.type = Token::Type::end_of_file;
      return;
    }
    if (*at_ == '<' && is_markup(at_)) {
      if (read_markup(token)) return;
    } else {
      read_text(token);
      return;
    }
  }
}

// Whether the `<` there begins anything; else it is a character as any other.
bool Tokenizer::is_markup(const char* at) const {
  if (end_ - at < 2) return false;
  const char c = at[1];
  return is_ascii_letter(c) || c == '!' || c == '?' || (c == '/' && end_ - at > 2);
}

void Tokenizer::read_text(Token& token) {
  const char* begin = at_;
  bool has_reference = false;
  token.type = Token::Type::text;
  token.has_null = false;
  const char* at = begin;
  for (;; ++at) {
    at = find_any<'<', '&', '\0'>(at, end_);
    if (at == end_ || (*at == '<' && is_markup(at))) break;
    has_reference = has_reference || *at == '&';
    token.has_null = token.has_null || *at == '\0';
  }
  at_ += at - begin;
  token.text = view(begin, at);
  if (has_reference) token.text = decoded(token.text, ReferencePlace::text);
}

bool Tokenizer::read_markup(Token& token) {
  const char c = at_[1];
  if (is_ascii_letter(c)) {
    ++at_;
    return read_tag(token, Token::Type::start_tag);
  }
  if (c == '!') return read_declaration(token);
  if (c == '?') {
    ++at_;
    read_bogus_comment(token);
    return true;
  }
  at_ += 2;
  if (is_ascii_letter(*at_)) return read_tag(token, Token::Type::end_tag);
  if (*at_ == '>') {  // `</>` is nothing at all
    ++at_;
    return false;
  }
  read_bogus_comment(token);
  return true;
}

bool Tokenizer::read_declaration(Token& token) {
  at_ += 2;
  if (view(at_, end_).starts_with("--")) {
    read_comment(token);
  } else if (begins_with(at_, end_, "doctype")) {
    read_doctype(token);
  } else if (cdata_allowed_ && view(at_, end_).starts_with("[CDATA[")) {
    read_cdata(token);
    return !token.text.empty();
  } else {
    read_bogus_comment(token);
  }
  return true;
}

// `-->` and `--!>` end it, and so does a `>` right at its beginning, or after one dash (13.2.5.43
// to 52).
void Tokenizer::read_comment(Token& token) {
  at_ += 2;
  token.type = Token::Type::comment;
  const char* begin = at_;
  std::string_view rest = view(at_, end_);
  if (rest.starts_with(">") || rest.starts_with("->")) {
    at_ += rest.front() == '>' ? 1 : 2;
    token.text = {};
    return;
  }
  for (const char* at = find_any<'>'>(at_, end_); at != end_; at = find_any<'>'>(at + 1, end_)) {
    const std::string_view before = view(begin, at);
    if (!before.ends_with("--") && !before.ends_with("--!")) continue;
    at_ += at + 1 - begin;
    token.text = without_null(before.substr(0, before.rfind("--")));
    return;
  }
  at_ = end_;
  for (const std::string_view unfinished : {"--!", "--", "-"}) {
    if (!rest.ends_with(unfinished)) continue;
    rest.remove_suffix(unfinished.size());
    break;
  }
  token.text = without_null(rest);
}

void Tokenizer::read_bogus_comment(Token& token) {
  token.type = Token::Type::comment;
  const char* stop = find_any<'>'>(at_, end_);
  token.text = without_null(view(at_, stop));
  at_ += stop - at_;
  if (at_ != end_) ++at_;
}

void Tokenizer::read_doctype(Token& token) {
  at_ += std::string_view("doctype").size();
  token.type = Token::Type::doctype;
  const char* stop = find_any<'>'>(at_, end_);
  token.asks_for_quirks = stop == end_ || asks_for_quirks(view(at_, stop));
  at_ += stop - at_;
  if (at_ != end_) ++at_;
}

void Tokenizer::read_cdata(Token& token) {
  at_ += std::string_view("[CDATA[").size();
  const std::string_view rest = view(at_, end_);
  const std::size_t stop = rest.find("]]>");
  token.type = Token::Type::text;
  token.text = rest.substr(0, stop);
  token.has_null = token.text.find('\0') != std::string_view::npos;
  at_ = stop == std::string_view::npos ? end_ : at_ + stop + 3;
}

// The text of an element that holds nothing else, up to its end tag. False where there is none
// before the end tag.
bool Tokenizer::read_raw_text(Token& token) {
  const char* stop = kind_ == TextKind::plain    ? end_
                     : kind_ == TextKind::script ? end_of_script()
                                                 : end_of_raw_text();
  token.type = Token::Type::text;
  token.text = without_null(view(at_, stop));
  token.has_null = false;
  if (kind_ == TextKind::rcdata && token.text.find('&') != std::string_view::npos)
    token.text = decoded(token.text, ReferencePlace::text);
  at_ += stop - at_;
  kind_ = TextKind::data;
  return !token.text.empty();
}

// Whether the `<` there begins the end tag that fits the last start tag.
bool Tokenizer::is_end_tag(const char* at) const {
  if (end_ - at < 2 || at[1] != '/' || !begins_with(at + 2, end_, last_start_tag_)) return false;
  return ends_name(at + 2 + last_start_tag_.size(), end_);
}

const char* Tokenizer::end_of_raw_text() const {
  const char* at = find_any<'<'>(at_, end_);
  while (at != end_ && !is_end_tag(at))
    at = find_any<'<'>(at + 1, end_);
  return at;
}

// 13.2.5.15 to 31: after `<!--` an end tag still ends the script, but not one that closes a
// `<script` which stands there too; `-->` ends both.
const char* Tokenizer::end_of_script() const {
  enum class Within : std::uint8_t { script, comment, script_in_comment };
  Within within = Within::script;
  const char* dashes = at_;  // where the `--` of `-->` may begin
  for (const char* at = at_; (at = find_any<'<', '>'>(at, end_)) != end_; ++at) {
    if (*at == '>') {
      if (within != Within::script && at - dashes >= 2 && at[-1] == '-' && at[-2] == '-')
        within = Within::script;
    } else if (within == Within::script_in_comment) {
      if (is_end_tag(at)) within = Within::comment;
    } else if (is_end_tag(at)) {
      return at;
    } else if (within == Within::script) {
      if (!view(at, end_).starts_with("<!--")) continue;
      within = Within::comment;
      dashes = at + 2;
    } else if (begins_with(at + 1, end_, "script") && ends_name(at + 7, end_)) {
      within = Within::script_in_comment;
    }
  }
  return end_;
}

// At the name. False where the page ends within the tag, which then is nothing.
bool Tokenizer::read_tag(Token& token, Token::Type type) {
  token.type = type;
  token.name = read_tag_name();
  token.tag = tag_from_name(token.name);
  token.self_closing = false;
  attributes_.clear();
  for (;;) {
    while (at_ != end_ && is_html_space(*at_))
      ++at_;
    if (at_ == end_) return false;
    if (*at_ == '>') break;
    if (*at_ == '/') {
      ++at_;
      token.self_closing = at_ != end_ && *at_ == '>';
    } else if (!read_attribute()) {
      return false;
    }
  }
  ++at_;
  if (attributes_.size() > many_attributes) drop_later_duplicates();
  if (type == Token::Type::start_tag) {
    token.attributes = attributes_;
    last_start_tag_ = token.name;
  }
  return true;
}

std::string_view Tokenizer::read_tag_name() {
  const char* begin = at_;
  bool has_null = false;
  for (; at_ != end_; ++at_) {
    const NameByte byte = name_byte(*at_);
    if (byte == NameByte::end) break;
    if (byte == NameByte::capital) *at_ = static_cast<char>(*at_ + ('a' - 'A'));
    has_null = has_null || byte == NameByte::null;
  }
  return has_null ? without_null(view(begin, at_)) : view(begin, at_);
}

bool Tokenizer::read_attribute() {
  const std::string_view name = read_attribute_name();
  while (at_ != end_ && is_html_space(*at_))
    ++at_;
  std::string_view value;
  if (at_ != end_ && *at_ == '=') {
    ++at_;
    while (at_ != end_ && is_html_space(*at_))
      ++at_;
    value = read_attribute_value();
  }
  add_attribute(name, value);
  return at_ != end_;
}

std::string_view Tokenizer::read_attribute_name() {
  const char* begin = at_;
  bool has_null = false;
  for (; at_ != end_; ++at_) {
    const NameByte byte = name_byte(*at_);
    // A `=` in front belongs to the name (13.2.5.32).
    if (byte == NameByte::end || (byte == NameByte::equals && at_ != begin)) break;
    if (byte == NameByte::capital) *at_ = static_cast<char>(*at_ + ('a' - 'A'));
    has_null = has_null || byte == NameByte::null;
  }
  return has_null ? without_null(view(begin, at_)) : view(begin, at_);
}

std::string_view Tokenizer::read_attribute_value() {
  if (at_ == end_ || *at_ == '>') return {};
  const bool quoted = *at_ == '"' || *at_ == '\'';
  const char quote = *at_;
  if (quoted) ++at_;
  const char* begin = at_;
  bool plain = true;
  const char* at = begin;
  for (;; ++at) {
    at = !quoted        ? find_any<'>', ' ', '\n', '\t', '\f', '\r', '&', '\0'>(at, end_)
         : quote == '"' ? find_any<'"', '&', '\0'>(at, end_)
                        : find_any<'\'', '&', '\0'>(at, end_);
    if (at == end_ || (*at != '&' && *at != '\0')) break;
    plain = false;
  }
  at_ += at - begin;
  if (quoted && at_ != end_) ++at_;
  if (plain) return view(begin, at);
  return decoded(without_null(view(begin, at)), ReferencePlace::attribute);
}

void Tokenizer::add_attribute(std::string_view name, std::string_view value) {
  if (attributes_.size() == max_attributes) return;
  if (attributes_.size() < many_attributes) {
    for (const Attribute& earlier : attributes_) {
      if (earlier.name == name) return;
    }
  }
  attributes_.push_back({name, value});
}

void Tokenizer::drop_later_duplicates() {
  std::vector<std::size_t> order(attributes_.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::stable_sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
    return attributes_[a].name < attributes_[b].name;
  });
  std::vector<bool> dropped(order.size());
  for (std::size_t i = 1; i < order.size(); ++i)
    dropped[order[i]] = attributes_[order[i]].name == attributes_[order[i - 1]].name;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < attributes_.size(); ++i) {
    if (!dropped[i]) attributes_[kept++] = attributes_[i];
  }
  attributes_.resize(kept);
}

std::string_view Tokenizer::without_null(std::string_view text) {
  if (text.empty() || std::memchr(text.data(), '\0', text.size()) == nullptr) return text;
  return document_.store(replace_all(text, std::string_view("\0", 1), replacement_character));
}

std::string_view Tokenizer::decoded(std::string_view text, ReferencePlace place) {
  scratch_.clear();
  append_decoded(scratch_, text, place);
  return document_.store(scratch_);
}

}  // namespace dandelion::html
