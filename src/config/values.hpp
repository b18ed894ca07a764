// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/network_settings.hpp"

namespace dandelion {

// "500ms", "30s", "30m", "12h", "30d"; nullopt for anything else.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// "64KiB", "32MiB", "1GiB", or plain bytes; nullopt for anything else.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);

// "socks5h://user@host:port" and its kin. bad_input with the reason; no message repeats a password.
[[nodiscard]] Result<ProxyAddress> parse_proxy(std::string_view text);

// Whether the address carries a password, or anything in the place of one.
[[nodiscard]] bool has_password(std::string_view url);

// The first `{name}` in the pattern that is not among the known ones; empty where all are.
[[nodiscard]] std::string unknown_placeholder(std::string_view pattern,
                                              const std::string_view* known, std::size_t count);

}  // namespace dandelion
