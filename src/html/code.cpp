// SPDX-License-Identifier: MIT
#include "html/code.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace dandelion::html {
namespace {

constexpr std::size_t longest_language = 30;
constexpr int boxes_around = 4;
constexpr int most_looked_at = 256;  // of what a box of line numbers holds

// As words, where nothing else tells that a class names a language.
constexpr std::array<std::string_view, 84> languages = {
    "ada",     "apache",     "applescript",  "arduino",    "asm",      "awk",
    "bash",    "basic",      "bat",          "batch",      "c",        "c++",
    "clojure", "cmake",      "coffeescript", "console",    "cpp",      "cs",
    "csharp",  "css",        "csv",          "d",          "dart",     "delphi",
    "diff",    "django",     "docker",       "dockerfile", "elixir",   "elm",
    "erlang",  "fortran",    "fsharp",       "go",         "golang",   "gradle",
    "graphql", "groovy",     "haskell",      "html",       "http",     "ini",
    "java",    "javascript", "js",           "json",       "jsx",      "julia",
    "kotlin",  "latex",      "lisp",         "lua",        "makefile", "markdown",
    "matlab",  "nginx",      "objc",         "objectivec", "ocaml",    "pascal",
    "perl",    "php",        "powershell",   "prolog",     "python",   "python3",
    "r",       "ruby",       "rust",         "scala",      "scheme",   "scss",
    "sh",      "shell",      "sql",          "swift",      "tcl",      "toml",
    "ts",      "tsx",        "typescript",   "vim",        "xml",      "yaml"};

bool is_language(std::string_view word) {
  return std::binary_search(languages.begin(), languages.end(), ascii_lower(word));
}

// `word` where it can stand behind a fence, else nothing.
std::string as_language(std::string_view word) {
  static constexpr std::array<std::string_view, 5> none = {"none", "nohighlight", "undefined",
                                                           "default", "auto"};
  const bool plain = std::all_of(word.begin(), word.end(), [](char c) {
    return is_ascii_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '#' || c == '-' ||
           c == '_' || c == '.';
  });
  if (!plain || word.size() > longest_language) return {};
  const bool is_none = std::find(none.begin(), none.end(), word) != none.end();
  return is_none ? std::string() : std::string(word);
}

// Cuts the next word of a class off `names`.
std::string_view next_word(std::string_view& names) {
  names = trim(names);
  const std::size_t end = std::min(names.find_first_of(" \t\n\r\f"), names.size());
  const std::string_view word = names.substr(0, end);
  names.remove_prefix(end);
  return word;
}

// `certain` where the element holds nothing but the code: a page's box may have class="lang-en".
std::string language_in_class(std::string_view names, bool certain) {
  bool highlights = false;
  std::string_view known;
  while (!names.empty()) {
    const std::string_view word = next_word(names);
    for (const std::string_view prefix :
         {"language-", "lang-", "highlight-source-", "highlight-"}) {
      if (!word.starts_with(prefix)) continue;
      const std::string_view rest = word.substr(prefix.size());
      const std::string_view name = rest.substr(0, rest.find_first_of("`;"));
      if ((certain && prefix != "highlight-") || is_language(name)) return as_language(name);
    }
    if (word.starts_with("brush:")) {
      const std::string_view name = word.size() > 6 ? word.substr(6) : next_word(names);
      return as_language(name.substr(0, name.find(';')));
    }
    highlights = highlights || word == "hljs" || word == "sourceCode" || word == "highlight" ||
                 word == "codehilite" || word == "prettyprint";
    if (is_language(word)) known = word;
  }
  return highlights ? std::string(known) : std::string();
}

std::string language_of(const Node& element, bool certain) {
  if (std::string named = language_in_class(element.attribute_or_empty("class"), certain);
      !named.empty())
    return named;
  for (const std::string_view name : {"data-lang", "data-language", "lang"}) {
    const std::string_view value = trim(element.attribute_or_empty(name));
    // Of people's languages none has a name of three letters that is also one of these.
    const bool takes = name == "lang" ? value.size() > 2 && is_language(value) : !value.empty();
    if (takes) return as_language(value);
  }
  return {};
}

}  // namespace

std::string code_text(const Node& node) {
  std::string code;
  const Node* at = &node;
  while (at != nullptr) {
    if (at->is_text()) code += at->text;
    if (at->is_element(Tag::br_)) code += '\n';
    // A line begins where one ends, and ends where another begins.
    if (at != &node && at->is_element() && is_line_of_code(*at) && !code.empty() &&
        !code.ends_with('\n'))
      code += '\n';
    if (at->first_child != nullptr) {
      at = at->first_child;
      continue;
    }
    while (at != &node && at->next == nullptr) {
      at = at->parent;
      if (at != &node && is_line_of_code(*at) && !code.ends_with('\n')) code += '\n';
    }
    if (at == &node) break;
    if (at->is_element() && is_line_of_code(*at) && at->first_child == nullptr) code += '\n';
    at = at->next;
  }
  return code;
}

std::string code_language(const Node& pre) {
  for (const Node* at : {static_cast<const Node*>(pre.first_element()), &pre}) {
    if (at == nullptr) continue;
    if (std::string named = language_of(*at, true); !named.empty()) return named;
  }
  const Node* at = pre.parent;
  for (int up = 0; up < boxes_around && at != nullptr && at->is_element(); ++up, at = at->parent) {
    if (std::string named = language_of(*at, up == 0); !named.empty()) return named;
  }
  return {};
}

bool is_line_of_code(const Node& element) {
  return is_block(element.tag) ||
         (element.tag == Tag::span_ &&
          element.attribute_or_empty("class").find("token-line") != std::string_view::npos);
}

bool is_line_number(const Node& element) {
  static constexpr std::array<std::string_view, 12> names = {
      "lineno",   "linenos",           "linenumber",   "line-number",     "line-numbers", "gutter",
      "blob-num", "line-numbers-rows", "rouge-gutter", "hljs-ln-numbers", "ln",           "lnt"};
  bool named = element.attribute("data-line-number").has_value();
  std::string_view classes = element.attribute_or_empty("class");
  while (!named && !classes.empty()) {
    const std::string_view word = next_word(classes);
    named = std::find(names.begin(), names.end(), word) != names.end();
  }
  if (!named) return false;
  int left = most_looked_at;
  for (const Node* at = &element; at != nullptr && left > 0;
       at = next_in_tree(*at, element), --left) {
    if (at->is_text() && at->text.find_first_not_of("0123456789 \t\r\n") != std::string_view::npos)
      return false;
  }
  return true;
}

}  // namespace dandelion::html
