// SPDX-License-Identifier: MIT
#include "archive/followed_links.hpp"

#include <tuple>

#include "core/registrable_domain.hpp"
#include "core/url.hpp"
#include "discover/page_links.hpp"
#include "fetch/private_address.hpp"

namespace dandelion {
namespace {

bool is_private(const std::string& url) {
  const auto parsed = parse_url(url);
  return !parsed || is_private_host(parsed->host);
}

}  // namespace

FollowedLinks::FollowedLinks(const FollowOptions& options, const std::vector<std::string>& named)
    : options_(options), seen_(named.begin(), named.end()) {}

std::vector<WantedPage> FollowedLinks::choose(const WantedPage& wanted,
                                              const CapturedPage& captured) {
  std::vector<WantedPage> chosen;
  const std::string& from = captured.page.url;
  seen_.insert(from);
  if (wanted.depth >= options_.depth || !captured.is_html) return chosen;
  const std::string& start = wanted.start.empty() ? from : wanted.start;
  const bool is_public = !is_private(from);
  const auto take = [&](const FoundAddress& link) -> Result<void> {
    if (options_.same_site && !is_same_site(link.url, start)) return {};
    if ((is_public && is_private(link.url)) || seen_.contains(link.url)) return {};
    if (chosen_ >= options_.most) {
      ++left_out_;
      return {};
    }
    ++chosen_;
    seen_.insert(link.url);
    chosen.push_back({link.url, start, wanted.depth + 1});
    return {};
  };
  std::ignore = read_links(page_text(captured.page), from, take);
  return chosen;
}

}  // namespace dandelion
