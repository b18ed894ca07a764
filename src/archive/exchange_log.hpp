// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "archive/capture_budget.hpp"
#include "fetch/exchange_recorder.hpp"

namespace dandelion {

// One request and its answer, byte for byte.
struct Exchange {
  std::string request;
  std::string response_header;  // the last one: of the answer, not of a 100 before it
  std::string response_body;    // as it came: compressed, in chunks
  ExchangeFacts facts;
  bool is_cut = false;  // more of the body came than the budget holds
};

// When the server says that it answered (RFC 9110, 6.6.1), else when the answer was there.
[[nodiscard]] Timestamp answered(const Exchange& exchange);

// The value of the header's first line of that name; empty where there is none.
[[nodiscard]] std::string header_value(std::string_view header, std::string_view name);

// Keeps the exchanges of one request: redirects, tries that failed, the answer; as much of them as
// the budget holds.
class ExchangeLog final : public ExchangeRecorder {
 public:
  // `on_bytes` hears how many bytes came, as they come.
  explicit ExchangeLog(std::shared_ptr<CaptureBudget> budget = std::make_shared<CaptureBudget>(),
                       std::function<void(std::size_t)> on_bytes = {})
      : budget_(std::move(budget)), on_bytes_(std::move(on_bytes)) {}

  [[nodiscard]] const std::vector<Exchange>& exchanges() const { return exchanges_; }

  void request(std::string_view header) override;
  void response_header(std::string_view lines) override;
  void response_body(std::string_view bytes) override;
  void finished(const ExchangeFacts& facts) override;

 private:
  [[nodiscard]] bool take(std::size_t bytes);

  std::shared_ptr<CaptureBudget> budget_;
  std::function<void(std::size_t)> on_bytes_;
  Exchange now_;
  std::vector<Exchange> exchanges_;
};

}  // namespace dandelion
