// SPDX-License-Identifier: MIT
#include "publish/piped_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/c_strings.hpp"
#include "publish/patient_poll.hpp"

extern char** environ;

namespace dandelion {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t max_complaints = 16U << 10;

void close_fd(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

struct Pair {
  int ours = -1;
  int its = -1;
  Pair() = default;
  ~Pair() {
    close_fd(ours);
    close_fd(its);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
  Pair(Pair&&) = delete;
  Pair& operator=(Pair&&) = delete;

  // A socket, not a pipe: writing to one whose reader is gone can be asked not to raise SIGPIPE.
  [[nodiscard]] bool open() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return false;
    ours = ends[0];
    its = ends[1];
    return true;
  }
  [[nodiscard]] int keep() { return std::exchange(ours, -1); }
};

std::vector<std::string> environment(const std::vector<std::string>& extra) {
  std::vector<std::string> variables(extra);
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string_view variable = *each;
    const std::string_view name = variable.substr(0, variable.find('='));
    const bool replaced = std::any_of(extra.begin(), extra.end(), [&](const std::string& other) {
      return other.substr(0, other.find('=')) == name;
    });
    if (!replaced && name != "LANG" && name != "LANGUAGE" && !name.starts_with("LC_"))
      variables.emplace_back(variable);
  }
  return variables;
}

}  // namespace

Result<PipedProcess> PipedProcess::start(const std::vector<std::string>& command,
                                         const std::vector<std::string>& extra) {
  Pair in;
  Pair out;
  Pair err;
  if (!in.open() || !out.open() || !err.open()) {
    return fail(ErrorKind::storage, "start {}: {}", command.front(),
                std::generic_category().message(errno));
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.its, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.its, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.its, STDERR_FILENO);
  std::vector<std::string> words = command;
  std::vector<std::string> variables = environment(extra);
  pid_t pid = -1;
  const int code = ::posix_spawnp(&pid, words.front().c_str(), &actions, nullptr,
                                  c_strings(words).data(), c_strings(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  if (code != 0) {
    return fail(code == ENOENT ? ErrorKind::not_found : ErrorKind::storage, "start {}: {}",
                command.front(), std::generic_category().message(code));
  }
  for (const int fd : {in.ours, out.ours, err.ours})
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
  return PipedProcess(pid, in.keep(), out.keep(), err.keep());
}

PipedProcess::PipedProcess(PipedProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      in_(std::exchange(other.in_, -1)),
      out_(std::exchange(other.out_, -1)),
      err_(std::exchange(other.err_, -1)),
      complaints_(std::move(other.complaints_)) {}

PipedProcess::~PipedProcess() {
  if (pid_ > 0) ::kill(pid_, SIGTERM);
  static_cast<void>(wait());
}

void PipedProcess::hear_complaints() {
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t count = err_ < 0 ? 0 : ::read(err_, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
      close_fd(err_);
      return;
    }
    const std::size_t room = max_complaints - std::min(max_complaints, complaints_.size());
    complaints_.append(buffer.data(), std::min(room, static_cast<std::size_t>(count)));
  }
}

Result<void> PipedProcess::until_ready(bool to_write, milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    std::array<pollfd, 2> waiting{};
    waiting[0] = {to_write ? in_ : out_, static_cast<short>(to_write ? POLLOUT : POLLIN), 0};
    waiting[1] = {err_, POLLIN, 0};  // -1 is passed over
    if (auto ready = poll_patiently(waiting, until); !ready) return ready;
    if (waiting[1].revents != 0) hear_complaints();
    if (waiting[0].revents != 0) return {};
  }
}

Result<void> PipedProcess::write(std::string_view bytes, milliseconds patience) {
  while (!bytes.empty()) {
    if (auto ready = until_ready(true, patience); !ready) return ready;
    const ssize_t count = ::send(in_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (count < 0) return fail(ErrorKind::transient, "the other side hung up");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<std::size_t> PipedProcess::read(std::span<char> buffer, milliseconds patience) {
  for (;;) {
    if (auto ready = until_ready(false, patience); !ready)
      return tl::unexpected(std::move(ready.error()));
    const ssize_t count = ::read(out_, buffer.data(), buffer.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (count < 0) return fail(ErrorKind::transient, "the other side hung up");
    return static_cast<std::size_t>(count);
  }
}

void PipedProcess::close_input() {
  close_fd(in_);
}

int PipedProcess::wait() {
  close_fd(in_);
  close_fd(out_);
  int status = 0;
  if (pid_ > 0) {
    // What it says last is read until it is gone.
    while (err_ >= 0) {
      pollfd waiting{err_, POLLIN, 0};
      if (::poll(&waiting, 1, 5'000) <= 0) break;
      hear_complaints();
    }
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
  }
  close_fd(err_);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace dandelion
