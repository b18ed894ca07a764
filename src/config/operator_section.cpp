// SPDX-License-Identifier: MIT
#include <array>

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

void read_time_grain(ReadContext& context, const YamlNode& node, Operator& op) {
  constexpr std::array grains = {std::chrono::seconds(std::chrono::minutes(1)),
                                 std::chrono::seconds(std::chrono::hours(1)),
                                 std::chrono::seconds(std::chrono::hours(24))};
  const int chosen = read_choice(context, node, {"minute", "hour", "day"});
  if (chosen >= 0) op.time_grain = grains.at(static_cast<std::size_t>(chosen));
}

}  // namespace

void read_operator(ReadContext& context, const YamlNode& node, Operator& op) {
  read_section(context, node, "operator",
               {{"name", [&](const YamlNode& value) { read_name(context, value, op); }},
                {"email", [&](const YamlNode& value) { read_email(context, value, op); }},
                {"time", [&](const YamlNode& value) { read_time_grain(context, value, op); }},
                {"message",
                 [&](const YamlNode& value) {
                   read_pattern(context, value, {"added", "changed", "removed"}, op.message);
                 }},
                {"key", [&](const YamlNode& value) {
                   read_path(context, value, op.key);
                   context.check_file(value.mark, context.checks.signing_key, op.key);
                 }}});
}

}  // namespace dandelion
