// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace dandelion {

// Seconds since 1970 in UTC: all that we store and publish of a time.
using Timestamp = std::chrono::sys_seconds;

// Tells the time; tests bring their own.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  Clock(Clock&&) = delete;
  Clock& operator=(Clock&&) = delete;
  virtual ~Clock() = default;
  [[nodiscard]] virtual Timestamp now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override;
};

// "2026-11-24T14:11:35Z" (RFC 3339, always UTC).
[[nodiscard]] std::string format_rfc3339(Timestamp time);

// "2026-11-24".
[[nodiscard]] std::string format_date(Timestamp time);

// Reads RFC 3339 and the ISO 8601 forms that pages carry ("2023-09-27T10:15:00+08:00", "2023-09-27
// 10:15", "2023-09-27"); without an offset UTC is taken. nullopt for anything else.
[[nodiscard]] std::optional<Timestamp> parse_iso8601(std::string_view text);

// Reads the dates of RFC 822 as feeds write them ("Tue, 24 Nov 2026 22:00:43 +0800", zone names and
// two-digit years included). nullopt for anything else.
[[nodiscard]] std::optional<Timestamp> parse_rfc822(std::string_view text);

}  // namespace dandelion
