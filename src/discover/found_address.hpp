// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/clock.hpp"
#include "core/error.hpp"

namespace dandelion {

// An address that a source names.
struct FoundAddress {
  std::string url;                     // absolute, without fragment; not yet normalised
  std::string title;                   // may be empty
  std::optional<Timestamp> published;  // where the source says so
  std::optional<Timestamp> changed;
};

// Takes addresses as they are found, so that a source of any length is read in one pass. An error
// ends the reading and is its outcome.
using AddressSink = std::function<Result<void>(const FoundAddress&)>;

}  // namespace dandelion
