// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"
#include "state/database.hpp"

namespace dandelion {

// Brings the database to the schema of this version: makes it where it is empty, migrates it step
// by step where an older version wrote it, all in one transaction. storage where it is another
// program's, or was written by a newer version.
//
// The tables stand beside their writer in schema.cpp. A change is a new entry at the end of its
// list of migrations; those that were released are never touched again.
[[nodiscard]] Result<void> bring_schema_up_to_date(Database& database);

[[nodiscard]] std::int64_t newest_schema_version();

}  // namespace dandelion
