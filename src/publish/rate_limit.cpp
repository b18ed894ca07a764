// SPDX-License-Identifier: MIT
#include "publish/rate_limit.hpp"

#include <charconv>
#include <string>

#include "core/text.hpp"
#include "fetch/retry_delay.hpp"

namespace dandelion {
namespace {

// Years from now: not a time that a host means.
constexpr std::int64_t far = 100'000'000'000;

std::optional<Timestamp> end_of_limit(const ApiAnswer& answer, Timestamp now) {
  if (const std::string wait = answer.header("retry-after"); !wait.empty()) {
    const auto seconds = parse_retry_after(wait, now);
    return seconds && seconds->count() <= far ? std::optional(now + *seconds) : std::nullopt;
  }
  std::string when = answer.header("x-ratelimit-reset");
  if (when.empty()) when = answer.header("ratelimit-reset");
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(when.data(), when.data() + when.size(), seconds);
  if (error != std::errc{} || end != when.data() + when.size() || seconds < 0 || seconds > far)
    return std::nullopt;
  return Timestamp(std::chrono::seconds(seconds));
}

}  // namespace

std::optional<RateLimit> find_rate_limit(const ApiAnswer& answer, Timestamp now) {
  const bool used_up =
      answer.header("x-ratelimit-remaining") == "0" || answer.header("ratelimit-remaining") == "0";
  const bool asks_to_wait = used_up || !answer.header("retry-after").empty();
  const bool is_second = answer.status == 403 &&
                         ascii_lower(answer.body).find("secondary rate limit") != std::string::npos;
  if (answer.status != 429 && !(answer.status == 403 && asks_to_wait) && !is_second)
    return std::nullopt;
  // The reset is that of the first limit then, and a minute is what GitHub advises.
  // https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
  if (is_second && !asks_to_wait) return RateLimit{now + std::chrono::minutes(1)};
  return RateLimit{end_of_limit(answer, now)};
}

}  // namespace dandelion
