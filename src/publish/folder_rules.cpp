// SPDX-License-Identifier: MIT
#include "publish/folder_rules.hpp"

#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

#include <unistd.h>

#include "core/text.hpp"
#include "publish/git_handles.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

using GitConfigIterator = Handle<git_config_iterator, git_config_iterator_free>;

std::optional<std::string> setting(const git_config* config, const char* name) {
  const char* value = nullptr;
  if (git_config_get_string(&value, config, name) < 0) return std::nullopt;
  return value != nullptr ? value : "true";  // a name without a value
}

std::string hook_in(git_repository* folder, const git_config* config) {
  const fs::path home = git_repository_commondir(folder);
  const std::string place = setting(config, "core.hookspath").value_or("hooks");
  for (const char* hook : {"pre-receive", "update", "proc-receive", "reference-transaction",
                           "post-receive", "post-update"}) {
    const fs::path path = home / place / hook;
    std::error_code ignored;
    if (fs::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0)
      return place + "/" + hook;
  }
  return {};
}

bool is_shared(const git_config* config) {
  const auto value = setting(config, "core.sharedrepository");
  if (!value) return false;
  const std::string text = ascii_lower(*value);
  for (const char* none : {"umask", "false", "no", "off", "0", ""}) {
    if (text == none) return false;
  }
  return true;
}

}  // namespace

Result<std::string> rule_of_folder(git_repository* folder) {
  GitConfig config;
  if (git_repository_config_snapshot(out(config), folder) < 0)
    return git_failure("read its configuration");
  if (auto hook = hook_in(folder, config.get()); !hook.empty()) return hook;
  if (is_shared(config.get())) return std::string("core.sharedRepository");
  GitConfigIterator settings;  // libgit2 looks for a pattern too, but leaks memory where none fits
  git_config_entry* entry = nullptr;
  int code = git_config_iterator_new(out(settings), config.get());
  while (code == 0 && (code = git_config_next(&entry, settings.get())) == 0) {
    const std::string_view name = entry->name;
    if (name.starts_with("receive.") || name == "transfer.fsckobjects") return std::string(name);
  }
  if (code != GIT_ITEROVER) return git_failure("read its configuration");
  return std::string();
}

}  // namespace dandelion
