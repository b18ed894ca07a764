// SPDX-License-Identifier: MIT
#include <algorithm>

#include "config/section_reader.hpp"
#include "config/values.hpp"
#include "core/url.hpp"

namespace dandelion {
namespace {

// git's short form for ssh: user@host:path, without a scheme.
bool is_scp_like(std::string_view url) {
  const auto colon = url.find(':');
  const auto slash = url.find('/');
  return colon != std::string_view::npos && (slash == std::string_view::npos || colon < slash) &&
         url.find("://") == std::string_view::npos;
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
    if (auto url = parse_url(text); !url) {
      context.error(node.mark, url.error().message);
    } else if (!url->user.empty()) {
      context.error(node.mark,
                    "a user name must not stand in an address; use username: and token: env:NAME");
    } else {
      mirror.url = std::move(text);
    }
  } else if (text.starts_with("file://")) {
    mirror.url = std::move(text);
  } else if (has_scheme(text)) {
    context.error(node.mark,
                  "a mirror's address begins with https://, http:// or file://, or is a path");
  } else {
    std::filesystem::path path;
    read_path(context, node, path);
    mirror.url = path.string();
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
    context.error(node.mark, fmt::format("'{}' is no name for a branch", text));
  } else {
    mirror.branch = std::move(text);
  }
}

}  // namespace

void read_mirror(ReadContext& context, const YamlNode& node, MirrorSettings& mirror) {
  read_section(
      context, node, "a mirror",
      {{"name", [&](const YamlNode& value) { read_text(context, value, mirror.name); }, true},
       {"url", [&](const YamlNode& value) { read_repository_address(context, value, mirror); },
        true},
       {"branch", [&](const YamlNode& value) { read_branch(context, value, mirror); }},
       {"username", [&](const YamlNode& value) { read_text(context, value, mirror.username); }},
       {"token", [&](const YamlNode& value) { read_secret_source(context, value, mirror.token); }},
       {"public",
        [&](const YamlNode& value) { read_web_address(context, value, mirror.public_url); }},
       {"pages",
        [&](const YamlNode& value) { read_web_address(context, value, mirror.pages_url); }},
       not_yet(context, "limits", "pushes are not cut to a host's limits"),
       not_yet(context, "history", "all history is kept"),
       not_yet(context, "ssh_key", "this version does not push over ssh"),
       not_yet(context, "known_hosts", "this version does not push over ssh")});
}

}  // namespace dandelion
