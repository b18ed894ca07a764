// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "publish/child_process.hpp"
#include "publish/libraries.hpp"
#include "publish/mirror_repository.hpp"
#include "publish/push.hpp"

namespace dandelion::test {

// Bytes that no compression makes smaller, the same every time.
inline std::string noise(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint64_t state = 88172645463325252U;
  for (char& byte : bytes) {
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    byte = static_cast<char>(static_cast<unsigned char>(state));
  }
  return bytes;
}

// A repository of ours with one commit, and the means to push it.
class PushFixture : public testing::Test {
 protected:
  PushFixture() : repository_(MirrorRepository::open_or_create(folder_ / "site.git").value()) {
    ::setenv("DANDELION_TEST_TOKEN", "s3cret", 1);
    ::setenv("DANDELION_TEST_WRONG", "wr0ng-token", 1);
    network_.allow_private_addresses = true;  // all servers here are on loopback
    network_.timeout = std::chrono::seconds(20);
    commit("README.md", "# Hello\n");
  }

  std::string commit(const std::string& path, const std::string& content) {
    const auto made = repository_.commit({{path, content}},
                                         {.author_name = "Dandelion",
                                          .author_email = "mirror@invalid",
                                          .time = Timestamp{std::chrono::seconds{1'700'000'000}},
                                          .message = "Mirror"});
    return made.value().value();
  }

  // A bare repository made by stock git, which takes pushes over http.
  static void make_remote(const std::filesystem::path& path) {
    ASSERT_EQ(run({"git", "init", "-q", "--bare", "-b", "main", path.string()}).code, 0);
    ASSERT_EQ(run({"git", "-C", path.string(), "config", "http.receivepack", "true"}).code, 0);
  }

  // Somebody else's commit on the remote's main.
  static void move_on(const std::filesystem::path& remote) {
    TemporaryFolder folder;
    const auto clone = (folder / "clone").string();
    EXPECT_EQ(run({"git", "clone", "-q", remote.string(), clone}).code, 0);
    EXPECT_EQ(run({"git", "-C", clone, "-c", "user.name=Other", "-c", "user.email=other@invalid",
                   "commit", "-q", "--allow-empty", "-m", "theirs"})
                  .code,
              0);
    const auto pushed = run({"git", "-C", clone, "push", "-q", "origin", "HEAD:main"});
    EXPECT_EQ(pushed.code, 0) << pushed.output;
  }

  static std::string at(const std::filesystem::path& remote,
                        const std::string& what = "refs/heads/main") {
    auto answer = run({"git", "-C", remote.string(), "rev-parse", "-q", "--verify", what});
    if (!answer.output.empty()) answer.output.pop_back();
    return answer.output;
  }

  // Stock git finds nothing wrong with the remote, and clones from it what we committed.
  void expect_mirrored(const std::filesystem::path& remote) {
    EXPECT_EQ(at(remote), repository_.head().value().value());
    EXPECT_EQ(
        run({"git", "-C", remote.string(), "fsck", "--strict", "--no-dangling", "--no-progress"})
            .output,
        "");
    TemporaryFolder folder;
    EXPECT_EQ(run({"git", "clone", "-q", remote.string(), (folder / "clone").string()}).code, 0);
    EXPECT_EQ(file_text(folder / "clone" / "README.md"),
              repository_.read("README.md").value().value());
  }

  Result<PushOutcome> push_to(const std::string& url, const char* token_variable = nullptr,
                              const std::string& branch = "main") {
    MirrorSettings mirror = settings_;
    mirror.name = "backup";
    mirror.url = url;
    mirror.branch = branch;
    if (token_variable != nullptr)
      mirror.token = SecretSource{SecretSource::Kind::environment, token_variable};
    return push(repository_, mirror, network_, options_);
  }

  static void expect_failure(const Result<PushOutcome>& outcome, ErrorKind kind,
                             const std::string& words) {
    ASSERT_FALSE(outcome.has_value()) << "expected: " << words;
    EXPECT_EQ(static_cast<int>(outcome.error().kind), static_cast<int>(kind))
        << outcome.error().message;
    EXPECT_NE(outcome.error().message.find(words), std::string::npos) << outcome.error().message;
    EXPECT_EQ(outcome.error().message.find("s3cret"), std::string::npos) << outcome.error().message;
    EXPECT_EQ(outcome.error().message.find("wr0ng"), std::string::npos) << outcome.error().message;
    EXPECT_EQ(outcome.error().message.find('\x1b'), std::string::npos) << outcome.error().message;
  }

  Libraries libraries_;
  TemporaryFolder folder_;
  NetworkSettings network_;
  MirrorSettings settings_;  // beside name, address, branch and token
  PushOptions options_;
  MirrorRepository repository_;
};

}  // namespace dandelion::test
