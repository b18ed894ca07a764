// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/error.hpp"
#include "core/network_settings.hpp"

namespace dandelion {

struct BrowserSettings {
  std::string program;  // find_browser()
  // Without it a page that breaks out of the browser has all of this user's rights.
  bool sandbox = true;
};

// A page as its own scripts made it.
struct RenderedPage {
  std::string url;      // where they led in the end
  std::string html;     // the tree, with its doctype, in UTF-8
  std::string browser;  // "Chromium 156.0.8078.108"
  bool settled = true;  // false: it was still loading when its time was over
};

// Opens the page in a browser of its own, without a window, and gives what it became: once it is
// loaded and its network has been quiet for half a second, or after 20 seconds, when scripts that
// still run are ended. Every connection goes through a SocksRelay, and so through the proxies of
// `network` or nowhere. Nothing is downloaded, no permission given, no further window opened. One
// page takes at most about a minute, and 200 MiB of the network.
//
// `site` is whose settings the connections go by, `first_proxy` which proxy gave the page before.
// refused where the server gives the browser an error in its place.
[[nodiscard]] Result<RenderedPage> render_in_browser(const BrowserSettings& browser,
                                                     const NetworkSettings& network,
                                                     const std::string& site,
                                                     std::optional<std::size_t> first_proxy,
                                                     const std::string& url);

}  // namespace dandelion
