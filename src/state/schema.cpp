// SPDX-License-Identifier: MIT
#include "state/schema.hpp"

#include <array>

namespace dandelion {
namespace {

// "Dndl": tells our files from other programs' databases.
constexpr std::int64_t application_id = 0x446E646C;

// 1: pages, failures, mirrors.
constexpr const char* first_schema = R"sql(
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

// 2: a page's whole life. Times are seconds since 1970 in UTC; addresses are normalised and stand
// without their scheme (core/address.hpp).
//   page        a page that is in the mirror. path_key: the path in lower case. newness: published,
//               or a time before all times. listed: whether indexes show it. article_hash: what the
//               source says; content_hash: the file. rules_hash, theme_hash: what extracted and
//               rendered it. status: 0 live, 1 missing, 2 withdrawn. hint: what feed or sitemap
//               said last of its change. recheck: the interval, in seconds
//   address     every address that leads to a page; the first is the page's own
//   article     the article of a page, as pipeline/stored_article.hpp packs it
//   wanted      an address that was found and is no page yet. rank: by what time it goes before
//               others; place: its place among those of one rank. attempts: how often it failed
//   source      a feed, sitemap or index page as it was read last
//   quarantine  a page that came, but was not believed
//   run         one run of one site; the last 90 days are kept
constexpr const char* page_life = R"sql(
  ALTER TABLE site ADD COLUMN head TEXT NOT NULL DEFAULT '';
  ALTER TABLE site ADD COLUMN rules_hash TEXT NOT NULL DEFAULT '';
  ALTER TABLE site ADD COLUMN theme_hash TEXT NOT NULL DEFAULT '';
  ALTER TABLE site ADD COLUMN last_success INTEGER;
  ALTER TABLE page RENAME TO old_page;
  CREATE TABLE page (
    key           INTEGER PRIMARY KEY,
    site          TEXT NOT NULL REFERENCES site(name),
    url           TEXT NOT NULL,
    id            TEXT NOT NULL,
    category      TEXT NOT NULL,
    path          TEXT NOT NULL,
    path_key      TEXT NOT NULL,
    title         TEXT NOT NULL,
    published     INTEGER,
    newness       INTEGER NOT NULL,
    listed        INTEGER NOT NULL DEFAULT 1,
    status        INTEGER NOT NULL DEFAULT 0,
    first_seen    INTEGER NOT NULL,
    corrected     INTEGER,
    gone_since    INTEGER,
    withdrawn     INTEGER,
    etag          TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    article_hash  TEXT NOT NULL DEFAULT '',
    content_hash  TEXT NOT NULL DEFAULT '',
    rules_hash    TEXT NOT NULL DEFAULT '',
    theme_hash    TEXT NOT NULL DEFAULT '',
    hint          INTEGER,
    checked       INTEGER NOT NULL DEFAULT 0,
    next_check    INTEGER NOT NULL DEFAULT 0,
    recheck       INTEGER NOT NULL DEFAULT 0,
    failures      INTEGER NOT NULL DEFAULT 0,
    message       TEXT NOT NULL DEFAULT '',
    UNIQUE (site, path_key)
  );
  CREATE INDEX page_due ON page (site, next_check);
  CREATE INDEX page_newest ON page (site, listed, newness, length(id), id, url);
  CREATE INDEX page_category ON page (site, listed, category, newness, length(id), id, url);
  CREATE TABLE address (
    site    TEXT NOT NULL REFERENCES site(name),
    address TEXT NOT NULL,
    page    INTEGER NOT NULL REFERENCES page(key) ON DELETE CASCADE,
    PRIMARY KEY (site, address)
  ) WITHOUT ROWID;
  CREATE INDEX address_page ON address (page);
  CREATE TABLE article (
    page    INTEGER PRIMARY KEY REFERENCES page(key) ON DELETE CASCADE,
    content BLOB NOT NULL
  );
  CREATE TABLE wanted (
    site       TEXT NOT NULL REFERENCES site(name),
    address    TEXT NOT NULL,
    url        TEXT NOT NULL,
    category   TEXT NOT NULL,
    rank       INTEGER NOT NULL,
    place      INTEGER NOT NULL,
    hint       INTEGER,
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    last_try   INTEGER NOT NULL DEFAULT 0,
    next_try   INTEGER NOT NULL DEFAULT 0,
    message    TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (site, address)
  ) WITHOUT ROWID;
  CREATE INDEX wanted_order ON wanted (site, rank DESC, place);
  CREATE TABLE source (
    site          TEXT NOT NULL REFERENCES site(name),
    url           TEXT NOT NULL,
    rules_hash    TEXT NOT NULL,
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    body_hash     TEXT NOT NULL,
    listed        INTEGER NOT NULL,
    follow        TEXT NOT NULL,
    read          INTEGER NOT NULL,
    PRIMARY KEY (site, url)
  ) WITHOUT ROWID;
  CREATE TABLE quarantine (
    site       TEXT NOT NULL REFERENCES site(name),
    url        TEXT NOT NULL,
    reason     TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    next_try   INTEGER NOT NULL,
    PRIMARY KEY (site, url)
  ) WITHOUT ROWID;
  CREATE TABLE run (
    key       INTEGER PRIMARY KEY,
    site      TEXT NOT NULL REFERENCES site(name),
    started   INTEGER NOT NULL,
    finished  INTEGER NOT NULL,
    added     INTEGER NOT NULL,
    corrected INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL,
    failed    INTEGER NOT NULL,
    error     TEXT NOT NULL
  );
  CREATE INDEX run_site ON run (site, started);
  INSERT INTO page (site, url, id, category, path, path_key, title, published, newness, first_seen,
                    etag, last_modified, content_hash)
    SELECT site, url, id, category, path, path_key, title, published,
           coalesce(published, -4611686018427387904), first_seen, etag, last_modified, content_hash
    FROM old_page;
  INSERT INTO address (site, address, page)
    SELECT site, substr(url, instr(url, '://') + 3), key FROM page;
  INSERT INTO wanted (site, address, url, category, rank, place, first_seen, last_seen, attempts,
                      last_try, next_try, message)
    SELECT site, substr(url, instr(url, '://') + 3), url, '', last_try, 0, last_try, last_try,
           attempts, last_try, 0, message
    FROM failure;
  DROP TABLE old_page;
  DROP TABLE failure;
)sql";

// 3: what was learnt of the network.
//   proxy   how a proxy did lately for one site; score: of a thousand
//   robots  the robots.txt of an origin
//   sample  what a page looked like that was taken as an article; the last of each site, by place
constexpr const char* network_memory = R"sql(
  CREATE TABLE proxy (
    proxy        TEXT NOT NULL,
    site         TEXT NOT NULL,
    score        INTEGER NOT NULL,
    last_success INTEGER,
    last_failure INTEGER,
    failures     INTEGER NOT NULL,
    last_error   TEXT NOT NULL,
    PRIMARY KEY (proxy, site)
  ) WITHOUT ROWID;
  CREATE TABLE robots (
    origin  TEXT PRIMARY KEY,
    text    TEXT NOT NULL,
    fetched INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE sample (
    site       TEXT NOT NULL REFERENCES site(name),
    place      INTEGER NOT NULL,
    url        TEXT NOT NULL,
    title      TEXT NOT NULL,
    body_hash  TEXT NOT NULL,
    domain     TEXT NOT NULL,
    text_bytes INTEGER NOT NULL,
    PRIMARY KEY (site, place)
  ) WITHOUT ROWID;
)sql";

// 4: what pages are made with. A site's lists and pages follow when it changes.
//   reference  an address, of a page or a picture, that a page's file was made with
//   asset      a picture that pages show. path: its file in the mirror, empty where it could not be
//              had; then next_try is when to ask again
constexpr const char* page_parts = R"sql(
  CREATE TABLE reference (
    site    TEXT NOT NULL REFERENCES site(name),
    address TEXT NOT NULL,
    page    INTEGER NOT NULL REFERENCES page(key) ON DELETE CASCADE,
    PRIMARY KEY (site, address, page)
  ) WITHOUT ROWID;
  CREATE INDEX reference_page ON reference (page);
  CREATE TABLE asset (
    site     TEXT NOT NULL REFERENCES site(name),
    address  TEXT NOT NULL,
    url      TEXT NOT NULL,
    path     TEXT NOT NULL,
    width    INTEGER NOT NULL,
    height   INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    next_try INTEGER NOT NULL,
    PRIMARY KEY (site, address)
  ) WITHOUT ROWID;
  CREATE INDEX asset_missing ON asset (site, next_try) WHERE path = '';
)sql";

