// SPDX-License-Identifier: MIT
#include "core/network_settings.hpp"

#include <array>
#include <string_view>

#include <fmt/format.h>

namespace dandelion {

std::string ProxyAddress::display() const {
  static constexpr std::array<std::string_view, 4> names = {"http", "https", "socks4a", "socks5h"};
  return fmt::format("{}://{}:{}", names.at(static_cast<std::size_t>(scheme)), host, port);
}

}  // namespace dandelion
