// SPDX-License-Identifier: MIT
#include "render/search_terms.hpp"

#include <algorithm>
#include <unordered_set>

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "core/text.hpp"

namespace dandelion {
namespace {

constexpr std::size_t longest_word = 40;  // in characters; the rest of a longer one is cut off
constexpr std::size_t hashed_letters = 3;
constexpr UChar32 tatweel = 0x0640;  // stretches an Arabic word, and means nothing

// Far more than the terms of one page come from.
constexpr std::size_t max_text_bytes = 64U << 10U;

// Scripts that set no spaces between words.
bool is_dense(char32_t c) {
  struct Range {
    char32_t first;
    char32_t last;
  };
  static constexpr Range ranges[] = {{0x0E00, 0x0EFF}, {0x1000, 0x109F},  {0x1780, 0x17FF},
                                     {0x3005, 0x3007}, {0x3040, 0x30FF},  {0x3400, 0x4DBF},
                                     {0x4E00, 0x9FFF}, {0xA9E0, 0xA9FF},  {0xAA60, 0xAA7F},
                                     {0xF900, 0xFAFF}, {0x20000, 0x3FFFF}};
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
}

bool is_word_part(UChar32 c) {
  return (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) != 0;
}

// Without accents and the like, in small letters.
icu::UnicodeString folded(std::string_view text) {
  auto whole = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  UErrorCode error = U_ZERO_ERROR;
  const auto* apart = icu::Normalizer2::getNFKDInstance(error);
  const auto* together = icu::Normalizer2::getNFCInstance(error);
  if (U_FAILURE(error) != 0) return whole;
  const icu::UnicodeString marked = apart->normalize(whole, error);
  icu::UnicodeString bare;
  for (int32_t at = 0; at < marked.length(); at = marked.moveIndex32(at, 1)) {
    const UChar32 c = marked.char32At(at);
    if (u_charType(c) != U_NON_SPACING_MARK && c != tatweel) bare.append(c);
  }
  icu::UnicodeString made = together->normalize(bare, error);
  if (U_FAILURE(error) != 0) return whole;
  return made.toLower(icu::Locale::getRoot());
}

// "al-": stands in front of every other Arabic noun, and is no part of what is looked for.
void drop_article(std::u32string& word) {
  constexpr std::u32string_view article = U"\u0627\u0644";
  if (word.size() >= article.size() + hashed_letters && word.starts_with(article))
    word.erase(0, article.size());
}

// Takes a folded text apart.
class Cutter {
 public:
  explicit Cutter(std::size_t most) : most_(most) {}

  void take(char32_t c) {
    const bool part = is_word_part(static_cast<UChar32>(c));
    if (!part || is_dense(c) != dense_) end();
    if (!part) return;
    dense_ = is_dense(c);
    if (!dense_) {
      if (run_.size() < longest_word) run_ += c;
      return;
    }
    run_ += c;
    if (run_.size() == 2) {
      add(run_);
      run_.erase(0, 1);
    }
  }

  std::vector<std::string> terms() {
    end();
    return std::move(terms_);
  }

  [[nodiscard]] bool full() const { return terms_.size() >= most_; }

 private:
  void end() {
    if (!dense_) drop_article(run_);
    if (!run_.empty()) add(run_);
    run_.clear();
  }

  void add(const std::u32string& term) {
    if (full()) return;
    std::string text;
    for (const char32_t c : term)
      append_utf8(text, c);
    if (seen_.insert(text).second) terms_.push_back(std::move(text));
  }

  std::size_t most_;
  bool dense_ = false;
  std::u32string run_;  // of a dense script: the last character
  std::vector<std::string> terms_;
  std::unordered_set<std::string> seen_;
};

}  // namespace

std::vector<std::string> search_terms(std::string_view text, std::size_t most) {
  text = text.substr(0, max_text_bytes);
  Cutter cutter(most);
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= 0; })) {
    for (const char c : ascii_lower(text)) {
      if (cutter.full()) break;
      cutter.take(static_cast<char32_t>(c));
    }
    return cutter.terms();
  }
  const icu::UnicodeString whole = folded(text);
  for (int32_t at = 0; at < whole.length() && !cutter.full(); at = whole.moveIndex32(at, 1))
    cutter.take(static_cast<char32_t>(whole.char32At(at)));
  return cutter.terms();
}

std::uint32_t search_hash(std::string_view term) {
  std::uint32_t hash = 2166136261U;  // FNV-1a, over characters
  for (std::size_t letters = 0; !term.empty() && letters < hashed_letters; ++letters) {
    const CodePoint c = read_utf8(term);
    hash = (hash ^ static_cast<std::uint32_t>(c.value)) * 16777619U;
    if (is_dense(c.value)) break;
    term.remove_prefix(c.length);
  }
  return hash;
}

}  // namespace dandelion
