// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace dandelion {

// Mends what XML in the wild gets wrong most, as it comes in; see XmlStream. Only references and
// characters are touched, never markup, and nothing inside CDATA sections and comments but the
// characters that XML forbids.
class XmlMender {
 public:
  // The mended text; what may still become a reference is kept for the next piece.
  [[nodiscard]] std::string feed(std::string_view text);
  // What was kept, mended.
  [[nodiscard]] std::string finish();

 private:
  enum class Inside { content, cdata, comment };

  void take(char c, std::string& out);
  void end_reference(std::string& out);
  void note(char c);

  Inside inside_ = Inside::content;
  bool begun_ = false;   // something but blanks was seen
  std::string tail_;     // the last characters, to tell where a section begins and ends
  std::string pending_;  // from a `&` on, while it may be a reference
};

}  // namespace dandelion
