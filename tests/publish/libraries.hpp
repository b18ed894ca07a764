// SPDX-License-Identifier: MIT
#pragma once

#include "fetch/easy_handle.hpp"
#include "publish/mirror_repository.hpp"

namespace dandelion::test {

// libgit2 and libcurl, started with the first test that needs them and kept for the others.
struct Libraries {
  Libraries() {
    static const GitLibrary git;
    static const CurlLibrary curl;
  }
};

}  // namespace dandelion::test
