// SPDX-License-Identifier: MIT
#include "config/yaml_tree.hpp"

#include <sstream>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include "core/text.hpp"

namespace dandelion {
namespace {

constexpr std::size_t max_depth = 64;
constexpr std::size_t max_nodes = 100'000;

YamlMark to_mark(const YAML::Mark& mark) {
  return {mark.line + 1, mark.column + 1};
}

// yaml-cpp's parser unwinds by exceptions, so its handler can only stop it by one.
struct Refused {
  YamlProblem problem;
};

class TreeBuilder final : public YAML::EventHandler {
 public:
  YamlNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    add({YamlNode::Kind::null, to_mark(mark), {}, {}, {}});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    throw Refused{{to_mark(mark), "aliases (`*name`) are not supported; write the value out"}};
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                const std::string& value) override {
    // "?" marks a plain scalar; in quotes these words are text.
    const bool null =
        tag == "?" && (value == "null" || value == "~" || value == "Null" || value == "NULL");
    add({null ? YamlNode::Kind::null : YamlNode::Kind::scalar,
         to_mark(mark),
         null ? std::string() : value,
         {},
         {}});
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

  void count(const YamlMark& mark) {
    if (++nodes_ > max_nodes) throw Refused{{mark, fmt::format("more than {} values", max_nodes)}};
  }

  void open(YamlNode node) {
    count(node.mark);
    if (open_.size() == max_depth)
      throw Refused{{node.mark, fmt::format("nested more than {} deep", max_depth)}};
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

  YamlNode root_;
  std::vector<Open> open_;
  std::size_t nodes_ = 0;
};

}  // namespace

tl::expected<YamlNode, YamlProblem> parse_yaml(std::string_view text) {
  TreeBuilder builder;
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return YamlNode{};
    TreeBuilder rest;
    if (parser.HandleNextDocument(rest)) {
      YamlNode second = rest.take();
      return tl::unexpected(
          YamlProblem{second.mark, "a second document (`---`); one file is one configuration"});
    }
  } catch (const Refused& refused) {
    return tl::unexpected(refused.problem);
  } catch (const YAML::Exception& problem) {
    return tl::unexpected(YamlProblem{to_mark(problem.mark), problem.msg});
  }
  return builder.take();
}

}  // namespace dandelion
