// SPDX-License-Identifier: MIT
#include "state/schema.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

Connection memory() {
  Connection connection;
  EXPECT_EQ(sqlite3_open(":memory:", out(connection)), SQLITE_OK);
  return connection;
}

// As the first version wrote it.
constexpr const char* first_version = R"sql(
  PRAGMA application_id = 1148085356;
  PRAGMA user_version = 1;
  CREATE TABLE site (name TEXT PRIMARY KEY, last_run INTEGER, last_error TEXT NOT NULL DEFAULT '')
    WITHOUT ROWID;
  CREATE TABLE page (
    site TEXT NOT NULL REFERENCES site(name), url TEXT NOT NULL, id TEXT NOT NULL,
    category TEXT NOT NULL, path TEXT NOT NULL, path_key TEXT NOT NULL, title TEXT NOT NULL,
    published INTEGER, first_seen INTEGER NOT NULL, etag TEXT NOT NULL,
    last_modified TEXT NOT NULL, content_hash TEXT NOT NULL,
    PRIMARY KEY (site, url), UNIQUE (site, path_key)) WITHOUT ROWID;
  CREATE TABLE failure (
    site TEXT NOT NULL REFERENCES site(name), url TEXT NOT NULL, message TEXT NOT NULL,
    attempts INTEGER NOT NULL, last_try INTEGER NOT NULL, PRIMARY KEY (site, url)) WITHOUT ROWID;
  CREATE TABLE mirror (
    site TEXT NOT NULL REFERENCES site(name), name TEXT NOT NULL, url TEXT NOT NULL,
    branch TEXT NOT NULL, commit_id TEXT NOT NULL, pushed INTEGER, error TEXT NOT NULL,
    PRIMARY KEY (site, name)) WITHOUT ROWID;
  INSERT INTO site VALUES ('s', 100, '');
  INSERT INTO page VALUES ('s', 'https://e.example/n1', 'n1', 'news', 'pages/news/n1.md',
    'pages/news/n1.md', 'One', NULL, 90, 'e', 'l', 'c');
  INSERT INTO failure VALUES ('s', 'https://e.example/n2', '404', 3, 95);
)sql";

TEST(Schema, IsMadeWhereThereIsNone) {
  Database database(memory());
  ASSERT_TRUE(bring_schema_up_to_date(database));
  EXPECT_EQ(database.number("PRAGMA user_version"), newest_schema_version());
  EXPECT_TRUE(bring_schema_up_to_date(database));
}

TEST(Schema, KeepsWhatAnOlderVersionKnew) {
  Database database(memory());
  ASSERT_TRUE(database.execute("PRAGMA foreign_keys = ON"));
  ASSERT_TRUE(database.execute(first_version));
  const auto migrated = bring_schema_up_to_date(database);
  ASSERT_TRUE(migrated) << migrated.error().message;
  EXPECT_EQ(database.number("SELECT count(*) FROM page JOIN address ON address.page = page.key "
                            "WHERE address.address = 'e.example/n1' AND etag = 'e'"),
            1);
  EXPECT_EQ(database.number("SELECT count(*) FROM page WHERE archived <> 0"), 0);
  EXPECT_EQ(database.number("SELECT attempts FROM wanted WHERE url = 'https://e.example/n2'"), 3);
  EXPECT_EQ(database.number("SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

TEST(Schema, RefusesANewerVersionAndOtherProgramsFiles) {
  Database newer(memory());
  ASSERT_TRUE(bring_schema_up_to_date(newer));
  ASSERT_TRUE(newer.execute("PRAGMA user_version = 99"));
  const auto refused = bring_schema_up_to_date(newer);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("newer version"), std::string::npos);
  Database other(memory());
  ASSERT_TRUE(other.execute("CREATE TABLE t (x)"));
  EXPECT_FALSE(bring_schema_up_to_date(other));
}

}  // namespace
}  // namespace dandelion
