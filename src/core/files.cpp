// SPDX-License-Identifier: MIT
#include "core/files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.hpp"

namespace dandelion {
namespace {

constexpr std::size_t max_segment_bytes = 120;

// A file descriptor that closes itself; core/handle.hpp is for pointers.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ > STDERR_FILENO) ::close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  FileDescriptor(FileDescriptor&&) = delete;
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

tl::unexpected<Error> system_failure(std::string_view what, int number) {
  const ErrorKind kind = number == ENOENT   ? ErrorKind::not_found
                         : number == EEXIST ? ErrorKind::conflict
                                            : ErrorKind::storage;
  return fail(kind, "{}: {}", what, std::generic_category().message(number));
}

Result<std::string> read_all(int fd, std::string_view name, std::size_t max_bytes,
                             std::size_t expected) {
  std::string content;
  content.reserve(std::min(expected, max_bytes));
  std::array<char, 64U << 10> buffer{};
  for (;;) {
    const ssize_t count = ::read(fd, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_failure(name, errno);
    if (count == 0) return content;
    if (content.size() + static_cast<std::size_t>(count) > max_bytes) {
      return fail(ErrorKind::too_large, "{}: larger than {} bytes, which is the most we read", name,
                  max_bytes);
    }
    content.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

bool is_plain(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
         c == '_' || c == '-' || c >= 0x80;
}

// Names that Git refuses or hides, or that Windows keeps for devices: a clone has to check out
// everywhere.
bool is_reserved(std::string_view segment) {
  static constexpr std::array<std::string_view, 8> names = {"con",  "prn",   "aux",    "nul",
                                                            ".git", "git~1", "conin$", "conout$"};
  const std::string lower = ascii_lower(segment.substr(0, segment.find('.', 1)));
  if (std::find(names.begin(), names.end(), lower) != names.end()) return true;
  return lower.size() == 4 && (lower.starts_with("com") || lower.starts_with("lpt")) &&
         lower[3] >= '0' && lower[3] <= '9';
}

// Length in bytes of a character at the text's beginning that shows as nothing or turns the reading
// direction, 0 where there is none: HFS+ passes over these, so that ".g<U+200C>it" is ".git" there,
// and they make one name look like another.
std::size_t leading_invisible(std::string_view text) {
  const auto at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.size() < 3) return 0;
  const bool marks = at(0) == 0xE2 && at(1) == 0x80 &&
                     ((at(2) >= 0x8B && at(2) <= 0x8F) || (at(2) >= 0xA8 && at(2) <= 0xAE));
  const bool joiners = at(0) == 0xE2 && at(1) == 0x81 && at(2) >= 0xA0 && at(2) <= 0xAF;
  const bool byte_order_mark = at(0) == 0xEF && at(1) == 0xBB && at(2) == 0xBF;
  return marks || joiners || byte_order_mark ? 3 : 0;
}

bool has_invisible(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (leading_invisible(text.substr(i)) != 0) return true;
  }
  return false;
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return system_failure(path.string(), errno);
  struct stat status {};
  if (::fstat(file.get(), &status) == 0 && S_ISDIR(status.st_mode))
    return system_failure(path.string(), EISDIR);
  return read_all(file.get(), path.string(), max_bytes,
                  S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) : 0);
}

Result<std::string> read_standard_input(std::size_t max_bytes) {
  return read_all(STDIN_FILENO, "standard input", max_bytes, 0);
}

Result<void> create_file(const std::filesystem::path& path, std::string_view content,
                         bool is_private) {
  const FileDescriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, is_private ? 0600 : 0644));
  if (file.get() < 0) return system_failure(path.string(), errno);
  while (!content.empty()) {
    const ssize_t count = ::write(file.get(), content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int reason = errno;
      ::unlink(path.c_str());
      return system_failure(path.string(), reason);
    }
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> create_folders(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return fail(ErrorKind::storage, "{}: {}", path.string(), error.message());
  return {};
}

std::filesystem::path own_executable() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error);
}

std::filesystem::path data_folder() {
  return own_executable().parent_path().parent_path() / "share" / "dandelion";
}

std::string safe_path_segment(std::string_view text) {
  std::string segment;
  segment.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (const std::size_t invisible = leading_invisible(text.substr(i))) {
      i += invisible - 1;
    } else if (is_plain(static_cast<unsigned char>(text[i]))) {
      segment += text[i];
    } else if (!segment.empty() && segment.back() != '-') {
      segment += '-';
    }
  }
  if (!is_utf8(segment)) {
    std::erase_if(segment, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  }
  if (segment.size() > max_segment_bytes) {
    segment.resize(max_segment_bytes);
    while (!segment.empty() && !is_utf8(segment))
      segment.pop_back();
  }
  const auto first = segment.find_first_not_of(".-");
  segment.erase(0, first == std::string::npos ? segment.size() : first);
  while (!segment.empty() && (segment.back() == '.' || segment.back() == '-'))
    segment.pop_back();
  if (segment.empty()) return "_";
  if (is_reserved(segment)) segment.insert(0, "_");
  return segment;
}

bool is_safe_relative_path(std::string_view path) {
  if (path.empty() || path.size() > 1024 || !is_utf8(path) || has_invisible(path)) return false;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    if (segment.empty() || segment == "." || segment == ".." || segment.size() > 255) return false;
    if (segment.back() == '.' || segment.back() == ' ' || is_reserved(segment)) return false;
    for (const char c : segment) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 0x20 || byte == 0x7F || c == '\\' || c == ':' || c == '*' || c == '?' ||
          c == '"' || c == '<' || c == '>' || c == '|') {
        return false;
      }
    }
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
  return false;  // it ended in a slash
}

}  // namespace dandelion
