// SPDX-License-Identifier: MIT
#include "archive/devtools.hpp"

#include <algorithm>
#include <array>

#include <poll.h>
#include <unistd.h>

#include "core/stop_signal.hpp"

namespace dandelion {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds tick{100};
// Answers to what was only told are not kept for ever.
constexpr std::size_t most_answers = 64;

std::string message_of(const DevTools::Json& error) {
  if (!error.is_object()) return "no";
  const auto message = error.find("message");
  return message != error.end() && message->is_string() ? message->get<std::string>() : "no";
}

tl::unexpected<Error> ended() {
  return fail(ErrorKind::transient, "the browser ended");
}

}  // namespace

Result<int> DevTools::tell(std::string_view method, const Json& parameters) {
  Json message{{"id", ++last_command_}, {"method", method}, {"params", parameters}};
  const bool is_browsers = method.starts_with("Target.") || method.starts_with("Browser.");
  if (!session_.empty() && !is_browsers) message["sessionId"] = session_;
  std::string text = message.dump(-1, ' ', false, Json::error_handler_t::replace);
  text += '\0';
  std::string_view rest = text;
  // A browser that reads nothing for so long does not work.
  for (int ticks = 0; !rest.empty() && ticks < 100;) {
    const ssize_t sent = ::write(commands_, rest.data(), rest.size());
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return ended();
    if (sent > 0) {
      rest.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    pollfd one{commands_, POLLOUT, 0};
    if (::poll(&one, 1, static_cast<int>(tick.count())) == 0) ++ticks;
  }
  if (!rest.empty()) return ended();
  return last_command_;
}

Result<void> DevTools::take(std::string_view message) {
  Json object = Json::parse(message, nullptr, false);
  if (!object.is_object()) return fail(ErrorKind::malformed, "the browser said what is no JSON");
  if (const auto id = object.find("id"); id != object.end() && id->is_number_integer()) {
    if (answered_.size() >= most_answers) answered_.erase(answered_.begin());
    const int number = id->get<int>();
    answered_.emplace_back(number, std::move(object));
    return {};
  }
  const auto method = object.find("method");
  if (method == object.end() || !method->is_string()) return {};
  const auto parameters = object.find("params");
  static const Json none = Json::object();
  on_event_(method->get<std::string>(),
            parameters != object.end() && parameters->is_object() ? *parameters : none);
  return {};
}

Result<void> DevTools::listen(milliseconds patience) {
  if (stop_requested()) return fail(ErrorKind::stopped, "stopped");
  pollfd one{answers_, POLLIN, 0};
  if (::poll(&one, 1, static_cast<int>(std::min(patience, tick).count())) <= 0) return {};
  std::array<char, 64U << 10> buffer{};
  const ssize_t got = ::read(answers_, buffer.data(), buffer.size());
  if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return ended();
  if (got < 0) return {};
  std::string_view rest(buffer.data(), static_cast<std::size_t>(got));
  for (auto end = rest.find('\0'); end != std::string_view::npos; end = rest.find('\0')) {
    pending_ += rest.substr(0, end);
    rest.remove_prefix(end + 1);
    const std::string message = std::exchange(pending_, {});
    if (auto taken = take(message); !taken) return taken;
  }
  pending_ += rest;
  if (pending_.size() > max_message_bytes)
    return fail(ErrorKind::too_large, "what the browser made of it is too large");
  return {};
}

Result<DevTools::Json> DevTools::answer(int command, Moment deadline) {
  for (;;) {
    const auto found = std::find_if(answered_.begin(), answered_.end(),
                                    [command](const auto& one) { return one.first == command; });
    if (found != answered_.end()) {
      Json object = std::move(found->second);
      answered_.erase(found);
      if (const auto error = object.find("error"); error != object.end())
        return fail(ErrorKind::malformed, "the browser refuses: {}", message_of(*error));
      return object.value("result", Json::object());
    }
    if (std::chrono::steady_clock::now() >= deadline)
      return fail(ErrorKind::transient, "the browser does not answer");
    if (auto heard = listen(tick); !heard) return tl::unexpected(heard.error());
  }
}

Result<DevTools::Json> DevTools::ask(std::string_view method, const Json& parameters,
                                     Moment deadline) {
  auto command = tell(method, parameters);
  if (!command) return tl::unexpected(command.error());
  return answer(*command, deadline);
}

}  // namespace dandelion
