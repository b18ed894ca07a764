// SPDX-License-Identifier: MIT
#include "publish/ssh_subtransport.hpp"

#include <array>
#include <memory>
#include <new>

#include "publish/remote_words.hpp"

namespace dandelion {
namespace {

struct Sign {
  std::string_view words;
  ErrorKind kind;
  std::string_view meaning;
};
// ssh's words, and those of servers, where they tell more than an exit code. They are no interface,
// but there is none. Of several the first that stands here counts: a key that ssh could not use
// ends in "Permission denied" as well.
constexpr std::array<Sign, 9> signs = {{
    {"REMOTE HOST IDENTIFICATION HAS CHANGED", ErrorKind::refused,
     "the server shows another key than it used to: it may not be the server"},
    {"Host key verification failed", ErrorKind::refused,
     "the server's key is not among the known hosts; add it to `known_hosts`"},
    {"UNPROTECTED PRIVATE KEY FILE", ErrorKind::bad_input,
     "the ssh key can be read by others; `chmod 600` it"},
    {"does not appear to be a git repository", ErrorKind::not_found,
     "there is no repository at this address"},
    {"Repository not found", ErrorKind::not_found,
     "there is no repository at this address, or the key may not see it"},
    {"could not be found", ErrorKind::not_found,
     "there is no repository at this address, or the key may not see it"},
    {"no such identity", ErrorKind::bad_input, "the ssh key is not there"},
    {"bad permissions", ErrorKind::bad_input, "the ssh key can be read by others"},
    {"Permission denied", ErrorKind::refused, "the server takes none of our ssh keys"},
}};

}  // namespace

struct SshSubtransport::Stream : git_smart_subtransport_stream {
  explicit Stream(SshSubtransport& transport) : git_smart_subtransport_stream{}, owner(transport) {
    subtransport = &transport;
    read = &Stream::on_read;
    write = &Stream::on_write;
    free = &Stream::on_free;
  }

  static int on_read(git_smart_subtransport_stream* self, char* buffer, std::size_t size,
                     std::size_t* count) noexcept {
    SshSubtransport& owner = static_cast<Stream*>(self)->owner;
    try {
      const auto patience = owner.heard_ ? owner.patience_ : owner.timeout_;
      auto received = owner.ssh_->read({buffer, size}, patience);
      if (!received) return owner.fail_with(std::move(received.error()));
      if (*received == 0) return owner.fail_with(owner.ended_early());
      owner.heard_ = true;
      *count = *received;
      return 0;
    } catch (const std::bad_alloc&) {
      return -1;
    }
  }
  static int on_write(git_smart_subtransport_stream* self, const char* bytes,
                      std::size_t size) noexcept {
    SshSubtransport& owner = static_cast<Stream*>(self)->owner;
    try {
      auto sent = owner.ssh_->write({bytes, size}, owner.patience_);
      return sent ? 0 : owner.fail_with(std::move(sent.error()));
    } catch (const std::bad_alloc&) {
      return -1;
    }
  }
  static void on_free(git_smart_subtransport_stream* self) noexcept {
    const std::unique_ptr<Stream> ended(static_cast<Stream*>(self));
    ended->owner.stream_ = nullptr;
  }

  SshSubtransport& owner;
};

SshSubtransport::SshSubtransport(std::vector<std::string> command, std::string address,
                                 std::chrono::milliseconds timeout,
                                 std::chrono::milliseconds patience)
    : git_smart_subtransport{},
      command_(std::move(command)),
      address_(std::move(address)),
      timeout_(timeout),
      patience_(patience) {
  action = &SshSubtransport::on_action;
  close = &SshSubtransport::on_close;
  free = &SshSubtransport::on_free;
}

int SshSubtransport::make_transport(git_transport** transport, git_remote* remote) noexcept {
  // Not stateless: one conversation from the list of refs to the report.
  git_smart_subtransport_definition definition{&SshSubtransport::on_create, 0, this};
  return git_transport_smart(transport, remote, &definition);
}

int SshSubtransport::fail_with(Error error) {
  git_error_set_str(GIT_ERROR_SSH, error.message.c_str());
  if (!failure_) failure_ = std::move(error);
  return -1;
}

// ssh or the other side hung up where an answer was due.
Error SshSubtransport::ended_early() {
  const int code = ssh_->wait();
  const std::string& said = ssh_->complaints();
  for (const Sign& sign : signs) {
    if (said.find(sign.words) != std::string::npos) {
      return {sign.kind,
              fmt::format("{}: {} ({})", address_, sign.meaning, clean_remote_text(said))};
    }
  }
  return {ErrorKind::transient, fmt::format("{}: ssh ended with {}{}", address_, code,
                                            said.empty() ? "" : ": " + clean_remote_text(said))};
}

int SshSubtransport::on_create(git_smart_subtransport** made, git_transport* /*owner*/,
                               void* self) noexcept {
  *made = static_cast<SshSubtransport*>(self);
  return 0;
}

int SshSubtransport::on_action(git_smart_subtransport_stream** made, git_smart_subtransport* self,
                               const char* /*url*/, git_smart_service_t /*service*/) noexcept {
  auto* transport = static_cast<SshSubtransport*>(self);
  try {
    // One conversation: it began with the list of refs.
    if (transport->stream_ != nullptr) {
      *made = transport->stream_;
      return 0;
    }
    auto ssh = PipedProcess::start(transport->command_);
    if (!ssh) {
      Error error = std::move(ssh.error());
      if (error.kind == ErrorKind::not_found)
        error = {ErrorKind::bad_input, "a push over ssh needs the program ssh (openssh-client)"};
      return transport->fail_with(std::move(error));
    }
    transport->ssh_.emplace(std::move(*ssh));
    transport->stream_ = std::make_unique<Stream>(*transport).release();
    *made = transport->stream_;
    return 0;
  } catch (const std::bad_alloc&) {
    return -1;
  }
}

int SshSubtransport::on_close(git_smart_subtransport* self) noexcept {
  static_cast<SshSubtransport*>(self)->ssh_.reset();
  return 0;
}

// push() owns it.
void SshSubtransport::on_free(git_smart_subtransport* /*self*/) noexcept {}

}  // namespace dandelion
