// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include <git2.h>
#include <git2/sys/transport.h>

#include "core/error.hpp"
#include "publish/conversation.hpp"

namespace dandelion {

// Carries libgit2's smart protocol over a conversation. Like HttpSubtransport it belongs to one
// push and is handed to its remote alone. The other side has `timeout` for its first words, and is
// then given `patience`.
class ConversationSubtransport : private git_smart_subtransport {
 public:
  using Opener = std::function<Result<std::unique_ptr<Conversation>>()>;

  ConversationSubtransport(Opener open, std::chrono::milliseconds timeout,
                           std::chrono::milliseconds patience);
  ConversationSubtransport(const ConversationSubtransport&) = delete;
  ConversationSubtransport& operator=(const ConversationSubtransport&) = delete;
  ConversationSubtransport(ConversationSubtransport&&) = delete;
  ConversationSubtransport& operator=(ConversationSubtransport&&) = delete;
  ~ConversationSubtransport() = default;

  // The transport for a remote, which then owns it; this object must outlive it. For
  // git_remote_callbacks.transport.
  int make_transport(git_transport** transport, git_remote* remote) noexcept;

  // What went wrong in our own words and kind; libgit2 knows only that something did.
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

 private:
  struct Stream;
  int fail_with(Error error);
  static int on_create(git_smart_subtransport** made, git_transport* owner, void* self) noexcept;
  static int on_action(git_smart_subtransport_stream** made, git_smart_subtransport* self,
                       const char* url, git_smart_service_t service) noexcept;
  static int on_close(git_smart_subtransport* self) noexcept;
  static void on_free(git_smart_subtransport* self) noexcept;

  Opener open_;
  std::chrono::milliseconds timeout_;
  std::chrono::milliseconds patience_;
  std::unique_ptr<Conversation> conversation_;
  Stream* stream_ = nullptr;  // one for the whole conversation; libgit2 frees it
  bool heard_ = false;        // whether the other side said anything
  std::optional<Error> failure_;
};

}  // namespace dandelion
