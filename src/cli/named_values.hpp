// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace dandelion {

// What an option with names for its values takes; anything else is refused with a list of them.
template <typename Value>
[[nodiscard]] CLI::Validator named_values(std::vector<std::pair<std::string, Value>> values) {
  return {[values = std::move(values)](std::string& given) -> std::string {
            std::string names;
            for (const auto& [name, value] : values) {
              if (given == name) {
                given = std::to_string(static_cast<std::underlying_type_t<Value>>(value));
                return {};
              }
              names += (names.empty() ? "" : ", ") + name;
            }
            return fmt::format("'{}' is none of {}", given, names);
          },
          ""};
}

}  // namespace dandelion
