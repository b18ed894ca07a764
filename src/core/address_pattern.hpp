// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace re2 {
class RE2;
}

namespace dandelion {

// A regular expression on addresses, in RE2's syntax: whatever an address holds, matching takes
// time in proportion to its length.
class AddressPattern {
 public:
  // Matches every address.
  AddressPattern();
  // bad_input, with RE2's reason, where `text` is no regular expression.
  [[nodiscard]] static Result<AddressPattern> parse(const std::string& text);

  AddressPattern(AddressPattern&&) noexcept;
  AddressPattern& operator=(AddressPattern&&) noexcept;
  AddressPattern(const AddressPattern&) = delete;
  AddressPattern& operator=(const AddressPattern&) = delete;
  ~AddressPattern();

  // Whether it is found anywhere in the address.
  [[nodiscard]] bool matches(std::string_view url) const;

 private:
  std::unique_ptr<re2::RE2> expression_;  // none: everything matches
};

}  // namespace dandelion
