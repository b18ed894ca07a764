// SPDX-License-Identifier: MIT
#include "fetch/retry_delay.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include <curl/curl.h>

#include "core/text.hpp"

namespace dandelion {

std::chrono::milliseconds retry_delay(int attempt, double random,
                                      std::optional<std::chrono::seconds> retry_after) {
  constexpr double base_ms = 500;
  constexpr double ceiling_ms = 30'000;
  const double full =
      std::min(ceiling_ms, base_ms * static_cast<double>(1ULL << std::clamp(attempt - 1, 0, 16)));
  const std::chrono::milliseconds delay(static_cast<std::int64_t>(full / 2 + full / 2 * random));
  return std::max(delay, std::chrono::milliseconds(retry_after.value_or(std::chrono::seconds(0))));
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, Timestamp now) {
  const std::string text(trim(value));
  std::int64_t seconds = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, seconds);
  if (error == std::errc{} && end == last)
    return std::chrono::seconds(std::max<std::int64_t>(0, seconds));
  const time_t date = curl_getdate(text.c_str(), nullptr);
  if (date < 0) return std::nullopt;
  return std::max(std::chrono::seconds(0), Timestamp(std::chrono::seconds(date)) - now);
}

}  // namespace dandelion
