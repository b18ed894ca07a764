// SPDX-License-Identifier: MIT
#include <algorithm>

#include "config/section_reader.hpp"
#include "config/values.hpp"
#include "core/url.hpp"

namespace dandelion {
namespace {

// The absolute path; empty, and told, where the shell's `~` stands: no shell reads this file, and a
// folder of that name would come to be.
std::filesystem::path from_folder(ReadContext& context, const YamlNode& node,
                                  std::string_view text) {
  if (text == "~" || text.starts_with("~/")) {
    context.error(node.mark, "~ is not expanded here; write the whole path");
    return {};
  }
  const std::filesystem::path path(text);
  return (path.is_absolute() ? path : context.folder / path).lexically_normal();
}

bool is_variable_name(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace

void read_path(ReadContext& context, const YamlNode& node, std::filesystem::path& into) {
  std::string text;
  read_text(context, node, text);
  if (text.empty()) return;
  if (auto path = from_folder(context, node, text); !path.empty()) into = std::move(path);
}

void read_secret_source(ReadContext& context, const YamlNode& node,
                        std::optional<SecretSource>& into) {
  if (!expect_scalar(context, node, "env:NAME or file:PATH")) return;
  std::string text;
  read_text(context, node, text);
  if (text.empty()) return;
  constexpr std::string_view variable = "env:";
  constexpr std::string_view file = "file:";
  if (text.starts_with(variable)) {
    const std::string name = text.substr(variable.size());
    if (is_variable_name(name)) {
      into = SecretSource{SecretSource::Kind::environment, name};
    } else {
      context.error(node.mark,
                    "behind env: stands the name of an environment variable, such as GITHUB_TOKEN");
    }
  } else if (text.starts_with(file) && text.size() > file.size()) {
    const auto path = from_folder(context, node, std::string_view(text).substr(file.size()));
    if (!path.empty()) into = SecretSource{SecretSource::Kind::file, path.string()};
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
  auto url = parse_url(text);
  if (has_user_info(text) || (url && !url->user.empty())) {
    context.error(node.mark, "a user name or password must not stand in this address");
  } else if (!url) {
    context.error(node.mark, url.error().message);
  } else {
    into = std::move(text);
  }
}

}  // namespace dandelion
