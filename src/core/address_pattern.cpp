// SPDX-License-Identifier: MIT
#include "core/address_pattern.hpp"

#include <re2/re2.h>

namespace dandelion {
namespace {

// Of the compiled expression; RE2's own default is 8 MiB.
constexpr std::int64_t max_pattern_bytes = 1 << 20;

}  // namespace

AddressPattern::AddressPattern() = default;
AddressPattern::AddressPattern(AddressPattern&&) noexcept = default;
AddressPattern& AddressPattern::operator=(AddressPattern&&) noexcept = default;
AddressPattern::~AddressPattern() = default;

Result<AddressPattern> AddressPattern::parse(const std::string& text) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(max_pattern_bytes);
  AddressPattern pattern;
  if (text.empty()) return pattern;
  pattern.expression_ = std::make_unique<RE2>(text, options);
  if (!pattern.expression_->ok())
    return fail(ErrorKind::bad_input, "{}", pattern.expression_->error());
  return pattern;
}

bool AddressPattern::matches(std::string_view url) const {
  return !expression_ || RE2::PartialMatch(re2::StringPiece(url.data(), url.size()), *expression_);
}

}  // namespace dandelion
