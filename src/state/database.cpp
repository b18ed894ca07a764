// SPDX-License-Identifier: MIT
#include "state/database.hpp"

namespace dandelion {
namespace {

std::string_view advice(int code) {
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "; another program holds it: end that one and run again";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return "; its file and folder must be readable and writable for this user";
    case SQLITE_FULL:
      return "; make room on the disk and run again, nothing is lost";
    case SQLITE_NOTADB:
      return "; if it was the state once, move it away: the next run makes a new one from the "
             "repositories";
    default:
      return "";
  }
}

}  // namespace

tl::unexpected<Error> Database::failure(std::string_view doing) {
  const int code = sqlite3_errcode(connection());
  // A file that was never a database may be someone's own: not so.
  if (code == SQLITE_CORRUPT) damaged_ = true;
  return fail(ErrorKind::storage, "{}: {}{}", doing, sqlite3_errmsg(connection()), advice(code));
}

Result<void> Database::execute(const char* sql) {
  if (sqlite3_exec(connection(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return failure("state");
  return {};
}

Statement Database::statement(std::string_view sql) {
  return {*this, sql};
}

Result<std::int64_t> Database::number(std::string_view sql) {
  Statement asked = statement(sql);
  auto row = asked.step();
  if (!row) return tl::unexpected(row.error());
  return *row ? asked.number(0) : 0;
}

Statement::Statement(Database& database, std::string_view sql) : database_(&database), sql_(sql) {
  if (auto idle = database.idle_.extract(sql_)) {
    statement_ = std::move(idle.mapped());
    return;
  }
  status_ = sqlite3_prepare_v3(database.connection(), sql.data(), static_cast<int>(sql.size()),
                               SQLITE_PREPARE_PERSISTENT, out(statement_), nullptr);
}

Statement::~Statement() {
  if (!statement_) return;  // moved from, or never prepared
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  // Of two in use at once, the second to end is not kept.
  database_->idle_.try_emplace(std::move(sql_), std::move(statement_));
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

Statement& Statement::bind_bytes(std::string_view bytes) {
  if (status_ == SQLITE_OK) {
    status_ = sqlite3_bind_blob64(statement_.get(), next_parameter_++, bytes.data(), bytes.size(),
                                  SQLITE_TRANSIENT);
  }
  return *this;
}

Result<bool> Statement::step() {
  if (status_ == SQLITE_OK || status_ == SQLITE_ROW) status_ = sqlite3_step(statement_.get());
  if (status_ == SQLITE_ROW) return true;
  if (status_ == SQLITE_DONE) return false;
  return database_->failure("state");
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

Result<Transaction> Transaction::begin(Database& database) {
  const bool joined = sqlite3_get_autocommit(database.connection()) == 0;
  if (!joined) {
    // IMMEDIATE takes the write lock now, so that a transaction does not fail in its middle.
    if (auto begun = database.execute("BEGIN IMMEDIATE"); !begun)
      return tl::unexpected(begun.error());
  }
  return Transaction(database, joined);
}

Transaction::~Transaction() {
  if (database_ != nullptr && !joined_)
    sqlite3_exec(database_->connection(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<void> Transaction::commit() {
  if (!joined_) {
    if (auto committed = database_->execute("COMMIT"); !committed) return committed;
  }
  database_ = nullptr;
  return {};
}

}  // namespace dandelion
