// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dandelion {

// What a fetched page looks like from outside: what is needed to tell whether it is the page that
// was asked for, and no more.
struct PageLook {
  std::string asked;  // the address that was asked for
  std::string url;    // where the redirects ended
  long status = 200;
  std::vector<std::string> header_names;  // lower case
  std::string title;
  std::size_t body_bytes = 0;         // as received, decompressed
  std::string body_hash;              // of these bytes
  std::size_t text_bytes = 0;         // of the article's text, or of the page's where there is none
  std::vector<std::uint64_t> sketch;  // of the page's text, by sketch_text; may be empty
  bool has_article = false;           // the site's rules found what they look for
};

// A bottom-k sketch of the text's shingles: the smallest hashes of all runs of five characters
// (Broder, "On the resemblance and containment of documents", 1997). Runs of characters, not of
// words, so that scripts without spaces count alike. Blanks and ASCII punctuation do not matter.
[[nodiscard]] std::vector<std::uint64_t> sketch_text(std::string_view text);

// How much of the shorter text stands in the longer, as two sketches tell it: 0 … 1. 0 where one is
// empty.
[[nodiscard]] double containment(const std::vector<std::uint64_t>& a,
                                 const std::vector<std::uint64_t>& b);

// Whether two titles share a word of five letters or more; for scripts without spaces, where a
// title is a word or two, half of the shorter one's pairs of characters.
[[nodiscard]] bool titles_match(std::string_view a, std::string_view b);

// Whether two fetches of one address gave the same page: OONI's test of a measurement against a
// control (spec ts-017, "HTTP diff"): the same status, and any of a body of like length (ratio
// above 0.7), an uncommon header in common, a title in common. Beyond it the texts must be of one
// kind where both are long enough to tell, since a geo-block by the site's own host shares its
// headers.
[[nodiscard]] bool is_same_page(const PageLook& a, const PageLook& b);

}  // namespace dandelion
