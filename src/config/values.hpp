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

// Whether a user name or a password may stand in the address: before an `@` of its authority, or,
// where the text is too odd to have one, before any `@`.
[[nodiscard]] bool has_user_info(std::string_view url);

// Whether that holds a `:`, and so a password or the place of one.
[[nodiscard]] bool has_password(std::string_view url);

// The first `{name}` in the pattern that is not among the known ones, without its braces; nullopt
// where all are.
[[nodiscard]] std::optional<std::string> unknown_placeholder(std::string_view pattern,
                                                             const std::string_view* known,
                                                             std::size_t count);

// "1h", "1500ms", "64KiB": as one would write it in sites.yaml.
[[nodiscard]] std::string format_duration(std::chrono::milliseconds value);
[[nodiscard]] std::string format_size(std::uint64_t bytes);

// A user's text in quotes, fit to stand in a message: on one line, cut when it is long, and without
// what stands before an `@`, which may be a password.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace dandelion
