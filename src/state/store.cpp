// SPDX-License-Identifier: MIT
#include "state/store.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>

#include "core/files.hpp"
#include "core/text.hpp"
#include "state/database.hpp"

namespace dandelion {
namespace {

// Bumped with every change of the schema; migrations go where create_schema is called.
constexpr std::int64_t schema_version = 1;
// "Dndl": tells our files from other programs' databases.
constexpr std::int64_t application_id = 0x446E646C;
constexpr int busy_timeout_ms = 5'000;

// Times are seconds since 1970 in UTC.
//   site      a site that was run at least once
//   page      a page that is in the mirror; path_key is the path in lower case
//   failure   a page that could not be had, until it can
//   mirror    what a mirror of a site was last brought to
constexpr const char* schema = R"sql(
  CREATE TABLE site (
    name       TEXT PRIMARY KEY,
    last_run   INTEGER,
    last_error TEXT NOT NULL DEFAULT ''
  ) WITHOUT ROWID;
  CREATE TABLE page (
    site          TEXT NOT NULL REFERENCES site(name),
    url           TEXT NOT NULL,
    id            TEXT NOT NULL,
    category      TEXT NOT NULL,
    path          TEXT NOT NULL,
    path_key      TEXT NOT NULL,
    title         TEXT NOT NULL,
    published     INTEGER,
    first_seen    INTEGER NOT NULL,
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    content_hash  TEXT NOT NULL,
    PRIMARY KEY (site, url),
    UNIQUE (site, path_key)
  ) WITHOUT ROWID;
  CREATE TABLE failure (
    site     TEXT NOT NULL REFERENCES site(name),
    url      TEXT NOT NULL,
    message  TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    last_try INTEGER NOT NULL,
    PRIMARY KEY (site, url)
  ) WITHOUT ROWID;
  CREATE TABLE mirror (
    site        TEXT NOT NULL REFERENCES site(name),
    name        TEXT NOT NULL,
    url         TEXT NOT NULL,
    branch      TEXT NOT NULL,
    commit_id   TEXT NOT NULL,
    pushed      INTEGER,
    error       TEXT NOT NULL,
    PRIMARY KEY (site, name)
  ) WITHOUT ROWID;
)sql";

std::int64_t seconds(Timestamp time) {
  return time.time_since_epoch().count();
}

std::optional<std::int64_t> seconds(const std::optional<Timestamp>& time) {
  return time ? std::optional(seconds(*time)) : std::nullopt;
}

std::optional<Timestamp> timestamp(const std::optional<std::int64_t>& value) {
  return value ? std::optional(Timestamp(std::chrono::seconds(*value))) : std::nullopt;
}

Result<std::int64_t> pragma(sqlite3* connection, std::string_view name) {
  Statement statement(connection, fmt::format("PRAGMA {}", name));
  auto row = statement.step();
  if (!row) return tl::unexpected(row.error());
  return *row ? statement.number(0) : 0;
}

Result<void> create_schema(sqlite3* connection) {
  auto transaction = Transaction::begin(connection);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto made = execute(connection, schema); !made) return made;
  const std::string marks = fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}",
                                        application_id, schema_version);
  if (auto marked = execute(connection, marks.c_str()); !marked) return marked;
  return transaction->commit();
}

Result<void> check_schema(sqlite3* connection) {
  auto tables = Statement(connection, "SELECT count(*) FROM sqlite_master");
  auto row = tables.step();
  if (!row) return tl::unexpected(row.error());
  if (tables.number(0) == 0) return create_schema(connection);
  const auto owner = pragma(connection, "application_id");
  if (!owner) return tl::unexpected(owner.error());
  if (*owner != application_id)
    return fail(ErrorKind::storage, "this is another program's database; name another file");
  const auto version = pragma(connection, "user_version");
  if (!version) return tl::unexpected(version.error());
  if (*version != schema_version) {
    return fail(ErrorKind::storage,
                "written by another version of dandelion (schema {}, ours is {})", *version,
                schema_version);
  }
  return {};
}

// A transaction in which the site has a row for others to refer to.
Result<Transaction> begin_for(sqlite3* connection, const std::string& site) {
  auto transaction = Transaction::begin(connection);
  if (!transaction) return transaction;
  Statement insert(connection, "INSERT INTO site (name) VALUES (?) ON CONFLICT DO NOTHING");
  if (auto made = insert.bind(site).done(); !made) return tl::unexpected(made.error());
  return transaction;
}

}  // namespace

