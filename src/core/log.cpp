// SPDX-License-Identifier: MIT
#include "core/log.hpp"

#include <memory>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace dandelion {
namespace {

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

// Terminal escape sequences and line breaks from a source page must not reach a terminal or forge a
// log line.
std::string printable(std::string_view message, bool json) {
  std::string clean;
  clean.reserve(message.size());
  for (std::size_t i = 0; i < message.size(); ++i) {
    const auto byte = static_cast<unsigned char>(message[i]);
    const bool c1_control = byte == 0xC2 && i + 1 < message.size() &&
                            static_cast<unsigned char>(message[i + 1]) >= 0x80 &&
                            static_cast<unsigned char>(message[i + 1]) < 0xA0;
    if (c1_control) {
      clean += '?';
      ++i;
    } else if (byte == '\n' && !json) {
      clean += "\n  ";
    } else if (byte == '\n') {
      clean += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      clean += byte == '\t' ? ' ' : '?';
    } else if (json && (byte == '"' || byte == '\\')) {
      clean += '\\';
      clean += message[i];
    } else {
      clean += message[i];
    }
  }
  return clean;
}

struct LogState {
  std::shared_ptr<spdlog::logger> logger;
  bool json = false;
};

LogState& state() {
  static LogState log{spdlog::stderr_color_mt("dandelion"), false};
  return log;
}

}  // namespace

void configure_log(const LogSettings& settings) {
  auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(
      settings.color == ColorMode::always  ? spdlog::color_mode::always
      : settings.color == ColorMode::never ? spdlog::color_mode::never
                                           : spdlog::color_mode::automatic);
  state().logger = std::make_shared<spdlog::logger>("dandelion", std::move(sink));
  state().logger->set_level(spdlog_level(settings.level));
  state().json = settings.format == LogFormat::json;
  if (state().json) {
    state().logger->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%SZ","level":"%l","message":"%v"})",
                                spdlog::pattern_time_type::utc);
  } else {
    state().logger->set_pattern("%^%l%$: %v");
  }
}

bool log_enabled(LogLevel level) {
  return state().logger->should_log(spdlog_level(level));
}

void log_line(LogLevel level, std::string_view message) {
  state().logger->log(spdlog_level(level), printable(message, state().json));
}

}  // namespace dandelion
