// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>

#include "fetch/transfer_engine.hpp"

namespace dandelion {

// A page that somebody fetched already and hands over, to be kept in a site's mirror for good. It
// may be of any site.
struct GivenPage {
  std::string url;                              // normalised; as it was asked for
  FetchedPage page;                             // its address without user name and password
  std::map<std::string, std::string> pictures;  // bytes by normalised address; more are fetched
};

}  // namespace dandelion
