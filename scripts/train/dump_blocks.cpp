// SPDX-License-Identifier: MIT
// What scripts/train/train.py learns from, computed by the code that will use what it learned.
// Reads names of HTML files, one a line, each maybe with a tab and ranges of blocks to leave out,
// from standard input and writes one record a page to standard output:
//
// clang-format off
//   dump_blocks list                   the features' names, one a line
//   dump_blocks texts                  JSON: the blocks' texts and weights, the words in elements' names
//   dump_blocks features NAMES         binary: u32 number of blocks, then a column of floats for each of
//                                      the first model's features
//   dump_blocks features NAMES RATES   the same of the features that only the second has
//   dump_blocks rates                  for people: what is taken, how likely it is, and what it is
// clang-format on
//
// NAMES holds `word weight` a line, RATES a float for each block of all pages: what the first said.
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include <nlohmann/json.hpp>

#include "extract/block_features.hpp"
#include "extract/block_model.hpp"
#include "extract/metadata.hpp"
#include "extract/text_blocks.hpp"
#include "html/charset.hpp"
#include "html/parse.hpp"

namespace {

using namespace dandelion;

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Takes blocks out of the page, by ranges "3-7,9-12" that leave the ends out.
void take_out(const PageText& page, const std::string& ranges) {
  std::istringstream list(ranges);
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  char sign = 0;
  while (list >> begin >> sign >> end) {
    for (std::uint32_t block = begin; block < std::min<std::size_t>(end, page.blocks.size());
         ++block) {
      for (std::uint32_t i = page.blocks[block].first_text; i < page.blocks[block].end_text; ++i)
        html::remove(*page.texts[i]);
    }
    list >> sign;
  }
}

std::string names_of(const html::Node& element) {
  std::string words;
  for (const std::string_view name : {"class", "id", "role", "itemprop"}) {
    each_name_word(element.attribute_or_empty(name).substr(0, 200),
                   [&words](std::string_view word) { words.append(word).append(" "); });
  }
  return words;
}

void write_texts(const PageText& page) {
  auto blocks = nlohmann::json::array();
  for (const TextBlock& block : page.blocks)
    blocks.push_back({text_of(page, block), block.count.weight});
  auto elements = nlohmann::json::array();
  for (const PageElement& element : page.elements) {
    if (!element.node->is_element() || element.node->is_element(html::Tag::body_) ||
        element.node->is_element(html::Tag::html_) || element.first_block == element.end_block)
      continue;
    const std::string words = names_of(*element.node);
    if (!words.empty()) elements.push_back({element.first_block, element.end_block, words});
  }
  std::cout << nlohmann::json{{"blocks", blocks}, {"elements", elements}}.dump(
                   -1, ' ', false, nlohmann::json::error_handler_t::replace)
            << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.empty()) return 2;
  if (arguments[0] == "list") {
    for (int i = 0; i < static_cast<int>(Feature::count); ++i)
      std::cout << feature_name(static_cast<Feature>(i)) << '\n';
    return 0;
  }
  std::vector<std::pair<std::string, float>> words;
  if (arguments.size() > 1) {
    std::ifstream file(arguments[1]);
    std::string word;
    float weight = 0;
    while (file >> word >> weight)
      words.emplace_back(word, weight);
  }
  std::vector<NameWeights::Entry> entries;
  entries.reserve(words.size());
  for (const auto& [word, weight] : words)
    entries.push_back({word, weight});
  const NameWeights given(entries);
  const NameWeights& names = arguments.size() > 1 ? given : NameWeights::built_in();
  std::ifstream rates_file;
  if (arguments.size() > 2) rates_file.open(arguments[2], std::ios::binary);
  std::string path;
  while (std::getline(std::cin, path)) {
    const auto tab = path.find('\t');
    html::Document document = html::parse(html::decode(read(path.substr(0, tab)), {}).text);
    const PageMetadata metadata = read_metadata(document.root());
    PageText page = collect_text(document.root(), names);
    if (tab != std::string::npos) {
      take_out(page, path.substr(tab + 1));
      page = collect_text(document.root(), names);
    }
    if (arguments[0] == "texts") {
      write_texts(page);
      continue;
    }
    const BlockStructure structure(page);
    BlockFeatures features = describe_blocks(structure, metadata.title, metadata.kind);
    if (arguments[0] == "rates") {
      const std::vector<float> rates = rate_blocks(structure, features);
      const std::vector<bool> taken = choose_blocks(structure, rates);
      for (std::size_t i = 0; i < rates.size(); ++i) {
        const TextBlock& block = page.blocks[i];
        std::cout << (taken[i] ? "+ " : "- ") << rates[i] << ' ' << block.count.weight << ' '
                  << block.count.in_links << ' ' << features.column(Feature::name_near)[i] << ' '
                  << features.column(Feature::name_low)[i] << ' '
                  << page.elements[block.element].node->name << ' '
                  << page.elements[block.element].node->attribute_or_empty("class") << " | "
                  << text_of(page, block).substr(0, 60) << '\n';
      }
      continue;
    }
    const auto blocks = static_cast<std::uint32_t>(features.blocks());
    int first = 0;
    auto end = static_cast<int>(first_rated_feature);
    if (rates_file.is_open()) {
      std::vector<float> rates(blocks);
      rates_file.read(reinterpret_cast<char*>(rates.data()),
                      static_cast<std::streamsize>(blocks * sizeof(float)));
      describe_rates(structure, rates, features);
      first = end;
      end = static_cast<int>(Feature::count);
    }
    std::cout.write(reinterpret_cast<const char*>(&blocks), sizeof blocks);
    for (int i = first; i < end; ++i) {
      std::cout.write(reinterpret_cast<const char*>(features.column(static_cast<Feature>(i))),
                      static_cast<std::streamsize>(blocks * sizeof(float)));
    }
  }
  return 0;
}
