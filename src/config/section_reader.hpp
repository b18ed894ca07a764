// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "config/yaml_tree.hpp"

namespace dandelion {

// What the readers of all sections share: the diagnostics they add to, and what messages and paths
// need.
struct ReadContext {
  std::string file;
  std::filesystem::path folder;
  const ConfigChecks& checks;
  std::vector<Diagnostic> diagnostics;

  void error(const YamlMark& mark, std::string message);
  void warning(const YamlMark& mark, std::string message);
};

// A key of a section and what reads its value.
struct SectionKey {
  std::string_view name;
  std::function<void(const YamlNode&)> read;
  bool required = false;
};

// Reads a map by its table of keys. Unknown keys (with the nearest known one), keys that stand
// twice and required ones that are missing are told. An explicit null counts as absent.
void read_section(ReadContext& context, const YamlNode& node, std::string_view what,
                  const std::vector<SectionKey>& keys);

// Calls `read` for every item of a list, telling where the value is none.
void read_list(ReadContext& context, const YamlNode& node, std::string_view what,
               const std::function<void(const YamlNode&)>& read);

// Readers of single values: on a mistake they say so and leave `into` as it was.
void read_text(ReadContext& context, const YamlNode& node, std::string& into);
void read_text_list(ReadContext& context, const YamlNode& node, std::vector<std::string>& into);
void read_selector(ReadContext& context, const YamlNode& node, std::string& into);
void read_duration(ReadContext& context, const YamlNode& node, std::chrono::milliseconds least,
                   std::chrono::milliseconds most, std::chrono::milliseconds& into);
void read_size(ReadContext& context, const YamlNode& node, std::uint64_t least, std::uint64_t most,
               std::uint64_t& into);
void read_number(ReadContext& context, const YamlNode& node, int least, int most, int& into);
void read_path(ReadContext& context, const YamlNode& node, std::filesystem::path& into);
void read_secret_source(ReadContext& context, const YamlNode& node,
                        std::optional<SecretSource>& into);
void read_web_address(ReadContext& context, const YamlNode& node, std::string& into);
// One of a few words; the place of the word that was found, or -1.
int read_choice(ReadContext& context, const YamlNode& node,
                std::initializer_list<std::string_view> words);
// A pattern with `{…}` placeholders, all of them known.
void read_pattern(ReadContext& context, const YamlNode& node,
                  std::initializer_list<std::string_view> placeholders, std::string& into);

// The sections.
void read_network(ReadContext& context, const YamlNode& node, NetworkSettings& network);
void read_site(ReadContext& context, const YamlNode& node, SiteConfig& site);
void read_mirror(ReadContext& context, const YamlNode& node, MirrorSettings& mirror);

// A reader for a key whose feature is still to come: checks nothing but tells that it has no
// effect.
[[nodiscard]] SectionKey not_yet(ReadContext& context, std::string_view name,
                                 std::string_view instead);

}  // namespace dandelion
