// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "config/config.hpp"

namespace {

void require(bool kept) {
  if (!kept) std::abort();
}

void check_diagnostics(const dandelion::LoadedConfig& loaded, std::string_view text) {
  const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
  bool wrong = false;
  std::pair last(0, 0);
  for (const auto& diagnostic : loaded.diagnostics) {
    wrong = wrong || diagnostic.severity == dandelion::Diagnostic::Severity::error;
    const std::pair place(diagnostic.line, diagnostic.column);
    require(last <= place && diagnostic.line <= lines);
    require(diagnostic.line == 0 || diagnostic.column >= 1);
    last = place;
    require(!diagnostic.message.empty() && diagnostic.message.find('\n') == std::string::npos);
  }
  require(wrong != loaded.config.has_value());
}

void check_config(const dandelion::Config& config) {
  require(config.state.is_absolute() && config.output.is_absolute() && !config.sites.empty());
  for (const auto& site : config.sites) {
    require(!site.name.empty() && site.name.find('/') == std::string::npos);
    require(!site.sources.empty() && config.find_site(site.name) == &site);
    for (const auto& mirror : site.mirrors)
      require(config.find_mirror(mirror) != nullptr);
  }
  for (const auto& mirror : config.mirrors)
    require(!mirror.name.empty() && !mirror.url.empty());
}

}  // namespace

// Whatever the file holds: a configuration that later stages can rely on, or at least one error;
// each with its place, in the order of the file, on a line of its own.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto loaded = dandelion::parse_config(text, "sites.yaml", "/home/me", {});
  check_diagnostics(loaded, text);
  if (loaded.config) check_config(*loaded.config);
  return 0;
}
