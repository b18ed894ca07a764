// SPDX-License-Identifier: MIT
#include "state/store.hpp"

#include <system_error>

#include "core/files.hpp"
#include "core/log.hpp"
#include "state/schema.hpp"
#include "state/store_impl.hpp"

namespace dandelion {
namespace {

constexpr int busy_timeout_ms = 5'000;

// A writer's cache of 16 MiB: rows come in the order of hashes, and each of their indexes has
// another, so that SQLite's own 2 MiB would be written out and read again all the time.
constexpr std::chrono::days runs_kept{90};

Result<Connection> open_connection(const std::string& name, int flags) {
  Connection connection;
  // SQLite hands back a handle even when it fails; `connection` frees it.
  if (sqlite3_open_v2(name.c_str(), out(connection), flags, nullptr) != SQLITE_OK)
    return Database(std::move(connection)).failure("open");
  sqlite3_busy_timeout(connection.get(), busy_timeout_ms);
  return connection;
}

// The file's content in a database in memory.
Result<Connection> copy_into_memory(Connection from) {
  auto memory = open_connection(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY);
  if (!memory) return memory;
  sqlite3_backup* backup = sqlite3_backup_init(memory->get(), "main", from.get(), "main");
  const int stepped = backup == nullptr ? SQLITE_ERROR : sqlite3_backup_step(backup, -1);
  if (backup == nullptr || sqlite3_backup_finish(backup) != SQLITE_OK || stepped != SQLITE_DONE)
    return Database(std::move(*memory)).failure("copy");
  return memory;
}

Result<Connection> open_in(const std::filesystem::path& file, Store::Mode mode) {
  std::error_code ignored;
  if (mode == Store::Mode::read_write)
    return open_connection(file.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (!std::filesystem::exists(file, ignored))
    return open_connection(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY);
  auto connection = open_connection(file.string(), SQLITE_OPEN_READONLY);
  if (!connection || mode == Store::Mode::read_only) return connection;
  return copy_into_memory(std::move(*connection));
}

Result<void> set_up(Database& database, Store::Mode mode) {
  const char* settings =
      mode == Store::Mode::read_write
          ? "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; "
            "PRAGMA cache_size = -16384"
          : "PRAGMA foreign_keys = ON";
  if (auto set = database.execute(settings); !set) return set;
  return bring_schema_up_to_date(database);
}

}  // namespace

Result<Transaction> begin_for(Database& database, const std::string& site) {
  auto transaction = Transaction::begin(database);
  if (!transaction) return transaction;
  auto insert = database.statement("INSERT INTO site (name) VALUES (?) ON CONFLICT DO NOTHING");
  if (auto made = insert.bind(site).done(); !made) return tl::unexpected(made.error());
  return transaction;
}

struct Store::Batch::Impl {
  Transaction transaction;
};

Store::Batch::Batch(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::Batch::Batch(Batch&&) noexcept = default;
Store::Batch::~Batch() = default;

Result<void> Store::Batch::commit() {
  return impl_->transaction.commit();
}

Result<Store::Batch> Store::begin() {
  auto transaction = Transaction::begin(impl_->database);
  if (!transaction) return tl::unexpected(transaction.error());
  return Batch(std::make_unique<Batch::Impl>(Batch::Impl{std::move(*transaction)}));
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

bool Store::damaged() const {
  return impl_->database.damaged();
}

Result<Store> Store::open(const std::filesystem::path& file, Mode mode) {
  const std::string where = fmt::format("state {}", file.string());
  if (mode == Mode::read_write && file.has_parent_path()) {
    if (auto made = create_folders(file.parent_path()); !made) return within(where, made.error());
  }
  auto connection = open_in(file, mode);
  if (!connection) return within(where, connection.error());
  auto impl = std::make_unique<Impl>(std::move(*connection));
  if (mode == Mode::read_only) {
    const bool on_disk = sqlite3_db_readonly(impl->database.connection(), "main") == 1;
    auto version = impl->database.number("PRAGMA user_version");
    if (!version) return within(where, version.error());
    // An older version's file can be read once it is migrated: in a copy.
    if (on_disk && *version < newest_schema_version()) return open(file, Mode::copy);
  }
  if (auto done = set_up(impl->database, mode); !done) {
    if (!impl->database.damaged() || mode != Mode::read_write) return within(where, done.error());
    impl.reset();
    if (auto aside = set_aside(file); !aside) return tl::unexpected(aside.error());
    return open(file, mode);
  }
  return Store(std::move(impl));
}

Result<void> Store::set_aside(const std::filesystem::path& file) {
  std::error_code error;
  const auto aside = std::filesystem::path(file).concat(".damaged");
  std::filesystem::rename(file, aside, error);
  if (error) return fail(ErrorKind::storage, "state {}: {}", file.string(), error.message());
  for (const char* ending : {"-wal", "-shm"})
    std::filesystem::remove(std::filesystem::path(file).concat(ending), error);
  log_warning("the state {} is damaged: it is {} now, and a new one is made from the repositories",
              file.string(), aside.filename().string());
  return {};
}

Result<SiteRecord> Store::site(const std::string& site) const {
  SiteRecord record;
  auto known = impl_->database.statement(
      "SELECT last_run, last_success, last_error, head, rules_hash, theme_hash FROM site "
      "WHERE name = ?");
  auto row = known.bind(site).step();
  if (!row) return tl::unexpected(row.error());
  if (*row) {
    record.last_run = timestamp(known.optional_number(0));
    record.last_success = timestamp(known.optional_number(1));
    record.last_error = known.text(2);
    record.head = known.text(3);
    record.rules_hash = known.text(4);
    record.theme_hash = known.text(5);
  }
  return record;
}

Result<SiteCounts> Store::counts(const std::string& site) const {
  auto counts = impl_->database.statement(
      "SELECT (SELECT count(*) FROM page WHERE site = ?1 AND listed = 1), "
      "(SELECT count(*) FROM page WHERE site = ?1 AND status = 1), "
      "(SELECT count(*) FROM page WHERE site = ?1 AND status = 2), "
      "(SELECT count(*) FROM wanted WHERE site = ?1 AND attempts = 0), "
      "(SELECT count(*) FROM wanted WHERE site = ?1 AND attempts > 0), "
      "(SELECT count(*) FROM quarantine WHERE site = ?1)");
  auto row = counts.bind(site).step();
  if (!row) return tl::unexpected(row.error());
  return SiteCounts{counts.number(0), counts.number(1), counts.number(2),
                    counts.number(3), counts.number(4), counts.number(5)};
}

Result<void> Store::set_head(const std::string& site, const std::string& commit) {
  auto transaction = begin_for(impl_->database, site);
  if (!transaction) return tl::unexpected(transaction.error());
  auto update = impl_->database.statement("UPDATE site SET head = ? WHERE name = ?");
  if (auto done = update.bind(commit).bind(site).done(); !done) return done;
  return transaction->commit();
}

Result<void> Store::set_hashes(const std::string& site, const std::string& rules_hash,
                               const std::string& theme_hash) {
  auto transaction = begin_for(impl_->database, site);
  if (!transaction) return tl::unexpected(transaction.error());
  auto update =
      impl_->database.statement("UPDATE site SET rules_hash = ?, theme_hash = ? WHERE name = ?");
  if (auto done = update.bind(rules_hash).bind(theme_hash).bind(site).done(); !done) return done;
  return transaction->commit();
}

Result<void> Store::finish_run(const std::string& site, const RunRecord& run) {
  Database& database = impl_->database;
  auto transaction = begin_for(database, site);
  if (!transaction) return tl::unexpected(transaction.error());
  auto update = database.statement(
      "UPDATE site SET last_run = ?1, last_error = ?2, "
      "last_success = CASE ?2 WHEN '' THEN ?1 ELSE last_success END WHERE name = ?3");
  if (auto done = update.bind(seconds(run.started)).bind(run.error).bind(site).done(); !done)
    return done;
  auto insert = database.statement(
      "INSERT INTO run (site, started, finished, added, corrected, withdrawn, failed, error) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(site).bind(seconds(run.started)).bind(seconds(run.finished)).bind(run.added);
  insert.bind(run.corrected).bind(run.withdrawn).bind(run.failed).bind(run.error);
  if (auto done = insert.done(); !done) return done;
  auto forget = database.statement("DELETE FROM run WHERE site = ? AND started < ?");
  if (auto done = forget.bind(site).bind(seconds(run.started - runs_kept)).done(); !done)
    return done;
  return transaction->commit();
}

Result<std::vector<RunRecord>> Store::runs(const std::string& site, std::size_t count) const {
  auto statement = impl_->database.statement(
      "SELECT started, finished, added, corrected, withdrawn, failed, error FROM run "
      "WHERE site = ? ORDER BY started DESC, key DESC LIMIT ?");
  statement.bind(site).bind(static_cast<std::int64_t>(count));
  return all_rows<RunRecord>(statement, [](const Statement& row) {
    return RunRecord{timestamp(row.number(0)),
                     timestamp(row.number(1)),
                     row.number(2),
                     row.number(3),
                     row.number(4),
                     row.number(5),
                     row.text(6)};
  });
}

Result<MirrorRecord> Store::mirror(const std::string& site, const std::string& mirror) const {
  auto statement = impl_->database.statement(
      "SELECT url, branch, commit_id, pushed, error, conflict, not_before FROM mirror "
      "WHERE site = ? AND name = ?");
  auto row = statement.bind(site).bind(mirror).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return MirrorRecord{};
  return MirrorRecord{statement.text(0),
                      statement.text(1),
                      statement.text(2),
                      timestamp(statement.optional_number(3)),
                      statement.text(4),
                      statement.number(5) != 0,
                      timestamp(statement.optional_number(6))};
}

Result<void> Store::set_mirror(const std::string& site, const std::string& mirror,
                               const MirrorRecord& record) {
  auto transaction = begin_for(impl_->database, site);
  if (!transaction) return tl::unexpected(transaction.error());
  auto insert = impl_->database.statement(
      "INSERT INTO mirror (site, name, url, branch, commit_id, pushed, error, conflict, "
      "not_before) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
      "ON CONFLICT DO UPDATE SET url = excluded.url, branch = excluded.branch, "
      "commit_id = excluded.commit_id, pushed = excluded.pushed, error = excluded.error, "
      "conflict = excluded.conflict, not_before = excluded.not_before");
  insert.bind(site).bind(mirror).bind(record.url).bind(record.branch).bind(record.commit);
  insert.bind(seconds(record.pushed)).bind(record.error);
  insert.bind(static_cast<std::int64_t>(record.is_conflict)).bind(seconds(record.not_before));
  if (auto done = insert.done(); !done) return done;
  return transaction->commit();
}

}  // namespace dandelion
