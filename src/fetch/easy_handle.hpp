// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/handle.hpp"
#include "core/network_settings.hpp"

using CURL = void;
struct curl_slist;
extern "C" void curl_easy_cleanup(CURL*);
extern "C" void curl_slist_free_all(curl_slist*);

namespace dandelion {

using CurlList = Handle<curl_slist, curl_slist_free_all>;

// Ends a handle, then what libcurl only borrows.
struct CurlEasyDeleter {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
  std::vector<CurlList> borrowed;
  // Set when a name turned out to lead to a private address, and no connection was made.
  std::unique_ptr<bool> refused_private;
};
using CurlEasy = std::unique_ptr<CURL, CurlEasyDeleter>;

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
// that Tor gives it a circuit of its own. Pages of a site get the site's own settings, too.
struct Route {
  enum class Purpose { page, push };
  Purpose purpose = Purpose::page;
  std::string_view name;  // the site's or the mirror's
  std::string_view host;
  int attempt = 0;  // from 0: where a host was given several addresses, which of them
};

// A fresh handle on which everything that `network:` promises is already set and must not be
// changed again: the proxy (chosen by index into settings.proxies) or none with the environment's
// proxy variables shut out, name resolution, trust anchors, the allowed protocols (http and https),
// private addresses refused at the socket, user agent, time-outs, and for a site's pages its
// `resolve:` and `connect_to:`. With proxies configured there is no handle without one: fail
// closed. The caller adds the address, the method, the header (with own_headers), the body and the
// callbacks. `settings` must outlive the handle.
[[nodiscard]] Result<CurlEasy> make_easy_handle(const NetworkSettings& settings,
                                                std::size_t proxy_index, const Route& route);

// "Name: value" for each header that sites.yaml gives the site's pages, where `host` is one of the
// site's own; none elsewhere, so that a redirect or a picture from another site cannot collect
// them. bad_input where a secret among them cannot be read.
// Over http a secret goes nowhere but to a site that is itself discovered over http.
[[nodiscard]] Result<std::vector<std::string>> own_headers(const NetworkSettings& settings,
                                                           std::string_view site,
                                                           std::string_view host,
                                                           std::string_view scheme);

// The error for a name that leads to a private address: refused.
[[nodiscard]] Error private_address_error(std::string_view url);

// The error that libcurl's code stands for, said for a user, without credentials.
[[nodiscard]] Error transfer_error(int curl_code, std::string_view url, std::string_view detail);

// The same for an HTTP status of 400 or above (and what else is no success).
[[nodiscard]] Error status_error(long status, std::string_view url);

}  // namespace dandelion
