// SPDX-License-Identifier: MIT
// How a row of the page table is read; only the parts of Store include this.
#pragma once

#include "state/store_impl.hpp"

namespace dandelion {

// `newness` of a page without a time of publication.
constexpr std::int64_t before_all_times = -(std::int64_t{1} << 62);

inline std::int64_t newness_of(const PageRecord& page) {
  return page.published ? seconds(*page.published) : before_all_times;
}

constexpr std::string_view columns =
    "SELECT page.key, page.url, id, category, path, title, published, first_seen, listed, status, "
    "corrected, gone_since, withdrawn, etag, last_modified, article_hash, content_hash, "
    "rules_hash, theme_hash, hint, checked, next_check, recheck, failures, message, archived "
    "FROM page ";

constexpr std::string_view newest_first =
    "ORDER BY newness DESC, length(id) DESC, id DESC, url DESC";

inline PageRecord read_page(const Statement& row) {
  PageRecord page;
  page.key = row.number(0);
  page.url = row.text(1);
  page.id = row.text(2);
  page.category = row.text(3);
  page.path = row.text(4);
  page.title = row.text(5);
  page.published = timestamp(row.optional_number(6));
  page.first_seen = timestamp(row.number(7));
  page.listed = row.number(8) != 0;
  page.status = static_cast<PageStatus>(row.number(9));
  page.corrected = timestamp(row.optional_number(10));
  page.gone_since = timestamp(row.optional_number(11));
  page.withdrawn = timestamp(row.optional_number(12));
  page.etag = row.text(13);
  page.last_modified = row.text(14);
  page.article_hash = row.text(15);
  page.content_hash = row.text(16);
  page.rules_hash = row.text(17);
  page.theme_hash = row.text(18);
  page.hint = timestamp(row.optional_number(19));
  page.checked = timestamp(row.number(20));
  page.next_check = timestamp(row.number(21));
  page.recheck = std::chrono::seconds(row.number(22));
  page.failures = static_cast<int>(row.number(23));
  page.message = row.text(24);
  page.archived = row.number(25) != 0;
  return page;
}

}  // namespace dandelion
