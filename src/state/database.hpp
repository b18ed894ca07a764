// SPDX-License-Identifier: MIT
// SQLite behind Result: a connection, prepared statements that are kept, a transaction that rolls
// back unless it is committed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "core/error.hpp"
#include "core/handle.hpp"

namespace dandelion {

using Connection = Handle<sqlite3, sqlite3_close_v2>;
using StatementHandle = Handle<sqlite3_stmt, sqlite3_finalize>;

class Statement;

// A connection with its prepared statements: the same SQL is compiled once.
class Database {
 public:
  explicit Database(Connection connection) : connection_(std::move(connection)) {}
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  Database(Database&&) = delete;
  Database& operator=(Database&&) = delete;
  ~Database() = default;

  [[nodiscard]] sqlite3* connection() const { return connection_.get(); }

  // `sql` must be the same text for the same statement: a literal, values bound.
  [[nodiscard]] Statement statement(std::string_view sql);
  // Statements without values or rows, one or several.
  [[nodiscard]] Result<void> execute(const char* sql);
  [[nodiscard]] Result<std::int64_t> number(std::string_view sql);

  // Why the last call failed, and what to do about it.
  [[nodiscard]] tl::unexpected<Error> failure(std::string_view doing);
  // Whether any call so far found the file damaged.
  [[nodiscard]] bool damaged() const { return damaged_; }

 private:
  friend class Statement;

  Connection connection_;  // first: it goes after its statements
  std::map<std::string, StatementHandle, std::less<>> idle_;
  bool damaged_ = false;
};

// A prepared statement, bound and stepped once. Errors are kept until step() or done() is asked.
// The database must outlive it.
class Statement {
 public:
  Statement(Database& database, std::string_view sql);
  Statement(Statement&& other) noexcept = default;
  Statement& operator=(Statement&&) = delete;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  Statement& bind(std::string_view text);
  Statement& bind(std::int64_t number);
  Statement& bind(const std::optional<std::int64_t>& number);
  Statement& bind_bytes(std::string_view bytes);

  // Whether there is a row to read.
  [[nodiscard]] Result<bool> step();
  // Runs a statement that gives no rows.
  [[nodiscard]] Result<void> done();

  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] std::optional<std::int64_t> optional_number(int column) const;

 private:
  Database* database_;
  std::string sql_;
  StatementHandle statement_;
  int next_parameter_ = 1;
  int status_ = SQLITE_OK;
};

// Joins the transaction that is open on the connection, if one is: then commit() leaves the end to
// whoever began it.
class Transaction {
 public:
  [[nodiscard]] static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept
      : database_(std::exchange(other.database_, nullptr)), joined_(other.joined_) {}
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  [[nodiscard]] Result<void> commit();

 private:
  Transaction(Database& database, bool joined) : database_(&database), joined_(joined) {}
  Database* database_;  // nullptr once it is over
  bool joined_;
};

}  // namespace dandelion
