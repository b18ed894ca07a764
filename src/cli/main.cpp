// SPDX-License-Identifier: MIT
#include <exception>
#include <iostream>

#include "cli/runtime.hpp"
#include "fetch/easy_handle.hpp"
#include "publish/mirror_repository.hpp"

int main(int argc, char** argv) {
  try {
    const dandelion::CurlLibrary curl;
    const dandelion::GitLibrary git;
    return dandelion::run_command_line(argc, argv);
  } catch (const std::exception& bug) {
    std::cerr << "dandelion: unexpected failure: " << bug.what() << '\n';
    return static_cast<int>(dandelion::ExitCode::partly);
  }
}
