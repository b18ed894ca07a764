// SPDX-License-Identifier: MIT
#include "discover/page_links.hpp"

#include <optional>
#include <unordered_set>

#include "core/text.hpp"
#include "core/url.hpp"
#include "html/base_url.hpp"
#include "html/dom.hpp"
#include "html/parse.hpp"

namespace dandelion {
namespace {

// Far above any page that is made for readers.
constexpr std::size_t max_links = 10'000;

}  // namespace

Result<void> read_links(std::string_view page, std::string_view url, const AddressSink& sink) {
  const html::Document document = html::parse(page);
  if (auto whole = html::check_whole(document); !whole) return whole;
  const html::Node& root = document.root();
  const std::string base = html::base_url(root, url);
  std::unordered_set<std::string> seen;
  for (const html::Node* at = &root; at != nullptr && seen.size() < max_links;
       at = html::next_in_tree(*at, root)) {
    if (!at->is_element(html::Tag::a_)) continue;
    const std::string_view href = trim(at->attribute_or_empty("href"));
    auto target = href.empty() || href.starts_with('#') ? std::nullopt : resolve_url(base, href);
    if (!target) continue;
    std::string address = without_fragment(*target);
    if (!seen.insert(address).second) continue;
    if (auto given = sink({std::move(address), collapse_space(html::text_content(*at)), {}, {}});
        !given) {
      return given;
    }
  }
  return {};
}

}  // namespace dandelion
