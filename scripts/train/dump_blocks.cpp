// SPDX-License-Identifier: MIT
// What scripts/train/train.py learns from, computed by the code that will use what it learned.
// Reads names of HTML files, one a line, from standard input and writes one record a page to
// standard output:
//
//   dump_blocks texts                    JSON: the blocks' texts and weights, the words in
//   elements' names dump_blocks features NAMES           binary: u32 number of blocks, then a
//   column of floats for each feature dump_blocks list                     the features' names, one
//   a line
//
// NAMES holds `word weight` a line.
#include <fstream>
#include <iostream>
#include <iterator>

#include <nlohmann/json.hpp>

#include "extract/block_features.hpp"
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
  const NameWeights names(entries);
  std::string path;
  while (std::getline(std::cin, path)) {
    html::Document document = html::parse(html::decode(read(path), {}).text);
    const PageMetadata metadata = read_metadata(document.root());
    const PageText page = collect_text(document.root(), names);
    if (arguments[0] == "texts") {
      write_texts(page);
      continue;
    }
    const BlockFeatures features = describe_blocks(page, metadata.title, metadata.kind);
    const auto blocks = static_cast<std::uint32_t>(features.blocks());
    std::cout.write(reinterpret_cast<const char*>(&blocks), sizeof blocks);
    for (int i = 0; i < static_cast<int>(Feature::count); ++i) {
      std::cout.write(reinterpret_cast<const char*>(features.column(static_cast<Feature>(i))),
                      static_cast<std::streamsize>(blocks * sizeof(float)));
    }
  }
  return 0;
}
