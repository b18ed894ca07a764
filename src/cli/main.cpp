// SPDX-License-Identifier: MIT
#include <exception>
#include <iostream>

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

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  try {
    const dandelion::CurlLibrary curl;
    const dandelion::GitLibrary git;
    return dandelion::run_command_line(argc, argv);
  } catch (const std::exception& bug) {
    std::cerr << "dandelion: unexpected failure: " << bug.what() << '\n';
    return static_cast<int>(dandelion::ExitCode::partly);
  }
}
