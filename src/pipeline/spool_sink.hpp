// SPDX-License-Identifier: MIT
#pragma once

#include <cstdio>
#include <functional>
#include <string>
#include <string_view>

#include "core/handle.hpp"
#include "fetch/body_sink.hpp"

namespace dandelion {

// Keeps a body in a temporary file without a name, to be read in pieces once all of it has come: it
// never stands in memory, and nothing is left of it, however the program ends.
class SpoolSink final : public BodySink {
 public:
  using Take = std::function<Result<void>(std::string_view)>;

  [[nodiscard]] Result<void> begin() override;
  [[nodiscard]] Result<void> write(std::string_view piece) override;
  [[nodiscard]] Result<void> end() override;

  // Hands the body to `take`, from its beginning, in pieces of 64 KiB (the last is what is left).
  // May be called again; storage where it cannot be read.
  [[nodiscard]] Result<void> read(const Take& take);
  // The body's first piece; empty where it cannot be read.
  [[nodiscard]] std::string beginning();

 private:
  Handle<std::FILE, std::fclose> file_;
};

}  // namespace dandelion
