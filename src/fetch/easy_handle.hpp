// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/handle.hpp"
#include "core/network_settings.hpp"

using CURL = void;
extern "C" void curl_easy_cleanup(CURL*);

namespace dandelion {

using CurlEasy = Handle<CURL, curl_easy_cleanup>;

// Initialises libcurl for the process; one object, in main (or in a test's environment), before any
// other use.
class CurlLibrary {
 public:
  CurlLibrary();
  ~CurlLibrary();
  CurlLibrary(const CurlLibrary&) = delete;
  CurlLibrary& operator=(const CurlLibrary&) = delete;
  CurlLibrary(CurlLibrary&&) = delete;
  CurlLibrary& operator=(CurlLibrary&&) = delete;
};

// What one connection is for: with `isolate: site|host` each gets a SOCKS user name of its own, so
// that Tor gives it a circuit of its own.
struct Route {
  std::string_view site;  // a site's or a mirror's name
  std::string_view host;
};

// A fresh handle on which everything that `network:` promises is already set and must not be
// changed again: the proxy (chosen by index into settings.proxies) or none with the environment's
// proxy variables shut out, name resolution, trust anchors, the allowed protocols (http and https),
// private addresses refused at the socket, user agent, time-outs. With proxies configured there is
// no handle without one: fail closed. The caller adds the address, the method, the body and the
// callbacks. `settings` must outlive the handle.
[[nodiscard]] Result<CurlEasy> make_easy_handle(const NetworkSettings& settings,
                                                std::size_t proxy_index, const Route& route);

// The error that libcurl's code stands for, said for a user, without credentials.
[[nodiscard]] Error transfer_error(int curl_code, std::string_view url, std::string_view detail);

// The same for an HTTP status of 400 or above (and what else is no success).
[[nodiscard]] Error status_error(long status, std::string_view url);

}  // namespace dandelion
