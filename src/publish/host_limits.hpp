// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "core/mirror_settings.hpp"

namespace dandelion {

// What a Git host takes. 0: no limit, or none that it tells. The numbers stand with their sources
// in host_limits.cpp; they age, and are to be kept there alone.
struct HostLimits {
  std::string_view name;
  std::uint64_t file_warned = 0;  // bytes; a larger file is taken, with a warning
  std::uint64_t file = 0;         // bytes; a larger file makes the host refuse the push
  std::uint64_t push = 0;         // bytes of one push
  std::uint64_t repository_warned = 0;
  std::uint64_t repository = 0;    // bytes, as packed
  std::size_t folder_entries = 0;  // more make the host's own pages slow or incomplete
  int pushes_a_minute = 0;

  // Whether it matters what is pushed.
  [[nodiscard]] bool weighs() const {
    return (file_warned | file | push | repository_warned | repository | folder_entries) != 0;
  }
};

// By the mirror's `limits:`; where that says nothing, by the host in its address.
[[nodiscard]] const HostLimits& limits_of(const MirrorSettings& mirror);

// How long pushes to the mirror's host keep apart; 0 for a repository on this machine, whatever its
// limits are: nobody's patience is to be spared there.
[[nodiscard]] std::chrono::milliseconds push_interval(const MirrorSettings& mirror);

}  // namespace dandelion
