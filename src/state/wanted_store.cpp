// SPDX-License-Identifier: MIT
// The part of Store that keeps what is to come: addresses that are no page yet, pages that were not
// believed, and where addresses are looked for.
#include "state/store_impl.hpp"

namespace dandelion {

Result<void> Store::want(const std::string& site, const WantedRecord& wanted, Timestamp now) {
  auto transaction = begin_for(impl_->database, site);
  if (!transaction) return tl::unexpected(transaction.error());
  auto insert = impl_->database.statement(
      "INSERT INTO wanted (site, address, url, category, rank, place, hint, first_seen, last_seen) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?8, ?8) ON CONFLICT DO UPDATE SET "
      "category = excluded.category, hint = excluded.hint, last_seen = excluded.last_seen");
  insert.bind(site).bind(without_scheme(wanted.url)).bind(wanted.url).bind(wanted.category);
  insert.bind(seconds(wanted.rank)).bind(wanted.place).bind(seconds(wanted.hint));
  if (auto done = insert.bind(seconds(now)).done(); !done) return done;
  return transaction->commit();
}

Result<std::vector<WantedRecord>> Store::wanted(const std::string& site, Timestamp now, bool all,
                                                std::size_t count) const {
  // One without a category came from an older state and waits until it is listed again.
  auto statement = impl_->database.statement(
      "SELECT url, category, rank, place, hint, attempts FROM wanted "
      "WHERE site = ? AND (next_try <= ? OR ?) AND category <> '' "
      "ORDER BY rank DESC, place, address LIMIT ?");
  statement.bind(site).bind(seconds(now)).bind(std::int64_t{all});
  statement.bind(static_cast<std::int64_t>(count));
  return all_rows<WantedRecord>(statement, [](const Statement& row) {
    return WantedRecord{row.text(0),
                        row.text(1),
                        timestamp(row.number(2)),
                        row.number(3),
                        timestamp(row.optional_number(4)),
                        static_cast<int>(row.number(5))};
  });
}

Result<bool> Store::is_wanted(const std::string& site, const std::string& url) const {
  auto statement = impl_->database.statement("SELECT 1 FROM wanted WHERE site = ? AND address = ?");
  return statement.bind(site).bind(without_scheme(url)).step();
}

Result<std::size_t> Store::count_wanted(const std::string& site, Timestamp now, bool all) const {
  auto statement = impl_->database.statement(
      "SELECT count(*) FROM wanted WHERE site = ? AND (next_try <= ? OR ?) AND category <> ''");
  auto row = statement.bind(site).bind(seconds(now)).bind(std::int64_t{all}).step();
  if (!row) return tl::unexpected(row.error());
  return static_cast<std::size_t>(statement.number(0));
}

Result<void> Store::add_failure(const std::string& site, const std::string& url,
                                const std::string& message, Timestamp now, Timestamp next_try) {
  return impl_->database
      .statement(
          "UPDATE wanted SET attempts = attempts + 1, message = ?, last_try = ?, "
          "next_try = ? WHERE site = ? AND address = ?")
      .bind(message)
      .bind(seconds(now))
      .bind(seconds(next_try))
      .bind(site)
      .bind(without_scheme(url))
      .done();
}

Result<void> Store::forget_wanted(const std::string& site, const std::string& url) {
  return impl_->database.statement("DELETE FROM wanted WHERE site = ? AND address = ?")
      .bind(site)
      .bind(without_scheme(url))
      .done();
}

Result<void> Store::give_up_wanted(const std::string& site, int attempts, Timestamp listed_before) {
  auto transaction = Transaction::begin(impl_->database);
  if (!transaction) return tl::unexpected(transaction.error());
  for (const char* sql :
       {"DELETE FROM quarantine WHERE site = ?1 AND url IN "
        "(SELECT url FROM wanted WHERE site = ?1 AND attempts >= ?2 AND last_seen < ?3)",
        "DELETE FROM wanted WHERE site = ? AND attempts >= ? AND last_seen < ?"}) {
    auto gone = impl_->database.statement(sql)
                    .bind(site)
                    .bind(std::int64_t{attempts})
                    .bind(seconds(listed_before))
                    .done();
    if (!gone) return gone;
  }
  return transaction->commit();
}

Result<void> Store::retry_failures(const std::string& site) {
  return impl_->database.statement("UPDATE wanted SET next_try = 0 WHERE site = ?")
      .bind(site)
      .done();
}

Result<std::vector<FailureRecord>> Store::failures(const std::string& site) const {
  auto statement = impl_->database.statement(
      "SELECT url, message, attempts, last_try, next_try, 0 AS held FROM wanted "
      "WHERE site = ?1 AND attempts > 0 UNION ALL "
      "SELECT url, message, failures, checked, next_check, 1 AS held FROM page "
      "WHERE site = ?1 AND failures > 0 ORDER BY held, url");
  statement.bind(site);
  return all_rows<FailureRecord>(statement, [](const Statement& row) {
    return FailureRecord{row.text(0),
                         row.text(1),
                         static_cast<int>(row.number(2)),
                         timestamp(row.number(3)),
                         timestamp(row.number(4)),
                         row.number(5) != 0};
  });
}

Result<void> Store::quarantine(const std::string& site, const QuarantineRecord& record) {
  auto transaction = begin_for(impl_->database, site);
  if (!transaction) return tl::unexpected(transaction.error());
  auto insert = impl_->database.statement(
      "INSERT INTO quarantine (site, url, reason, first_seen, last_seen, next_try) "
      "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET reason = excluded.reason, "
      "last_seen = excluded.last_seen, next_try = excluded.next_try");
  insert.bind(site).bind(record.url).bind(record.reason).bind(seconds(record.first_seen));
  insert.bind(seconds(record.last_seen)).bind(seconds(record.next_try));
  if (auto done = insert.done(); !done) return done;
  return transaction->commit();
}

Result<void> Store::release(const std::string& site, const std::string& url) {
  return impl_->database.statement("DELETE FROM quarantine WHERE site = ? AND url = ?")
      .bind(site)
      .bind(url)
      .done();
}

Result<std::vector<QuarantineRecord>> Store::quarantined(const std::string& site) const {
  auto statement = impl_->database.statement(
      "SELECT q.url, q.reason, q.first_seen, q.last_seen, "
      "coalesce(w.next_try, p.next_check, q.next_try) FROM quarantine q "
      "LEFT JOIN wanted w ON w.site = q.site AND w.url = q.url "
      "LEFT JOIN page p ON p.site = q.site AND p.url = q.url WHERE q.site = ? ORDER BY q.url");
  statement.bind(site);
  return all_rows<QuarantineRecord>(statement, [](const Statement& row) {
    return QuarantineRecord{row.text(0), row.text(1), timestamp(row.number(2)),
                            timestamp(row.number(3)), timestamp(row.number(4))};
  });
}

Result<std::optional<SourceRecord>> Store::source(const std::string& site,
                                                  const std::string& url) const {
  auto statement = impl_->database.statement(
      "SELECT rules_hash, etag, last_modified, body_hash, listed, follow, read FROM source "
      "WHERE site = ? AND url = ?");
  auto row = statement.bind(site).bind(url).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  return SourceRecord{statement.text(0),
                      statement.text(1),
                      statement.text(2),
                      statement.text(3),
                      statement.number(4),
                      statement.text(5),
                      timestamp(statement.number(6))};
}

Result<void> Store::set_source(const std::string& site, const std::string& url,
                               const SourceRecord& record) {
  auto transaction = begin_for(impl_->database, site);
  if (!transaction) return tl::unexpected(transaction.error());
  auto insert = impl_->database.statement(
      "INSERT INTO source (site, url, rules_hash, etag, last_modified, body_hash, listed, follow, "
      "read) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
      "rules_hash = excluded.rules_hash, etag = excluded.etag, "
      "last_modified = excluded.last_modified, body_hash = excluded.body_hash, "
      "listed = excluded.listed, follow = excluded.follow, read = excluded.read");
  insert.bind(site).bind(url).bind(record.rules_hash).bind(record.etag).bind(record.last_modified);
  insert.bind(record.body_hash).bind(record.listed).bind(record.follow).bind(seconds(record.read));
  if (auto done = insert.done(); !done) return done;
  return transaction->commit();
}

}  // namespace dandelion