void sort_newest_first(std::vector<PageRecord>& pages) {
  // Ids that are numbers grow longer before they grow in the alphabet.
  const auto key = [](const PageRecord& page) {
    return std::make_tuple(page.published.value_or(Timestamp::min()), page.id.size(),
                           std::string_view(page.id), std::string_view(page.url));
  };
  std::sort(pages.begin(), pages.end(),
            [&key](const PageRecord& a, const PageRecord& b) { return key(b) < key(a); });
}

struct Store::Impl {
  Connection connection;
};

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Result<Store> Store::open(const std::filesystem::path& file, Mode mode) {
  std::error_code ignored;
  const bool stand_in = mode == Mode::read_only && !std::filesystem::exists(file, ignored);
  if (mode == Mode::read_write && file.has_parent_path()) {
    if (auto made = create_folders(file.parent_path()); !made) return within("state", made.error());
  }
  auto impl = std::make_unique<Impl>();
  const int flags = stand_in
                        ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY
                        : (mode == Mode::read_only ? SQLITE_OPEN_READONLY
                                                   : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  const std::string name = stand_in ? ":memory:" : file.string();
  const std::string where = fmt::format("state {}", file.string());
  // SQLite hands back a handle even when it fails; `connection` frees it.
  if (sqlite3_open_v2(name.c_str(), out(impl->connection), flags, nullptr) != SQLITE_OK) {
    return sqlite_failure(impl->connection.get(), where);
  }
  sqlite3_busy_timeout(impl->connection.get(), busy_timeout_ms);
  const char* settings =
      mode == Mode::read_only
          ? "PRAGMA foreign_keys = ON"
          : "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON";
  if (auto set = execute(impl->connection.get(), settings); !set) return within(where, set.error());
  if (auto checked = check_schema(impl->connection.get()); !checked)
    return within(where, checked.error());
  return Store(std::move(impl));
}

Result<bool> Store::knows_page(const std::string& site, const std::string& url) const {
  return Statement(impl_->connection.get(), "SELECT 1 FROM page WHERE site = ? AND url = ?")
      .bind(site)
      .bind(url)
      .step();
}

Result<std::optional<std::string>> Store::url_at_path(const std::string& site,
                                                      const std::string& path) const {
  Statement statement(impl_->connection.get(),
                      "SELECT url FROM page WHERE site = ? AND path_key = ?");
  auto row = statement.bind(site).bind(ascii_lower(path)).step();
  if (!row) return tl::unexpected(row.error());
  return *row ? std::optional(statement.text(0)) : std::nullopt;
}

Result<std::vector<PageRecord>> Store::pages(const std::string& site) const {
  Statement statement(impl_->connection.get(),
                      "SELECT url, id, category, path, title, published, first_seen, etag, "
                      "last_modified, content_hash "
                      "FROM page WHERE site = ?");
  statement.bind(site);
  std::vector<PageRecord> found;
  for (;;) {
    auto row = statement.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    PageRecord& page = found.emplace_back();
    page.url = statement.text(0);
    page.id = statement.text(1);
    page.category = statement.text(2);
    page.path = statement.text(3);
    page.title = statement.text(4);
    page.published = timestamp(statement.optional_number(5));
    page.first_seen = Timestamp(std::chrono::seconds(statement.number(6)));
    page.etag = statement.text(7);
    page.last_modified = statement.text(8);
    page.content_hash = statement.text(9);
  }
  sort_newest_first(found);
  return found;
}

Result<std::vector<FailureRecord>> Store::failures(const std::string& site) const {
  Statement statement(
      impl_->connection.get(),
      "SELECT url, message, attempts, last_try FROM failure WHERE site = ? ORDER BY url");
  statement.bind(site);
  std::vector<FailureRecord> found;
  for (;;) {
    auto row = statement.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return found;
    found.push_back({statement.text(0), statement.text(1), static_cast<int>(statement.number(2)),
                     Timestamp(std::chrono::seconds(statement.number(3)))});
  }
}

Result<SiteRecord> Store::site(const std::string& site) const {
  SiteRecord record;
  Statement known(impl_->connection.get(), "SELECT last_run, last_error FROM site WHERE name = ?");
  auto row = known.bind(site).step();
  if (!row) return tl::unexpected(row.error());
  if (*row) {
    record.last_run = timestamp(known.optional_number(0));
    record.last_error = known.text(1);
  }
  Statement counts(impl_->connection.get(),
                   "SELECT (SELECT count(*) FROM page WHERE site = ?1), (SELECT count(*) FROM "
                   "failure WHERE site = ?1)");
  row = counts.bind(site).step();
  if (!row) return tl::unexpected(row.error());
  record.pages = counts.number(0);
  record.failures = counts.number(1);
  return record;
}

Result<MirrorRecord> Store::mirror(const std::string& site, const std::string& mirror) const {
  Statement statement(
      impl_->connection.get(),
      "SELECT url, branch, commit_id, pushed, error FROM mirror WHERE site = ? AND name = ?");
  auto row = statement.bind(site).bind(mirror).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return MirrorRecord{};
  return MirrorRecord{statement.text(0), statement.text(1), statement.text(2),
                      timestamp(statement.optional_number(3)), statement.text(4)};
}

Result<void> Store::add_pages(const std::string& site, const std::vector<PageRecord>& pages) {
  sqlite3* connection = impl_->connection.get();
  auto transaction = begin_for(connection, site);
  if (!transaction) return tl::unexpected(transaction.error());
  for (const PageRecord& page : pages) {
    Statement insert(connection,
                     "INSERT INTO page (site, url, id, category, path, path_key, title, published, "
                     "first_seen, etag, "
                     "last_modified, content_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insert.bind(site)
        .bind(page.url)
        .bind(page.id)
        .bind(page.category)
        .bind(page.path)
        .bind(ascii_lower(page.path));
    insert.bind(page.title).bind(seconds(page.published)).bind(seconds(page.first_seen));
    insert.bind(page.etag).bind(page.last_modified).bind(page.content_hash);
    if (auto inserted = insert.done(); !inserted) return inserted;
    Statement forget(connection, "DELETE FROM failure WHERE site = ? AND url = ?");
    if (auto forgotten = forget.bind(site).bind(page.url).done(); !forgotten) return forgotten;
  }
  return transaction->commit();
}

Result<void> Store::add_failure(const std::string& site, const std::string& url,
                                const std::string& message, Timestamp now) {
  sqlite3* connection = impl_->connection.get();
  auto transaction = begin_for(connection, site);
  if (!transaction) return tl::unexpected(transaction.error());
  Statement insert(
      connection,
      "INSERT INTO failure (site, url, message, attempts, last_try) VALUES (?, ?, ?, 1, ?) "
      "ON CONFLICT DO UPDATE SET message = excluded.message, attempts = attempts + 1, "
      "last_try = excluded.last_try");
  if (auto done = insert.bind(site).bind(url).bind(message).bind(seconds(now)).done(); !done)
    return done;
  return transaction->commit();
}

Result<void> Store::finish_site(const std::string& site, Timestamp started,
                                const std::string& error) {
  return Statement(impl_->connection.get(),
                   "INSERT INTO site (name, last_run, last_error) VALUES (?, ?, ?) "
                   "ON CONFLICT DO UPDATE SET last_run = excluded.last_run, last_error = "
                   "excluded.last_error")
      .bind(site)
      .bind(seconds(started))
      .bind(error)
      .done();
}

Result<void> Store::set_mirror(const std::string& site, const std::string& mirror,
                               const MirrorRecord& record) {
  sqlite3* connection = impl_->connection.get();
  auto transaction = begin_for(connection, site);
  if (!transaction) return tl::unexpected(transaction.error());
  Statement insert(
      connection,
      "INSERT INTO mirror (site, name, url, branch, commit_id, pushed, error) VALUES (?, ?, ?, ?, "
      "?, ?, ?) "
      "ON CONFLICT DO UPDATE SET url = excluded.url, branch = excluded.branch, "
      "commit_id = excluded.commit_id, pushed = excluded.pushed, error = excluded.error");
  insert.bind(site).bind(mirror).bind(record.url).bind(record.branch).bind(record.commit);
  insert.bind(seconds(record.pushed)).bind(record.error);
  if (auto done = insert.done(); !done) return done;
  return transaction->commit();
}

}  // namespace dandelion
