// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstring>
#include <unordered_set>

#include <git2.h>

namespace dandelion {

struct IdHash {
  // An id is a digest already.
  std::size_t operator()(const git_oid& id) const {
    std::size_t hash = 0;
    std::memcpy(&hash, id.id, sizeof hash);
    return hash;
  }
};

struct IdEqual {
  bool operator()(const git_oid& a, const git_oid& b) const { return git_oid_equal(&a, &b) != 0; }
};

using IdSet = std::unordered_set<git_oid, IdHash, IdEqual>;

}  // namespace dandelion
