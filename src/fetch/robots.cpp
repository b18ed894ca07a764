// SPDX-License-Identifier: MIT
#include "fetch/robots.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "core/text.hpp"

namespace dandelion {
namespace {

constexpr std::size_t max_robots_bytes = 500U << 10;  // RFC 9309, 2.5
constexpr double max_crawl_delay_s = 30;
// Matching costs pattern times address, for every rule. What cannot be decided in so many steps (a
// few milliseconds) is not allowed.
constexpr std::size_t max_steps = 2'000'000;

bool is_unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

// RFC 9309, 2.2.2: octets outside ASCII are percent-encoded, encoded unreserved ones decoded,
// before paths are compared.
std::string normalise(std::string_view path) {
  std::string normal;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    if (c == '%' && i + 2 < path.size() && hex_value(path[i + 1]) >= 0 &&
        hex_value(path[i + 2]) >= 0) {
      const char decoded = static_cast<char>(hex_value(path[i + 1]) * 16 + hex_value(path[i + 2]));
      if (is_unreserved(decoded)) {
        normal += decoded;
      } else {
        normal += fmt::format("%{:02X}", static_cast<unsigned char>(decoded));
      }
      i += 2;
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      normal += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      normal += c;
    }
  }
  return normal;
}

// Greedy matching of `*` with one step back: costs at most the product of both lengths, and no more
// than what is left of `steps`; nullopt where they are used up.
std::optional<bool> matches(std::string_view pattern, std::string_view path, std::size_t& steps) {
  const bool anchored = pattern.ends_with('$');
  if (anchored) pattern.remove_suffix(1);
  std::size_t p = 0;
  std::size_t s = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (steps > 0) {
    --steps;
    if (p == pattern.size() && (!anchored || s == path.size())) return true;
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = s;
    } else if (p < pattern.size() && s < path.size() && pattern[p] == path[s]) {
      ++p;
      ++s;
    } else if (star != std::string_view::npos && resume < path.size()) {
      p = star + 1;
      s = ++resume;
    } else {
      return false;
    }
  }
  return std::nullopt;
}

struct Line {
  std::string key;  // lower case
  std::string_view value;
};

Line parse_line(std::string_view line) {
  line = trim(line.substr(0, line.find('#')));
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  return {ascii_lower(trim(line.substr(0, colon))), trim(line.substr(colon + 1))};
}

// The product token of a user-agent line: letters, `_` and `-` up to the first other character.
std::string token_of(std::string_view value) {
  const auto end = std::find_if(value.begin(), value.end(), [](char c) {
    return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '*');
  });
  return ascii_lower(value.substr(0, static_cast<std::size_t>(end - value.begin())));
}

template <typename Use>
void each_line(std::string_view text, const Use& use) {
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("\r\n"), text.size());
    use(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

RobotsRules::RobotsRules(std::string_view text, std::string_view product_token) {
  text = text.substr(0, max_robots_bytes);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  struct Group {
    std::vector<Rule> rules;
    double delay = 0;
  };
  // Only the groups that can apply are kept: a hostile file names others by the thousand.
  const std::string own = ascii_lower(product_token);
  std::map<std::string, Group> groups;
  std::set<std::string> agents;
  bool in_rules = false;
  each_line(text, [&](std::string_view raw) {
    const Line line = parse_line(raw);
    if (line.key == "user-agent") {
      if (in_rules) agents.clear();
      in_rules = false;
      const std::string agent = token_of(line.value);
      if (agent != own && agent != "*") return;
      agents.insert(agent);
      groups.try_emplace(agent);
    } else if (line.key == "allow" || line.key == "disallow") {
      in_rules = true;
      if (line.value.empty()) return;
      for (const std::string& agent : agents)
        groups[agent].rules.push_back({normalise(line.value), line.key == "allow"});
    } else if (line.key == "crawl-delay") {
      in_rules = true;
      for (const std::string& agent : agents) {
        groups[agent].delay = std::strtod(std::string(line.value).c_str(), nullptr);
      }
    }
  });
  auto found = groups.find(own);
  if (found == groups.end()) found = groups.find("*");
  if (found == groups.end()) return;
  rules_ = std::move(found->second.rules);
  const double delay = found->second.delay;
  // Not a number compares false with everything.
  if (delay > 0)
    crawl_delay_ =
        std::chrono::milliseconds(static_cast<int>(std::min(delay, max_crawl_delay_s) * 1000));
}

bool RobotsRules::allows(std::string_view path) const {
  if (path == "/robots.txt") return true;
  const std::string normal = normalise(path);
  std::size_t steps = max_steps;
  std::size_t longest = 0;
  bool allowed = true;
  for (const Rule& rule : rules_) {
    const std::size_t length = rule.pattern.size();
    const bool decides = length > longest || (length == longest && rule.allow && !allowed);
    if (!decides) continue;
    const auto matched = matches(rule.pattern, normal, steps);
    if (!matched) return false;
    if (*matched) {
      longest = length;
      allowed = rule.allow;
    }
  }
  return allowed;
}

std::string RobotsRules::text() const {
  std::string text = "User-agent: *\n";
  for (const Rule& rule : rules_)
    text += fmt::format("{}: {}\n", rule.allow ? "Allow" : "Disallow", rule.pattern);
  if (crawl_delay_.count() > 0)
    text += fmt::format("Crawl-delay: {}\n", static_cast<double>(crawl_delay_.count()) / 1000);
  return text;
}

}  // namespace dandelion
