// SPDX-License-Identifier: MIT
#include "stats/log_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/text.hpp"

namespace dandelion {
namespace {

using nlohmann::json;

bool counts(std::string_view method, int status) {
  return method == "GET" && ((status >= 200 && status < 400) || status == 404);
}

std::string path_of(std::string_view target) {
  return std::string(target.substr(0, target.find_first_of("?#")));
}

int number(std::string_view text) {
  int value = -1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// "24/Nov/2026:14:11:35 +0100" as a day in UTC.
std::string day_of_clf(std::string_view time) {
  static constexpr std::array<std::string_view, 12> months = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (time.size() < 26 || time[2] != '/' || time[6] != '/' || time[11] != ':') return {};
  const auto month = std::find(months.begin(), months.end(), time.substr(3, 3));
  if (month == months.end()) return {};
  const std::string iso =
      fmt::format("{}-{:02}-{}T{}{}", time.substr(7, 4), month - months.begin() + 1,
                  time.substr(0, 2), time.substr(12, 8), time.substr(21, 5));
  const auto parsed = parse_iso8601(iso);
  return parsed ? format_date(*parsed) : std::string();
}

// What stands between the next two quotes; `rest` goes on behind them. Apache and nginx escape a
// quote inside.
std::string_view quoted(std::string_view& rest) {
  const auto open = rest.find('"');
  if (open == std::string_view::npos) return {};
  rest.remove_prefix(open + 1);
  std::size_t end = 0;
  while (end < rest.size() && rest[end] != '"')
    end += rest[end] == '\\' ? 2 : 1;
  end = std::min(end, rest.size());
  const std::string_view text = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return text;
}

std::optional<LogLine> read_combined(std::string_view line) {
  const auto open = line.find('[');
  const auto close = line.find(']', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
  const std::string_view time = line.substr(open + 1, close - open - 1);
  std::string_view rest = line.substr(close + 1);
  std::string_view request = quoted(rest);
  const auto method_end = std::min(request.find(' '), request.size());
  const std::string_view method = request.substr(0, method_end);
  request.remove_prefix(std::min(method_end + 1, request.size()));
  const int status = number(trim(rest).substr(0, 3));
  if (!counts(method, status)) return std::nullopt;
  static_cast<void>(quoted(rest));  // the referrer
  const std::string_view agent = quoted(rest);
  LogLine read{path_of(request.substr(0, request.find(' '))), day_of_clf(time), visitor_of(agent)};
  if (read.path.empty() || read.day.empty()) return std::nullopt;
  return read;
}

std::string text_at(const json& object, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto found = object.find(name);
    if (found == object.end()) continue;
    if (found->is_string()) return found->get<std::string>();
    if (found->is_number_integer()) return std::to_string(found->get<std::int64_t>());
    if (found->is_number()) return std::to_string(found->get<double>());
    if (found->is_array() && !found->empty() && found->front().is_string())
      return found->front().get<std::string>();
  }
  return {};
}

// RFC 3339, the log's own form, or seconds since 1970.
std::string day_of_any(const std::string& time) {
  if (const auto parsed = parse_iso8601(time)) return format_date(*parsed);
  if (std::string day = day_of_clf(time); !day.empty()) return day;
  std::int64_t seconds = 0;
  const auto read = std::from_chars(time.data(), time.data() + time.size(), seconds);
  const bool plausible = read.ec == std::errc() && seconds > 0 && seconds < 100'000'000'000;
  return plausible ? format_date(Timestamp(std::chrono::seconds(seconds))) : std::string();
}

std::optional<LogLine> read_json(std::string_view line) {
  const json object = json::parse(line, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  // Caddy keeps the request in an object of its own; nginx, by its usual recipes, does not.
  const auto inner = object.find("request");
  const json& request = inner != object.end() && inner->is_object() ? *inner : object;
  const auto headers = request.find("headers");
  std::string agent =
      headers != request.end() && headers->is_object()
          ? text_at(*headers, {"User-Agent", "user-agent"})
          : text_at(request, {"http_user_agent", "user_agent", "userAgent", "agent"});
  std::string method = text_at(request, {"method", "request_method"});
  std::string target = text_at(request, {"uri", "request_uri", "path", "url"});
  if (target.empty()) {
    const std::string whole = text_at(object, {"request"});
    const auto space = whole.find(' ');
    if (space != std::string::npos) {
      method = whole.substr(0, space);
      target = whole.substr(space + 1, whole.rfind(' ') - space - 1);
    }
  }
  if (!counts(method.empty() ? "GET" : method, number(text_at(object, {"status", "code"}))))
    return std::nullopt;
  LogLine read{path_of(target),
               day_of_any(text_at(object, {"ts", "time_iso8601", "time", "timestamp", "@timestamp",
                                           "time_local", "msec"})),
               visitor_of(agent)};
  if (read.path.empty() || read.day.empty()) return std::nullopt;
  return read;
}

}  // namespace

Visitor visitor_of(std::string_view user_agent) {
  static constexpr std::array<std::string_view, 26> robots = {
      "bot",       "crawl",      "spider",     "slurp",
      "curl",      "wget",       "python",     "java/",
      "go-http",   "okhttp",     "httpclient", "libwww",
      "headless",  "monitor",    "preview",    "facebookexternalhit",
      "scrap",     "archive",    "feed",       "rss",
      "validator", "lighthouse", "dandelion",  "node-fetch",
      "axios",     "uptime"};
  const std::string agent = ascii_lower(user_agent);
  if (agent.find("camo") != std::string::npos || agent.find("image-proxy") != std::string::npos ||
      agent.find("imageproxy") != std::string::npos)
    return Visitor::proxy;
  if (agent.empty() || agent == "-") return Visitor::bot;
  const bool robot = std::any_of(robots.begin(), robots.end(), [&agent](std::string_view word) {
    return agent.find(word) != std::string::npos;
  });
  return robot ? Visitor::bot : Visitor::reader;
}

std::optional<LogLine> read_log_line(std::string_view line) {
  line = trim(line);
  return line.starts_with('{') ? read_json(line) : read_combined(line);
}

}  // namespace dandelion
