// SPDX-License-Identifier: MIT
#include "publish/pack_files.hpp"

#include <fstream>

#include "publish/git_handles.hpp"
#include "publish/pack_index.hpp"
#include "publish/push_fixture.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;
using test::run;

class PackFilesTest : public test::PushFixture {
 protected:
  PackFilesTest() {
    if (git_repository_open(out(handle_), repository_.folder().c_str()) < 0)
      throw std::runtime_error(git_reason());
  }
  // Versions of a page, so that one pack of them holds differences.
  void add_folded_pack(const std::string& name) {
    const std::vector<PackFiles> before = packs();
    for (int i = 0; i < 12; ++i)
      commit(name + ".md", test::noise(9'000) + name + std::to_string(i));
    std::vector<PackFiles> added;
    for (const PackFiles& each : packs()) {
      const bool was_there = std::any_of(before.begin(), before.end(), [&](const PackFiles& old) {
        return old.index == each.index;
      });
      if (!was_there) added.push_back(each);
    }
    std::vector<git_oid> objects;
    for (const PackFiles& each : added) {
      const auto held = read_pack_index(each.index);
      ASSERT_TRUE(held);
      for (const PackedObject& object : *held)
        objects.push_back(object.id);
    }
    ASSERT_TRUE(replace_packs(handle_.get(), added, objects));
  }
  [[nodiscard]] std::vector<PackFiles> packs() const { return replaceable_packs(handle_.get()); }
  [[nodiscard]] std::string git(std::vector<std::string> words) const {
    words.insert(words.begin(), {"git", "-C", repository_.folder().string()});
    const auto finished = run(words);
    EXPECT_EQ(finished.code, 0) << finished.output;
    return finished.output;
  }

  GitRepository handle_;
};

TEST_F(PackFilesTest, PacksAreJoinedAsTheyAre) {
  for (const char* name : {"a", "b", "c"})
    add_folded_pack(name);
  const std::vector<PackFiles> before = packs();
  ASSERT_GE(before.size(), 3U);
  std::uintmax_t bytes = 0;
  for (const PackFiles& each : before)
    bytes += each.bytes;
  ASSERT_TRUE(join_packs(before));
  const std::vector<PackFiles> after = packs();
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after[0].bytes, bytes - 32 * (before.size() - 1)) << "one head, one digest";
  EXPECT_EQ(git({"fsck", "--strict", "--no-dangling", "--no-progress"}), "");
  EXPECT_EQ(git({"rev-list", "--count", "HEAD"}), "37\n");
  EXPECT_NE(git({"verify-pack", "-v", after[0].index.string()}).find("chain length"),
            std::string::npos)
      << "differences are still that";
  EXPECT_EQ(git({"show", "HEAD:b.md"}), test::noise(9'000) + "b11");
  EXPECT_EQ(repository_.read("c.md").value(), test::noise(9'000) + "c11");
}

TEST_F(PackFilesTest, AnObjectInTwoPacksKeepsThemApart) {
  add_folded_pack("a");
  add_folded_pack("b");
  std::vector<PackFiles> all = packs();
  const fs::path copy = folder_ / "copy";
  fs::create_directory(copy);
  PackFiles twin{copy / all[0].index.filename(), copy / all[0].pack.filename(), all[0].bytes};
  fs::copy(all[0].index, twin.index);
  fs::copy(all[0].pack, twin.pack);
  const std::size_t before = all.size();
  all.push_back(twin);
  ASSERT_TRUE(join_packs(all));
  EXPECT_EQ(packs().size(), before);
  EXPECT_TRUE(fs::exists(twin.pack));
}

TEST_F(PackFilesTest, ADamagedPackStaysWhatItIs) {
  add_folded_pack("a");
  add_folded_pack("b");
  const std::vector<PackFiles> before = packs();
  const fs::path broken = before.back().pack;
  fs::permissions(broken, fs::perms::owner_write, fs::perm_options::add);
  {
    std::fstream file(broken, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(before.back().bytes / 2));
    file.put('\x5A');
  }
  const auto joined = join_packs(before);
  ASSERT_FALSE(joined);
  EXPECT_NE(joined.error().message.find(broken.string() + " is damaged"), std::string::npos);
  EXPECT_EQ(packs().size(), before.size());
  for (const auto& file : fs::directory_iterator(broken.parent_path()))
    EXPECT_EQ(file.path().filename().string().find("tmp_"), std::string::npos) << file.path();
}

TEST_F(PackFilesTest, ManyLargePacksBecomeOne) {
  for (int i = 0; i < 9; ++i) {
    std::string noise = test::noise(4'500'000);
    noise[0] = static_cast<char>('0' + i);
    for (std::size_t at = 0; at < noise.size(); at += 64)
      noise[at] = static_cast<char>('0' + i);
    commit("large", noise);
  }
  EXPECT_LT(packs().size(), 9U);
  EXPECT_GT(packs().back().bytes, 30U << 20);
  EXPECT_EQ(git({"fsck", "--strict", "--no-dangling", "--no-progress"}), "");
  EXPECT_EQ(git({"rev-list", "--count", "HEAD"}), "10\n");
}

}  // namespace
}  // namespace dandelion
