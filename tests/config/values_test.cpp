// SPDX-License-Identifier: MIT
#include "config/values.hpp"

#include <array>

#include <gtest/gtest.h>

namespace dandelion {
namespace {

using std::chrono::milliseconds;

TEST(ParseDuration, TakesANumberWithItsUnit) {
  EXPECT_EQ(parse_duration("500ms"), milliseconds(500));
  EXPECT_EQ(parse_duration("30s"), milliseconds(30'000));
  EXPECT_EQ(parse_duration("30m"), milliseconds(1'800'000));
  EXPECT_EQ(parse_duration("12h"), milliseconds(43'200'000));
  EXPECT_EQ(parse_duration("30d"), milliseconds(2'592'000'000));
  EXPECT_EQ(parse_duration("0s"), milliseconds(0));
  for (const std::string_view text : {"", "s", "30", "-1s", "+1s", "1.5s", "1e3s", "30S", "30sec",
                                      "30s ago", "99999999999999999999s", "9999999999999999d"})
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

TEST(ParseSize, TakesBytesAndBinaryUnits) {
  EXPECT_EQ(parse_size("100"), 100U);
  EXPECT_EQ(parse_size("64KiB"), 65'536U);
  EXPECT_EQ(parse_size("2MiB"), 2U << 20);
  EXPECT_EQ(parse_size("900MiB"), 900U << 20);
  EXPECT_EQ(parse_size("1GiB"), 1U << 30);
  for (const std::string_view text : {"", "MiB", "2MB", "2M", "2 mib", "-1", "0x10", "1.5MiB",
                                      "18446744073709551616", "99999999999GiB"})
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
}

TEST(FormatDuration, IsWhatOneWouldWrite) {
  EXPECT_EQ(format_duration(milliseconds(0)), "0s");
  EXPECT_EQ(format_duration(milliseconds(1'500)), "1500ms");
  EXPECT_EQ(format_duration(milliseconds(90'000)), "90s");
  EXPECT_EQ(format_duration(milliseconds(3'600'000)), "1h");
}

TEST(FormatSize, IsWhatOneWouldWrite) {
  EXPECT_EQ(format_size(0), "0");
  EXPECT_EQ(format_size(1'000), "1000B");
  EXPECT_EQ(format_size(1'024), "1KiB");
  EXPECT_EQ(format_size(1U << 30), "1GiB");
}

TEST(ParseProxy, TakesEveryKind) {
  const auto onion = parse_proxy("socks5h://127.0.0.1:9050");
  ASSERT_TRUE(onion);
  EXPECT_EQ(onion->scheme, ProxyAddress::Scheme::socks5h);
  EXPECT_EQ(onion->host, "127.0.0.1");
  EXPECT_EQ(onion->port, 9050);
  const auto named = parse_proxy("https://user@proxy.example:3128/");
  ASSERT_TRUE(named);
  EXPECT_EQ(named->scheme, ProxyAddress::Scheme::https);
  EXPECT_EQ(named->user, "user");
  EXPECT_EQ(parse_proxy("socks4a://[::1]:1080")->host, "[::1]");
}

TEST(ParseProxy, RefusesTheRestAndNeverRepeatsASecret) {
  constexpr std::string_view shape =
      "a proxy's address is scheme://host:port or scheme://user@host:port and nothing more (an "
      "IPv6 address in brackets)";
  constexpr std::string_view scheme =
      "a proxy's address begins with socks5h://, socks4a://, http:// or https://";
  constexpr std::string_view port = "a proxy's address ends with its port, such as :9050";
  constexpr std::string_view password =
      "a password must not stand in this file; name where it is by proxy_password: env:NAME or "
      "file:PATH";
  struct Case {
    std::string_view text;
    std::string_view told;
  };
  for (const auto& [text, wanted] : {
           Case{"127.0.0.1:9050", scheme},
           Case{"hunter2", scheme},
           Case{"ftp://h:1", scheme},
           Case{"http://proxy.example", port},
           Case{"http://proxy.example:", port},
           Case{"http://proxy.example:0", port},
           Case{"http://proxy.example:65536", port},
           Case{"http://proxy.example:80x", port},
           Case{"http://proxy.example:80/path", port},
           Case{"http://:3128", shape},
           Case{"http://::1:3128", shape},
           Case{"http://a b:3128", shape},
           Case{"http://u/x:hunter2@h:1", shape},
           Case{"http://u:hunter2@h:1", password},
           Case{"http://:hunter2@h:1", password},
           Case{"http://u:hun@ter2@h:1", password},
           Case{"http://u:hun/ter2@h:1", password},
       }) {
    const auto proxy = parse_proxy(text);
    ASSERT_FALSE(proxy) << text;
    EXPECT_EQ(proxy.error().message, wanted) << text;
    EXPECT_EQ(proxy.error().kind, ErrorKind::bad_input);
  }
}

TEST(ParseProxy, SaysWhyNamesMustNotBeResolvedHere) {
  EXPECT_EQ(parse_proxy("socks5://h:1").error().message,
            "socks5:// resolves names on this machine, so its DNS queries would leave beside the "
            "proxy; use socks5h://");
  EXPECT_EQ(parse_proxy("socks4://u:hunter2@h:1").error().message,
            "socks4:// resolves names on this machine, so its DNS queries would leave beside the "
            "proxy; use socks4a://");
}

TEST(HasUserInfo, FindsItWhereParsersDoNotLook) {
  for (const std::string_view url : {"https://u@h/", "https://u:p@h/", "https://u:p/w@h/",
                                     "https://u:p#w@h/", "https:/u@h/", "u@h", "git@h:path"})
    EXPECT_TRUE(has_user_info(url)) << url;
  for (const std::string_view url :
       {"https://h/", "https://h/@writer", "https://h:443/@writer", "https://[::1]:8080/@writer",
        "https://h/?mail=a@b", "/srv/a", "h"})
    EXPECT_FALSE(has_user_info(url)) << url;
  EXPECT_TRUE(has_password("https://u:p/w@h/"));
  EXPECT_FALSE(has_password("https://u@h/"));
  EXPECT_FALSE(has_password("git@h:path"));
}

TEST(UnknownPlaceholder, IsTheFirstThatIsNotKnown) {
  constexpr std::array<std::string_view, 2> known = {"site", "id"};
  const auto unknown = [&](std::string_view pattern) {
    return unknown_placeholder(pattern, known.data(), known.size());
  };
  EXPECT_EQ(unknown("plain"), std::nullopt);
  EXPECT_EQ(unknown("{site}/{id}.md"), std::nullopt);
  EXPECT_EQ(unknown("{site}/{page}"), "page");
  EXPECT_EQ(unknown("{}"), "");
  EXPECT_EQ(unknown("{id"), "id");
  EXPECT_EQ(unknown("{id}{"), "");
  EXPECT_EQ(unknown("{{id}}"), "{id");
}

TEST(InQuotes, KeepsAMessageOnOneLineAndFreeOfSecrets) {
  EXPECT_EQ(in_quotes("feeed"), "'feeed'");
  EXPECT_EQ(in_quotes("a\nb\x1B[31m"), "'a?b?[31m'");
  EXPECT_EQ(in_quotes("https://u:hunter2@h/x"), "'...@h/x'");
  EXPECT_EQ(in_quotes(std::string(100, 'a')), "'" + std::string(60, 'a') + "...'");
  std::string chinese = "a";
  for (int i = 0; i < 30; ++i)
    chinese += "纪";
  EXPECT_EQ(in_quotes(chinese), "'" + chinese.substr(0, 58) + "...'");
}

}  // namespace
}  // namespace dandelion
