// SPDX-License-Identifier: MIT
#include "render/search_index.hpp"

#include <bit>

#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "render/search_terms.hpp"

namespace dandelion {
namespace {

// So that a file of terms has some 4 KB, and no folder more entries than Git hosts list.
constexpr std::size_t pages_per_shard = 4;
constexpr std::size_t most_shards = 512;
constexpr std::size_t least_per_block = 25;
constexpr std::size_t most_blocks = 256;
// A page changes as many files of its segment as it has terms, in every commit that brings one.
// What this bound costs and finds stands in the themes' manual.
constexpr std::size_t terms_per_page = 500;
// A term of more pages than that tells nothing: it counts as standing in all of them.
constexpr std::size_t most_pages_of_term = 2000;

// Bumped where an index of before cannot be read, or finds less.
constexpr std::string_view index_version = "// index 2\n";

std::size_t shards_of(std::size_t pages) {
  return std::clamp<std::size_t>(std::bit_ceil(pages / pages_per_shard + 1), 1, most_shards);
}

std::size_t pages_per_block(std::size_t pages) {
  std::size_t size = least_per_block;
  while (pages > size * most_blocks)
    size *= 2;
  return size;
}

std::string file_path(const std::string& name, std::string_view kind, std::size_t number) {
  return fmt::format("search/{}/{}{}.js", name, kind, number);
}

std::string json_text(const nlohmann::json& value) {
  const std::string text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  // Line breaks to older scripts, not to JSON.
  return replace_all(replace_all(text, "\u2028", "\\u2028"), "\u2029", "\\u2029");
}

// A file that hands its content to the search page.
RenderedFile handed_over(std::string path, std::string_view content) {
  constexpr std::string_view folder = "search/";
  constexpr std::string_view ending = ".js";
  const std::string name = path.substr(folder.size(), path.size() - folder.size() - ending.size());
  return {std::move(path), fmt::format("dandelion_found(\"{}\",{});\n", name, content)};
}

std::string base36(std::size_t number) {
  constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
  std::string text;
  do {
    text.insert(text.begin(), digits[number % digits.size()]);
    number /= digits.size();
  } while (number != 0);
  return text;
}

// The pages of one term: distances in base 36, `!` behind those in whose title it stands.
struct Postings {
  std::string text;
  std::size_t last = 0;
  std::size_t count = 0;

  void add(std::size_t page, bool in_title) {
    if (count++ != 0) text += ' ';
    text += base36(page - last);
    if (in_title) text += '!';
    last = page;
  }
  [[nodiscard]] std::string written() const { return count > most_pages_of_term ? "*" : text; }
};

}  // namespace

SearchPage search_page(std::string title, const std::string& byline, const std::string& text) {
  SearchPage page;
  const auto in_title = search_terms(title, terms_per_page);
  page.title_terms = in_title.size();
  const std::string whole = fmt::format("{}\n{}\n{}", title, byline, text);
  for (const std::string& term : search_terms(whole, terms_per_page))
    page.terms.append(term).append("\n");
  page.title = std::move(title);
  return page;
}

std::vector<RenderedFile> search_segment(const std::string& name,
                                         const std::vector<SearchPage>& pages) {
  const std::size_t shards = shards_of(pages.size());
  std::vector<std::map<std::string, Postings, std::less<>>> terms(shards);
  for (std::size_t number = 0; number < pages.size(); ++number) {
    const SearchPage& page = pages[number];
    std::string_view rest = page.terms;
    for (std::size_t i = 0; !rest.empty(); ++i) {
      const std::string_view term = rest.substr(0, rest.find('\n'));
      auto& shard = terms[search_hash(term) % shards];
      auto at = shard.find(term);
      if (at == shard.end()) at = shard.emplace(term, Postings()).first;
      at->second.add(number, i < page.title_terms);
      rest.remove_prefix(term.size() + 1);
    }
  }
  std::vector<RenderedFile> files;
  for (std::size_t shard = 0; shard < shards; ++shard) {
    // A line a term: what Git keeps of a change is small.
    std::string content = "{";
    for (const auto& [term, postings] : terms[shard]) {
      content += fmt::format("{}\n{}:\"{}\"", content.size() == 1 ? "" : ",", json_text(term),
                             postings.written());
    }
    files.push_back(handed_over(file_path(name, "", shard), content + "}"));
  }
  const std::size_t size = pages_per_block(pages.size());
  for (std::size_t first = 0; first < pages.size(); first += size) {
    std::string content = "[";
    for (std::size_t i = first; i < std::min(first + size, pages.size()); ++i) {
      content += i == first ? "\n" : ",\n";
      content += json_text({pages[i].title, pages[i].path, pages[i].date});
    }
    files.push_back(handed_over(file_path(name, "p", first / size), content + "]"));
  }
  return files;
}

std::vector<std::string> search_segment_paths(const std::string& name, std::size_t pages) {
  std::vector<std::string> paths;
  for (std::size_t shard = 0; shard < shards_of(pages); ++shard)
    paths.push_back(file_path(name, "", shard));
  const std::size_t blocks = std::min(most_blocks, (pages + least_per_block - 1) / least_per_block);
  for (std::size_t block = 0; block < blocks; ++block)
    paths.push_back(file_path(name, "p", block));
  return paths;
}

RenderedFile search_list(const std::vector<SearchSegment>& segments) {
  std::string content = "[";
  for (const SearchSegment& segment : segments) {
    content += content.size() == 1 ? "\n" : ",\n";
    content += json_text(
        {segment.name, segment.pages, shards_of(segment.pages), pages_per_block(segment.pages)});
  }
  RenderedFile file = handed_over(std::string(search_list_path), content + "]");
  file.content.insert(0, index_version);
  return file;
}

bool is_search_list(std::string_view text) {
  return text.starts_with(index_version);
}

}  // namespace dandelion
