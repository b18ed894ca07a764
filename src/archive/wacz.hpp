// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "archive/warc.hpp"
#include "core/error.hpp"
#include "sign/p384_key.hpp"

namespace dandelion {

// What a replay program shows of a page before it replays it.
struct WaczPage {
  std::string url;  // where it was found, after redirects
  std::string title;
  std::string text;  // what its search looks through; may be empty
  Timestamp time;    // as in the WARC file
};

// A page's WARC file as a WACZ file (WACZ 1.1.1), which replay programs open by itself: the WARC
// file as it is, an index of it, the page, and the hashes of these. With a key they are signed in
// the anonymous form of wacz-auth 0.1.0. The same input gives the same bytes. too_large beyond what
// a ZIP file without extensions can hold.
[[nodiscard]] Result<std::string> wacz_of(const WarcFile& warc, const WaczPage& page,
                                          const P384Key* key);

}  // namespace dandelion
