// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace dandelion {

// How a known block page is told: by texts that it holds, in any case of letters. All that are
// given must be there; at least one is.
struct BlockFingerprint {
  std::string name;     // for messages: "Iran: national filter"
  std::string title;    // in the page's title
  std::string body;     // in its source
  std::string address;  // in the address where the redirects ended
};

}  // namespace dandelion
