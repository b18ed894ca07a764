// SPDX-License-Identifier: MIT
// The part of Store that keeps pages, their addresses and their articles.
#include <algorithm>
#include <string_view>
#include <tuple>

#include "core/text.hpp"
#include "state/page_row.hpp"
#include "state/store_impl.hpp"

namespace dandelion {
namespace {

Result<std::optional<PageRecord>> one_page(Statement& statement) {
  auto row = statement.step();
  if (!row) return tl::unexpected(row.error());
  return *row ? std::optional(read_page(statement)) : std::nullopt;
}

// In the order of the columns, from `url` on.
void bind_page(Statement& statement, const PageRecord& page) {
  statement.bind(page.url).bind(page.id).bind(page.category).bind(page.path);
  statement.bind(ascii_lower(page.path)).bind(page.title).bind(seconds(page.published));
  statement.bind(newness_of(page));
  statement.bind(std::int64_t{page.listed}).bind(static_cast<std::int64_t>(page.status));
  statement.bind(seconds(page.first_seen)).bind(seconds(page.corrected));
  statement.bind(seconds(page.gone_since)).bind(seconds(page.withdrawn));
  statement.bind(page.etag).bind(page.last_modified).bind(page.article_hash);
  statement.bind(page.content_hash).bind(page.rules_hash).bind(page.theme_hash);
  statement.bind(seconds(page.hint)).bind(seconds(page.checked)).bind(seconds(page.next_check));
  statement.bind(std::int64_t{page.recheck.count()}).bind(std::int64_t{page.failures});
  statement.bind(page.message).bind(std::int64_t{page.archived});
}

Result<std::int64_t> insert_page(Database& database, const std::string& site,
                                 const PageRecord& page) {
  auto insert = database.statement(
      "INSERT INTO page (site, url, id, category, path, path_key, title, published, newness, "
      "listed, status, first_seen, corrected, gone_since, withdrawn, etag, last_modified, "
      "article_hash, content_hash, rules_hash, theme_hash, hint, checked, next_check, recheck, "
      "failures, message, archived) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
      "?, "
      "?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(site);
  bind_page(insert, page);
  if (auto done = insert.done(); !done) return tl::unexpected(done.error());
  return sqlite3_last_insert_rowid(database.connection());
}

Result<std::int64_t> update_page(Database& database, const PageRecord& page) {
  auto update = database.statement(
      "UPDATE page SET url = ?, id = ?, category = ?, path = ?, path_key = ?, title = ?, "
      "published = ?, newness = ?, listed = ?, status = ?, first_seen = ?, corrected = ?, "
      "gone_since = ?, withdrawn = ?, etag = ?, last_modified = ?, article_hash = ?, "
      "content_hash = ?, rules_hash = ?, theme_hash = ?, hint = ?, checked = ?, next_check = ?, "
      "recheck = ?, failures = ?, message = ?, archived = ? WHERE key = ?");
  bind_page(update, page);
  if (auto done = update.bind(page.key).done(); !done) return tl::unexpected(done.error());
  return page.key;
}

}  // namespace

void sort_newest_first(std::vector<PageRecord>& pages) {
  // Ids that are numbers grow longer before they grow in the alphabet.
  const auto key = [](const PageRecord& page) {
    return std::make_tuple(page.published.value_or(Timestamp::min()), page.id.size(),
                           std::string_view(page.id), std::string_view(page.url));
  };
  std::sort(pages.begin(), pages.end(),
            [&key](const PageRecord& a, const PageRecord& b) { return key(b) < key(a); });
}

Result<std::optional<PageRecord>> Store::page_at_address(const std::string& site,
                                                         const std::string& url) const {
  static const std::string sql =
      std::string(columns) +
      "JOIN address ON address.page = page.key WHERE address.site = ? AND address.address = ?";
  auto statement = impl_->database.statement(sql);
  statement.bind(site).bind(without_scheme(url));
  return one_page(statement);
}

Result<std::optional<KnownPage>> Store::known_page(const std::string& site,
                                                   const std::string& url) const {
  auto statement = impl_->database.statement(
      "SELECT page.key, page.hint, page.checked FROM address JOIN page ON page.key = address.page "
      "WHERE address.site = ? AND address.address = ?");
  auto row = statement.bind(site).bind(without_scheme(url)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  return KnownPage{statement.number(0), timestamp(statement.optional_number(1)),
                   timestamp(statement.number(2))};
}

Result<void> Store::note_hint(std::int64_t page, Timestamp hint, bool at_once, Timestamp now) {
  return impl_->database
      .statement(
          "UPDATE page SET hint = ?1, "
          "next_check = CASE WHEN ?2 THEN min(next_check, ?3) ELSE next_check END "
          "WHERE key = ?4")
      .bind(seconds(hint))
      .bind(std::int64_t{at_once})
      .bind(seconds(now))
      .bind(page)
      .done();
}

Result<std::optional<PageRecord>> Store::page_at_path(const std::string& site,
                                                      const std::string& path) const {
  static const std::string sql = std::string(columns) + "WHERE site = ? AND path_key = ?";
  auto statement = impl_->database.statement(sql);
  statement.bind(site).bind(ascii_lower(path));
  return one_page(statement);
}

Result<std::vector<PageRecord>> Store::pages(const std::string& site) const {
  static const std::string sql = std::string(columns) + "WHERE site = ?";
  auto statement = impl_->database.statement(sql);
  statement.bind(site);
  auto found = all_rows<PageRecord>(statement, read_page);
  if (found) sort_newest_first(*found);
  return found;
}

Result<std::int64_t> Store::count_in_category(const std::string& site,
                                              const std::string& category) const {
  auto statement = impl_->database.statement(
      "SELECT (SELECT count(*) FROM page WHERE site = ?1 AND (?2 = '' OR category = ?2)) + "
      "(SELECT count(*) FROM wanted WHERE site = ?1 AND (?2 = '' OR category = ?2))");
  auto row = statement.bind(site).bind(category).step();
  if (!row) return tl::unexpected(row.error());
  return *row ? statement.number(0) : 0;
}

Result<std::vector<CategoryCount>> Store::categories(const std::string& site) const {
  auto statement = impl_->database.statement(
      "SELECT category, count(*) FROM page WHERE site = ? AND listed = 1 "
      "GROUP BY category ORDER BY category");
  statement.bind(site);
  return all_rows<CategoryCount>(statement, [](const Statement& row) {
    return CategoryCount{row.text(0), row.number(1)};
  });
}

Result<std::vector<PageRecord>> Store::due_pages(const std::string& site, Timestamp now,
                                                 std::size_t count) const {
  static const std::string sql =
      std::string(columns) +
      "WHERE site = ? AND next_check <= ? AND archived = 0 ORDER BY next_check, page.key LIMIT ?";
  auto statement = impl_->database.statement(sql);
  statement.bind(site).bind(seconds(now)).bind(static_cast<std::int64_t>(count));
  return all_rows<PageRecord>(statement, read_page);
}

Result<std::vector<PageRecord>> Store::pages_rendered_otherwise(const std::string& site,
                                                                const std::string& theme_hash,
                                                                std::int64_t after,
                                                                std::size_t count) const {
  static const std::string sql =
      std::string(columns) +
      "WHERE site = ? AND theme_hash <> ? AND page.key > ? ORDER BY page.key LIMIT ?";
  auto statement = impl_->database.statement(sql);
  statement.bind(site).bind(theme_hash).bind(after).bind(static_cast<std::int64_t>(count));
  return all_rows<PageRecord>(statement, read_page);
}

Result<std::int64_t> Store::put_page(const std::string& site, const PageRecord& page) {
  Database& database = impl_->database;
  auto transaction = begin_for(database, site);
  if (!transaction) return tl::unexpected(transaction.error());
  auto key = page.key == 0 ? insert_page(database, site, page) : update_page(database, page);
  if (!key) return key;
  if (auto done = add_address(site, *key, page.url); !done) return tl::unexpected(done.error());
  // A page that could not be checked may be one that was not believed just now.
  if (page.failures == 0) {
    if (auto done = release(site, page.url); !done) return tl::unexpected(done.error());
  }
  if (auto done = transaction->commit(); !done) return tl::unexpected(done.error());
  return key;
}

Result<void> Store::add_address(const std::string& site, std::int64_t page,
                                const std::string& url) {
  auto transaction = begin_for(impl_->database, site);
  if (!transaction) return tl::unexpected(transaction.error());
  auto insert = impl_->database.statement(
      "INSERT INTO address (site, address, page) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  if (auto done = insert.bind(site).bind(without_scheme(url)).bind(page).done(); !done) return done;
  if (auto done = forget_wanted(site, url); !done) return done;
  return transaction->commit();
}

Result<std::vector<std::string>> Store::other_addresses(const PageRecord& page) const {
  auto statement = impl_->database.statement(
      "SELECT address FROM address WHERE page = ? AND address <> ? ORDER BY address");
  statement.bind(page.key).bind(without_scheme(page.url));
  return all_rows<std::string>(statement, [](const Statement& row) { return row.text(0); });
}

Result<void> Store::forget_page(const PageRecord& page) {
  // Its addresses and its article go with it.
  return impl_->database.statement("DELETE FROM page WHERE key = ?").bind(page.key).done();
}

Result<std::optional<std::string>> Store::article(std::int64_t page) const {
  auto statement = impl_->database.statement("SELECT content FROM article WHERE page = ?");
  auto row = statement.bind(page).step();
  if (!row) return tl::unexpected(row.error());
  return *row ? std::optional(statement.text(0)) : std::nullopt;
}

Result<void> Store::put_article(std::int64_t page, std::string_view content) {
  return impl_->database
      .statement(
          "INSERT INTO article (page, content) VALUES (?, ?) "
          "ON CONFLICT DO UPDATE SET content = excluded.content")
      .bind(page)
      .bind_bytes(content)
      .done();
}

Result<void> Store::forget_article(std::int64_t page) {
  return impl_->database.statement("DELETE FROM article WHERE page = ?").bind(page).done();
}

}  // namespace dandelion
