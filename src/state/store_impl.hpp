// SPDX-License-Identifier: MIT
// What the parts of Store share; only they include this.
#pragma once

#include "core/address.hpp"
#include "state/database.hpp"
#include "state/store.hpp"

namespace dandelion {

struct Store::Impl {
  explicit Impl(Connection connection) : database(std::move(connection)) {}
  // Reads prepare statements too, and so change it.
  mutable Database database;
};

inline std::int64_t seconds(Timestamp time) {
  return time.time_since_epoch().count();
}

inline std::optional<std::int64_t> seconds(const std::optional<Timestamp>& time) {
  return time ? std::optional(seconds(*time)) : std::nullopt;
}

inline Timestamp timestamp(std::int64_t value) {
  return Timestamp(std::chrono::seconds(value));
}

inline std::optional<Timestamp> timestamp(const std::optional<std::int64_t>& value) {
  return value ? std::optional(timestamp(*value)) : std::nullopt;
}

// A transaction in which the site has a row for others to refer to.
[[nodiscard]] Result<Transaction> begin_for(Database& database, const std::string& site);

// The rows that are left, each read by `read`.
template <typename Row, typename Read>
Result<std::vector<Row>> all_rows(Statement& statement, const Read& read) {
  std::vector<Row> rows;
  for (;;) {
    auto row = statement.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return rows;
    rows.push_back(read(statement));
  }
}

}  // namespace dandelion
