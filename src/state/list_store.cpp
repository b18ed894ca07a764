// SPDX-License-Identifier: MIT
// The part of Store that answers for lists, and for what pages are made with.
#include <algorithm>
#include <limits>

#include "state/page_row.hpp"

namespace dandelion {
namespace {

// The rows of a scope: `WHERE` with its values. Times of publication are never that far away.
struct ScopeQuery {
  std::string where = "WHERE site = ? AND listed = 1 ";
  std::vector<std::int64_t> span;
  const std::string* category = nullptr;

  explicit ScopeQuery(const ListScope& scope) {
    if (!scope.category.empty()) {
      where += "AND category = ? ";
      category = &scope.category;
    }
    if (scope.undated || scope.published) {
      where += "AND newness >= ? AND newness < ? ";
      span = scope.undated
                 ? std::vector{before_all_times, before_all_times + 1}
                 : std::vector{seconds(scope.published->from), seconds(scope.published->to)};
    }
  }

  // Only what may stand behind the page: SQLite sees no bound of a month in a comparison of rows.
  void end_at(const PageRecord& page) {
    if (!span.empty()) span.back() = std::min(span.back(), newness_of(page) + 1);
  }

  void bind(Statement& statement, const std::string& site) const {
    statement.bind(site);
    if (category != nullptr) statement.bind(*category);
    for (const std::int64_t end : span)
      statement.bind(end);
  }
};

// The place of a page in the order of all lists, for a comparison of rows.
constexpr std::string_view row_order = "(newness, length(id), id, url)";

void bind_place(Statement& statement, const PageRecord& page) {
  statement.bind(newness_of(page))
      .bind(static_cast<std::int64_t>(page.id.size()))
      .bind(page.id)
      .bind(page.url);
}

Result<std::int64_t> one_number(Statement& statement) {
  auto row = statement.step();
  if (!row) return tl::unexpected(row.error());
  return *row ? statement.number(0) : 0;
}

// Sets the month that a `newness` lies in, and gives its first moment.
std::int64_t begin_month(MonthCount& month, std::int64_t newness) {
  if (newness == before_all_times) return newness;
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(timestamp(newness)));
  month.year = static_cast<int>(day.year());
  month.month = static_cast<unsigned>(day.month());
  return seconds(Timestamp(std::chrono::sys_days(day.year() / day.month() / 1)));
}

}  // namespace

Result<std::int64_t> Store::count_listed(const std::string& site, const ListScope& scope) const {
  const ScopeQuery query(scope);
  auto statement =
      impl_->database.statement(fmt::format("SELECT count(*) FROM page {}", query.where));
  query.bind(statement, site);
  return one_number(statement);
}

Result<std::int64_t> Store::count_older(const std::string& site, const ListScope& scope,
                                        const PageRecord& page) const {
  ScopeQuery query(scope);
  query.end_at(page);
  auto statement = impl_->database.statement(
      fmt::format("SELECT count(*) FROM page {}AND {} < (?, ?, ?, ?)", query.where, row_order));
  query.bind(statement, site);
  bind_place(statement, page);
  return one_number(statement);
}

Result<std::vector<PageRecord>> Store::listed(const std::string& site, const ListScope& scope,
                                              std::size_t first, std::size_t count) const {
  const ScopeQuery query(scope);
  // What is passed over costs a step in an index each, and no look at the page.
  auto statement = impl_->database.statement(
      fmt::format("{}WHERE key IN (SELECT key FROM page {}{} LIMIT ? OFFSET ?) {}", columns,
                  query.where, newest_first, newest_first));
  query.bind(statement, site);
  statement.bind(static_cast<std::int64_t>(count)).bind(static_cast<std::int64_t>(first));
  return all_rows<PageRecord>(statement, read_page);
}

Result<std::vector<PageRecord>> Store::listed_after(const std::string& site, const ListScope& scope,
                                                    const PageRecord& page,
                                                    std::size_t count) const {
  ScopeQuery query(scope);
  query.end_at(page);
  auto statement = impl_->database.statement(fmt::format(
      "{}{}AND {} < (?, ?, ?, ?) {} LIMIT ?", columns, query.where, row_order, newest_first));
  query.bind(statement, site);
  bind_place(statement, page);
  statement.bind(static_cast<std::int64_t>(count));
  return all_rows<PageRecord>(statement, read_page);
}

Result<std::optional<PageRecord>> Store::neighbour(const std::string& site, const PageRecord& page,
                                                   bool newer) const {
  const std::string_view order = newer ? "ASC" : "DESC";
  auto statement = impl_->database.statement(
      fmt::format("{}WHERE site = ? AND listed = 1 AND category = ? AND {} {} (?, ?, ?, ?) "
                  "ORDER BY newness {}, length(id) {}, id {}, url {} LIMIT 1",
                  columns, row_order, newer ? ">" : "<", order, order, order, order));
  statement.bind(site).bind(page.category);
  bind_place(statement, page);
  auto row = statement.step();
  if (!row) return tl::unexpected(row.error());
  return *row ? std::optional(read_page(statement)) : std::nullopt;
}

