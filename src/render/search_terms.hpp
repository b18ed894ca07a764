// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dandelion {

// What the search page finds a text by, each once, in the text's order, at most `most`: its words
// in small letters without accents, vowel points or the Arabic article; pairs of characters where a
// script sets no spaces between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese), and the last
// character of such a run alone. data/search.js cuts a reader's query in the same way.
[[nodiscard]] std::vector<std::string> search_terms(std::string_view text, std::size_t most);

// A number that decides in which of the index's files the term stands. Terms that begin with the
// same three letters, or with the same character of a script without spaces, have the same one: a
// query finds what begins with its words too.
[[nodiscard]] std::uint32_t search_hash(std::string_view term);

}  // namespace dandelion
