// SPDX-License-Identifier: MIT
#include "publish/conversation_subtransport.hpp"

#include <new>

namespace dandelion {

struct ConversationSubtransport::Stream : git_smart_subtransport_stream {
  explicit Stream(ConversationSubtransport& transport)
      : git_smart_subtransport_stream{}, owner(transport) {
    subtransport = &transport;
    read = &Stream::on_read;
    write = &Stream::on_write;
    free = &Stream::on_free;
  }

  static int on_read(git_smart_subtransport_stream* self, char* buffer, std::size_t size,
                     std::size_t* count) noexcept {
    ConversationSubtransport& owner = static_cast<Stream*>(self)->owner;
    try {
      const auto patience = owner.heard_ ? owner.patience_ : owner.timeout_;
      auto received = owner.conversation_->read({buffer, size}, patience);
      if (!received) return owner.fail_with(std::move(received.error()));
      if (*received == 0) return owner.fail_with(owner.conversation_->ended_early());
      owner.heard_ = true;
      *count = *received;
      return 0;
    } catch (const std::bad_alloc&) {
      return -1;
    }
  }
  static int on_write(git_smart_subtransport_stream* self, const char* bytes,
                      std::size_t size) noexcept {
    ConversationSubtransport& owner = static_cast<Stream*>(self)->owner;
    try {
      auto sent = owner.conversation_->write({bytes, size}, owner.patience_);
      return sent ? 0 : owner.fail_with(std::move(sent.error()));
    } catch (const std::bad_alloc&) {
      return -1;
    }
  }
  static void on_free(git_smart_subtransport_stream* self) noexcept {
    const std::unique_ptr<Stream> ended(static_cast<Stream*>(self));
    ended->owner.stream_ = nullptr;
  }

  ConversationSubtransport& owner;
};

ConversationSubtransport::ConversationSubtransport(Opener open, std::chrono::milliseconds timeout,
                                                   std::chrono::milliseconds patience)
    : git_smart_subtransport{}, open_(std::move(open)), timeout_(timeout), patience_(patience) {
  action = &ConversationSubtransport::on_action;
  close = &ConversationSubtransport::on_close;
  free = &ConversationSubtransport::on_free;
}

int ConversationSubtransport::make_transport(git_transport** transport,
                                             git_remote* remote) noexcept {
  // Not stateless: one conversation from the list of refs to the report.
  git_smart_subtransport_definition definition{&ConversationSubtransport::on_create, 0, this};
  return git_transport_smart(transport, remote, &definition);
}

int ConversationSubtransport::fail_with(Error error) {
  git_error_set_str(GIT_ERROR_NET, error.message.c_str());
  if (!failure_) failure_ = std::move(error);
  return -1;
}

int ConversationSubtransport::on_create(git_smart_subtransport** made, git_transport* /*owner*/,
                                        void* self) noexcept {
  *made = static_cast<ConversationSubtransport*>(self);
  return 0;
}

int ConversationSubtransport::on_action(git_smart_subtransport_stream** made,
                                        git_smart_subtransport* self, const char* /*url*/,
                                        git_smart_service_t /*service*/) noexcept {
  auto* transport = static_cast<ConversationSubtransport*>(self);
  try {
    // One conversation: it began with the list of refs.
    if (transport->stream_ != nullptr) {
      *made = transport->stream_;
      return 0;
    }
    auto opened = transport->open_();
    if (!opened) return transport->fail_with(std::move(opened.error()));
    transport->conversation_ = std::move(*opened);
    transport->stream_ = std::make_unique<Stream>(*transport).release();
    *made = transport->stream_;
    return 0;
  } catch (const std::bad_alloc&) {
    return -1;
  }
}

int ConversationSubtransport::on_close(git_smart_subtransport* self) noexcept {
  static_cast<ConversationSubtransport*>(self)->conversation_.reset();
  return 0;
}

// push() owns it.
void ConversationSubtransport::on_free(git_smart_subtransport* /*self*/) noexcept {}

}  // namespace dandelion
