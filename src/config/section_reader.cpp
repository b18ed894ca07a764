// SPDX-License-Identifier: MIT
#include "config/section_reader.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "config/values.hpp"
#include "core/text.hpp"
#include "core/url.hpp"

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

bool expect_scalar(ReadContext& context, const YamlNode& node, std::string_view wanted) {
  if (node.kind == YamlNode::Kind::scalar) return true;
  context.error(node.mark, fmt::format("expected {}, found {}", wanted, kind_name(node)));
  return false;
}

std::filesystem::path from_folder(const ReadContext& context, const std::string& text) {
  const std::filesystem::path path(text);
  return (path.is_absolute() ? path : context.folder / path).lexically_normal();
}

}  // namespace

void ReadContext::error(const YamlMark& mark, std::string message) {
  diagnostics.push_back(
      {Diagnostic::Severity::error, file, mark.line, mark.column, std::move(message)});
}

void ReadContext::warning(const YamlMark& mark, std::string message) {
  diagnostics.push_back(
      {Diagnostic::Severity::warning, file, mark.line, mark.column, std::move(message)});
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
  std::map<std::string, int> seen;
  for (const auto& [key, value] : node.entries) {
    if (!expect_scalar(context, key, "a key")) continue;
    const auto found = std::find(names.begin(), names.end(), key.text);
    if (found == names.end()) {
      const std::string near = nearest_word(key.text, names.data(), names.size());
      context.error(key.mark,
                    near.empty()
                        ? fmt::format("unknown key '{}' (known here: {})", key.text, list_of(names))
                        : fmt::format("unknown key '{}' (did you mean '{}'?)", key.text, near));
      continue;
    }
    const auto [first, is_new] = seen.try_emplace(key.text, key.mark.line);
    if (!is_new) {
      context.error(key.mark,
                    fmt::format("the key '{}' stands here twice, first in line {}; keep one",
                                key.text, first->second));
      continue;
    }
    if (value.kind != YamlNode::Kind::null)
      keys[static_cast<std::size_t>(found - names.begin())].read(value);
  }
  for (const SectionKey& key : keys) {
    if (key.required && !seen.contains(std::string(key.name))) {
      context.error(node.mark, fmt::format("{} lacks its '{}'", what, key.name));
    }
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
                  fmt::format("'{}' is no duration; write one such as 500ms, 30s, 30m, 12h or 30d",
                              node.text));
  } else if (*value < least || *value > most) {
    context.error(node.mark, fmt::format("{} is out of range; it goes from {} ms to {} s",
                                         node.text, least.count(), most.count() / 1000));
  } else {
    into = *value;
  }
}

void read_size(ReadContext& context, const YamlNode& node, std::uint64_t least, std::uint64_t most,
               std::uint64_t& into) {
  if (!expect_scalar(context, node, "a size such as 32MiB")) return;
  const auto value = parse_size(node.text);
  if (!value) {
    context.error(node.mark, fmt::format("'{}' is no size; write one such as 64KiB, 32MiB or 1GiB",
                                         node.text));
  } else if (*value < least || *value > most) {
    context.error(node.mark, fmt::format("{} is out of range; it goes from {} to {} bytes",
                                         node.text, least, most));
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
                  fmt::format("'{}' is no number from {} to {}", node.text, least, most));
  } else {
    into = value;
  }
}

void read_path(ReadContext& context, const YamlNode& node, std::filesystem::path& into) {
  std::string text;
  read_text(context, node, text);
  if (!text.empty()) into = from_folder(context, text);
}

void read_secret_source(ReadContext& context, const YamlNode& node,
                        std::optional<SecretSource>& into) {
  if (!expect_scalar(context, node, "env:NAME or file:PATH")) return;
  const std::string_view text = node.text;
  if (text.starts_with("env:") && text.size() > 4) {
    into = SecretSource{SecretSource::Kind::environment, std::string(text.substr(4))};
  } else if (text.starts_with("file:") && text.size() > 5) {
    into = SecretSource{SecretSource::Kind::file,
                        from_folder(context, std::string(text.substr(5))).string()};
  } else {
    // The value itself is not repeated: it may be the secret.
    context.error(
        node.mark,
        "a secret must not stand in this file; name where it is by env:NAME or file:PATH");
  }
}

void read_web_address(ReadContext& context, const YamlNode& node, std::string& into) {
  std::string text;
  read_text(context, node, text);
  if (text.empty()) return;
  if (has_password(text)) {
    context.error(node.mark, "a password must not stand in an address");
    return;
  }
  auto url = parse_url(text);
  if (!url) {
    context.error(node.mark, url.error().message);
  } else {
    into = std::move(text);
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
                fmt::format("'{}' is not one of {}{}", node.text, list_of(known),
                            near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near)));
  return -1;
}

void read_pattern(ReadContext& context, const YamlNode& node,
                  std::initializer_list<std::string_view> placeholders, std::string& into) {
  std::string text;
  read_text(context, node, text);
  if (text.empty()) return;
  const std::vector<std::string_view> known(placeholders);
  const std::string unknown = unknown_placeholder(text, known.data(), known.size());
  if (unknown.empty()) {
    into = std::move(text);
    return;
  }
  const std::string near = nearest_word(unknown, known.data(), known.size());
  context.error(node.mark,
                fmt::format("unknown placeholder '{{{}}}'{}; known here: {}", unknown,
                            near.empty() ? "" : fmt::format(" (did you mean '{{{}}}'?)", near),
                            list_of(known)));
}

SectionKey not_yet(ReadContext& context, std::string_view name, std::string_view instead) {
  return {name, [&context, name, instead](const YamlNode& node) {
            context.warning(node.mark,
                            fmt::format("'{}' has no effect in this version: {}", name, instead));
          }};
}

}  // namespace dandelion
