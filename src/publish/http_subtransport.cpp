// SPDX-License-Identifier: MIT
#include "publish/http_subtransport.hpp"

#include <memory>
#include <new>

namespace dandelion {
namespace {

HttpExchange::Kind kind_of(git_smart_service_t service) {
  switch (service) {
    case GIT_SERVICE_UPLOADPACK_LS:
      return HttpExchange::Kind::upload_advertisement;
    case GIT_SERVICE_UPLOADPACK:
      return HttpExchange::Kind::upload_pack;
    case GIT_SERVICE_RECEIVEPACK_LS:
      return HttpExchange::Kind::receive_advertisement;
    case GIT_SERVICE_RECEIVEPACK:
      break;
  }
  return HttpExchange::Kind::receive_pack;
}

}  // namespace

// One request; libgit2 reads and writes it, and frees it.
struct HttpSubtransport::Stream : git_smart_subtransport_stream {
  Stream(HttpSubtransport& transport, HttpExchange::Kind kind)
      : git_smart_subtransport_stream{}, owner(transport), exchange(transport.session_, kind) {
    subtransport = &transport;
    read = &Stream::on_read;
    write = &Stream::on_write;
    free = &Stream::on_free;
  }

  static int on_read(git_smart_subtransport_stream* self, char* buffer, std::size_t size,
                     std::size_t* count) noexcept {
    auto* stream = static_cast<Stream*>(self);
    try {
      auto received = stream->exchange.receive({buffer, size});
      if (!received) return stream->owner.fail_with(std::move(received.error()));
      *count = *received;
      return 0;
    } catch (const std::bad_alloc&) {
      return -1;
    }
  }
  static int on_write(git_smart_subtransport_stream* self, const char* bytes,
                      std::size_t size) noexcept {
    auto* stream = static_cast<Stream*>(self);
    try {
      auto sent = stream->exchange.send({bytes, size});
      return sent ? 0 : stream->owner.fail_with(std::move(sent.error()));
    } catch (const std::bad_alloc&) {
      return -1;
    }
  }
  static void on_free(git_smart_subtransport_stream* self) noexcept {
    const std::unique_ptr<Stream> ended(static_cast<Stream*>(self));
  }

  HttpSubtransport& owner;
  HttpExchange exchange;
};

HttpSubtransport::HttpSubtransport(HttpSession session)
    : git_smart_subtransport{}, session_(std::move(session)) {
  action = &HttpSubtransport::on_action;
  close = &HttpSubtransport::on_close;
  free = &HttpSubtransport::on_free;
}

int HttpSubtransport::make_transport(git_transport** transport, git_remote* remote) noexcept {
  // Stateless: each request stands for itself. libgit2 reads the definition before it returns.
  git_smart_subtransport_definition definition{&HttpSubtransport::on_create, 1, this};
  return git_transport_smart(transport, remote, &definition);
}

int HttpSubtransport::fail_with(Error error) {
  git_error_set_str(GIT_ERROR_NET, error.message.c_str());
  failure_ = std::move(error);
  return -1;
}

// It never fails: libgit2 1.5 would go on to free what was not made.
int HttpSubtransport::on_create(git_smart_subtransport** made, git_transport* /*owner*/,
                                void* self) noexcept {
  *made = static_cast<HttpSubtransport*>(self);
  return 0;
}

int HttpSubtransport::on_action(git_smart_subtransport_stream** made, git_smart_subtransport* self,
                                const char* /*url*/, git_smart_service_t service) noexcept {
  auto* transport = static_cast<HttpSubtransport*>(self);
  try {
    *made = std::make_unique<Stream>(*transport, kind_of(service)).release();
    return 0;
  } catch (const std::bad_alloc&) {
    return -1;
  }
}

int HttpSubtransport::on_close(git_smart_subtransport* /*self*/) noexcept {
  return 0;
}

// push() owns it.
void HttpSubtransport::on_free(git_smart_subtransport* /*self*/) noexcept {}

}  // namespace dandelion
