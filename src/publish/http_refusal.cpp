// SPDX-License-Identifier: MIT
#include "publish/http_refusal.hpp"

#include "core/url.hpp"
#include "fetch/easy_handle.hpp"
#include "publish/remote_words.hpp"

namespace dandelion {
namespace {

Error unauthorised(const HttpRefusal& refusal) {
  if (!refusal.has_token) {
    return {ErrorKind::refused, "the server asks for a token and the mirror has none (HTTP 401)"};
  }
  if (refusal.token_sent) return {ErrorKind::refused, "the token was not accepted (HTTP 401)"};
  const auto home = parse_url(refusal.mirror);
  const auto there = parse_url(refusal.url);
  const std::string where = redact_url(refusal.url.substr(0, refusal.url.find('?')));
  if (home && there && home->host == there->host) {
    return {ErrorKind::refused,
            fmt::format("{} leads to {}, and the token is for {}://{} alone (HTTP 401); if that is "
                        "right, write the new address behind the mirror's `url:`",
                        refusal.mirror, where, home->scheme, home->authority())};
  }
  return {ErrorKind::refused,
          fmt::format("{} leads to another host ({}), which does not get the token (HTTP 401)",
                      refusal.mirror, where)};
}

// What no status of HTTP's own says for a push is the host's own answer to it.
bool is_hosts_own(long status) {
  return status >= 400 && status < 500 && status != 407 && status != 408 && status != 425 &&
         status != 429 && status != 451;
}

Error meaning_of(const HttpRefusal& refusal) {
  switch (refusal.status) {
    case 403:
      return {ErrorKind::refused, "the server forbids the push (HTTP 403)"};
    case 404:
    case 410:
      return {ErrorKind::not_found,
              fmt::format("there is no repository at {}, or the token may not see it (HTTP {})",
                          refusal.mirror, refusal.status)};
    case 413:
      return {ErrorKind::too_large, "the push is larger than the server takes (HTTP 413)"};
    default:
      if (is_hosts_own(refusal.status)) {
        return {ErrorKind::refused,
                fmt::format("{} does not take the push (HTTP {})", refusal.mirror, refusal.status)};
      }
      if (refusal.status >= 400) {
        Error error = status_error(refusal.status, refusal.mirror);
        error.retry_after = refusal.retry_after;
        return error;
      }
      return {ErrorKind::refused,
              fmt::format("{} sends the push elsewhere (HTTP {})", refusal.mirror, refusal.status)};
  }
}

}  // namespace

Error refusal_error(const HttpRefusal& refusal) {
  if (refusal.status == 401) return unauthorised(refusal);
  Error error = meaning_of(refusal);
  if (const std::string words = first_remote_line(refusal.text); !words.empty())
    error.message += ": " + words;
  return error;
}

}  // namespace dandelion
