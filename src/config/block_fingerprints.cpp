// SPDX-License-Identifier: MIT
#include "config/block_fingerprints.hpp"

#include "config/section_reader.hpp"
#include "config/source_place.hpp"
#include "core/files.hpp"
#include "core/text.hpp"

namespace dandelion {
namespace {

constexpr std::size_t max_bytes = 1U << 20;
// A shorter text would be found on any page.
constexpr std::size_t least_bytes = 6;

void read_needle(ReadContext& context, const YamlNode& node, std::string& into) {
  read_text(context, node, into);
  if (into.empty() || into.size() >= least_bytes) return;
  context.error(node.mark, fmt::format("a text of less than {} bytes would be found anywhere; "
                                       "write more of it",
                                       least_bytes));
}

void read_fingerprint(ReadContext& context, const YamlNode& node,
                      std::vector<BlockFingerprint>& into) {
  BlockFingerprint known;
  const std::size_t before = context.errors;
  read_section(
      context, node, "a block page",
      {{"name", [&](const YamlNode& value) { read_text(context, value, known.name); }, true},
       {"title", [&](const YamlNode& value) { read_needle(context, value, known.title); }},
       {"body", [&](const YamlNode& value) { read_needle(context, value, known.body); }},
       {"address", [&](const YamlNode& value) { read_needle(context, value, known.address); }}});
  if (context.errors != before) return;
  if (known.title.empty() && known.body.empty() && known.address.empty()) {
    context.error(node.mark, "nothing tells this block page; give it a title, body or address");
    return;
  }
  into.push_back(std::move(known));
}

}  // namespace

Result<std::vector<BlockFingerprint>> parse_block_fingerprints(std::string_view text,
                                                               const std::string& name) {
  const ConfigChecks checks;
  ReadContext context{name, {}, checks, {}};
  std::vector<BlockFingerprint> known;
  const auto odd = first_odd_byte(text);
  if (odd) {
    context.error(*odd, "this is not UTF-8 text; save the file as UTF-8");
  } else if (auto root = parse_yaml(text); !root) {
    context.error(root.error().mark, root.error().message);
  } else if (root->kind != YamlNode::Kind::null) {
    read_list(context, *root, "block pages",
              [&](const YamlNode& item) { read_fingerprint(context, item, known); });
  }
  if (context.errors == 0) return known;
  if (!odd) count_characters(text, context.diagnostics);
  std::string all;
  for (const Diagnostic& diagnostic : context.diagnostics)
    all += (all.empty() ? "" : "\n") + diagnostic.display();
  return tl::unexpected(Error{ErrorKind::bad_input, std::move(all)});
}

Result<std::vector<BlockFingerprint>> load_block_fingerprints(const std::filesystem::path& file) {
  auto text = read_file(file, max_bytes);
  if (!text) return tl::unexpected(Error{ErrorKind::bad_input, text.error().message});
  return parse_block_fingerprints(*text, file.string());
}

}  // namespace dandelion
