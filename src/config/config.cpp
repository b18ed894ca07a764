// SPDX-License-Identifier: MIT
#include "config/config.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "config/section_reader.hpp"
#include "config/source_place.hpp"
#include "config/values.hpp"
#include "core/files.hpp"
#include "core/mirror_addresses.hpp"
#include "core/text.hpp"

namespace dandelion {
namespace {

constexpr std::size_t max_config_bytes = 1U << 20;

void read_version(ReadContext& context, const YamlNode& node) {
  if (!expect_scalar(context, node, "the version, 1") || node.text == "1") return;
  context.error(node.mark,
                fmt::format("version {} is not known to this program; it reads version 1",
                            in_quotes(node.text)));
}

// Reads sites or mirrors, telling two of one name. Names that differ only in case share a folder on
// some systems.
template <typename Item, typename Read>
void read_named(ReadContext& context, const YamlNode& node, std::string_view what,
                std::vector<Item>& into, const Read& read) {
  struct First {
    std::string name;
    int line;
  };
  std::map<std::string, First> names;
  read_list(context, node, fmt::format("{}s", what), [&](const YamlNode& entry) {
    Item item;
    read(context, entry, item);
    if (item.name.empty()) return;
    const auto [first, is_new] =
        names.try_emplace(ascii_lower(item.name), First{item.name, entry.mark.line});
    if (is_new) {
      into.push_back(std::move(item));
      return;
    }
    const auto& [name, line] = first->second;
    context.error(
        entry.mark,
        name == item.name
            ? fmt::format("a second {} '{}'; the first begins in line {}", what, name, line)
            : fmt::format(
                  "the {} '{}' has the name of '{}' in line {} but for capitals, which some "
                  "systems do not tell apart; rename one",
                  what, item.name, name, line));
  });
}

// Where each name in a site's `mirrors:` stands, for messages that only the whole file can give.
struct MirrorUse {
  YamlMark mark;
  std::string site;
  std::string mirror;
};

std::vector<MirrorUse> mirror_uses(const YamlNode& root) {
  std::vector<MirrorUse> uses;
  const YamlNode* sites = find_value(root, "sites");
  if (sites == nullptr) return uses;
  for (const YamlNode& site : sites->items) {
    const YamlNode* name = find_value(site, "name");
    const YamlNode* mirrors = find_value(site, "mirrors");
    if (mirrors == nullptr) continue;
    for (const YamlNode& item : mirrors->items) {
      if (item.kind == YamlNode::Kind::scalar)
        uses.push_back({item.mark, name != nullptr ? name->text : std::string(), item.text});
    }
  }
  return uses;
}

// A site whose mirrors are all spares would name none to its readers.
void check_spares(ReadContext& context, const std::vector<MirrorUse>& uses, const Config& config) {
  std::map<std::string, const MirrorUse*> without_mirror;
  std::set<std::string> with_mirror;
  for (const MirrorUse& use : uses) {
    const MirrorSettings* mirror = config.find_mirror(use.mirror);
    if (mirror != nullptr && mirror->is_spare) {
      without_mirror.try_emplace(use.site, &use);
    } else {
      with_mirror.insert(use.site);
    }
  }
  for (const auto& [site, use] : without_mirror) {
    if (with_mirror.contains(site)) continue;
    context.error(use->mark, fmt::format("the site '{}' has spares alone; a spare stands in for "
                                         "another mirror of its site",
                                         site));
  }
}

// An entry of `mirrors:`, for messages about two of them.
struct MirrorEntry {
  const YamlNode* node;
  const MirrorSettings* mirror;

