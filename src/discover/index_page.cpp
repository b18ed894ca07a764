// SPDX-License-Identifier: MIT
#include "discover/index_page.hpp"

#include <optional>
#include <unordered_set>

#include "core/text.hpp"
#include "core/url.hpp"
#include "html/base_url.hpp"
#include "html/dom.hpp"
#include "html/parse.hpp"
#include "html/selector.hpp"

namespace dandelion {
namespace {

using html::Node;
using html::Tag;

// Far above any index page; a page with more is made to drown us.
constexpr std::size_t max_articles = 10'000;

const Node* link_in(const Node& item) {
  for (const Node* at = &item; at != nullptr; at = html::next_in_tree(*at, item)) {
    if (at->is_element(Tag::a_) && at->attribute("href")) return at;
  }
  return nullptr;
}

std::optional<std::string> target_of(const Node& link, const std::string& base) {
  const std::string_view href = trim(link.attribute_or_empty("href"));
  if (href.empty() || href.starts_with('#')) return std::nullopt;
  auto target = resolve_url(base, href);
  if (target) target = without_fragment(*target);
  return target;
}

}  // namespace

Result<IndexPage> read_index_page(std::string_view page, std::string_view url,
                                  const SourceRules& rules) {
  auto items = html::Selector::parse(rules.items);
  if (!items) return tl::unexpected(items.error());
  const html::Document document = html::parse(page);
  if (auto whole = html::check_whole(document); !whole) return tl::unexpected(whole.error());
  const std::string base = html::base_url(document.root(), url);

  IndexPage index;
  std::unordered_set<std::string> seen;
  for (const Node* item : items->select_all(document.root())) {
    const Node* link = link_in(*item);
    if (link == nullptr || index.articles.size() == max_articles) continue;
    auto target = target_of(*link, base);
    if (!target || !seen.insert(*target).second) continue;
    index.articles.push_back({std::move(*target), collapse_space(html::text_content(*link))});
  }
  if (index.articles.empty()) {
    return fail(ErrorKind::malformed,
                "no article addresses: '{}' matches no link on the page; the site may have changed "
                "its layout",
                rules.items);
  }
  if (rules.next.empty()) return index;
  auto next = html::Selector::parse(rules.next);
  if (!next) return tl::unexpected(next.error());
  if (const Node* element = next->select_first(document.root())) {
    const Node* link = link_in(*element);
    if (link != nullptr) index.next = target_of(*link, base).value_or(std::string());
  }
  return index;
}

}  // namespace dandelion
