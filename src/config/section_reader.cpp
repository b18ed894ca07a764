// SPDX-License-Identifier: MIT
#include "config/section_reader.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "config/values.hpp"
#include "core/files.hpp"
#include "core/text.hpp"

namespace dandelion {
namespace {

std::string_view kind_name(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return "nothing";
    case YamlNode::Kind::scalar:
      return "text";
    case YamlNode::Kind::sequence:
      return "a list";
    case YamlNode::Kind::map:
      return "a map";
  }
  return "nothing";
}

std::string list_of(const std::vector<std::string_view>& words) {
  std::string list;
  for (const auto word : words)
    list += (list.empty() ? "" : ", ") + std::string(word);
  return list;
}

// Tells of a key that no table holds; gives the known key that was probably meant, or nothing.
std::string tell_unknown_key(ReadContext& context, const YamlNode& key,
                             const std::vector<std::string_view>& names) {
  if (key.text == "<<") {
    context.error(key.mark, "merge keys (`<<`) are not supported; write the keys out");
    return {};
  }
  std::string near = nearest_word(key.text, names.data(), names.size());
  context.error(key.mark, near.empty() ? fmt::format("unknown key {} (known here: {})",
                                                     in_quotes(key.text), list_of(names))
                                       : fmt::format("unknown key {} (did you mean '{}'?)",
                                                     in_quotes(key.text), near));
  return near;
}

// `key:` with nothing behind it. Someone wrote the key for a reason: most often the value begins
// with # and so is a comment.
void tell_missing_value(ReadContext& context, const YamlNode& key, const SectionKey& known) {
  if (!known.without_value.empty()) {
    context.error(key.mark, std::string(known.without_value));
  } else if (known.required) {
    context.error(key.mark, fmt::format("'{}' has no value; give it one", key.text));
  } else {
    context.warning(key.mark,
                    fmt::format("'{}' has no value and so no effect; a value that begins with # "
                                "needs quotes",
                                key.text));
  }
}

}  // namespace

void ReadContext::error(const YamlMark& mark, std::string message) {
  ++errors;
  diagnostics.push_back(
      {Diagnostic::Severity::error, file, mark.line, mark.column, std::move(message)});
}

void ReadContext::warning(const YamlMark& mark, std::string message) {
  diagnostics.push_back(
      {Diagnostic::Severity::warning, file, mark.line, mark.column, std::move(message)});
}

void ReadContext::check_file(
    const YamlMark& mark,
    const std::function<std::optional<ConfigChecks::FileTrouble>(const std::filesystem::path&)>&
        check,
    const std::filesystem::path& path) {
  if (!check || path.empty()) return;
  auto trouble = check(path);
  if (!trouble) return;
  if (trouble->is_missing) {
    warning(mark, std::move(trouble->message));
  } else {
    error(mark, std::move(trouble->message));
  }
}

bool FirstLines::is_new(ReadContext& context, const YamlNode& key) {
  const auto [first, inserted] = lines_.try_emplace(key.text, key.mark.line);
  if (!inserted) {
    context.error(key.mark, fmt::format("the key {} stands here twice, first in line {}; keep one",
                                        in_quotes(key.text), first->second));
  }
  return inserted;
}

bool expect_scalar(ReadContext& context, const YamlNode& node, std::string_view wanted) {
  if (node.kind == YamlNode::Kind::scalar) return true;
  const std::string_view hint =
      node.kind == YamlNode::Kind::map        ? "; a text that begins with { needs quotes"
      : node.kind == YamlNode::Kind::sequence ? "; a text that begins with [ needs quotes"
                                              : "";
  context.error(node.mark, fmt::format("expected {}, found {}{}", wanted, kind_name(node), hint));
  return false;
}

void read_section(ReadContext& context, const YamlNode& node, std::string_view what,
                  const std::vector<SectionKey>& keys) {
  if (node.kind != YamlNode::Kind::map) {
    context.error(node.mark, fmt::format("expected {} as `key: value` lines, found {}", what,
                                         kind_name(node)));
    return;
  }
  std::vector<std::string_view> names;
  names.reserve(keys.size());
  for (const SectionKey& key : keys)
    names.push_back(key.name);
  FirstLines seen;
  std::set<std::string> meant;  // what unknown keys probably stand for: not missing, misspelt
  for (const auto& [key, value] : node.entries) {
    if (!expect_scalar(context, key, "a key")) continue;
    const auto found = std::find(names.begin(), names.end(), key.text);
    if (found == names.end()) {
      meant.insert(tell_unknown_key(context, key, names));
      continue;
    }
    if (!seen.is_new(context, key)) continue;
    const SectionKey& known = keys[static_cast<std::size_t>(found - names.begin())];
    if (value.kind != YamlNode::Kind::null) {
      known.read(value);
    } else if (known.required || value.text.empty()) {
      tell_missing_value(context, key, known);
    }
  }
  for (const SectionKey& key : keys) {
    const std::string name(key.name);
    if (key.required && !seen.contains(name) && !meant.contains(name))
      context.error(node.mark, fmt::format("{} lacks its '{}'", what, name));
  }
}

