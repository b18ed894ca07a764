// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "config/config.hpp"

namespace dandelion {

// Selectors with a `!` are bad, the theme `ugly` does not exist: enough to see that the checks are
// asked.
inline ConfigChecks sample_checks() {
  ConfigChecks checks;
  checks.selector = [](const std::string& text) -> std::optional<std::string> {
    return text.find('!') == std::string::npos ? std::nullopt
                                               : std::optional<std::string>("bad selector");
  };
  checks.theme = [](const std::string& name,
                    const std::filesystem::path&) -> Result<ConfigChecks::KnownTheme> {
    if (name == "ugly") return fail(ErrorKind::bad_input, "no such theme");
    return ConfigChecks::KnownTheme{.keeps_markup = name == "classic"};
  };
  checks.mirror_address = [](const std::string& url) -> std::optional<std::string> {
    return url.starts_with("ssh://-") ? std::optional<std::string>("no such address")
                                      : std::nullopt;
  };
  checks.username = [](const std::string& name) -> std::optional<std::string> {
    return name.find(':') != std::string::npos ? std::optional<std::string>("no colon")
                                               : std::nullopt;
  };
  checks.token_exposure = [](const MirrorSettings& mirror,
                             const NetworkSettings& network) -> std::optional<std::string> {
    const bool is_bare = mirror.token && mirror.url.starts_with("http://");
    if (!is_bare) return std::nullopt;
    return network.proxies.empty() ? "in clear text" : "in clear text to a proxy";
  };
  checks.signing_key =
      [](const std::filesystem::path& file) -> std::optional<ConfigChecks::FileTrouble> {
    if (file.filename() == "bad") return ConfigChecks::FileTrouble{false, "bad key"};
    if (file.filename() == "lost") return ConfigChecks::FileTrouble{true, "no key"};
    return std::nullopt;
  };
  checks.ssh_file = checks.signing_key;
  return checks;
}

inline LoadedConfig load(std::string_view text) {
  return parse_config(text, "sites.yaml", "/home/me/mirror", sample_checks());
}

inline std::string told(std::string_view text) {
  std::string all;
  for (const Diagnostic& diagnostic : load(text).diagnostics)
    all += diagnostic.display() + "\n";
  return all;
}

// A good file of five lines, to which a test adds from line 6 on: more of the site by indented
// lines, or another section.
constexpr std::string_view good_site =
    "version: 1\nsites:\n  - name: a\n    discover:\n      - index: https://e.example/news.htm\n";

inline std::string with_site(std::string_view lines) {
  return std::string(good_site).append(lines);
}

// A file and all that is told of it.
struct Mistake {
  std::string text;
  std::string told;
};

inline void expect_told(const Mistake& mistake) {
  SCOPED_TRACE(mistake.text);
  EXPECT_EQ(told(mistake.text), mistake.told + "\n");
  EXPECT_FALSE(load(mistake.text).config);
}

inline void expect_warned(const Mistake& mistake) {
  SCOPED_TRACE(mistake.text);
  EXPECT_EQ(told(mistake.text), mistake.told + "\n");
  EXPECT_TRUE(load(mistake.text).config);
}

inline void expect_silent(const std::string& text) {
  SCOPED_TRACE(text);
  EXPECT_EQ(told(text), "");
  EXPECT_TRUE(load(text).config);
}

}  // namespace dandelion
