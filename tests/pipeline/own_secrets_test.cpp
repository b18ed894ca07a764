// SPDX-License-Identifier: MIT
#include "pipeline/own_secrets.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace dandelion {
namespace {

class OwnSecrets : public testing::Test {
 protected:
  OwnSecrets() {
    std::string pattern = (std::filesystem::temp_directory_path() / "own-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    config.sites.emplace_back().name = "paper";
  }
  ~OwnSecrets() override { std::filesystem::remove_all(folder); }

  SecretSource secret(const std::string& name, const std::string& value) const {
    const auto path = folder / name;
    std::ofstream(path) << value << '\n';
    return {SecretSource::Kind::file, path.string()};
  }
  std::string found_in(const std::string& text) const {
    return own_secrets(config).own_in(text).value_or("nothing");
  }

  std::filesystem::path folder;
  Config config;
};

TEST_F(OwnSecrets, AreTheValuesOfAllThatNamesAPlace) {
  config.network.proxy_password = secret("proxy", "proxy-value");
  config.notify.failure.source = secret("failure", "https://ping.example/77aa");
  config.notify.success.source = secret("success", "https://ping.example/88bb");
  config.mirrors.emplace_back().name = "web";
  config.mirrors[0].token = secret("token", "token-value");
  config.sites[0].pixel_key = secret("pixel", "pixel-value");
  config.sites[0].network.headers.push_back({"X-Key", "", secret("header", "header-value")});
  EXPECT_EQ(found_in("a proxy-value b"), "the proxy's password");
  EXPECT_EQ(found_in("<a href=https://ping.example/77aa>"), "the address of `notify: failure`");
  EXPECT_EQ(found_in("<a href=https://ping.example/88bb>"), "the address of `notify: success`");
  EXPECT_EQ(found_in("a token-value b"), "the token of mirror web");
  EXPECT_EQ(found_in("a pixel-value b"), "the pixel_key of site paper");
  EXPECT_EQ(found_in("a header-value b"), "the header X-Key of site paper");
  EXPECT_EQ(found_in("a value b"), "nothing");
}

TEST_F(OwnSecrets, AreCookiesThatLookLikeALogin) {
  const auto path = folder / "cookies.txt";
  std::ofstream(path) << "# Netscape HTTP Cookie File\n\n"
                         ".paper.example\tTRUE\t/\tTRUE\t0\tsession\t8f3a11c09b7d42e6\r\n"
                         ".paper.example\tTRUE\t/\tTRUE\t0\tconsent\tacceptedByTheReader\n"
                         "broken 1234567890abcdef\n"
                         "#HttpOnly_.paper.example\tTRUE\t/\tTRUE\t0\tid\t0123456789abcdefgh";
  config.sites[0].network.cookies = path;
  EXPECT_EQ(found_in("it was 8f3a11c09b7d42e6."), "a cookie of site paper");
  EXPECT_EQ(found_in("it was 0123456789abcdefgh."), "a cookie of site paper");
  EXPECT_EQ(found_in("acceptedByTheReader"), "nothing");
  EXPECT_EQ(found_in("broken 1234567890abcdef"), "nothing");
}

TEST_F(OwnSecrets, PassOverWhatCannotBeRead) {
  config.sites[0].pixel_key = SecretSource{SecretSource::Kind::file, (folder / "none").string()};
  config.sites[0].network.cookies = folder / "none";
  EXPECT_EQ(found_in("anything"), "nothing");
}

}  // namespace
}  // namespace dandelion