  // Where the key stands; where it does not, the entry.
  [[nodiscard]] const YamlMark& mark_of(const char* key) const {
    const YamlNode* value = find_value(*node, key);
    return value != nullptr ? value->mark : node->mark;
  }
};

// Mirrors that push to one branch would fail each other, or do the same work twice; of one
// repository GitHub and GitLab make Pages once.
void check_shared_repositories(ReadContext& context, const std::vector<MirrorEntry>& entries) {
  std::vector<const MirrorEntry*> before;
  for (const MirrorEntry& entry : entries) {
    const MirrorSettings& mirror = *entry.mirror;
    const auto first_with = [&](std::string MirrorSettings::*what) {
      const auto found = std::find_if(before.begin(), before.end(), [&](const MirrorEntry* each) {
        return each->mirror->*what == mirror.*what && is_one_repository(*each->mirror, mirror);
      });
      return found == before.end() ? nullptr : *found;
    };
    if (const MirrorEntry* first = first_with(&MirrorSettings::branch)) {
      context.error(entry.mark_of("url"),
                    fmt::format("the branch {} of this repository is the mirror '{}' in line {} "
                                "already; a branch holds one mirror, so give one another `branch`",
                                mirror.branch, first->mirror->name, first->node->mark.line));
      continue;
    }
    const MirrorEntry* first =
        mirror.pages_url.empty() ? nullptr : first_with(&MirrorSettings::pages_url);
    before.push_back(&entry);
    if (first == nullptr) continue;
    context.error(entry.mark_of("pages"),
                  fmt::format("{} shows one branch of this repository, and the mirror '{}' in line "
                              "{} is to stand there already; take `pages:` away from one",
                              mirror.pages_url, first->mirror->name, first->node->mark.line));
  }
}

// No token goes where others could read it on its way.
void check_tokens(ReadContext& context, const std::vector<MirrorEntry>& entries,
                  const NetworkSettings& network) {
  if (!context.checks.token_exposure) return;
  for (const MirrorEntry& entry : entries) {
    if (const auto exposure = context.checks.token_exposure(*entry.mirror, network))
      context.error(entry.mark_of("url"), *exposure);
  }
}

void check_mirror_uses(ReadContext& context, const YamlNode& root, const Config& config) {
  std::vector<std::string_view> known;
  for (const MirrorSettings& mirror : config.mirrors)
    known.push_back(mirror.name);
  std::map<std::string, MirrorUse> users;
  const std::vector<MirrorUse> uses = mirror_uses(root);
  check_spares(context, uses, config);
  for (const MirrorUse& use : uses) {
    if (use.mirror.empty()) continue;
    if (std::find(known.begin(), known.end(), use.mirror) == known.end()) {
      const std::string near = nearest_word(use.mirror, known.data(), known.size());
      context.error(use.mark,
                    fmt::format("there is no mirror {}{}", in_quotes(use.mirror),
                                near.empty() ? "; name one from `mirrors:`"
                                             : fmt::format(" (did you mean '{}'?)", near)));
      continue;
    }
    const auto [first, is_new] = users.try_emplace(use.mirror, use);
    if (!is_new) {
      context.error(use.mark, fmt::format("the mirror '{}' is already used by the site '{}' in "
                                          "line {}; a branch holds one site",
                                          use.mirror, first->second.site, first->second.mark.line));
    }
  }
  const YamlNode* mirrors = find_value(root, "mirrors");
  std::vector<MirrorEntry> entries;
  std::set<std::string_view> seen;  // a second one of a name is told elsewhere
  for (std::size_t i = 0; mirrors != nullptr && i < mirrors->items.size(); ++i) {
    const YamlNode& node = mirrors->items[i];
    const YamlNode* name = find_value(node, "name");
    const bool named = name != nullptr && name->kind == YamlNode::Kind::scalar;
    if (!named || name->text.empty()) continue;
    if (!users.contains(name->text)) {
      context.warning(node.mark, fmt::format("no site uses the mirror {}", in_quotes(name->text)));
      continue;
    }
    const MirrorSettings* mirror = config.find_mirror(name->text);
    if (mirror != nullptr && !mirror->url.empty() && seen.insert(name->text).second)
      entries.push_back({&node, mirror});
  }
  check_shared_repositories(context, entries);
  check_tokens(context, entries, config.network);
}

void mark_named_mirrors(Config& config) {
  std::set<std::string_view> named;
  for (const SiteConfig& site : config.sites) {
    if (site.pixel.find("{mirror}") != std::string::npos)
      named.insert(site.mirrors.begin(), site.mirrors.end());
  }
  for (MirrorSettings& mirror : config.mirrors)
    mirror.names_pages = named.contains(mirror.name);
}

void read_root(ReadContext& context, const YamlNode& root, Config& config) {
  read_section(
      context, root, "the file",
      {{"version", [&](const YamlNode& value) { read_version(context, value); }, true},
       {"operator", [&](const YamlNode& value) { read_operator(context, value, config.op); }},
       {"network", [&](const YamlNode& value) { read_network(context, value, config.network); }},
       {"notify", [&](const YamlNode& value) { read_notify(context, value, config.notify); }},
       {"state", [&](const YamlNode& value) { read_path(context, value, config.state); }},
       {"output", [&](const YamlNode& value) { read_path(context, value, config.output); }},
       {"sites",
        [&](const YamlNode& value) {
          read_named(context, value, "site", config.sites, read_site);
          if (value.kind == YamlNode::Kind::sequence && value.items.empty())
            context.error(value.mark, "there is no site here");
        },
        true},
       {"mirrors", [&](const YamlNode& value) {
          read_named(context, value, "mirror", config.mirrors, read_mirror);
        }}});
  if (root.kind == YamlNode::Kind::map) check_mirror_uses(context, root, config);
  for (const SiteConfig& site : config.sites)
    config.network.sites[site.name] = site.network;
  mark_named_mirrors(config);
}

LoadedConfig finish(ReadContext& context, std::string_view text, std::optional<Config> config) {
  std::stable_sort(context.diagnostics.begin(), context.diagnostics.end(),
                   [](const Diagnostic& a, const Diagnostic& b) {
                     return std::pair(a.line, a.column) < std::pair(b.line, b.column);
                   });
  count_characters(text, context.diagnostics);
  if (context.errors != 0) config.reset();
  return {std::move(config), std::move(context.diagnostics)};
}

LoadedConfig refuse(ReadContext& context, std::string_view text, const YamlMark& mark,
                    std::string message) {
  context.error(mark, std::move(message));
  return finish(context, text, std::nullopt);
}

}  // namespace

const SiteConfig* Config::find_site(std::string_view name) const {
  const auto found = std::find_if(sites.begin(), sites.end(),
                                  [name](const SiteConfig& site) { return site.name == name; });
  return found == sites.end() ? nullptr : &*found;
}

const MirrorSettings* Config::find_mirror(std::string_view name) const {
  const auto found =
      std::find_if(mirrors.begin(), mirrors.end(),
                   [name](const MirrorSettings& mirror) { return mirror.name == name; });
  return found == mirrors.end() ? nullptr : &*found;
}

std::string Diagnostic::display() const {
  const std::string what = (severity == Severity::warning ? "warning: " : "") + message;
  return line == 0 ? fmt::format("{}: {}", file, what)
                   : fmt::format("{}:{}:{}: {}", file, line, column, what);
}

LoadedConfig parse_config(std::string_view text, const std::string& name,
                          const std::filesystem::path& folder, const ConfigChecks& checks) {
  ReadContext context{name, folder, checks, {}};
  if (text.size() > max_config_bytes) {
    return refuse(
        context, {}, {},
        fmt::format("larger than {}, which no configuration is", format_size(max_config_bytes)));
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (const auto odd = first_odd_byte(text))
    return refuse(context, text, *odd, "this is not UTF-8 text; save the file as UTF-8");
  auto root = parse_yaml(text);
  if (!root) return refuse(context, text, root.error().mark, root.error().message);
  if (root->kind == YamlNode::Kind::null) {
    return refuse(context, text, {},
                  "there is nothing in it; `dandelion init` writes a commented one to begin with");
  }
  Config config;
  config.state = folder / "var/state.db";
  config.output = folder / "var/repos";
  read_root(context, *root, config);
  return finish(context, text, std::move(config));
}

LoadedConfig load_config(const std::filesystem::path& file, const ConfigChecks& checks) {
  std::error_code error;
  const auto absolute = std::filesystem::absolute(file, error).lexically_normal();
  auto text = read_file(file, max_config_bytes);
  if (!text) {
    ReadContext context{file.string(), absolute.parent_path(), checks, {}};
    // The message already names the file; the diagnostic does too.
    std::string message = text.error().message;
    const std::string prefix = file.string() + ": ";
    if (message.starts_with(prefix)) message.erase(0, prefix.size());
    if (text.error().kind == ErrorKind::not_found)
      message += "; `dandelion init` writes one, -c names another";
    return refuse(context, {}, {}, std::move(message));
  }
  LoadedConfig loaded = parse_config(*text, file.string(), absolute.parent_path(), checks);
  if (loaded.config) loaded.config->file = absolute;
  return loaded;
}

}  // namespace dandelion