// 5: how mirrors are, and what readers are told of them.
//   mirror_life       what is believed. state: see MirrorState; view: who saw that it is bad
//   mirror_suspicion  bad news that is not believed yet
//   mirror_change     the last changes of each mirror. before, after: states; an `after` of null is
//                     a spare that stepped in; is_told: whether `notify:` was called
constexpr const char* mirror_lives = R"sql(
  CREATE TABLE mirror_life (
    site        TEXT NOT NULL REFERENCES site(name),
    mirror      TEXT NOT NULL,
    url         TEXT NOT NULL,
    branch      TEXT NOT NULL,
    state       INTEGER,
    since       INTEGER NOT NULL,
    seen        INTEGER NOT NULL,
    detail      TEXT NOT NULL,
    view        TEXT NOT NULL,
    is_promoted INTEGER NOT NULL,
    PRIMARY KEY (site, mirror)
  ) WITHOUT ROWID;
  CREATE TABLE mirror_suspicion (
    site      TEXT NOT NULL REFERENCES site(name),
    mirror    TEXT NOT NULL,
    state     INTEGER NOT NULL,
    view      TEXT NOT NULL,
    first     INTEGER NOT NULL,
    sightings INTEGER NOT NULL,
    PRIMARY KEY (site, mirror, state, view)
  ) WITHOUT ROWID;
  CREATE TABLE mirror_change (
    key     INTEGER PRIMARY KEY,
    site    TEXT NOT NULL REFERENCES site(name),
    mirror  TEXT NOT NULL,
    at      INTEGER NOT NULL,
    since   INTEGER NOT NULL,
    before  INTEGER,
    after   INTEGER,
    detail  TEXT NOT NULL,
    is_told INTEGER NOT NULL
  );
  CREATE INDEX mirror_change_mirror ON mirror_change (site, mirror);
)sql";

