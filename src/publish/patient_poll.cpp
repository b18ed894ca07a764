// SPDX-License-Identifier: MIT
#include "publish/patient_poll.hpp"

#include "core/stop_signal.hpp"

namespace dandelion {

Result<void> poll_patiently(std::span<pollfd> waiting,
                            std::chrono::steady_clock::time_point until) {
  constexpr std::chrono::milliseconds step{500};
  for (;;) {
    if (stop_requested()) return fail(ErrorKind::stopped, "stopped while pushing");
    if (::poll(waiting.data(), waiting.size(), static_cast<int>(step.count())) > 0) return {};
    if (std::chrono::steady_clock::now() > until)
      return fail(ErrorKind::transient, "nothing moved for too long");
  }
}

}  // namespace dandelion
