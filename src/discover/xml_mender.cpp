// SPDX-License-Identifier: MIT
#include "discover/xml_mender.hpp"

#include <algorithm>

namespace dandelion {
namespace {

// No entity has a longer name than `&CounterClockwiseContourIntegral;`.
constexpr std::size_t longest_reference = 40;
constexpr std::size_t longest_mark = 9;  // "<![CDATA["

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// XML 1.0, 2.2. Only what stands in one byte.
bool is_forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

// Whether `text` with one more character can still be the beginning of a reference.
bool may_go_on(std::string_view text, char c) {
  if (text.size() >= longest_reference) return false;
  if (text.size() == 1) return c == '#' || is_letter_or_digit(c);
  return is_letter_or_digit(c);
}

}  // namespace

// Where sections begin and end.
void XmlMender::note(char c) {
  tail_ += c;
  if (tail_.size() > longest_mark) tail_.erase(0, 1);
  switch (inside_) {
    case Inside::content:
      if (tail_.ends_with("<![CDATA[")) inside_ = Inside::cdata;
      if (tail_.ends_with("<!--")) inside_ = Inside::comment;
      break;
    case Inside::cdata:
      if (tail_.ends_with("]]>")) inside_ = Inside::content;
      break;
    case Inside::comment:
      if (tail_.ends_with("-->")) inside_ = Inside::content;
      break;
  }
}

// The `&` was none that begins a reference.
void XmlMender::end_reference(std::string& out) {
  out += "&amp;";
  out.append(pending_, 1);
  pending_.clear();
}

void XmlMender::take(char c, std::string& out) {
  if (is_forbidden(c)) return;
  if (!pending_.empty()) {
    if (c == ';' && pending_.size() > 1 && pending_ != "&#") {
      out += pending_;
      out += ';';
      pending_.clear();
      note(c);
      return;
    }
    if (may_go_on(pending_, c)) {
      pending_ += c;
      note(c);
      return;
    }
    end_reference(out);
  }
  note(c);
  if (c == '&' && inside_ == Inside::content) {
    pending_ = c;
  } else {
    out += c;
  }
}

std::string XmlMender::feed(std::string_view text) {
  if (!begun_) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    text.remove_prefix(first);
    begun_ = true;
  }
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  for (const char c : text)
    take(c, out);
  return out;
}

std::string XmlMender::finish() {
  std::string out;
  if (!pending_.empty()) end_reference(out);
  return out;
}

}  // namespace dandelion
