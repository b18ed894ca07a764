// SPDX-License-Identifier: MIT
#include "pipeline/check_times.hpp"

#include <algorithm>
#include <cstdint>

#include "core/address.hpp"

namespace dandelion {
namespace {

constexpr std::chrono::seconds longest_wait = std::chrono::days(7);

// FNV-1a: the same on every machine, unlike std::hash.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

}  // namespace

std::chrono::seconds first_recheck(const PageRecord& page, Timestamp now) {
  if (!page.published) return shortest_recheck;
  return std::clamp<std::chrono::seconds>((now - *page.published) / 10, shortest_recheck,
                                          longest_recheck);
}

std::chrono::seconds next_recheck(std::chrono::seconds interval) {
  return std::clamp<std::chrono::seconds>(interval * 2, shortest_recheck, longest_recheck);
}

void schedule_check(PageRecord& page, std::chrono::seconds interval, Timestamp now) {
  const auto spread = static_cast<std::uint64_t>(interval.count() / 8);
  const std::uint64_t extra = spread == 0 ? 0 : hash_of(without_scheme(page.url)) % spread;
  page.checked = now;
  page.recheck = interval;
  page.next_check = now + interval + std::chrono::seconds(static_cast<std::int64_t>(extra));
}

Timestamp next_try(int attempts, Timestamp now) {
  if (attempts <= 1) return now;
  const int doublings = std::min(attempts - 2, 16);
  return now + std::min<std::chrono::seconds>(shortest_recheck * (1 << doublings), longest_wait);
}

}  // namespace dandelion