// 6: pages that are kept for good.
//   page.archived  its source is not asked again, and nothing withdraws it
constexpr const char* archived_pages = R"sql(
  ALTER TABLE page ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
)sql";

// 7: mirrors that moved.
//   mirror_life.moved_to  where the mirror is now; empty: it is where it was
constexpr const char* moved_mirrors = R"sql(
  ALTER TABLE mirror_life ADD COLUMN moved_to TEXT NOT NULL DEFAULT '';
)sql";

// 8: what the last push met.
//   mirror.conflict    1: commits of others, so that it stopped
//   mirror.not_before  until when its host wants to be left alone; NULL: it did not say
constexpr const char* push_answers = R"sql(
  ALTER TABLE mirror ADD COLUMN conflict INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE mirror ADD COLUMN not_before INTEGER;
)sql";

// A schema's version is its place here, from 1.
constexpr std::array migrations = {first_schema, page_life,      network_memory, page_parts,
                                   mirror_lives, archived_pages, moved_mirrors,  push_answers};

Result<void> mark(Database& database, std::size_t version) {
  const std::string sql =
      fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, version);
  return database.execute(sql.c_str());
}

Result<std::int64_t> version_of(Database& database) {
  auto tables = database.number("SELECT count(*) FROM sqlite_master");
  if (!tables || *tables == 0) return tables;
  auto owner = database.number("PRAGMA application_id");
  if (!owner) return owner;
  if (*owner != application_id)
    return fail(ErrorKind::storage, "this is another program's database; name another file");
  return database.number("PRAGMA user_version");
}

}  // namespace

std::int64_t newest_schema_version() {
  return static_cast<std::int64_t>(migrations.size());
}

Result<void> bring_schema_up_to_date(Database& database) {
  const auto version = version_of(database);
  if (!version) return tl::unexpected(version.error());
  const std::int64_t newest = newest_schema_version();
  if (*version == newest) return {};
  if (*version > newest) {
    return fail(ErrorKind::storage,
                "written by a newer version of dandelion (schema {}, ours is {}); run that one",
                *version, newest);
  }
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  for (auto i = static_cast<std::size_t>(*version); i < migrations.size(); ++i) {
    if (auto made = database.execute(migrations[i]); !made) return made;
  }
  if (auto marked = mark(database, migrations.size()); !marked) return marked;
  return transaction->commit();
}

}  // namespace dandelion
