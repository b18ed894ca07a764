// SPDX-License-Identifier: MIT
#include "render/yaml_file.hpp"

#include "core/files.hpp"

namespace dandelion {

tl::unexpected<Error> wrong_at(const std::filesystem::path& file, const YAML::Mark& mark,
                               std::string_view what) {
  return fail(ErrorKind::bad_input, "{}:{}:{}: {}", file.string(), mark.line + 1, mark.column + 1,
              what);
}

Result<void> read_yaml_map(
    const std::filesystem::path& file,
    const std::function<Result<void>(const YAML::Node& name, const YAML::Node& value)>& read) {
  auto text = read_file(file, max_theme_file_bytes);
  if (!text) return tl::unexpected(text.error());
  try {
    const YAML::Node root = YAML::Load(*text);
    if (!root.IsMap())
      return fail(ErrorKind::bad_input, "{}: expected `key: value` lines", file.string());
    for (const auto& item : root) {
      if (auto done = read(item.first, item.second); !done) return done;
    }
    return {};
  } catch (const YAML::Exception& problem) {
    return wrong_at(file, problem.mark, problem.msg);
  }
}

}  // namespace dandelion
