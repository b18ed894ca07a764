// SPDX-License-Identifier: MIT
#include "fetch/page_look.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "core/text.hpp"

namespace dandelion {
namespace {

constexpr std::size_t shingle_length = 5;   // characters
constexpr std::size_t sketch_size = 256;    // hashes; the error of an estimate is near 1/16
constexpr std::size_t telling_sketch = 64;  // fewer shingles tell nothing
constexpr std::size_t max_sketched_bytes = 1U << 20;
constexpr double least_containment = 0.3;
constexpr double least_length_ratio = 0.7;  // ts-017
constexpr std::size_t least_word = 5;       // characters; ts-017

// ts-017's list of headers that most servers send, with those that say how, not what, is sent.
constexpr std::array<std::string_view, 30> common_headers = {"accept-ranges",
                                                             "age",
                                                             "alt-svc",
                                                             "cache-control",
                                                             "cf-ray",
                                                             "connection",
                                                             "content-encoding",
                                                             "content-language",
                                                             "content-length",
                                                             "content-type",
                                                             "date",
                                                             "etag",
                                                             "expires",
                                                             "keep-alive",
                                                             "last-modified",
                                                             "link",
                                                             "location",
                                                             "p3p",
                                                             "pragma",
                                                             "server",
                                                             "set-cookie",
                                                             "strict-transport-security",
                                                             "transfer-encoding",
                                                             "upgrade",
                                                             "vary",
                                                             "via",
                                                             "x-content-type-options",
                                                             "x-frame-options",
                                                             "x-powered-by",
                                                             "x-xss-protection"};

// FNV-1a with a last mix (SplitMix64), so that the smallest hashes are a fair sample.
std::uint64_t hash_of(const char32_t* begin, std::size_t count) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (std::size_t i = 0; i < count; ++i)
    hash = (hash ^ begin[i]) * 0x100000001B3ULL;
  hash ^= hash >> 30;
  hash *= 0xBF58476D1CE4E5B9ULL;
  hash ^= hash >> 27;
  hash *= 0x94D049BB133111EBULL;
  return hash ^ (hash >> 31);
}

// Letters and digits of any script, small where they are ASCII; 0 stands for all between.
std::u32string characters_of(std::string_view text) {
  std::u32string all;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint next = read_utf8(text.substr(i));
    char32_t c = next.value;
    if (c < 0x80) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (c >= 'A' && c <= 'Z') {
        c += 'a' - 'A';
      } else if (!letter) {
        c = 0;
      }
    } else if (leading_space(text.substr(i)) != 0 || (c >= 0x3000 && c <= 0x303F) ||
               (c >= 0x2000 && c <= 0x206F)) {
      c = 0;
    }
    if (c != 0 || (!all.empty() && all.back() != 0)) all.push_back(c);
    i += next.length;
  }
  return all;
}

std::set<std::u32string> long_words(const std::u32string& text) {
  std::set<std::u32string> words;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != 0) continue;
    if (i - begin >= least_word) words.insert(text.substr(begin, i - begin));
    begin = i + 1;
  }
  return words;
}

// Scripts that are written without spaces: kana, ideographs, Thai, Lao, Myanmar, Khmer.
bool has_no_spaces(char32_t c) {
  return (c >= 0x0E00 && c <= 0x0EFF) || (c >= 0x1000 && c <= 0x109F) ||
         (c >= 0x1780 && c <= 0x17FF) || (c >= 0x3040 && c <= 0x30FF) ||
         (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0x20000 && c <= 0x3FFFF);
}

std::set<std::u32string> pairs(const std::u32string& text) {
  std::set<std::u32string> found;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (has_no_spaces(text[i]) && has_no_spaces(text[i + 1])) found.insert(text.substr(i, 2));
  }
  return found;
}

template <typename Item>
std::size_t shared(const std::set<Item>& a, const std::set<Item>& b) {
  return static_cast<std::size_t>(std::count_if(
      a.begin(), a.end(), [&b](const Item& item) { return b.find(item) != b.end(); }));
}

bool share_uncommon_header(const PageLook& a, const PageLook& b) {
  return std::any_of(a.header_names.begin(), a.header_names.end(), [&b](const std::string& name) {
    return std::find(common_headers.begin(), common_headers.end(), name) == common_headers.end() &&
           std::find(b.header_names.begin(), b.header_names.end(), name) != b.header_names.end();
  });
}

bool are_alike_in_length(const PageLook& a, const PageLook& b) {
  const auto [less, more] = std::minmax(a.body_bytes, b.body_bytes);
  return more == 0 || static_cast<double>(less) / static_cast<double>(more) > least_length_ratio;
}

}  // namespace

std::vector<std::uint64_t> sketch_text(std::string_view text) {
  std::u32string characters = characters_of(text.substr(0, max_sketched_bytes));
  std::erase(characters, U'\0');
  std::vector<std::uint64_t> hashes;
  for (std::size_t i = 0; i + shingle_length <= characters.size(); ++i)
    hashes.push_back(hash_of(characters.data() + i, shingle_length));
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  if (hashes.size() > sketch_size) hashes.resize(sketch_size);
  return hashes;
}

double containment(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  if (a.empty() || b.empty()) return 0;
  // A full sketch knows its text up to its largest hash only: beyond it nothing can be compared.
  const auto reach = [](const std::vector<std::uint64_t>& sketch) {
    return sketch.size() < sketch_size ? ~std::uint64_t{0} : sketch.back();
  };
  const std::uint64_t limit = std::min(reach(a), reach(b));
  const auto within = [limit](const std::vector<std::uint64_t>& sketch) {
    return static_cast<std::size_t>(std::upper_bound(sketch.begin(), sketch.end(), limit) -
                                    sketch.begin());
  };
  std::vector<std::uint64_t> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  const std::size_t fewer = std::min(within(a), within(b));
  return fewer == 0 ? 0 : static_cast<double>(both.size()) / static_cast<double>(fewer);
}

bool titles_match(std::string_view a, std::string_view b) {
  const std::u32string first = characters_of(a);
  const std::u32string second = characters_of(b);
  if (!first.empty() && first == second) return true;
  const auto first_pairs = pairs(first);
  const auto second_pairs = pairs(second);
  const std::size_t fewer = std::min(first_pairs.size(), second_pairs.size());
  if (fewer > 0 && 2 * shared(first_pairs, second_pairs) >= fewer) return true;
  // A run of ideographs between two signs is no word.
  auto words = long_words(first);
  std::erase_if(words, [](const std::u32string& word) {
    return std::any_of(word.begin(), word.end(), has_no_spaces);
  });
  return shared(words, long_words(second)) > 0;
}

bool is_same_page(const PageLook& a, const PageLook& b) {
  if (a.status != b.status) return false;
  if (a.body_hash == b.body_hash && !a.body_hash.empty()) return true;
  if (!are_alike_in_length(a, b) && !share_uncommon_header(a, b) && !titles_match(a.title, b.title))
    return false;
  const bool telling = a.sketch.size() >= telling_sketch && b.sketch.size() >= telling_sketch;
  return !telling || containment(a.sketch, b.sketch) >= least_containment;
}

}  // namespace dandelion
