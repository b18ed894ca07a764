// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace dandelion {

// A robots.txt as one crawler reads it (RFC 9309): the groups that name its product token, merged,
// or where none does those for `*`. At most 500 KiB are read; what is no rule is passed over.
class RobotsRules {
 public:
  // No rules: everything is allowed.
  RobotsRules() = default;
  RobotsRules(std::string_view text, std::string_view product_token);

  // `path` is the address's path with its query. The longest pattern that matches decides, allow on
  // a tie; `*` stands for any characters, `$` for the end. /robots.txt itself is always allowed.
  [[nodiscard]] bool allows(std::string_view path) const;

  // A robots.txt with nothing but these rules, for everybody: what is worth keeping of a long one.
  [[nodiscard]] std::string text() const;

  // Crawl-delay: no part of the RFC, but asked for by many; zero where there is none, at most 30 s.
  [[nodiscard]] std::chrono::milliseconds crawl_delay() const { return crawl_delay_; }

 private:
  struct Rule {
    std::string pattern;  // percent-encoding normalised
    bool allow = false;
  };
  std::vector<Rule> rules_;
  std::chrono::milliseconds crawl_delay_{0};
};

}  // namespace dandelion
