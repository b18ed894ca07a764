// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/text.hpp"
#include "publish/host_api.hpp"

namespace {

constexpr std::size_t most_words = 4'000;

bool is_fit_for_a_terminal(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) return false;
  }
  return dandelion::is_utf8(text);
}

}  // namespace

// The first bytes choose the host and the status, a line each the headers, the rest is the body:
// whatever a host answers to its owner or to a reader, the verdict is of bounded length and holds
// nothing that a terminal would obey.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  using dandelion::HostKind;
  constexpr HostKind kinds[] = {HostKind::github, HostKind::gitlab, HostKind::forgejo};
  constexpr long statuses[] = {200, 301, 307, 401, 403, 404, 410, 429, 451, 500};
  dandelion::ApiAnswer answer;
  answer.status = statuses[data[1] % std::size(statuses)];
  std::string_view rest(reinterpret_cast<const char*>(data + 2), size - 2);
  for (const char* name :
       {"retry-after", "x-ratelimit-reset", "x-ratelimit-remaining", "location", "link"}) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    if (!line.empty()) answer.headers[name] = line;
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  answer.body = rest;
  answer.url = answer.headers["location"];
  const dandelion::Timestamp now(std::chrono::seconds(1'700'000'000));
  for (const auto& verdict : {dandelion::judge(kinds[data[0] % std::size(kinds)], answer, now),
                              dandelion::judge_reading(answer, now)}) {
    if (verdict.detail.size() > most_words || !is_fit_for_a_terminal(verdict.detail)) std::abort();
  }
  return 0;
}
