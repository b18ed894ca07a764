// SPDX-License-Identifier: MIT
#include "archive/exchange_log.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace dandelion {

std::string header_value(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const auto end = std::min(header.find('\n'), header.size());
    const std::string_view line = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    const auto colon = line.find(':');
    if (colon != std::string_view::npos && equals_ignoring_case(line.substr(0, colon), name))
      return std::string(trim(line.substr(colon + 1)));
  }
  return {};
}

Timestamp answered(const Exchange& exchange) {
  return parse_rfc822(header_value(exchange.response_header, "date"))
      .value_or(exchange.facts.finished);
}

bool ExchangeLog::take(std::size_t bytes) {
  if (on_bytes_) on_bytes_(bytes);
  if (now_.is_cut || bytes > budget_->wire) {
    now_.is_cut = true;
    return false;
  }
  budget_->wire -= bytes;
  return true;
}

void ExchangeLog::request(std::string_view header) {
  now_ = {};
  now_.request = header;
}

void ExchangeLog::response_header(std::string_view lines) {
  // Another answer begins: the one before was a 1xx.
  if (lines.starts_with("HTTP/") && now_.response_body.empty()) now_.response_header.clear();
  if (take(lines.size())) {
    now_.response_header += lines;
  } else {
    // Half a header is none.
    now_.response_header.clear();
  }
}

void ExchangeLog::response_body(std::string_view bytes) {
  if (take(bytes.size())) now_.response_body += bytes;
}

void ExchangeLog::finished(const ExchangeFacts& facts) {
  now_.facts = facts;
  exchanges_.push_back(std::move(now_));
  now_ = {};
}

}  // namespace dandelion
