// SPDX-License-Identifier: MIT
#include <exception>
#include <iostream>

#include <poll.h>
#include <unistd.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "cli/runtime.hpp"
#include "fetch/easy_handle.hpp"
#include "publish/mirror_repository.hpp"

namespace {

// Pages and what is made of them are large, and live for a moment. As it comes, the GNU C library
// gives their memory back to the kernel each time, and asks for it again, zeroed: a tenth of the
// time of `extract --batch`.
void keep_freed_memory() {
#ifdef __GLIBC__
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
}

// Whether standard output took all that it was given. Who reads only the beginning (`| head`) is
// told nothing; a full disk is.
bool all_is_written() {
  std::cout.flush();
  if (std::cout) return true;
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  const bool is_closed_pipe = ::poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
  if (!is_closed_pipe)
    std::cerr << "dandelion: standard output cannot be written; is the disk full?\n";
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  try {
    const dandelion::CurlLibrary curl;
    const dandelion::GitLibrary git;
    const int code = dandelion::run_command_line(argc, argv);
    if (all_is_written()) return code;
    return code == 0 ? static_cast<int>(dandelion::ExitCode::partly) : code;
  } catch (const std::exception& bug) {
    std::cerr << "dandelion: unexpected failure: " << bug.what() << '\n';
    return static_cast<int>(dandelion::ExitCode::partly);
  }
}
