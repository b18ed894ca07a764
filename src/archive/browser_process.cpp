// SPDX-License-Identifier: MIT
#include "archive/browser_process.hpp"

#include <array>
#include <cstdlib>
#include <utility>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/c_strings.hpp"
#include "core/files.hpp"
#include "core/text.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

// Where --remote-debugging-pipe reads and writes.
constexpr int pipe_in = 3;
constexpr int pipe_out = 4;
// Above all that the child is given.
constexpr int first_own = 10;
constexpr std::size_t max_complaints = 1U << 20;
constexpr std::string_view complaints_name = "complaints";

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() { reset(); }
  void reset(int fd = -1) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

// Both ends out of the way of what the child is given.
bool open_pipe(Descriptor& reading, Descriptor& writing) {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  reading.reset(::fcntl(ends[0], F_DUPFD_CLOEXEC, first_own));
  writing.reset(::fcntl(ends[1], F_DUPFD_CLOEXEC, first_own));
  ::close(ends[0]);
  ::close(ends[1]);
  return reading.get() >= 0 && writing.get() >= 0;
}

tl::unexpected<Error> cannot_start(const std::string& program) {
  return fail(ErrorKind::storage, "{} cannot be started: {}", program,
              std::generic_category().message(errno));
}

// Nothing that tells of the user, or leads a connection elsewhere.
std::vector<std::string> environment(const fs::path& folder) {
  const char* path = std::getenv("PATH");
  std::vector<std::string> variables = {
      std::string("PATH=") + (path == nullptr ? "/usr/bin" : path), "LANG=C.UTF-8", "TZ=UTC"};
  for (const char* name :
       {"HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"})
    variables.push_back(fmt::format("{}={}", name, folder.string()));
  return variables;
}

struct Child {
  const char* program;
  char* const* arguments;
  char* const* variables;
  int in;
  int out;
  int nothing;
  int complaints;
  pid_t parent;
};

// Between fork and exec: only what a signal handler may do.
[[noreturn]] void become(const Child& child) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != child.parent) ::_exit(1);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const bool given = ::dup2(child.nothing, STDIN_FILENO) >= 0 &&
                     ::dup2(child.nothing, STDOUT_FILENO) >= 0 &&
                     ::dup2(child.complaints, STDERR_FILENO) >= 0 &&
                     ::dup2(child.in, pipe_in) >= 0 && ::dup2(child.out, pipe_out) >= 0;
  if (given) ::execve(child.program, child.arguments, child.variables);
  ::_exit(1);
}

}  // namespace

Result<std::string> find_browser() {
  const char* path = std::getenv("PATH");
  for (const char* name :
       {"chromium", "chromium-browser", "google-chrome-stable", "google-chrome"}) {
    std::string_view rest = path == nullptr ? "/usr/bin:/usr/local/bin" : path;
    while (!rest.empty()) {
      const auto end = std::min(rest.find(':'), rest.size());
      const std::string file = fmt::format("{}/{}", rest.substr(0, end), name);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (file.starts_with("/") && ::access(file.c_str(), X_OK) == 0) return file;
    }
  }
  return fail(ErrorKind::bad_input,
              "--browser: there is no Chromium in PATH; install it (Debian: apt install chromium), "
              "or leave "
              "--browser out");
}

Result<BrowserProcess> BrowserProcess::start(const std::string& program,
                                             const std::vector<std::string>& arguments) {
  std::error_code error;
  std::string folder = (fs::temp_directory_path(error) / "dandelion-browser-XXXXXX").string();
  if (error || ::mkdtemp(folder.data()) == nullptr) return cannot_start(program);
  // From here on the object clears up, whatever fails.
  BrowserProcess process(folder, -1, -1, -1);
  std::vector<std::string> words = {program, "--remote-debugging-pipe",
                                    "--user-data-dir=" + folder};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables = environment(folder);
  const auto argument_pointers = c_strings(words);
  const auto variable_pointers = c_strings(variables);
  Descriptor child_in;
  Descriptor child_out;
  Descriptor commands;
  Descriptor answers;
  if (!open_pipe(child_in, commands) || !open_pipe(answers, child_out))
    return cannot_start(program);
  const Descriptor nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  const Descriptor complaints(
      ::open((process.folder_ / complaints_name).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (nothing.get() < 0 || complaints.get() < 0) return cannot_start(program);
  const Child child{program.c_str(),          argument_pointers.data(),
                    variable_pointers.data(), child_in.get(),
                    child_out.get(),          nothing.get(),
                    complaints.get(),         ::getpid()};
  process.pid_ = ::fork();
  if (process.pid_ == 0) become(child);
  if (process.pid_ < 0) return cannot_start(program);
  // Also here, so that it is so before anybody kills the group.
  ::setpgid(process.pid_, process.pid_);
  for (const int fd : {commands.get(), answers.get()})
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
  process.commands_ = commands.release();
  process.answers_ = answers.release();
  return process;
}

BrowserProcess::BrowserProcess(BrowserProcess&& other) noexcept
    : folder_(std::exchange(other.folder_, {})),
      pid_(std::exchange(other.pid_, -1)),
      commands_(std::exchange(other.commands_, -1)),
      answers_(std::exchange(other.answers_, -1)) {}

BrowserProcess::~BrowserProcess() {
  for (const int fd : {commands_, answers_}) {
    if (fd >= 0) ::close(fd);
  }
  if (pid_ > 0) {
    ::kill(-pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  if (folder_.empty()) return;
  // Its other processes end a moment later, and may write until then.
  std::error_code error;
  for (int tries = 0; tries < 50 && fs::exists(folder_, error); ++tries) {
    fs::remove_all(folder_, error);
    if (error) ::usleep(20'000);
  }
}

std::string BrowserProcess::complaint() const {
  const auto text = read_file(folder_ / complaints_name, max_complaints);
  if (!text) return {};
  const std::string_view all = trim(*text);
  const auto last = all.rfind('\n');
  return std::string(trim(all.substr(last == std::string_view::npos ? 0 : last + 1)));
}

}  // namespace dandelion
