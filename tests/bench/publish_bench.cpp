// SPDX-License-Identifier: MIT
// What scripts/bench publish measures, one figure a call. Each prints "wall-seconds cpu-seconds".
//
//   publish_bench fill REPO FILES SIZE        commits that many pages to a new repository at once
//   publish_bench change REPO FILES SIZE COUNT SEED
//                                             commits COUNT changed pages among FILES, spread out
//   publish_bench runs REPO COUNT SIZE FIRST  COUNT commits of a new page and the index that lists
//                                             it, from page FIRST on; prints the slowest's seconds
//                                             and the peak of memory in MiB, too
//   publish_bench push REPO URL               pushes
//   publish_bench stream FILES SIZE           the same pages for git fast-import, on standard
//   output publish_bench tree DIR FILES SIZE         the same pages as files
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <map>
#include <random>

#include <sys/resource.h>

#include "core/files.hpp"
#include "fetch/easy_handle.hpp"
#include "publish/mirror_repository.hpp"
#include "publish/push.hpp"

namespace {

using namespace dandelion;

constexpr std::size_t per_folder = 100;

// Two levels of folders, as a layout with categories and days gives.
std::string page_path(std::size_t number) {
  return fmt::format("pages/{:03}/{:02}/{:06}.md", number / (per_folder * per_folder),
                     number / per_folder % per_folder, number);
}

// Text that compresses about as news does: words of a few thousand, the common ones often.
std::string page_text(std::size_t number, std::size_t size, std::uint64_t version = 0) {
  std::mt19937_64 random(number * 1'000'003 + version);
  std::string text = fmt::format("# Page {}\n\n", number);
  while (text.size() < size) {
    const double rank = static_cast<double>(random() % 1'000'000) / 1'000'000.0;
    const auto word = static_cast<std::uint64_t>(rank * rank * rank * 6'000.0);
    text += fmt::format("{:x}{} ", word * 2'654'435'761U % 0xFFFFF, word % 3 == 0 ? "ing" : "e");
    if (random() % 90 == 0) text += "\n\n";
  }
  text.resize(size);
  return text;
}

std::vector<FileChange> pages(std::size_t count, std::size_t size) {
  std::vector<FileChange> changes;
  changes.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    changes.push_back({page_path(i), page_text(i, size)});
  return changes;
}

class Stopwatch {
 public:
  ~Stopwatch() {
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began_;
    std::cout << fmt::format("{:.4f} {:.4f}\n", wall.count(),
                             static_cast<double>(std::clock() - cpu_) / CLOCKS_PER_SEC);
  }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::clock_t cpu_ = std::clock();
};

void check(bool holds, const std::string& what) {
  if (holds) return;
  std::cerr << what << '\n';
  std::exit(1);
}

template <typename T>
T value(Result<T> result) {
  check(result.has_value(), result ? "" : result.error().message);
  return std::move(*result);
}

void commit(MirrorRepository& repository, const std::vector<FileChange>& changes,
            std::size_t number) {
  value(repository.commit(changes, {.author_name = "Dandelion",
                                    .author_email = "mirror@example.invalid",
                                    .time = Timestamp{std::chrono::seconds{
                                        1'700'000'000 + static_cast<std::int64_t>(number) * 1'800}},
                                    .message = "Update"}));
}

void fill(const std::string& folder, std::size_t files, std::size_t size) {
  auto repository = value(MirrorRepository::open_or_create(folder));
  const auto changes = pages(files, size);
  const Stopwatch watch;
  commit(repository, changes, 0);
}

void change(const std::string& folder, std::size_t files, std::size_t size, std::size_t count,
            std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::map<std::string, std::string> chosen;
  while (chosen.size() < std::min(count, files)) {
    const std::size_t number = random() % files;
    chosen.emplace(page_path(number), page_text(number, size, seed));
  }
  std::vector<FileChange> changes;
  for (auto& [path, text] : chosen)
    changes.push_back({path, std::move(text)});
  const Stopwatch watch;
  auto repository = value(MirrorRepository::open_or_create(folder));
  commit(repository, changes, seed);
}

void runs(const std::string& folder, std::size_t count, std::size_t size, std::size_t first) {
  auto repository = value(MirrorRepository::open_or_create(folder));
  std::string index = value(repository.read("README.md")).value_or(std::string());
  double slowest = 0;
  {
    const Stopwatch watch;
    for (std::size_t i = first; i < first + count; ++i) {
      const auto began = std::chrono::steady_clock::now();
      index = fmt::format("- [Page {}]({})\n", i, page_path(i)) + index;
      index.resize(std::min<std::size_t>(index.size(), 6'000));
      commit(repository, {{page_path(i), page_text(i, size)}, {"README.md", index}}, i);
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
      slowest = std::max(slowest, took.count());
    }
  }
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  std::cout << fmt::format("{:.4f} {:.1f}\n", slowest, static_cast<double>(used.ru_maxrss) / 1024);
}

void push_to(const std::string& folder, const std::string& url) {
  MirrorSettings mirror;
  mirror.name = "bench";
  mirror.url = url;
  NetworkSettings network;
  network.allow_private_addresses = true;
  const Stopwatch watch;
  auto repository = value(MirrorRepository::open_or_create(folder));
  value(push(repository, mirror, network));
}

void stream(std::size_t files, std::size_t size) {
  std::cout << "commit refs/heads/main\ncommitter Dandelion <mirror@example.invalid> 1700000000 "
               "+0000\ndata 6\nUpdate\n";
  for (const FileChange& each : pages(files, size)) {
    std::cout << "M 100644 inline " << each.path << "\ndata " << each.content->size() << '\n'
              << *each.content << '\n';
  }
}

void tree(const std::filesystem::path& folder, std::size_t files, std::size_t size) {
  for (const FileChange& each : pages(files, size)) {
    std::filesystem::create_directories((folder / each.path).parent_path());
    check(create_file(folder / each.path, *each.content).has_value(), "cannot write " + each.path);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const CurlLibrary curl;
  const GitLibrary git;
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto number = [&](std::size_t at) { return std::stoul(words.at(at)); };
  const std::string& what = words.at(0);
  if (what == "fill") fill(words.at(1), number(2), number(3));
  if (what == "change") change(words.at(1), number(2), number(3), number(4), number(5));
  if (what == "runs") runs(words.at(1), number(2), number(3), number(4));
  if (what == "push") push_to(words.at(1), words.at(2));
  if (what == "stream") stream(number(1), number(2));
  if (what == "tree") tree(words.at(1), number(2), number(3));
}
