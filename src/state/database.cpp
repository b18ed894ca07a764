// SPDX-License-Identifier: MIT
#include "state/database.hpp"

namespace dandelion {

tl::unexpected<Error> sqlite_failure(sqlite3* connection, std::string_view doing) {
  return fail(ErrorKind::storage, "{}: {}", doing, sqlite3_errmsg(connection));
}

Result<void> execute(sqlite3* connection, const char* sql) {
  if (sqlite3_exec(connection, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    return sqlite_failure(connection, "state");
  }
  return {};
}

Statement::Statement(sqlite3* connection, std::string_view sql) : connection_(connection) {
  status_ = sqlite3_prepare_v2(connection, sql.data(), static_cast<int>(sql.size()),
                               out(statement_), nullptr);
}

Statement& Statement::bind(std::string_view text) {
  if (status_ == SQLITE_OK) {
    // A null pointer would bind NULL where an empty text is meant.
    const char* bytes = text.data() == nullptr ? "" : text.data();
    status_ = sqlite3_bind_text64(statement_.get(), next_parameter_++, bytes, text.size(),
                                  SQLITE_TRANSIENT, SQLITE_UTF8);
  }
  return *this;
}

Statement& Statement::bind(std::int64_t number) {
  if (status_ == SQLITE_OK)
    status_ = sqlite3_bind_int64(statement_.get(), next_parameter_++, number);
  return *this;
}

Statement& Statement::bind(const std::optional<std::int64_t>& number) {
  if (number) return bind(*number);
  if (status_ == SQLITE_OK) status_ = sqlite3_bind_null(statement_.get(), next_parameter_++);
  return *this;
}

Result<bool> Statement::step() {
  if (status_ == SQLITE_OK || status_ == SQLITE_ROW) status_ = sqlite3_step(statement_.get());
  if (status_ == SQLITE_ROW) return true;
  if (status_ == SQLITE_DONE) return false;
  return sqlite_failure(connection_, "state");
}

Result<void> Statement::done() {
  auto row = step();
  if (!row) return tl::unexpected(row.error());
  return {};
}

std::string Statement::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::optional<std::int64_t> Statement::optional_number(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) return std::nullopt;
  return number(column);
}

Result<Transaction> Transaction::begin(sqlite3* connection) {
  // IMMEDIATE takes the write lock now, so that a transaction does not fail in its middle.
  if (auto begun = execute(connection, "BEGIN IMMEDIATE"); !begun)
    return tl::unexpected(begun.error());
  return Transaction(connection);
}

Transaction::~Transaction() {
  if (connection_ != nullptr) sqlite3_exec(connection_, "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<void> Transaction::commit() {
  auto committed = execute(connection_, "COMMIT");
  if (committed) connection_ = nullptr;
  return committed;
}

}  // namespace dandelion
