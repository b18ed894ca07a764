// SPDX-License-Identifier: MIT
#include "core/clock.hpp"

#include <array>
#include <cstddef>

#include <curl/curl.h>
#include <fmt/format.h>

#include "core/text.hpp"

namespace dandelion {
namespace {

struct CivilTime {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<std::chrono::seconds> time;
};

CivilTime civil(Timestamp time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  return {std::chrono::year_month_day{day}, std::chrono::hh_mm_ss{time - day}};
}

// Takes exactly `digits` digits from the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

// "Z", "+08:00", "+0800", "-05"; nullopt where it is none of these.
std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
  if (text.empty()) return std::chrono::minutes{0};
  if (take(text, 'Z') || take(text, 'z')) return std::chrono::minutes{0};
  const int sign = text.front() == '-' ? -1 : 1;
  if (!take(text, '+') && !take(text, '-')) return std::nullopt;
  const auto hours = take_number(text, 2);
  if (!hours || *hours > 18) return std::nullopt;
  take(text, ':');
  const auto minutes = text.empty() ? std::optional<int>(0) : take_number(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  return std::chrono::minutes{sign * (*hours * 60 + *minutes)};
}

}  // namespace

Timestamp SystemClock::now() const {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::string format_rfc3339(Timestamp time) {
  const auto [date, clock] = civil(time);
  return fmt::format("{}T{:02}:{:02}:{:02}Z", format_date(time), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::string format_date(Timestamp time) {
  const auto date = civil(time).date;
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::optional<Timestamp> parse_iso8601(std::string_view text) {
  text = trim(text);
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  const Timestamp midnight{std::chrono::sys_days{date}};
  if (text.empty()) return midnight;

  if (!take(text, 'T') && !take(text, 't') && !take(text, ' ')) return std::nullopt;
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  int second = 0;
  if (take(text, ':')) {
    const auto given = take_number(text, 2);
    if (!given || *given > 60) return std::nullopt;
    second = *given;
    if (take(text, '.') || take(text, ',')) {
      while (!text.empty() && text.front() >= '0' && text.front() <= '9')
        text.remove_prefix(1);
    }
  }
  text = trim(text);
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  return midnight + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{second} - *offset;
}

std::optional<Timestamp> parse_rfc822(std::string_view text) {
  constexpr std::size_t longest = 64;
  text = trim(text);
  if (text.empty() || text.size() > longest) return std::nullopt;
  const std::time_t time = curl_getdate(std::string(text).c_str(), nullptr);
  if (time == -1) return std::nullopt;
  return Timestamp(std::chrono::seconds(time));
}

}  // namespace dandelion
