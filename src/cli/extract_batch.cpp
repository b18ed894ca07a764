// SPDX-License-Identifier: MIT
#include "cli/extract_batch.hpp"

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <iostream>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/extract_output.hpp"
#include "core/files.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "extract/extract.hpp"
#include "html/charset.hpp"

namespace dandelion {
namespace {

struct Answer {
  std::string line;
  bool ok = false;
};

// Of a regular file alone: for what comes out of a pipe the other answers might wait for ever.
Result<std::string> read_page(const std::string& name, std::size_t max_bytes) {
  if (name.find('\0') != std::string::npos)
    return fail(ErrorKind::bad_input, "{}: no file has a NUL in its name", name.c_str());
  std::error_code ignored;
  const auto kind = std::filesystem::status(name, ignored).type();
  if (kind == std::filesystem::file_type::fifo || kind == std::filesystem::file_type::socket ||
      kind == std::filesystem::file_type::character || kind == std::filesystem::file_type::block)
    return fail(ErrorKind::bad_input, "{}: not a regular file", name);
  return read_file(name, max_bytes);
}

Answer answer_line(const std::string& line, const ArticleRules& rules, std::size_t max_bytes) {
  const auto request = nlohmann::json::parse(line, nullptr, false);
  if (!request.is_object() || !request.contains("file") || !request["file"].is_string()) {
    return {failure_json({}, R"(expected a line like {"file": "page.html", "url": "https://…"})"),
            false};
  }
  const bool has_url = request.contains("url") && request["url"].is_string();
  const std::string url = has_url ? request["url"].get<std::string>() : std::string();
  if (const auto address = parse_url(url); !url.empty() && !address)
    return {failure_json(url, address.error().message), false};
  auto bytes = read_page(request["file"].get<std::string>(), max_bytes);
  if (!bytes) return {failure_json(url, bytes.error().message), false};
  auto article = extract_article(html::decode(*bytes, {}).text, url, rules);
  if (!article) return {failure_json(url, article.error().message), false};
  return {article_json(*article), true};
}

// Hands out the questions, and puts the answers in their order. Threads share it.
class Desk {
 public:
  Desk(std::istream& questions, std::ostream& answers, std::size_t most_ahead)
      : questions_(questions), answers_(answers), most_ahead_(most_ahead) {}

  // The next question and its number; nullopt when there are no more.
  std::optional<std::pair<std::size_t, std::string>> ask() {
    const std::scoped_lock reading(reading_);
    if (!wait_for_room()) return std::nullopt;
    std::string line;
    do {
      if (!std::getline(questions_, line)) return std::nullopt;
    } while (is_blank(line));
    const std::scoped_lock lock(lock_);
    return std::pair(asked_++, std::move(line));
  }

  void answer(std::size_t number, Answer answer) {
    const std::scoped_lock lock(lock_);
    waiting_.emplace(number, std::move(answer));
    while (!waiting_.empty() && waiting_.begin()->first == answered_) {
      const Answer& next = waiting_.begin()->second;
      answers_ << next.line << '\n';
      all_ok_ = all_ok_ && next.ok;
      waiting_.erase(waiting_.begin());
      ++answered_;
    }
    if (answered_ == asked_) answers_.flush();
    room_.notify_one();
  }

  [[nodiscard]] bool all_ok() const { return all_ok_; }

 private:
  // One slow page must not let the answers behind it pile up.
  // False where nobody takes the answers any more.
  bool wait_for_room() {
    std::unique_lock lock(lock_);
    room_.wait(lock, [this] { return asked_ - answered_ < most_ahead_; });
    return answers_.good();
  }

  std::istream& questions_;
  std::ostream& answers_;
  const std::size_t most_ahead_;
  std::mutex reading_;
  std::mutex lock_;
  std::condition_variable room_;
  std::map<std::size_t, Answer> waiting_;
  std::size_t asked_ = 0;
  std::size_t answered_ = 0;
  bool all_ok_ = true;
};

}  // namespace

bool extract_batch(std::istream& questions, std::ostream& answers, const ArticleRules& rules,
                   std::size_t max_page_bytes) {
  const std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
  // Reading a question would write what is due of the answers, each time.
  std::ostream* tied = questions.tie(nullptr);
  Desk desk(questions, answers, threads * 64);
  std::vector<std::jthread> workers;
  for (std::size_t i = 0; i < threads; ++i) {
    workers.emplace_back([&] {
      while (const auto question = desk.ask())
        desk.answer(question->first, answer_line(question->second, rules, max_page_bytes));
    });
  }
  workers.clear();
  answers.flush();
  if (tied != nullptr) questions.tie(tied);
  return desk.all_ok();
}

}  // namespace dandelion
