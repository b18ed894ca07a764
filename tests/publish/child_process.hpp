// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace dandelion::test {

// A folder of its own for a test, gone with it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name =
        (std::filesystem::temp_directory_path() / "dandelion-publish-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  TemporaryFolder(TemporaryFolder&&) = delete;
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

// A program that runs until the object goes; its output goes to `log`.
class ChildProcess {
 public:
  ChildProcess() = default;
  ChildProcess(const std::vector<std::string>& command, const std::filesystem::path& log) {
    std::vector<char*> arguments;
    for (const auto& word : command)
      arguments.push_back(const_cast<char*>(word.c_str()));  // NOLINT: execvp's API
    arguments.push_back(nullptr);
    pid_ = ::fork();
    // A process group of its own, so that stop() reaches its children too; set on both sides, as
    // either may be first.
    ::setpgid(pid_, pid_);
    if (pid_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    const int fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    ::dup2(fd, STDOUT_FILENO);
    ::dup2(fd, STDERR_FILENO);
    ::setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    ::setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
    ::setenv("GIT_TERMINAL_PROMPT", "0", 1);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  ~ChildProcess() { stop(); }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ChildProcess(ChildProcess&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  ChildProcess& operator=(ChildProcess&& other) noexcept {
    std::swap(pid_, other.pid_);
    return *this;
  }

  // Its exit code; 128 and the signal where it was killed.
  int wait() {
    int status = 0;
    if (pid_ <= 0 || ::waitpid(std::exchange(pid_, -1), &status, 0) < 0) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  [[nodiscard]] bool running() {
    if (pid_ <= 0) return false;
    if (::waitpid(pid_, nullptr, WNOHANG) != pid_) return true;
    pid_ = -1;
    return false;
  }
  void stop(int signal = SIGTERM) {
    if (pid_ <= 0) return;
    ::kill(-pid_, signal);
    wait();
  }

 private:
  pid_t pid_ = -1;
};

inline std::string file_text(const std::filesystem::path& path) {
  std::string text;
  if (FILE* file = std::fopen(path.c_str(), "rb")) {
    std::array<char, 65536> buffer{};
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file))
      text.append(buffer.data(), count);
    std::fclose(file);
  }
  return text;
}

inline void write_text(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  FILE* file = std::fopen(path.c_str(), "wb");
  std::fwrite(text.data(), 1, text.size(), file);
  std::fclose(file);
}

struct Finished {
  int code = -1;
  std::string output;  // standard output and error
};

// Runs a program to its end.
inline Finished run(const std::vector<std::string>& command) {
  TemporaryFolder folder;
  ChildProcess child(command, folder / "output");
  const int code = child.wait();
  return {code, file_text(folder / "output")};
}

// The program's path where it is installed, empty otherwise; servers live in sbin, which is not in
// every PATH.
inline std::string find_program(const std::string& name) {
  for (const char* folder :
       {"/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/", "/usr/lib/git-core/"}) {
    if (::access((folder + name).c_str(), X_OK) == 0) return folder + name;
  }
  return {};
}

}  // namespace dandelion::test
