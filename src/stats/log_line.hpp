// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/clock.hpp"

namespace dandelion {

// Who asked, as far as the browser string tells.
enum class Visitor {
  reader,
  proxy,  // a Git host's picture proxy (camo): somebody read the page, nobody knows how many
  bot,
};

// What counts of one request: no address, no browser string.
struct LogLine {
  std::string path;  // of the request, without its query
  std::string day;   // "2026-11-24", UTC
  Visitor visitor = Visitor::reader;
};

// Reads a line of an access log: the Combined Log Format of Apache and nginx, or an object of JSON
// as Caddy and nginx write it. nullopt for anything else, and for a request that shows no page: not
// a GET, or one that was not answered (404 counts: a Git host's proxy is answered so).
[[nodiscard]] std::optional<LogLine> read_log_line(std::string_view line);

[[nodiscard]] Visitor visitor_of(std::string_view user_agent);

}  // namespace dandelion
