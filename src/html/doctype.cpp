// SPDX-License-Identifier: MIT
#include "html/doctype.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "core/text.hpp"
#include "html/byte_scan.hpp"

namespace dandelion::html {
namespace {

constexpr std::string_view quirky_public_ids[] = {
    "+//silmaril//dtd html pro v0r11 19970101//",
    "-//as//dtd html 3.0 aswedit + extensions//",
    "-//advasoft ltd//dtd html 3.0 aswedit + extensions//",
    "-//ietf//dtd html 2.0 level 1//",
    "-//ietf//dtd html 2.0 level 2//",
    "-//ietf//dtd html 2.0 strict level 1//",
    "-//ietf//dtd html 2.0 strict level 2//",
    "-//ietf//dtd html 2.0 strict//",
    "-//ietf//dtd html 2.0//",
    "-//ietf//dtd html 2.1e//",
    "-//ietf//dtd html 3.0//",
    "-//ietf//dtd html 3.2 final//",
    "-//ietf//dtd html 3.2//",
    "-//ietf//dtd html 3//",
    "-//ietf//dtd html level 0//",
    "-//ietf//dtd html level 1//",
    "-//ietf//dtd html level 2//",
    "-//ietf//dtd html level 3//",
    "-//ietf//dtd html strict level 0//",
    "-//ietf//dtd html strict level 1//",
    "-//ietf//dtd html strict level 2//",
    "-//ietf//dtd html strict level 3//",
    "-//ietf//dtd html strict//",
    "-//ietf//dtd html//",
    "-//metrius//dtd metrius presentational//",
    "-//microsoft//dtd internet explorer 2.0 html strict//",
    "-//microsoft//dtd internet explorer 2.0 html//",
    "-//microsoft//dtd internet explorer 2.0 tables//",
    "-//microsoft//dtd internet explorer 3.0 html strict//",
    "-//microsoft//dtd internet explorer 3.0 html//",
    "-//microsoft//dtd internet explorer 3.0 tables//",
    "-//netscape comm. corp.//dtd html//",
    "-//netscape comm. corp.//dtd strict html//",
    "-//o'reilly and associates//dtd html 2.0//",
    "-//o'reilly and associates//dtd html extended 1.0//",
    "-//o'reilly and associates//dtd html extended relaxed 1.0//",
    "-//sq//dtd html 2.0 hotmetal + extensions//",
    "-//softquad software//dtd hotmetal pro 6.0::19990601::extensions to html 4.0//",
    "-//softquad//dtd hotmetal pro 4.0::19971010::extensions to html 4.0//",
    "-//spyglass//dtd html 2.0 extended//",
    "-//sun microsystems corp.//dtd hotjava html//",
    "-//sun microsystems corp.//dtd hotjava strict html//",
    "-//w3c//dtd html 3 1995-03-24//",
    "-//w3c//dtd html 3.2 draft//",
    "-//w3c//dtd html 3.2 final//",
    "-//w3c//dtd html 3.2//",
    "-//w3c//dtd html 3.2s draft//",
    "-//w3c//dtd html 4.0 frameset//",
    "-//w3c//dtd html 4.0 transitional//",
    "-//w3c//dtd html experimental 19960712//",
    "-//w3c//dtd html experimental 970421//",
    "-//w3c//dtd w3 html//",
    "-//w3o//dtd w3 html 3.0//",
    "-//webtechs//dtd mozilla html 2.0//",
    "-//webtechs//dtd mozilla html//",
};

struct Doctype {
  std::string name;
  std::optional<std::string> public_id;  // lower case, as all of it
  std::optional<std::string> system_id;
  bool is_sound = true;
};

void skip_space(std::string_view& text) {
  while (!text.empty() && is_html_space(text.front()))
    text.remove_prefix(1);
}

// A quoted identifier; nullopt where none stands there. One that does not end is not sound.
std::optional<std::string> take_quoted(std::string_view& text, Doctype& doctype) {
  if (text.empty() || (text.front() != '"' && text.front() != '\'')) return std::nullopt;
  const std::size_t close = text.find(text.front(), 1);
  std::string quoted(text.substr(1, close == std::string_view::npos ? close : close - 1));
  if (close == std::string_view::npos) doctype.is_sound = false;
  text.remove_prefix(close == std::string_view::npos ? text.size() : close + 1);
  return quoted;
}

// 13.2.5.53 to 68, for what lies between `<!DOCTYPE` and `>`.
Doctype read_doctype(std::string_view declaration) {
  const std::string lower = ascii_lower(declaration);
  std::string_view text = lower;
  Doctype doctype;
  skip_space(text);
  std::size_t name_end = 0;
  while (name_end < text.size() && !is_html_space(text[name_end]))
    ++name_end;
  doctype.name = text.substr(0, name_end);
  text.remove_prefix(name_end);
  skip_space(text);
  if (text.empty()) return doctype;
  const bool has_public = text.starts_with("public");
  if (!has_public && !text.starts_with("system")) {
    doctype.is_sound = false;
    return doctype;
  }
  text.remove_prefix(6);
  skip_space(text);
  if (has_public) {
    doctype.public_id = take_quoted(text, doctype);
    if (!doctype.public_id) doctype.is_sound = false;
    skip_space(text);
    if (text.empty() || !doctype.is_sound) return doctype;
  }
  doctype.system_id = take_quoted(text, doctype);
  if (!doctype.system_id) doctype.is_sound = false;
  return doctype;
}

}  // namespace

bool asks_for_quirks(std::string_view declaration) {
  const Doctype doctype = read_doctype(declaration);
  if (!doctype.is_sound || doctype.name != "html") return true;
  if (doctype.system_id == "http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd")
    return true;
  if (!doctype.public_id) return false;
  const std::string& id = *doctype.public_id;
  if (id == "-//w3o//dtd w3 html strict 3.0//en//" || id == "-/w3c/dtd html 4.0 transitional/en" ||
      id == "html") {
    return true;
  }
  const auto begins_id = [&id](std::string_view prefix) { return id.starts_with(prefix); };
  if (std::any_of(std::begin(quirky_public_ids), std::end(quirky_public_ids), begins_id))
    return true;
  return !doctype.system_id && (begins_id("-//w3c//dtd html 4.01 frameset//") ||
                                begins_id("-//w3c//dtd html 4.01 transitional//"));
}

}  // namespace dandelion::html
