// SPDX-License-Identifier: MIT
// The part of Store that keeps how mirrors are and were.
#include "state/store_impl.hpp"

namespace dandelion {
namespace {

// Of one mirror: months of one that falls behind and catches up each hour, years of any other.
constexpr std::int64_t changes_kept = 200;

std::optional<MirrorState> mirror_state(const std::optional<std::int64_t>& value) {
  const bool is_known = value && *value >= 0 && *value <= std::int64_t{last_mirror_state};
  return is_known ? std::optional(static_cast<MirrorState>(*value)) : std::nullopt;
}

std::optional<std::int64_t> number(const std::optional<MirrorState>& state) {
  return state ? std::optional(static_cast<std::int64_t>(*state)) : std::nullopt;
}

MirrorChange read_change(const Statement& row) {
  MirrorChange change;
  change.key = row.number(0);
  change.mirror = row.text(1);
  change.at = timestamp(row.number(2));
  change.since = timestamp(row.number(3));
  change.from = mirror_state(row.optional_number(4));
  change.to = mirror_state(row.optional_number(5));
  change.detail = row.text(6);
  change.is_told = row.number(7) != 0;
  return change;
}

Result<void> add_change(Database& database, const std::string& site, const std::string& mirror,
                        const MirrorChange& change) {
  auto insert = database.statement(
      "INSERT INTO mirror_change (site, mirror, at, since, before, after, detail, is_told) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(site).bind(mirror).bind(seconds(change.at)).bind(seconds(change.since));
  insert.bind(number(change.from)).bind(number(change.to)).bind(change.detail);
  if (auto done = insert.bind(std::int64_t{change.is_told}).done(); !done) return done;
  return database
      .statement(
          "DELETE FROM mirror_change WHERE site = ?1 AND mirror = ?2 AND key NOT IN (SELECT key "
          "FROM mirror_change WHERE site = ?1 AND mirror = ?2 ORDER BY key DESC LIMIT ?3)")
      .bind(site)
      .bind(mirror)
      .bind(changes_kept)
      .done();
}

Result<void> put_suspicions(Database& database, const std::string& site, const std::string& mirror,
                            const std::vector<MirrorSuspicion>& suspicions) {
  auto emptied = database.statement("DELETE FROM mirror_suspicion WHERE site = ? AND mirror = ?")
                     .bind(site)
                     .bind(mirror)
                     .done();
  if (!emptied) return emptied;
  for (const MirrorSuspicion& suspicion : suspicions) {
    auto insert = database.statement(
        "INSERT INTO mirror_suspicion (site, mirror, state, view, first, sightings) "
        "VALUES (?, ?, ?, ?, ?, ?)");
    insert.bind(site).bind(mirror).bind(static_cast<std::int64_t>(suspicion.state));
    insert.bind(suspicion.view).bind(seconds(suspicion.first));
    if (auto done = insert.bind(std::int64_t{suspicion.sightings}).done(); !done) return done;
  }
  return {};
}

}  // namespace

Result<MirrorLife> Store::mirror_life(const std::string& site, const std::string& mirror) const {
  MirrorLife life;
  auto statement = impl_->database.statement(
      "SELECT url, branch, state, since, seen, detail, view, is_promoted, moved_to "
      "FROM mirror_life WHERE site = ? AND mirror = ?");
  auto row = statement.bind(site).bind(mirror).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return life;
  life.url = statement.text(0);
  life.branch = statement.text(1);
  life.state = mirror_state(statement.optional_number(2));
  life.since = timestamp(statement.number(3));
  life.seen = timestamp(statement.number(4));
  life.detail = statement.text(5);
  life.view = statement.text(6);
  life.is_promoted = statement.number(7) != 0;
  life.moved_to = statement.text(8);
  auto suspected = impl_->database.statement(
      "SELECT state, view, first, sightings FROM mirror_suspicion WHERE site = ? AND mirror = ? "
      "ORDER BY first, state, view");
  suspected.bind(site).bind(mirror);
  auto suspicions = all_rows<MirrorSuspicion>(suspected, [](const Statement& each) {
    return MirrorSuspicion{mirror_state(each.number(0)).value_or(MirrorState::unreachable),
                           each.text(1), timestamp(each.number(2)),
                           static_cast<int>(each.number(3))};
  });
  if (!suspicions) return tl::unexpected(suspicions.error());
  life.suspicions = std::move(*suspicions);
  return life;
}

Result<void> Store::set_mirror_life(const std::string& site, const std::string& mirror,
                                    const MirrorLife& life,
                                    const std::vector<MirrorChange>& changes) {
  Database& database = impl_->database;
  auto transaction = begin_for(database, site);
  if (!transaction) return tl::unexpected(transaction.error());
  auto insert = database.statement(
      "INSERT OR REPLACE INTO mirror_life (site, mirror, url, branch, state, since, seen, detail, "
      "view, is_promoted, moved_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(site).bind(mirror).bind(life.url).bind(life.branch).bind(number(life.state));
  insert.bind(seconds(life.since)).bind(seconds(life.seen)).bind(life.detail).bind(life.view);
  insert.bind(std::int64_t{life.is_promoted}).bind(life.moved_to);
  if (auto done = insert.done(); !done) return done;
  if (auto put = put_suspicions(database, site, mirror, life.suspicions); !put) return put;
  for (const MirrorChange& change : changes) {
    if (auto added = add_change(database, site, mirror, change); !added) return added;
  }
  return transaction->commit();
}

Result<std::vector<MirrorChange>> Store::mirror_changes(const std::string& site,
                                                        const std::string& mirror,
                                                        std::size_t count) const {
  auto statement = impl_->database.statement(
      "SELECT key, mirror, at, since, before, after, detail, is_told FROM mirror_change "
      "WHERE site = ? AND mirror = ? ORDER BY key DESC LIMIT ?");
  statement.bind(site).bind(mirror).bind(static_cast<std::int64_t>(count));
  return all_rows<MirrorChange>(statement, read_change);
}

Result<std::vector<MirrorChange>> Store::untold_mirror_changes(const std::string& site) const {
  auto statement = impl_->database.statement(
      "SELECT key, mirror, at, since, before, after, detail, is_told FROM mirror_change "
      "WHERE site = ? AND is_told = 0 ORDER BY key");
  statement.bind(site);
  return all_rows<MirrorChange>(statement, read_change);
}

Result<void> Store::set_told(const MirrorChange& change) {
  return impl_->database.statement("UPDATE mirror_change SET is_told = 1 WHERE key = ?")
      .bind(change.key)
      .done();
}

}  // namespace dandelion
