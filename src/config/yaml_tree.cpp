// SPDX-License-Identifier: MIT
#include "config/yaml_tree.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include "core/text.hpp"

namespace dandelion {
namespace {

// No configuration comes near either; without them a small file could ask for much stack and
// memory.
constexpr std::size_t max_depth = 64;
constexpr std::size_t max_nodes = 100'000;

YamlMark to_mark(const YAML::Mark& mark) {
  return {mark.line + 1, mark.column + 1};
}

// yaml-cpp's parser unwinds by exceptions, so its handler can only stop it by one.
struct Refused {
  YamlProblem problem;
};

bool is_null_word(std::string_view word) {
  return word == "null" || word == "~" || word == "Null" || word == "NULL";
}

// Whether the scalar that `text` begins with is in quotes and never closed. yaml-cpp 0.7 takes the
// end of the file for the closing quote when a line break stands before it: one forgotten quote
// would silently swallow every key that follows, `proxies` among them.
bool is_unclosed_quote(std::string_view text) {
  // An anchor or a tag may stand before it.
  while (!text.empty() && (text.front() == '&' || text.front() == '!')) {
    const auto end = text.find_first_of(" \t\r\n");
    const auto next = end == std::string_view::npos ? end : text.find_first_not_of(" \t\r\n", end);
    text.remove_prefix(next == std::string_view::npos ? text.size() : next);
  }
  if (text.empty() || (text.front() != '"' && text.front() != '\'')) return false;
  const char quote = text.front();
  for (std::size_t i = 1; i < text.size(); ++i) {
    // \" and '' are a quote within.
    const bool escape = quote == '"' ? text[i] == '\\' : text.substr(i, 2) == "''";
    if (escape) {
      ++i;
    } else if (text[i] == quote) {
      return false;
    }
  }
  return true;
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string_view source) : source_(source) {}

  YamlNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    add({YamlNode::Kind::null, to_mark(mark), null_word_at(mark), {}, {}});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    throw Refused{{to_mark(mark),
                   "aliases (`*name`) are not supported; write the value out (a text that begins "
                   "with * needs quotes)"}};
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                const std::string& value) override {
    if (is_unclosed_quote(rest_at(mark)))
      throw Refused{{to_mark(mark), "a quote is opened here and never closed"}};
    // "?" marks a plain scalar; in quotes these words are text.
    const bool null = tag == "?" && is_null_word(value);
    add({null ? YamlNode::Kind::null : YamlNode::Kind::scalar, to_mark(mark), value, {}, {}});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/,
                       YAML::anchor_t /*anchor*/, YAML::EmitterStyle::value /*style*/) override {
    open({YamlNode::Kind::sequence, to_mark(mark), {}, {}, {}});
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {
    open({YamlNode::Kind::map, to_mark(mark), {}, {}, {}});
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlNode node;
    bool has_key = false;
    YamlNode key;
  };

  std::string_view rest_at(const YAML::Mark& mark) const {
    const auto pos = static_cast<std::size_t>(std::max(mark.pos, 0));
    return source_.substr(std::min(pos, source_.size()));
  }

  // yaml-cpp tells `key: null` and `key:` alike; for an operator they differ.
  std::string null_word_at(const YAML::Mark& mark) const {
    const std::string_view rest = rest_at(mark);
    const std::string_view word = rest.substr(0, rest.find_first_of(" \t\r\n,]}#"));
    return is_null_word(word) ? std::string(word) : std::string();
  }

  void count(const YamlMark& mark) {
    if (++nodes_ > max_nodes) {
      throw Refused{
          {mark, fmt::format("more than {} values, which no configuration has", max_nodes)}};
    }
  }

  void open(YamlNode node) {
    count(node.mark);
    if (open_.size() == max_depth)
      throw Refused{{node.mark, fmt::format("nested more than {} deep, which no configuration is; "
                                            "a text that begins with [ or {{ needs quotes",
                                            max_depth)}};
    open_.push_back({std::move(node), false, {}});
  }

  void close() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    place(std::move(node));
  }

  void add(YamlNode node) {
    count(node.mark);
    place(std::move(node));
  }

  void place(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == YamlNode::Kind::sequence) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.has_key) {
      parent.key = std::move(node);
      parent.has_key = true;
    } else {
      parent.node.entries.push_back({std::move(parent.key), std::move(node)});
      parent.has_key = false;
    }
  }

  std::string_view source_;
  YamlNode root_;
  std::vector<Open> open_;
  std::size_t nodes_ = 0;
};

// What yaml-cpp's terse sentences mean to someone who edits a file.
std::string explain(const std::string& message) {
  struct Known {
    std::string_view said;
    std::string_view meant;
  };
  static constexpr std::array<Known, 8> known = {{
      {"illegal map value", "a `: ` where no value can begin; a text that holds one needs quotes"},
      {"illegal block entry", "a `- ` where no list can begin; look at the indentation"},
      {"illegal map key", "a `? ` where no key can begin; a text that begins so needs quotes"},
      {"end of sequence flow not found",
       "a list opened by [ is not closed by ]; inside it a # after a blank begins a comment"},
      {"end of map flow not found",
       "a map opened by { is not closed by }; inside it a # after a blank begins a comment"},
      {"illegal EOF in scalar", "a quote is opened and never closed"},
      {"end of map not found", "this fits nothing above it; look at the indentation"},
      {"end of sequence not found", "this fits nothing above it; look at the indentation"},
  }};
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const Known& entry) { return entry.said == message; });
  return found == known.end() ? "this is no YAML: " + message : std::string(found->meant);
}

// The first line up to `last_line` that is indented with a tab. YAML forbids it, yaml-cpp stumbles
// over it somewhere later.
std::optional<YamlMark> tab_indentation(std::string_view text, int last_line) {
  for (int line = 1; line <= last_line && !text.empty(); ++line) {
    const auto end = text.find('\n');
    const std::string_view here = text.substr(0, end);
    const auto first = here.find_first_not_of(' ');
    if (first != std::string_view::npos && here[first] == '\t' && !is_blank(here))
      return YamlMark{line, static_cast<int>(first) + 1};
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return std::nullopt;
}

YamlProblem explain(const YAML::Exception& problem, std::string_view text) {
  const YamlMark mark = to_mark(problem.mark);
  if (const auto tab = tab_indentation(text, mark.line))
    return {*tab, "a tab in the indentation; YAML takes blanks alone"};
  return {mark, explain(problem.msg)};
}

}  // namespace

const YamlNode* find_value(const YamlNode& node, std::string_view name) {
  for (const auto& [key, value] : node.entries) {
    if (key.kind == YamlNode::Kind::scalar && key.text == name) return &value;
  }
  return nullptr;
}

tl::expected<YamlNode, YamlProblem> parse_yaml(std::string_view text) {
  TreeBuilder builder(text);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return YamlNode{};
    TreeBuilder rest(text);
    if (parser.HandleNextDocument(rest)) {
      return tl::unexpected(YamlProblem{
          rest.take().mark, "a second document (`---`); one file is one configuration"});
    }
  } catch (const Refused& refused) {
    return tl::unexpected(refused.problem);
  } catch (const YAML::Exception& problem) {
    return tl::unexpected(explain(problem, text));
  }
  return builder.take();
}

}  // namespace dandelion
