// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/article_rules.hpp"
#include "core/error.hpp"
#include "core/mirror_settings.hpp"
#include "core/network_settings.hpp"
#include "core/notify_settings.hpp"

namespace dandelion {

// Who signs the commits; nothing else of the operator is published.
struct Operator {
  std::string name = "Dandelion";
  std::string email = "dandelion@example.invalid";
  // Commit times are rounded down to a multiple of it: the minute at which cron begins is a trace.
  std::chrono::seconds time_grain = std::chrono::hours(1);
  std::filesystem::path key;  // signs the commits; empty: nothing is signed
  std::string message;  // of each commit, with {added}, {changed}, {removed}; empty: our own words
};

struct MenuEntry {
  std::string text;
  std::string href;
};

// What becomes of an article's pictures.
struct ImageSettings {
  enum class Mode { mirror, link, drop, by_theme };
  Mode mode = Mode::by_theme;  // mirror, but link with a theme that keeps the source's markup
  int max_width = 1200;        // in pixels; wider ones are scaled
  std::uint64_t max_bytes = 2U << 20U;  // of a kept file
  int quality = 80;                     // of what is encoded anew
  bool jpeg = false;                    // encode anew as JPEG, not WebP
};

// How pages look beyond what the theme says.
struct LookSettings {
  enum class Links { by_theme, inert, text, keep, archive };
  Links links = Links::by_theme;
  std::string archive_prefix;  // with Links::archive
  enum class SourceAddress { link, text, defanged };
  SourceAddress source_address = SourceAddress::link;
  // A QR code of the page's public address: drawn in HTML pages, and as a PNG file beside Markdown
  // ones.
  enum class ShareCode : std::uint8_t { none, html, html_and_png };
  ShareCode share_code = ShareCode::none;
  std::filesystem::path hot;  // what `stats --format json` wrote; empty: no list of the most read
};

// One entry of `sites:`: a source site and the mirror that it becomes.
struct SiteConfig {
  std::string name;  // a safe path segment; unique
  std::string title;
  std::string language;              // BCP 47; empty: as the pages say
  std::chrono::seconds every{0};     // a run passes the site over until then
  std::vector<SourceRules> sources;  // at least one
  SiteNetworkSettings network;       // the same as Config::network.sites has under this name
  ArticleRules article;
  std::string id = "{url.stem}";  // pattern
  std::string layout = "pages/{category}/{id}.md";
  std::string theme = "reader";
  ImageSettings images;
  LookSettings look;
  std::vector<MenuEntry> menu;
  bool drop_removed_pages = false;  // else a page that the source withdrew stays, with a notice
  std::optional<SecretSource> pixel_key;  // of `{hash}` in `pixel`
  std::string pixel;                      // pattern of the counter picture's address; empty: none
  std::vector<std::string> mirrors;       // names of mirrors
};

// sites.yaml, checked. All paths are absolute: relative ones count from the file's own folder.
struct Config {
  std::filesystem::path file;
  Operator op;
  NetworkSettings network;
  NotifySettings notify;
  std::filesystem::path state;   // SQLite file
  std::filesystem::path output;  // folder of the bare repositories, one a site
  std::vector<SiteConfig> sites;
  std::vector<MirrorSettings> mirrors;

  [[nodiscard]] const SiteConfig* find_site(std::string_view name) const;
  [[nodiscard]] const MirrorSettings* find_mirror(std::string_view name) const;
};

// One thing that is wrong with the configuration, or that it asks for and will not get.
struct Diagnostic {
  enum class Severity { error, warning };
  Severity severity = Severity::error;
  std::string file;  // as the user named it
  int line = 0;      // from 1; 0: the file as a whole
  int column = 0;    // from 1, in characters, as editors count
  std::string message;

  // "sites.yaml:12:7: unknown key 'feeed' (did you mean 'feed'?)"; warnings say "warning: " before
  // the message.
  [[nodiscard]] std::string display() const;
};

// Checks for values whose grammar other modules own; config may not include those, so its caller
// brings them.
struct ConfigChecks {
  struct KnownTheme {
    bool keeps_markup = false;  // see ArticleRules
  };
  // nullopt where the text is a selector that we understand, else what is wrong with it.
  std::function<std::optional<std::string>(const std::string&)> selector;
  // What there is to know of the theme of that name; an error that says what to do where none
  // exists.
  std::function<Result<KnownTheme>(const std::string&, const std::filesystem::path& config_folder)>
      theme;
  // nullopt where a push can go to such an address, else what to write instead.
  std::function<std::optional<std::string>(const std::string&)> mirror_address;
  // nullopt where a server would be sent this user name as it stands.
  std::function<std::optional<std::string>(const std::string&)> username;
  // nullopt where the mirror's token may go to its address, over this network.
  std::function<std::optional<std::string>(const MirrorSettings&, const NetworkSettings&)>
      token_exposure;

  // Files that a run needs and reading the configuration does not: left out, they are not looked
  // at. A file that is missing is a warning: it may lie where the runs are.
  struct FileTrouble {
    bool is_missing = false;
    std::string message;
  };
  std::function<std::optional<FileTrouble>(const std::filesystem::path&)> signing_key;
  std::function<std::optional<FileTrouble>(const std::filesystem::path&)> ssh_file;
};

struct LoadedConfig {
  std::optional<Config> config;         // absent when any diagnostic is an error
  std::vector<Diagnostic> diagnostics;  // all of them, in the order of the file
};

// Reads and checks the file; never throws, whatever it holds.
[[nodiscard]] LoadedConfig load_config(const std::filesystem::path& file,
                                       const ConfigChecks& checks);

// The same on text; `name` stands for the file in messages, `folder` is what relative paths count
// from.
[[nodiscard]] LoadedConfig parse_config(std::string_view text, const std::string& name,
                                        const std::filesystem::path& folder,
                                        const ConfigChecks& checks);

// A commented sites.yaml for `dandelion init`; it passes load_config.
[[nodiscard]] std::string starter_config();

}  // namespace dandelion
