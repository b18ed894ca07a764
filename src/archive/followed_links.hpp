// SPDX-License-Identifier: MIT
#pragma once

#include <set>
#include <string>
#include <vector>

#include "archive/page_capture.hpp"

namespace dandelion {

struct FollowOptions {
  int depth = 0;           // how many links away from a page that was named; 0: none is followed
  bool same_site = false;  // only within the registrable domain of the page that was named
  std::size_t most = 100;  // pages in all, beside those that were named
};

// A page that is to be kept.
struct WantedPage {
  std::string url;
  std::string start{};  // the page that was named and led here; empty: it is that one itself
  int depth = 0;        // links away from it
};

// Chooses what is kept beside the pages that were named: what they link to, and so on, breadth
// first. Whatever pages name, each address is chosen once and the number is bounded. A page that
// lies in public leads to none in a private network.
class FollowedLinks {
 public:
  FollowedLinks(const FollowOptions& options, const std::vector<std::string>& named);

  // What is to be kept because of that page, in the page's order.
  [[nodiscard]] std::vector<WantedPage> choose(const WantedPage& wanted,
                                               const CapturedPage& captured);

  // Links that were passed over because there were enough.
  [[nodiscard]] std::size_t left_out() const { return left_out_; }

 private:
  const FollowOptions options_;
  std::set<std::string> seen_;
  std::size_t chosen_ = 0;
  std::size_t left_out_ = 0;
};

}  // namespace dandelion
