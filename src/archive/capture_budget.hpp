// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "fetch/body_sink.hpp"

namespace dandelion {

// What one page may still take, all that it shows together: a page that shows much is kept without
// the rest, however it is made up.
struct CaptureBudget {
  using Moment = std::chrono::steady_clock::time_point;

  std::uint64_t bodies = 100U << 20;  // bytes after decompression, but for the page's own
  std::uint64_t wire = 256U << 20;    // bytes as they came, the page's own among them
  Moment until = Moment::max();       // no request begins after that
  bool is_spent = false;              // something did not go in: nothing more is asked for

  [[nodiscard]] bool is_open(Moment now) const { return !is_spent && now < until; }
};

// Takes a body into memory, as long as the budget that it shares with others holds.
class BudgetedBody final : public BodySink {
 public:
  explicit BudgetedBody(std::shared_ptr<CaptureBudget> budget) : budget_(std::move(budget)) {}
  BudgetedBody(const BudgetedBody&) = delete;
  BudgetedBody& operator=(const BudgetedBody&) = delete;
  BudgetedBody(BudgetedBody&&) = delete;
  BudgetedBody& operator=(BudgetedBody&&) = delete;
  // What nobody took is given back.
  ~BudgetedBody() override { budget_->bodies += body_.size(); }

  // too_large where the budget ends.
  [[nodiscard]] Result<void> begin() override;
  [[nodiscard]] Result<void> write(std::string_view piece) override;
  [[nodiscard]] Result<void> end() override { return {}; }

  [[nodiscard]] std::string take() { return std::exchange(body_, {}); }

 private:
  std::shared_ptr<CaptureBudget> budget_;
  std::string body_;
};

}  // namespace dandelion
