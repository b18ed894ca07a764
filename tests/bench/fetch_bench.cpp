// SPDX-License-Identifier: MIT
// Fetches every address of a file (one a line) through the engine, as a run would, and says how
// long that took: fetch_bench FILE [FOLDER]. With a folder, bodies go into files there, as curl -Z
// and wget2 put them. Prints "requests failed wall-seconds cpu-seconds peak-MB-queued peak-MB".
#include <chrono>
#include <fstream>

#include <fmt/format.h>
#include <sys/resource.h>

#include "fetch/body_sink.hpp"
#include "fetch/easy_handle.hpp"
#include "fetch/transfer_engine.hpp"

namespace {

rusage used() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage;
}

double cpu_seconds() {
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  const rusage usage = used();
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double peak_mb() {
  return static_cast<double>(used().ru_maxrss) / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace dandelion;
  if (argc < 2 || argc > 3) {
    fmt::print(stderr, "usage: fetch_bench FILE [FOLDER]\n");
    return 2;
  }
  const CurlLibrary library;
  NetworkSettings settings;
  settings.allow_private_addresses = true;
  settings.robots = RobotsPolicy::obey;
  settings.connections_per_host = 16;
  auto engine = TransferEngine::create(settings);
  if (!engine) return 1;
  const auto began = std::chrono::steady_clock::now();
  std::size_t requests = 0;
  std::size_t failed = 0;
  std::ifstream list(argv[1]);
  for (std::string url; std::getline(list, url); ++requests) {
    FetchRequest request{.url = std::move(url), .site = "bench"};
    if (argc == 3) {
      request.sink =
          std::make_shared<FileSink>(std::filesystem::path(argv[2]) / std::to_string(requests));
    }
    (*engine)->add(std::move(request),
                   [&failed](const Result<FetchedPage>& page) { failed += page ? 0U : 1U; });
  }
  const double queued = peak_mb();
  (*engine)->run();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  fmt::print("{} {} {:.3f} {:.3f} {:.1f} {:.1f}\n", requests, failed, wall.count(), cpu_seconds(),
             queued, peak_mb());
  return failed == 0 ? 0 : 1;
}