// From month to month by the index: to look at the date of every page would cost more than the rest
// of a commit.
Result<std::vector<MonthCount>> Store::months(const std::string& site) const {
  std::vector<MonthCount> months;
  std::int64_t end = std::numeric_limits<std::int64_t>::max();
  for (;;) {
    auto newest = impl_->database.statement(
        "SELECT newness FROM page WHERE site = ? AND listed = 1 AND newness < ? "
        "ORDER BY newness DESC LIMIT 1");
    auto row = newest.bind(site).bind(end).step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return months;
    MonthCount month;
    const std::int64_t begin = begin_month(month, newest.number(0));
    auto count = impl_->database.statement(
        "SELECT count(*) FROM page WHERE site = ? AND listed = 1 AND newness >= ? AND newness < ?");
    count.bind(site).bind(begin).bind(end);
    auto pages = one_number(count);
    if (!pages) return tl::unexpected(pages.error());
    month.pages = *pages;
    months.push_back(month);
    end = begin;
  }
}

Result<void> Store::set_references(const std::string& site, std::int64_t page,
                                   const std::vector<std::string>& addresses) {
  std::vector<std::string> wanted;
  wanted.reserve(addresses.size());
  for (const std::string& address : addresses)
    wanted.emplace_back(without_scheme(address));
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  // Mostly a page is made with what it was made with before: reading is cheaper than writing.
  auto known =
      impl_->database.statement("SELECT address FROM reference WHERE page = ? ORDER BY address");
  auto noted =
      all_rows<std::string>(known.bind(page), [](const Statement& row) { return row.text(0); });
  if (!noted) return tl::unexpected(noted.error());
  if (*noted == wanted) return {};
  auto transaction = begin_for(impl_->database, site);
  if (!transaction) return tl::unexpected(transaction.error());
  auto forget = impl_->database.statement("DELETE FROM reference WHERE page = ?");
  if (auto done = forget.bind(page).done(); !done) return done;
  for (const std::string& address : wanted) {
    auto insert = impl_->database.statement(
        "INSERT INTO reference (site, address, page) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
    if (auto done = insert.bind(site).bind(address).bind(page).done(); !done) return done;
  }
  return transaction->commit();
}

Result<std::vector<PageRecord>> Store::pages_referring_to(const std::string& site,
                                                          const std::string& url) const {
  static const std::string sql = fmt::format(
      "{}JOIN reference ON reference.page = page.key "
      "WHERE reference.site = ? AND reference.address = ? ORDER BY page.key",
      columns);
  auto statement = impl_->database.statement(sql);
  statement.bind(site).bind(without_scheme(url));
  return all_rows<PageRecord>(statement, read_page);
}

Result<std::optional<AssetRecord>> Store::asset(const std::string& site,
                                                const std::string& url) const {
  auto statement = impl_->database.statement(
      "SELECT path, width, height, attempts, next_try FROM asset WHERE site = ? AND address = ?");
  auto row = statement.bind(site).bind(without_scheme(url)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  return AssetRecord{statement.text(0), static_cast<int>(statement.number(1)),
                     static_cast<int>(statement.number(2)), static_cast<int>(statement.number(3)),
                     timestamp(statement.number(4))};
}

Result<void> Store::put_asset(const std::string& site, const std::string& url,
                              const AssetRecord& asset) {
  auto transaction = begin_for(impl_->database, site);
  if (!transaction) return tl::unexpected(transaction.error());
  auto insert = impl_->database.statement(
      "INSERT INTO asset (site, address, url, path, width, height, attempts, next_try) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET url = excluded.url, "
      "path = excluded.path, width = excluded.width, height = excluded.height, "
      "attempts = excluded.attempts, next_try = excluded.next_try");
  insert.bind(site).bind(without_scheme(url)).bind(url).bind(asset.path);
  insert.bind(std::int64_t{asset.width}).bind(std::int64_t{asset.height});
  insert.bind(std::int64_t{asset.attempts}).bind(seconds(asset.next_try));
  if (auto done = insert.done(); !done) return done;
  return transaction->commit();
}

Result<std::vector<std::string>> Store::assets_to_try(const std::string& site, Timestamp now,
                                                      std::size_t count) const {
  auto statement = impl_->database.statement(
      "SELECT url FROM asset WHERE site = ? AND path = '' AND next_try <= ? "
      "ORDER BY next_try, address LIMIT ?");
  statement.bind(site).bind(seconds(now)).bind(static_cast<std::int64_t>(count));
  return all_rows<std::string>(statement, [](const Statement& row) { return row.text(0); });
}

}  // namespace dandelion
