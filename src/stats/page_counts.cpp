// SPDX-License-Identifier: MIT
#include "stats/page_counts.hpp"

#include <cerrno>
#include <cstring>

#include <unistd.h>
#include <zlib.h>

#include "core/handle.hpp"

namespace dandelion {
namespace {

using GzipFile = Handle<gzFile_s, gzclose_r>;

constexpr std::size_t max_line = 1U << 20U;
constexpr std::size_t chunk = 1U << 18U;

}  // namespace

void Count::add(Visitor visitor) {
  switch (visitor) {
    case Visitor::reader:
      ++readers;
      break;
    case Visitor::proxy:
      ++proxies;
      break;
    case Visitor::bot:
      ++bots;
      break;
  }
}

void PageCounts::add(const LogLine& line) {
  pages_[line.path].add(line.visitor);
  days_[line.day].add(line.visitor);
}

void PageCounts::take(std::string_view line) {
  if (line.empty()) return;
  ++lines_;
  if (const auto read = read_log_line(line)) {
    add(*read);
  } else {
    ++passed_over_;
  }
}

Result<void> PageCounts::read(const std::filesystem::path& log) {
  const bool standard_input = log == "-";
  const GzipFile file(standard_input ? gzdopen(dup(STDIN_FILENO), "rb")
                                     : gzopen(log.c_str(), "rb"));
  if (file == nullptr) {
    return fail(errno == ENOENT ? ErrorKind::not_found : ErrorKind::storage, "{}: {}", log.string(),
                std::strerror(errno));
  }
  std::string text;
  std::string buffer(chunk, '\0');
  for (;;) {
    const int got = gzread(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()));
    if (got < 0) return fail(ErrorKind::malformed, "{}: its compression is broken", log.string());
    if (got == 0) break;
    std::string_view rest(buffer.data(), static_cast<std::size_t>(got));
    for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      if (text.empty()) {
        take(rest.substr(0, end));
      } else {
        take(text.append(rest.substr(0, end)));
        text.clear();
      }
      rest.remove_prefix(end + 1);
    }
    if (text.size() < max_line) text.append(rest);
  }
  take(text);
  int state = Z_OK;
  static_cast<void>(gzerror(file.get(), &state));
  if (state == Z_BUF_ERROR)
    return fail(ErrorKind::malformed, "{}: it ends in the middle", log.string());
  return {};
}

}  // namespace dandelion
