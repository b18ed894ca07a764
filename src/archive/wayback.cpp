// SPDX-License-Identifier: MIT
#include "archive/wayback.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/url.hpp"

namespace dandelion {
namespace {

using nlohmann::json;

constexpr std::string_view copies = "https://web.archive.org/web/";
constexpr std::string_view as_it_came = "id_/";
constexpr std::size_t digits_of_a_time = 14;
// What lies deeper is dropped; an answer has three levels.
constexpr int max_depth = 8;

std::optional<Snapshot> read_digits(std::string_view text) {
  const bool is_number =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (text.size() != digits_of_a_time || !is_number) return std::nullopt;
  const auto part = [text](std::size_t at, std::size_t size) { return text.substr(at, size); };
  const auto time = parse_iso8601(fmt::format("{}-{}-{}T{}:{}:{}Z", part(0, 4), part(4, 2),
                                              part(6, 2), part(8, 2), part(10, 2), part(12, 2)));
  if (!time) return std::nullopt;
  return Snapshot{std::string(text), *time};
}

const json* object_at(const json& within, const char* key) {
  const auto found = within.find(key);
  return found != within.end() && found->is_object() ? &*found : nullptr;
}

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

std::string wayback_question(std::string_view url) {
  return "https://archive.org/wayback/available?url=" +
         percent_encode(redact_url(without_fragment(url)));
}

Result<std::optional<Snapshot>> read_wayback_answer(std::string_view text) {
  const auto keep = [](int depth, json::parse_event_t, const json&) { return depth <= max_depth; };
  const json answer = text.size() <= most_wayback_answer ? json::parse(text, keep, false) : json();
  const json* copies_of = answer.is_object() ? object_at(answer, "archived_snapshots") : nullptr;
  if (copies_of == nullptr)
    return fail(ErrorKind::malformed, "the Wayback Machine's answer is none that is known");
  const json* closest = object_at(*copies_of, "closest");
  if (closest == nullptr) return std::optional<Snapshot>();
  const auto available = closest->find("available");
  const std::string status = text_at(*closest, "status");
  // A copy of an error page helps nobody; one of a redirect leads on.
  const bool is_page = status.starts_with('2') || status.starts_with('3');
  if (available == closest->end() || *available != true || !is_page)
    return std::optional<Snapshot>();
  auto snapshot = read_digits(text_at(*closest, "timestamp"));
  if (!snapshot)
    return fail(ErrorKind::malformed, "the Wayback Machine names a copy without a proper time");
  return snapshot;
}

std::string snapshot_address(const Snapshot& snapshot, std::string_view url) {
  return fmt::format("{}{}{}{}", copies, snapshot.digits, as_it_came,
                     redact_url(without_fragment(url)));
}

std::optional<ArchivedAddress> read_snapshot_address(std::string_view address) {
  if (!address.starts_with(copies)) return std::nullopt;
  address.remove_prefix(copies.size());
  auto snapshot = read_digits(address.substr(0, digits_of_a_time));
  if (!snapshot) return std::nullopt;
  address.remove_prefix(digits_of_a_time);
  if (!address.starts_with(as_it_came)) return std::nullopt;
  address.remove_prefix(as_it_came.size());
  if (!parse_url(address)) return std::nullopt;
  return ArchivedAddress{std::move(*snapshot), std::string(address)};
}

}  // namespace dandelion
