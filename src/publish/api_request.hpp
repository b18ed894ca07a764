// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/network_settings.hpp"
#include "publish/redaction.hpp"

namespace dandelion {

// A request to a Git host's own interface, or one that a reader's browser would make.
struct ApiRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::string> headers;  // "Name: value"; credentials among them go to this host alone
  std::string body;                  // JSON; empty: none
  bool follows_redirects = false;    // up to five, and then without `headers`
};

struct ApiAnswer {
  long status = 0;
  std::map<std::string, std::string> headers;  // names in small letters; the last answer's
  std::string body;                            // at most a megabyte of it
  std::string url{};                           // where it came from, after redirects

  // The header's value; empty where there is none.
  [[nodiscard]] std::string header(const std::string& name) const;
};

// Sends it through the first proxy that takes it, as make_easy_handle makes every connection;
// `mirror` names it for isolation. Any status is an answer; an Error is a connection that failed.
// Answers and errors have passed `redaction`, whose secrets the host may know of other requests.
[[nodiscard]] Result<ApiAnswer> send_request(const NetworkSettings& network,
                                             const std::string& mirror, const ApiRequest& request,
                                             const Redaction& redaction);

}  // namespace dandelion