void read_list(ReadContext& context, const YamlNode& node, std::string_view what,
               const std::function<void(const YamlNode&)>& read) {
  if (node.kind != YamlNode::Kind::sequence) {
    context.error(node.mark,
                  fmt::format("expected a list of {} (lines that begin with `- `), found {}", what,
                              kind_name(node)));
    return;
  }
  for (const YamlNode& item : node.items)
    read(item);
}

void read_text(ReadContext& context, const YamlNode& node, std::string& into) {
  if (!expect_scalar(context, node, "text")) return;
  if (is_blank(node.text)) {
    context.error(node.mark, "this is empty; give a value or leave the key out");
    return;
  }
  const bool control = std::any_of(node.text.begin(), node.text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '\x7F';
  });
  if (control) {
    context.error(node.mark,
                  "this holds a line break or a control character; write it on one line");
    return;
  }
  into = node.text;
}

void read_text_list(ReadContext& context, const YamlNode& node, std::vector<std::string>& into) {
  read_list(context, node, "names", [&](const YamlNode& item) {
    std::string text;
    read_text(context, item, text);
    if (!text.empty()) into.push_back(std::move(text));
  });
}

void read_segment(ReadContext& context, const YamlNode& node, std::string_view what,
                  std::string& into) {
  std::string text;
  read_text(context, node, text);
  if (text.empty()) return;
  if (const std::string safe = safe_path_segment(text); safe != text) {
    context.error(node.mark, fmt::format("{} becomes a file's name and cannot be {}; '{}' would do",
                                         what, in_quotes(text), safe));
  } else {
    into = std::move(text);
  }
}

void read_selector(ReadContext& context, const YamlNode& node, std::string& into) {
  std::string text;
  read_text(context, node, text);
  if (text.empty()) return;
  const auto problem = context.checks.selector ? context.checks.selector(text) : std::nullopt;
  if (problem) {
    context.error(node.mark, *problem);
  } else {
    into = std::move(text);
  }
}

void read_duration(ReadContext& context, const YamlNode& node, std::chrono::milliseconds least,
                   std::chrono::milliseconds most, std::chrono::milliseconds& into) {
  if (!expect_scalar(context, node, "a duration such as 30s")) return;
  const auto value = parse_duration(node.text);
  if (!value) {
    context.error(node.mark,
                  fmt::format("{} is no duration; write one such as 500ms, 30s, 30m, 12h or 30d",
                              in_quotes(node.text)));
  } else if (*value < least || *value > most) {
    context.error(node.mark, fmt::format("{} is out of range; it goes from {} to {}", node.text,
                                         format_duration(least), format_duration(most)));
  } else {
    into = *value;
  }
}

void read_size(ReadContext& context, const YamlNode& node, std::uint64_t least, std::uint64_t most,
               std::uint64_t& into) {
  if (!expect_scalar(context, node, "a size such as 32MiB")) return;
  const auto value = parse_size(node.text);
  if (!value) {
    context.error(node.mark, fmt::format("{} is no size; write one such as 64KiB, 32MiB or 1GiB",
                                         in_quotes(node.text)));
  } else if (*value < least || *value > most) {
    context.error(node.mark, fmt::format("{} is out of range; it goes from {} to {}", node.text,
                                         format_size(least), format_size(most)));
  } else {
    into = *value;
  }
}

void read_number(ReadContext& context, const YamlNode& node, int least, int most, int& into) {
  if (!expect_scalar(context, node, "a number")) return;
  int value = 0;
  const char* last = node.text.data() + node.text.size();
  const auto [end, error] = std::from_chars(node.text.data(), last, value);
  if (error != std::errc{} || end != last || value < least || value > most) {
    context.error(node.mark,
                  fmt::format("{} is no number from {} to {}", in_quotes(node.text), least, most));
  } else {
    into = value;
  }
}

int read_choice(ReadContext& context, const YamlNode& node,
                std::initializer_list<std::string_view> words) {
  const std::vector<std::string_view> known(words);
  if (!expect_scalar(context, node, fmt::format("one of {}", list_of(known)))) return -1;
  const auto found = std::find(known.begin(), known.end(), node.text);
  if (found != known.end()) return static_cast<int>(found - known.begin());
  const std::string near = nearest_word(node.text, known.data(), known.size());
  context.error(node.mark,
                fmt::format("{} is not one of {}{}", in_quotes(node.text), list_of(known),
                            near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near)));
  return -1;
}

void read_pattern(ReadContext& context, const YamlNode& node,
                  std::initializer_list<std::string_view> placeholders, std::string& into) {
  std::string text;
  read_text(context, node, text);
  if (text.empty()) return;
  const std::vector<std::string_view> known(placeholders);
  const auto unknown = unknown_placeholder(text, known.data(), known.size());
  if (!unknown) {
    into = std::move(text);
    return;
  }
  const std::string near = nearest_word(*unknown, known.data(), known.size());
  const bool closed = text.find("{" + *unknown + "}") != std::string::npos;
  context.error(
      node.mark,
      closed
          ? fmt::format("unknown placeholder {}{}; known here: {}", in_quotes("{" + *unknown + "}"),
                        near.empty() ? "" : fmt::format(" (did you mean '{{{}}}'?)", near),
                        list_of(known))
          : fmt::format("a placeholder without its }}; known here: {}", list_of(known)));
}

}  // namespace dandelion
