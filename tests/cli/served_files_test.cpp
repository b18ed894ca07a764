// SPDX-License-Identifier: MIT
#include "cli/served_files.hpp"

#include <map>

#include <gtest/gtest.h>

namespace dandelion {
namespace {

class MapFiles final : public ServedFiles {
 public:
  explicit MapFiles(std::map<std::string, std::string> files) : files_(std::move(files)) {}
  std::optional<std::string> read(const std::string& path) override {
    const auto found = files_.find(path);
    return found == files_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::map<std::string, std::string> files_;
};

TEST(ServePath, FindsFilesFoldersAndFrontPages) {
  MapFiles files(std::map<std::string, std::string>{
      {"README.md", "# Front"}, {"a/index.html", "<p>a</p>"}, {"p.png", "x"}});
  EXPECT_NE(serve_path(files, "/", false).body.find("<h1>Front</h1>"), std::string::npos);
  EXPECT_EQ(serve_path(files, "/a/", false).body, "<p>a</p>");
  EXPECT_EQ(serve_path(files, "/a", false).location, "/a/");
  EXPECT_EQ(serve_path(files, "/p.png", false).content_type, "image/png");
  EXPECT_EQ(serve_path(files, "/README.md", true).body, "# Front");
  EXPECT_EQ(serve_path(files, "/none", false).status, 404);
}

TEST(ServePath, RendersAsAGitHostWouldAndRunsNothing) {
  MapFiles files(std::map<std::string, std::string>{
      {"x.md",
       "<div onclick=x><ok "
       "href='https://e.example/'>t</ok><script>x</script></div>\n\n[a](javascript:x) | b"}});
  const std::string body = serve_path(files, "/x.md", false).body;
  for (const char* word : {"onclick", "<script", "javascript:", "e.example", "<ok"}) {
    EXPECT_EQ(body.find(word), std::string::npos) << word;
  }
}

TEST(ServePath, EscapesThePathItDoesNotFind) {
  MapFiles files(std::map<std::string, std::string>{});
  EXPECT_EQ(serve_path(files, "/<script>x</script>", false).body.find("<script>x"),
            std::string::npos);
}

}  // namespace
}  // namespace dandelion
