// SPDX-License-Identifier: MIT
// The part of Store that keeps what was learnt of the network, and of what a site's pages look
// like.
#include "state/store_impl.hpp"

namespace dandelion {
namespace {

// Scores are kept as whole thousandths.
constexpr double score_unit = 1'000;

}  // namespace

Result<std::vector<ProxyHealth>> Store::proxies() const {
  auto statement = impl_->database.statement(
      "SELECT proxy, site, score, last_success, last_failure, failures, last_error FROM proxy "
      "ORDER BY proxy, site");
  return all_rows<ProxyHealth>(statement, [](const Statement& row) {
    return ProxyHealth{row.text(0),
                       row.text(1),
                       static_cast<double>(row.number(2)) / score_unit,
                       timestamp(row.optional_number(3)),
                       timestamp(row.optional_number(4)),
                       static_cast<int>(row.number(5)),
                       row.text(6)};
  });
}

Result<void> Store::set_proxies(const std::vector<ProxyHealth>& proxies) {
  auto transaction = Transaction::begin(impl_->database);
  if (!transaction) return tl::unexpected(transaction.error());
  for (const ProxyHealth& health : proxies) {
    auto insert = impl_->database.statement(
        "INSERT OR REPLACE INTO proxy (proxy, site, score, last_success, last_failure, failures, "
        "last_error) VALUES (?, ?, ?, ?, ?, ?, ?)");
    insert.bind(health.proxy).bind(health.site);
    insert.bind(static_cast<std::int64_t>(health.score * score_unit));
    insert.bind(seconds(health.last_success)).bind(seconds(health.last_failure));
    insert.bind(std::int64_t{health.failures}).bind(health.last_error);
    if (auto done = insert.done(); !done) return done;
  }
  return transaction->commit();
}

Result<std::optional<RobotsRecord>> Store::robots(const std::string& origin) const {
  auto statement =
      impl_->database.statement("SELECT origin, text, fetched FROM robots WHERE origin = ?");
  auto row = statement.bind(origin).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  return RobotsRecord{statement.text(0), statement.text(1), timestamp(statement.number(2))};
}

Result<void> Store::put_robots(const RobotsRecord& robots) {
  return impl_->database
      .statement("INSERT OR REPLACE INTO robots (origin, text, fetched) VALUES (?, ?, ?)")
      .bind(robots.origin)
      .bind(robots.text)
      .bind(seconds(robots.fetched))
      .done();
}

Result<void> Store::forget_robots(Timestamp fetched_before, std::size_t most) {
  return impl_->database
      .statement(
          "DELETE FROM robots WHERE fetched < ?1 OR origin IN (SELECT origin FROM robots "
          "ORDER BY fetched DESC, origin LIMIT -1 OFFSET ?2)")
      .bind(seconds(fetched_before))
      .bind(static_cast<std::int64_t>(most))
      .done();
}

Result<std::vector<PageSample>> Store::page_samples(const std::string& site) const {
  auto statement = impl_->database.statement(
      "SELECT url, title, body_hash, domain, text_bytes FROM sample WHERE site = ? ORDER BY place");
  statement.bind(site);
  return all_rows<PageSample>(statement, [](const Statement& row) {
    return PageSample{row.text(0), row.text(1), row.text(2), row.text(3), row.number(4)};
  });
}

Result<void> Store::set_page_samples(const std::string& site,
                                     const std::vector<PageSample>& samples) {
  auto transaction = begin_for(impl_->database, site);
  if (!transaction) return tl::unexpected(transaction.error());
  auto emptied = impl_->database.statement("DELETE FROM sample WHERE site = ?").bind(site).done();
  if (!emptied) return emptied;
  std::int64_t place = 0;
  for (const PageSample& sample : samples) {
    auto insert = impl_->database.statement(
        "INSERT INTO sample (site, place, url, title, body_hash, domain, text_bytes) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)");
    insert.bind(site).bind(place++).bind(sample.url).bind(sample.title).bind(sample.body_hash);
    if (auto done = insert.bind(sample.domain).bind(sample.text_bytes).done(); !done) return done;
  }
  return transaction->commit();
}

}  // namespace dandelion
