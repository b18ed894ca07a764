// SPDX-License-Identifier: MIT
// What theme.yaml and the language files share: reading, and telling where something is wrong.
#pragma once

#include <filesystem>
#include <string_view>

#include <yaml-cpp/yaml.h>

#include "core/error.hpp"

namespace dandelion {

constexpr std::size_t max_theme_file_bytes = 1U << 20;

// bad_input as "file:line:column: what".
[[nodiscard]] tl::unexpected<Error> wrong_at(const std::filesystem::path& file,
                                             const YAML::Mark& mark, std::string_view what);

// Reads the file and hands its map to `read`, item by item; what yaml-cpp throws comes back as
// bad_input with the place.
[[nodiscard]] Result<void> read_yaml_map(
    const std::filesystem::path& file,
    const std::function<Result<void>(const YAML::Node& name, const YAML::Node& value)>& read);

}  // namespace dandelion
