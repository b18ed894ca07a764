// SPDX-License-Identifier: MIT
// SQLite behind Result: a connection, prepared statements, a transaction that rolls back unless it
// is committed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "core/error.hpp"
#include "core/handle.hpp"

namespace dandelion {

using Connection = Handle<sqlite3, sqlite3_close_v2>;
using StatementHandle = Handle<sqlite3_stmt, sqlite3_finalize>;

// Why the last call on this connection failed.
[[nodiscard]] tl::unexpected<Error> sqlite_failure(sqlite3* connection, std::string_view doing);

[[nodiscard]] Result<void> execute(sqlite3* connection, const char* sql);

// A prepared statement, bound and stepped once. Errors are kept until step() or done() is asked.
// The connection must outlive it.
class Statement {
 public:
  Statement(sqlite3* connection, std::string_view sql);

  Statement& bind(std::string_view text);
  Statement& bind(std::int64_t number);
  Statement& bind(const std::optional<std::int64_t>& number);

  // Whether there is a row to read.
  [[nodiscard]] Result<bool> step();
  // Runs a statement that gives no rows.
  [[nodiscard]] Result<void> done();

  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] std::optional<std::int64_t> optional_number(int column) const;

 private:
  sqlite3* connection_;
  StatementHandle statement_;
  int next_parameter_ = 1;
  int status_ = SQLITE_OK;
};

class Transaction {
 public:
  [[nodiscard]] static Result<Transaction> begin(sqlite3* connection);
  Transaction(Transaction&& other) noexcept
      : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  [[nodiscard]] Result<void> commit();

 private:
  explicit Transaction(sqlite3* connection) : connection_(connection) {}
  sqlite3* connection_;  // nullptr once it is over
};

}  // namespace dandelion
