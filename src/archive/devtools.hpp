// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace dandelion {

// Speaks the Chrome DevTools protocol over a pair of pipes: JSON messages that end with a zero
// byte, answers by number, events in between. The browser shows untrusted pages: what it says is
// bounded in size.
class DevTools {
 public:
  using Json = nlohmann::json;
  using Moment = std::chrono::steady_clock::time_point;
  // Of a session, or of the browser itself. It must not wait for an answer; it may tell().
  using OnEvent = std::function<void(const std::string& method, const Json& parameters)>;

  static constexpr std::size_t max_message_bytes = 100U << 20;

  DevTools(int commands, int answers, OnEvent on_event)
      : commands_(commands), answers_(answers), on_event_(std::move(on_event)) {}

  // The session that commands go to from now on, but those of Target and Browser.
  void use_session(std::string session) { session_ = std::move(session); }

  // Sends a command; its answer, of which nobody hears, may come later or never.
  Result<int> tell(std::string_view method, const Json& parameters = Json::object());
  // The answer to a command that was told, while events are handed on. transient at the deadline
  // (waiting again is allowed), or where the browser ended; malformed where it says that it cannot;
  // stopped once the user asked for that.
  [[nodiscard]] Result<Json> answer(int command, Moment deadline);
  [[nodiscard]] Result<Json> ask(std::string_view method, const Json& parameters, Moment deadline);
  // Hands events on for a while, or until there is one.
  [[nodiscard]] Result<void> listen(std::chrono::milliseconds patience);

 private:
  [[nodiscard]] Result<void> take(std::string_view message);

  int commands_;
  int answers_;
  OnEvent on_event_;
  std::string session_;
  std::string pending_;  // the beginning of a message
  int last_command_ = 0;
  std::vector<std::pair<int, Json>> answered_;
};

}  // namespace dandelion
