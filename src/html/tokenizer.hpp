// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "html/character_references.hpp"
#include "html/dom.hpp"

namespace dandelion::html {

// One token of a page (HTML Standard, 13.2.5). Names and texts live as long as the Document that
// the Tokenizer works for, `attributes` only until the next token.
struct Token {
  enum class Type : std::uint8_t { text, start_tag, end_tag, comment, doctype, end_of_file };

  Type type = Type::end_of_file;
  Tag tag = Tag::unknown;
  bool self_closing = false;
  bool asks_for_quirks = false;     // of a DOCTYPE
  bool has_null = false;            // of a text: U+0000 stands in it
  std::string_view name;            // of a tag, lower case
  std::string_view text;            // of a text or comment
  std::span<Attribute> attributes;  // of a start tag; every name once, the first counts
};

// How the text after a start tag is read; the tree builder says so (13.2.5.1 to 5).
enum class TextKind : std::uint8_t {
  data,     // tags and references
  rcdata,   // references, and tags as text: <title>, <textarea>
  rawtext,  // nothing but the end tag: <style>, <iframe> …
  script,   // the same, with the Standard's rules for `<!--` in scripts
  plain,    // text to the end of the page
};

// Cuts a page into tokens. Text and attributes are views into `page`, which is the Document's own
// copy, and which it changes: names are made lower case where they stand. What has to be decoded is
// stored in the Document anew.
class Tokenizer {
 public:
  // Of a tag; the largest that pages have is some 70. What is behind them is passed over.
  static constexpr std::size_t max_attributes = 256;

  // `page`: UTF-8 with line breaks normalised to LF, in the Document's memory.
  Tokenizer(Document& document, std::span<char> page)
      : document_(document), at_(page.data()), end_(page.data() + page.size()) {}

  void next(Token& token);

  // What follows the start tag that next() gave last is read as `kind`, until its end tag.
  void read_as(TextKind kind) { kind_ = kind; }
  // Whether `<![CDATA[` begins a text: within foreign content only.
  void allow_cdata(bool allowed) { cdata_allowed_ = allowed; }

 private:
  [[nodiscard]] bool is_markup(const char* at) const;
  [[nodiscard]] bool is_end_tag(const char* at) const;
  [[nodiscard]] const char* end_of_script() const;
  [[nodiscard]] const char* end_of_raw_text() const;
  bool read_raw_text(Token& token);
  void read_text(Token& token);
  bool read_markup(Token& token);
  bool read_declaration(Token& token);
  void read_comment(Token& token);
  void read_bogus_comment(Token& token);
  void read_doctype(Token& token);
  void read_cdata(Token& token);
  bool read_tag(Token& token, Token::Type type);
  std::string_view read_tag_name();
  bool read_attribute();
  std::string_view read_attribute_name();
  std::string_view read_attribute_value();
  void add_attribute(std::string_view name, std::string_view value);
  void drop_later_duplicates();
  std::string_view without_null(std::string_view text);
  std::string_view decoded(std::string_view text, ReferencePlace place);

  Document& document_;
  char* at_;
  char* end_;
  TextKind kind_ = TextKind::data;
  bool cdata_allowed_ = false;
  std::string_view last_start_tag_;
  std::vector<Attribute> attributes_;
  std::string scratch_;
};

}  // namespace dandelion::html
