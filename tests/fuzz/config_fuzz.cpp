// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/config.hpp"

// Whatever the file holds: a configuration, or at least one error that says where.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto loaded = dandelion::parse_config(text, "sites.yaml", "/home/me", {});
  bool wrong = false;
  for (const auto& diagnostic : loaded.diagnostics) {
    wrong = wrong || diagnostic.severity == dandelion::Diagnostic::Severity::error;
    if (diagnostic.display().empty()) std::abort();
  }
  if (wrong == loaded.config.has_value()) std::abort();
  return 0;
}
