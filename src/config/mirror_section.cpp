// SPDX-License-Identifier: MIT
#include <algorithm>

#include "config/section_reader.hpp"
#include "config/values.hpp"
#include "core/url.hpp"

namespace dandelion {
namespace {

// git's short form for ssh: user@host:path or host:path, without a scheme.
bool is_scp_like(std::string_view url) {
  const auto colon = url.find(':');
  if (colon == std::string_view::npos || url.find('/') < colon) return false;
  return url.find('@') < colon || !url.substr(colon + 1).starts_with('/');
}

void read_web_repository(ReadContext& context, const YamlNode& node, std::string text,
                         MirrorSettings& mirror) {
  auto url = parse_url(text);
  if (has_user_info(text) || (url && !url->user.empty())) {
    context.error(node.mark,
                  "a user name must not stand in an address; use username: and token: env:NAME");
  } else if (!url) {
    context.error(node.mark, url.error().message);
  } else if (!url->query.empty() || !url->fragment.empty()) {
    context.error(node.mark, "the address of a repository has no ? and no # in it");
  } else {
    mirror.url = std::move(text);
  }
}

void read_repository_address(ReadContext& context, const YamlNode& node, MirrorSettings& mirror) {
  std::string text;
  read_text(context, node, text);
  if (text.empty()) return;
  if (has_password(text)) {
    context.error(node.mark,
                  "a password must not stand in an address; use username: and token: env:NAME");
  } else if (text.starts_with("ssh://") || is_scp_like(text)) {
    context.warning(node.mark,
                    "this version does not push over ssh: pushes to this mirror will be refused; "
                    "use https:// with a token");
    mirror.url = std::move(text);
  } else if (text.starts_with("http://") || text.starts_with("https://")) {
    read_web_repository(context, node, std::move(text), mirror);
  } else if (text.starts_with("file://")) {
    if (text.starts_with("file:///") || text.starts_with("file://localhost/")) {
      mirror.url = std::move(text);
    } else {
      context.error(node.mark,
                    "file:// takes an absolute path, such as file:///srv/mirror.git; a relative "
                    "one stands without file://");
    }
  } else if (has_scheme(text)) {
    context.error(node.mark,
                  "a mirror's address begins with https://, http:// or file://, or is a path");
  } else {
    std::filesystem::path path;
    read_path(context, node, path);
    if (!path.empty()) mirror.url = path.string();
  }
}

void read_branch(ReadContext& context, const YamlNode& node, MirrorSettings& mirror) {
  std::string text;
  read_text(context, node, text);
  if (text.empty()) return;
  // git-check-ref-format(1), as far as a branch needs it.
  const bool odd = text.find_first_of(" ~^:?*[\\") != std::string::npos ||
                   text.find("..") != std::string::npos || text.find("//") != std::string::npos ||
                   text.find("@{") != std::string::npos || text.starts_with('/') ||
                   text.starts_with('-') || text.starts_with('.') || text.ends_with('/') ||
                   text.ends_with('.') || text.ends_with(".lock") ||
                   text.find("/.") != std::string::npos;
  if (odd) {
    context.error(node.mark, fmt::format("{} is no name for a branch; write one such as main",
                                         in_quotes(text)));
  } else {
    mirror.branch = std::move(text);
  }
}

void read_on_conflict(ReadContext& context, const YamlNode& node, MirrorSettings& mirror) {
  const int chosen = read_choice(context, node, {"refuse", "overwrite"});
  if (chosen >= 0) mirror.on_conflict = chosen == 0 ? OnConflict::refuse : OnConflict::overwrite;
}

// `keep: all`, or how long; `max_size`: how large.
void check_history(ReadContext& context, const YamlNode& node) {
  using std::chrono::hours;
  std::chrono::milliseconds age{};
  std::uint64_t size = 0;
  read_section(context, node, "history",
               {{"keep",
                 [&](const YamlNode& value) {
                   if (value.text == "all") return;
                   read_duration(context, value, hours(1), hours(24 * 36'500), age);
                 }},
                {"max_size", [&](const YamlNode& value) {
                   read_size(context, value, 1U << 20, 1ULL << 40, size);
                 }}});
}

}  // namespace

void read_mirror(ReadContext& context, const YamlNode& node, MirrorSettings& mirror) {
  read_section(
      context, node, "a mirror",
      {{"name", [&](const YamlNode& value) { read_text(context, value, mirror.name); }, true},
       {"url", [&](const YamlNode& value) { read_repository_address(context, value, mirror); },
        true},
       {"branch", [&](const YamlNode& value) { read_branch(context, value, mirror); }},
       {"on_conflict", [&](const YamlNode& value) { read_on_conflict(context, value, mirror); }},
       {"username", [&](const YamlNode& value) { read_text(context, value, mirror.username); }},
       {"token", [&](const YamlNode& value) { read_secret_source(context, value, mirror.token); }},
       {"public",
        [&](const YamlNode& value) { read_web_address(context, value, mirror.public_url); }},
       {"pages",
        [&](const YamlNode& value) { read_web_address(context, value, mirror.pages_url); }},
       {"limits",
        [&](const YamlNode& value) {
          const int chosen = read_choice(
              context, value, {"github", "gitlab", "forgejo", "codeberg", "bitbucket", "none"});
          if (chosen >= 0) mirror.limits = value.text;
        }},
       not_yet(context, "history", "all history is kept",
               [&](const YamlNode& value) { check_history(context, value); }),
       not_yet(context, "ssh_key", "this version does not push over ssh",
               [&](const YamlNode& value) {
                 std::optional<SecretSource> key;
                 read_secret_source(context, value, key);
               }),
       not_yet(context, "known_hosts", "this version does not push over ssh",
               [&](const YamlNode& value) {
                 std::filesystem::path file;
                 read_path(context, value, file);
               })});
}

}  // namespace dandelion
