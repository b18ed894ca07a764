// SPDX-License-Identifier: MIT
#include "publish/program_conversation.hpp"

#include <array>

#include "publish/piped_process.hpp"
#include "publish/remote_words.hpp"

namespace dandelion {
namespace {

using std::chrono::milliseconds;

struct Sign {
  std::string_view words;
  ErrorKind kind;
  std::string_view meaning;
};
// The words of ssh, of servers and of git, where they tell more than an exit code. They are no
// interface, but there is none.
constexpr std::array<Sign, 10> signs = {{
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
    {"dubious ownership", ErrorKind::refused,
     "the repository is another user's, and git runs no hooks of others"},
}};

class ProgramConversation : public Conversation {
 public:
  ProgramConversation(PipedProcess process, std::string program, std::string address)
      : process_(std::move(process)), program_(std::move(program)), address_(std::move(address)) {}

  Result<void> write(std::string_view bytes, milliseconds patience) override {
    return process_.write(bytes, patience);
  }
  Result<std::size_t> read(std::span<char> buffer, milliseconds patience) override {
    return process_.read(buffer, patience);
  }

  Error ended_early() override {
    const int code = process_.wait();
    const std::string& said = process_.complaints();
    for (const Sign& sign : signs) {
      if (said.find(sign.words) != std::string::npos) {
        return {sign.kind,
                fmt::format("{}: {} ({})", address_, sign.meaning, clean_remote_text(said))};
      }
    }
    return {ErrorKind::transient, fmt::format("{}: {} ended with {}{}", address_, program_, code,
                                              said.empty() ? "" : ": " + clean_remote_text(said))};
  }

 private:
  PipedProcess process_;
  std::string program_;
  std::string address_;
};

}  // namespace

Result<std::unique_ptr<Conversation>> converse_with_program(const std::vector<std::string>& command,
                                                            const std::string& address) {
  auto process = PipedProcess::start(command);
  if (!process) return tl::unexpected(std::move(process.error()));
  return std::make_unique<ProgramConversation>(std::move(*process), command.front(), address);
}

}  // namespace dandelion
