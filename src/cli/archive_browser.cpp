// SPDX-License-Identifier: MIT
#include "cli/archive_browser.hpp"

#include <unistd.h>

#include "archive/browser_process.hpp"

namespace dandelion {

Result<BrowserSettings> usable_browser(bool sandbox) {
  auto program = find_browser();
  if (!program) return tl::unexpected(program.error());
  if (sandbox && ::geteuid() == 0) {
    return fail(ErrorKind::bad_input,
                "--browser: Chromium has no sandbox as root, and what a page does in it would be "
                "done as root; run this as another user, or say --no-sandbox");
  }
  return BrowserSettings{std::move(*program), sandbox};
}

}  // namespace dandelion
