// SPDX-License-Identifier: MIT
#include "publish/credential_helper.hpp"

#include <array>
#include <string_view>

#include "core/log.hpp"
#include "publish/piped_process.hpp"

namespace dandelion {
namespace {

constexpr std::chrono::seconds patience{30};
constexpr std::size_t max_answer_bytes = 64U << 10;

std::string value_of(std::string_view answer, std::string_view key) {
  while (!answer.empty()) {
    const std::string_view line = answer.substr(0, std::min(answer.find('\n'), answer.size()));
    if (line.starts_with(key)) return std::string(line.substr(key.size()));
    answer.remove_prefix(std::min(line.size() + 1, answer.size()));
  }
  return {};
}

Result<std::string> read_all(PipedProcess& process) {
  std::string all;
  std::array<char, 4096> buffer{};
  for (;;) {
    auto count = process.read(buffer, patience);
    if (!count) return tl::unexpected(std::move(count.error()));
    if (*count == 0 || all.size() > max_answer_bytes) return all;
    all.append(buffer.data(), *count);
  }
}

// `git credential ACTION` with this helper and no other, its question asked.
Result<PipedProcess> ask_git(const std::string& action, const std::string& helper, const Url& url,
                             std::string_view known) {
  auto git = PipedProcess::start({"git", "-c", "credential.helper=", "-c",
                                  "credential.helper=" + helper, "credential", action},
                                 {"GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=", "SSH_ASKPASS="});
  if (!git) {
    return fail(ErrorKind::bad_input, "a credential helper needs the program git: {}",
                git.error().message);
  }
  const std::string question =
      fmt::format("protocol={}\nhost={}\npath={}\n{}\n", url.scheme, url.authority(),
                  url.path.substr(std::min<std::size_t>(1, url.path.size())), known);
  if (auto asked = git->write(question, patience); !asked)
    return tl::unexpected(std::move(asked.error()));
  git->close_input();
  return git;
}

std::string line(std::string_view key, std::string_view value) {
  return value.empty() ? std::string() : fmt::format("{}={}\n", key, value);
}

// Why a helper gave no password. Its own words are not repeated: they may hold one, and an error is
// kept in the state and sent to the operator.
std::string_view reason_in(std::string_view complaints) {
  if (complaints.find("is not a git command") != std::string_view::npos)
    return "git knows no helper of that name";
  return "what it says is not repeated here, for it may hold a password; ask it by hand with `git "
         "credential fill`";
}

bool is_one_line(std::string_view value) {
  return value.find_first_of(std::string_view("\n\0", 2)) == std::string_view::npos;
}

}  // namespace

Result<Credentials> ask_credential_helper(const std::string& helper, const Url& url,
                                          const std::string& username) {
  auto git = ask_git("fill", helper, url, line("username", username));
  if (!git) return tl::unexpected(std::move(git.error()));
  const auto answer = read_all(*git);
  if (!answer) return tl::unexpected(answer.error());
  const int code = git->wait();
  std::string password = value_of(*answer, "password=");
  if (code != 0 || password.empty()) {
    return fail(ErrorKind::refused, "the credential helper has nothing for {}: {}", url.host,
                reason_in(git->complaints()));
  }
  return Credentials{value_of(*answer, "username="), Secret(std::move(password))};
}

void tell_credential_helper(const std::string& helper, const Url& url,
                            const Credentials& credentials, bool accepted) {
  const std::string& token = credentials.token.reveal();
  if (!is_one_line(credentials.username) || !is_one_line(token)) return;
  auto git = ask_git(accepted ? "approve" : "reject", helper, url,
                     line("username", credentials.username) + line("password", token));
  if (git) static_cast<void>(read_all(*git));
  if (!git || git->wait() != 0) {
    log_warning("the credential helper could not be told that {} {} its token", url.host,
                accepted ? "took" : "did not take");
  }
}

}  // namespace dandelion
