// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <git2.h>
#include <git2/sys/transport.h>

#include "core/error.hpp"
#include "publish/http_exchange.hpp"

namespace dandelion {

// Carries libgit2's smart protocol over our own HTTP requests. It belongs to one push and is handed
// to its remote alone; nothing is registered with libgit2, whose own http transport, which knows
// nothing of SOCKS, never gets to run.
class HttpSubtransport : private git_smart_subtransport {
 public:
  explicit HttpSubtransport(HttpSession session);
  HttpSubtransport(const HttpSubtransport&) = delete;
  HttpSubtransport& operator=(const HttpSubtransport&) = delete;
  HttpSubtransport(HttpSubtransport&&) = delete;
  HttpSubtransport& operator=(HttpSubtransport&&) = delete;
  ~HttpSubtransport() = default;

  // The transport for a remote, which then owns it; this object must outlive it. For
  // git_remote_callbacks.transport.
  int make_transport(git_transport** transport, git_remote* remote) noexcept;

  // What went wrong in our own words and kind; libgit2 knows only that something did.
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }
  [[nodiscard]] const HttpSession& session() const { return session_; }

 private:
  struct Stream;
  int fail_with(Error error);
  static int on_create(git_smart_subtransport** made, git_transport* owner, void* self) noexcept;
  static int on_action(git_smart_subtransport_stream** made, git_smart_subtransport* self,
                       const char* url, git_smart_service_t service) noexcept;
  static int on_close(git_smart_subtransport* self) noexcept;
  static void on_free(git_smart_subtransport* self) noexcept;

  HttpSession session_;
  std::optional<Error> failure_;
};

}  // namespace dandelion
