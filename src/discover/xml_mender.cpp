// SPDX-License-Identifier: MIT
#include "discover/xml_mender.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <libxml/HTMLparser.h>

#include "core/text.hpp"

namespace dandelion {
namespace {

// No entity has a longer name than `&CounterClockwiseContourIntegral;`.
constexpr std::size_t longest_reference = 40;
// Addresses with everything in their query stand in attributes; no tag in earnest is longer.
constexpr std::size_t longest_tag = 64U << 10;
constexpr std::size_t most_attributes = 64;
// libxml2 ends at 256.
constexpr std::size_t most_open = 512;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Names beyond ASCII are taken as they are: what is no name there is no tag in the wild either.
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_in_name(char c) {
  return begins_name(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

// XML 1.0, 2.2. Only what stands in one byte.
bool is_forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

std::size_t name_length(std::string_view text) {
  if (text.empty() || !begins_name(text[0])) return 0;
  const auto* end = std::find_if_not(text.begin(), text.end(), is_in_name);
  return static_cast<std::size_t>(end - text.begin());
}

// The code point of `&#...;` without these marks; nothing where it names no character.
std::optional<std::uint32_t> numbered(std::string_view digits) {
  const bool hex = digits.starts_with('x') || digits.starts_with('X');
  if (hex) digits.remove_prefix(1);
  std::uint32_t value = 0;
  const auto [end, problem] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
  if (problem != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  const bool is_character = (value >= 0x20 && value <= 0xD7FF) ||
                            (value >= 0xE000 && value <= 0xFFFD) ||
                            (value >= 0x10000 && value <= 0x10FFFF) ||
                            (value < 0x20 && is_blank(static_cast<char>(value)));
  return is_character ? std::optional(value) : std::nullopt;
}

// What a reference (`&name;`) stands for, as a numbered one: libxml2 passes over named ones, XML's
// own five too, once it has met an error anywhere before. Empty where nobody knows it.
std::string resolved(std::string_view reference) {
  const std::string name(reference.substr(1, reference.size() - 2));
  if (name.starts_with('#')) {
    const auto code = numbered(std::string_view(name).substr(1));
    return code ? fmt::format("&#{};", *code) : std::string();
  }
  if (name == "apos") return "&#39;";
  const htmlEntityDesc* known = htmlEntityLookup(reinterpret_cast<const xmlChar*>(name.c_str()));
  return known != nullptr ? fmt::format("&#{};", known->value) : std::string();
}

// What stands for itself everywhere.
bool is_plain(char c) {
  return static_cast<unsigned char>(c) > '>' || c == ' ' || c == '\n' ||
         (c > ' ' && c != '<' && c != '>' && c != '&');
}

void put(char c, std::string& out) {
  switch (c) {
    case '<':
      out += "&#60;";
      break;
    case '>':
      out += "&#62;";
      break;
    case '&':
      out += "&#38;";
      break;
    case '"':
      out += "&#34;";
      break;
    default:
      out += c;
  }
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text)
    put(c, out);
  return out;
}

// An attribute's value as it is to stand between double quotes: references are resolved.
std::string attribute_value(std::string_view raw) {
  std::string value;
  while (!raw.empty()) {
    if (raw[0] == '&') {
      const auto end = raw.substr(0, longest_reference).find(';');
      const std::string_view name =
          end == std::string_view::npos ? std::string_view() : raw.substr(1, end - 1);
      if (!name.empty() && (name[0] == '#' || name_length(name) == name.size())) {
        value += resolved(raw.substr(0, end + 1));
        raw.remove_prefix(end + 1);
        continue;
      }
    }
    put(raw[0], value);
    raw.remove_prefix(1);
  }
  return value;
}

// The attributes of a start tag, each with a value in quotes and none twice.
std::string mended_attributes(std::string_view rest) {
  std::string out;
  std::vector<std::string_view> seen;
  while (!rest.empty()) {
    if (const auto length = name_length(rest); length == 0) {
      rest.remove_prefix(1);
      continue;
    }
    const std::string_view name = rest.substr(0, name_length(rest));
    rest.remove_prefix(name.size());
    std::string_view value;
    const auto equals = rest.find_first_not_of(" \t\r\n");
    if (equals != std::string_view::npos && rest[equals] == '=') {
      rest.remove_prefix(equals + 1);
      rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
      const bool quoted = rest.starts_with('"') || rest.starts_with('\'');
      const auto end = quoted ? rest.find(rest[0], 1) : rest.find_first_of(" \t\r\n");
      value = rest.substr(quoted ? 1 : 0, end == std::string_view::npos || !quoted ? end : end - 1);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    if (seen.size() == most_attributes) break;
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) continue;
    seen.push_back(name);
    out += fmt::format(" {}=\"{}\"", name, attribute_value(value));
  }
  return out;
}

}  // namespace

// What stands outside of all elements is dropped: a parser would end there.
void XmlMender::take_content(char c, std::string& out) {
  if (c == '<' || (c == '&' && !open_.empty())) {
    pending_ = c;
    inside_ = c == '<' ? Inside::tag : Inside::reference;
  } else if (!open_.empty()) {
    put(c, out);
  }
}

void XmlMender::take_reference(char c, std::string& out) {
  const bool may_go_on = pending_.size() == 1 ? c == '#' || begins_name(c) : is_in_name(c);
  if (may_go_on && pending_.size() < longest_reference) {
    pending_ += c;
    return;
  }
  const std::string reference = std::exchange(pending_, {});
  inside_ = Inside::content;
  if (c == ';' && reference.size() > 1 && reference != "&#") {
    out += resolved(reference + c);
    return;
  }
  put('&', out);
  out.append(reference, 1);
  take_content(c, out);
}

void XmlMender::take_tag(char c, std::string& out) {
  if (pending_.size() == 1 && !begins_name(c) && c != '/' && c != '!' && c != '?') {
    begin(Inside::content);
    if (!open_.empty()) put('<', out);
    take_content(c, out);
    return;
  }
  if (quote_ == '\0' && c == '>') {
    end_tag(out);
    return;
  }
  // A quote begins a value only behind `=`: one within a word is no quote.
  if (c == quote_) {
    quote_ = '\0';
  } else if (quote_ == '\0' && (c == '"' || c == '\'') &&
             pending_[pending_.find_last_not_of(" \t\r\n")] == '=') {
    quote_ = c;
  }
  pending_ += c;
  if (pending_ == "<!--") return begin(Inside::comment);
  if (pending_ == "<![CDATA[") return begin(Inside::cdata);
  if (pending_ == "<?") return begin(Inside::instruction);
  if (pending_.size() == 3 && pending_[1] == '!' && begins_name(c))
    return begin(Inside::declaration);
  if (pending_.size() > longest_tag) begin(Inside::content);
}

// A `>` has come: what stands in `pending_` is a tag without it, or none at all.
void XmlMender::end_tag(std::string& out) {
  const std::string tag = pending_;
  begin(Inside::content);
  const bool is_end = tag.starts_with("</");
  std::string_view rest = std::string_view(tag).substr(is_end ? 2 : 1);
  const std::string name(rest.substr(0, name_length(rest)));
  rest.remove_prefix(name.size());
  if (name.empty()) return;
  if (!rest.empty() && !is_blank(rest[0]) && rest[0] != '/') {
    // Written by hand, as in "<someone@e.example>".
    if (!open_.empty()) out += escaped(tag + '>');
    return;
  }
  if (is_end) {
    close(name, out);
    return;
  }
  const bool is_empty = rest.ends_with('/');
  // What a server's script has said in front of the root element is not it.
  const bool is_noise = name == "br" || name == "hr" || name == "b" || name == "p";
  if (has_ended_ || (is_noise && open_.empty())) return;
  if (is_empty) rest.remove_suffix(1);
  out += '<' + name + mended_attributes(rest) + (is_empty ? "/>" : ">");
  if (is_empty || open_.size() >= most_open) return;
  open_.push_back(name);
  ++open_names_[name];
}

// Ends the element, and those within that were left open.
void XmlMender::close(std::string_view name, std::string& out) {
  const auto named = open_names_.find(std::string(name));
  if (named == open_names_.end() || named->second == 0) return;
  for (bool is_last = false; !is_last;) {
    is_last = open_.back() == name;
    out += "</" + open_.back() + '>';
    --open_names_[open_.back()];
    open_.pop_back();
  }
  has_ended_ = open_.empty();
}

void XmlMender::begin(Inside what) {
  inside_ = what;
  pending_.clear();
  quote_ = '\0';
}

// Here `pending_` holds the last characters, which may be the beginning of the section's end.
void XmlMender::take_section(char c, std::string& out) {
  pending_ += c;
  switch (inside_) {
    case Inside::declaration:
      take_declaration(c);
      return;
    case Inside::comment:
      if (pending_.ends_with("-->")) return begin(Inside::content);
      break;
    case Inside::instruction:
      if (pending_.ends_with("?>")) return begin(Inside::content);
      break;
    default:
      if (pending_.ends_with("]]>")) return begin(Inside::content);
  }
  if (pending_.size() < 3) return;
  if (inside_ == Inside::cdata && !open_.empty()) put(pending_[0], out);
  pending_.erase(0, 1);
}

// A DOCTYPE ends at its `>`, or where it has a subset of its own at the `]` and the `>` after it.
void XmlMender::take_declaration(char c) {
  if (c == '[') quote_ = '[';
  if (c == '>' && (quote_ == '\0' || quote_ == ']')) return begin(Inside::content);
  if (c == ']') {
    quote_ = ']';
  } else if (quote_ == ']' && !is_blank(c)) {
    quote_ = '[';
  }
  pending_.clear();
}

void XmlMender::take(char c, std::string& out) {
  if (is_forbidden(c)) return;
  switch (inside_) {
    case Inside::content:
      return take_content(c, out);
    case Inside::reference:
      return take_reference(c, out);
    case Inside::tag:
      return take_tag(c, out);
    default:
      return take_section(c, out);
  }
}

std::string XmlMender::feed(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  while (!text.empty()) {
    // Nearly all is text between tags.
    if (inside_ == Inside::content && !open_.empty()) {
      const auto* plain = std::find_if_not(text.begin(), text.end(), is_plain);
      const auto length = static_cast<std::size_t>(plain - text.begin());
      out += text.substr(0, length);
      text.remove_prefix(length);
      if (text.empty()) break;
    }
    take(text[0], out);
    text.remove_prefix(1);
  }
  return out;
}

std::string XmlMender::finish() {
  std::string out;
  if (inside_ == Inside::reference) out = escaped(pending_);
  begin(Inside::content);
  return out;
}

}  // namespace dandelion
