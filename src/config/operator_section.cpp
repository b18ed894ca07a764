// SPDX-License-Identifier: MIT
#include "config/section_reader.hpp"

namespace dandelion {
namespace {

// Git takes these off the ends of a name and an email; a name of nothing else makes no commit.
bool is_empty_to_git(std::string_view text) {
  return text.find_first_not_of(" .,:;\"\\'") == std::string_view::npos;
}

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  return at != std::string_view::npos && at == text.rfind('@') &&
         text.find_first_of("<> \"\\,;") == std::string_view::npos &&
         !is_empty_to_git(text.substr(0, at)) && !is_empty_to_git(text.substr(at + 1));
}

void read_name(ReadContext& context, const YamlNode& node, Operator& op) {
  std::string name;
  read_text(context, node, name);
  if (name.empty()) return;
  if (name.find_first_of("<>") != std::string::npos || is_empty_to_git(name)) {
    context.error(node.mark, "a name in a commit has letters in it, and no < or >");
  } else {
    op.name = std::move(name);
  }
}

void read_email(ReadContext& context, const YamlNode& node, Operator& op) {
  std::string email;
  read_text(context, node, email);
  if (email.empty()) return;
  if (!is_email(email)) {
    context.error(node.mark, "expected an address such as mirror@example.invalid");
  } else {
    op.email = std::move(email);
  }
}

}  // namespace

void read_operator(ReadContext& context, const YamlNode& node, Operator& op) {
  read_section(context, node, "operator",
               {{"name", [&](const YamlNode& value) { read_name(context, value, op); }},
                {"email", [&](const YamlNode& value) { read_email(context, value, op); }},
                not_yet(context, "key", "nothing is signed yet", [&](const YamlNode& value) {
                  std::filesystem::path key;
                  read_path(context, value, key);
                })});
}

}  // namespace dandelion
