// SPDX-License-Identifier: MIT
#include "core/error.hpp"

namespace dandelion {

tl::unexpected<Error> within(std::string_view where, Error error) {
  error.message.insert(0, fmt::format("{}: ", where));
  return tl::unexpected(std::move(error));
}

}  // namespace dandelion
