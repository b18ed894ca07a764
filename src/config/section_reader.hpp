// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <initializer_list>
#include <map>
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
  std::size_t errors = 0;  // how many of them are

  void error(const YamlMark& mark, std::string message);
  void warning(const YamlMark& mark, std::string message);
  // Tells what `check` says of the file; nothing where there is no check or no file to look at.
  void check_file(
      const YamlMark& mark,
      const std::function<std::optional<ConfigChecks::FileTrouble>(const std::filesystem::path&)>&
          check,
      const std::filesystem::path& path);
};

// The keys of one map that were met, and where. Tells of a second one of a name.
class FirstLines {
 public:
  [[nodiscard]] bool is_new(ReadContext& context, const YamlNode& key);
  [[nodiscard]] bool contains(const std::string& key) const { return lines_.contains(key); }

 private:
  std::map<std::string, int> lines_;
};

// A key of a section and what reads its value.
struct SectionKey {
  std::string_view name;
  std::function<void(const YamlNode&)> read;
  bool required = false;
  // The error for `key:` with nothing behind it, where a warning that it has no effect would not
  // do.
  std::string_view without_value = {};
};

// Reads a map by its table of keys. Unknown keys (with the nearest known one), keys that stand
// twice, keys without a value and required ones that are missing are told. An explicit null counts
// as absent.
void read_section(ReadContext& context, const YamlNode& node, std::string_view what,
                  const std::vector<SectionKey>& keys);

// Calls `read` for every item of a list, telling where the value is none.
void read_list(ReadContext& context, const YamlNode& node, std::string_view what,
               const std::function<void(const YamlNode&)>& read);

// Whether the value is text; tells that `wanted` was expected where not.
[[nodiscard]] bool expect_scalar(ReadContext& context, const YamlNode& node,
                                 std::string_view wanted);

// Readers of single values: on a mistake they say so and leave `into` as it was.
void read_text(ReadContext& context, const YamlNode& node, std::string& into);
void read_text_list(ReadContext& context, const YamlNode& node, std::vector<std::string>& into);
// A name that becomes a file's or a folder's.
void read_segment(ReadContext& context, const YamlNode& node, std::string_view what,
                  std::string& into);
void read_selector(ReadContext& context, const YamlNode& node, std::string& into);
void read_duration(ReadContext& context, const YamlNode& node, std::chrono::milliseconds least,
                   std::chrono::milliseconds most, std::chrono::milliseconds& into);
void read_size(ReadContext& context, const YamlNode& node, std::uint64_t least, std::uint64_t most,
               std::uint64_t& into);
void read_number(ReadContext& context, const YamlNode& node, int least, int most, int& into);
// One of a few words; the place of the word that was found, or -1.
int read_choice(ReadContext& context, const YamlNode& node,
                std::initializer_list<std::string_view> words);
// A pattern with `{…}` placeholders, all of them known.
void read_pattern(ReadContext& context, const YamlNode& node,
                  std::initializer_list<std::string_view> placeholders, std::string& into);

// Values that may hold a secret, or the place of one: what they say never repeats it.
void read_path(ReadContext& context, const YamlNode& node, std::filesystem::path& into);
void read_secret_source(ReadContext& context, const YamlNode& node,
                        std::optional<SecretSource>& into);
// An http or https address, without a user name: nothing of ours would send it, and some are
// published.
void read_web_address(ReadContext& context, const YamlNode& node, std::string& into);

// Whether the text is an IPv4 or IPv6 address, without brackets.
[[nodiscard]] bool is_ip_address(const std::string& text);
// An IP address, or a list of them.
void read_addresses(ReadContext& context, const YamlNode& node, std::vector<std::string>& into);

// What a site's pages need of the network.
void read_resolve(ReadContext& context, const YamlNode& node, SiteNetworkSettings& network);
void read_connect_to(ReadContext& context, const YamlNode& node, SiteNetworkSettings& network);
void read_headers(ReadContext& context, const YamlNode& node, SiteNetworkSettings& network);
// Which hosts the site's headers may go to: those that its `discover:` names.
void read_own_domains(const YamlNode& discover, SiteNetworkSettings& network);

// The sections.
void read_operator(ReadContext& context, const YamlNode& node, Operator& op);
void read_network(ReadContext& context, const YamlNode& node, NetworkSettings& network);
void read_site(ReadContext& context, const YamlNode& node, SiteConfig& site);
void read_discover(ReadContext& context, const YamlNode& node, SiteConfig& site);
void read_images(ReadContext& context, const YamlNode& node, ImageSettings& images);
void read_links(ReadContext& context, const YamlNode& node, LookSettings& look);
void read_source_address(ReadContext& context, const YamlNode& node, LookSettings& look);
void read_pixel(ReadContext& context, const YamlNode& node, SiteConfig& site);
// What only the whole site tells: a counter's key without a use, or the other way round; a name
// that its host cannot have.
void check_pixel(ReadContext& context, const YamlNode& node, const SiteConfig& site);
void read_article(ReadContext& context, const YamlNode& node, ArticleRules& rules);
void read_notify(ReadContext& context, const YamlNode& node, NotifySettings& notify);
void read_mirror(ReadContext& context, const YamlNode& node, MirrorSettings& mirror);

}  // namespace dandelion
