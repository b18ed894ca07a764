// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace dandelion {

// Mends what XML in the wild gets wrong most, as it comes in, so that a strict reader makes sense
// of it; see XmlStream. What is well-formed keeps its meaning.
//   References: a `&` that begins none stands for itself; named ones that HTML knows (`&nbsp;`)
//   become their character, others nothing: no entity of the document's own is known.
//   Markup: an element left open (`<br>`) is closed where the one around it ends, an end tag
//   without a beginning is dropped, a `<` that begins no tag stands for itself, attributes get the
//   quotes and values they lack, and a tag that breaks off at the end is dropped. Characters that
//   XML forbids (1.0, 2.2) are dropped, and so are comments, processing instructions, DOCTYPE and
//   all that stands outside of the root element. CDATA becomes text.
// Memory is bounded by what one tag may be long and by 512 open elements.
class XmlMender {
 public:
  // The mended text of what is complete; the rest is kept for the next piece.
  [[nodiscard]] std::string feed(std::string_view text);
  // What was kept, mended.
  [[nodiscard]] std::string finish();

 private:
  enum class Inside { content, reference, tag, cdata, comment, instruction, declaration };

  void take(char c, std::string& out);
  void take_content(char c, std::string& out);
  void take_reference(char c, std::string& out);
  void take_tag(char c, std::string& out);
  void take_section(char c, std::string& out);
  void take_declaration(char c);
  void end_tag(std::string& out);
  void close(std::string_view name, std::string& out);
  void begin(Inside what);

  Inside inside_ = Inside::content;
  std::string pending_;            // from a `<` or `&` on
  char quote_ = '\0';              // what the end of `pending_` is within: a value, or a `[`
  std::vector<std::string> open_;  // the elements' names, outermost first
  std::unordered_map<std::string, int> open_names_;  // how often each is among them
  bool has_ended_ = false;                           // the root element
};

}  // namespace dandelion
