// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <variant>

#include "core/error.hpp"

namespace dandelion {

// A password or token. It has no formatter and no stream operator, so that it cannot slip into a
// log.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}

  [[nodiscard]] const std::string& reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

// Where a secret is to be found: sites.yaml names the place (`env:NAME`, `file:PATH`), never the
// value.
struct SecretSource {
  enum class Kind { environment, file };
  Kind kind = Kind::environment;
  std::string name;  // the variable's name, or an absolute path
};

// Reads the secret now. Spaces and line breaks at a file's end are not part of it. bad_input,
// naming the variable or the file, where it is missing, empty, over 64 KiB, or holds a line break
// in its middle or a zero byte.
[[nodiscard]] Result<Secret> read_secret(const SecretSource& source);

}  // namespace dandelion
