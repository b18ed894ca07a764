// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "config/section_reader.hpp"
#include "config/values.hpp"
#include "core/files.hpp"
#include "core/mirror_addresses.hpp"
#include "core/registrable_domain.hpp"
#include "core/url.hpp"

namespace dandelion {
namespace {

// git's short form for ssh: user@host:path or host:path, without a scheme.
bool is_scp_like(std::string_view url) {
  const auto colon = url.find(':');
  if (colon == std::string_view::npos || url.find('/') < colon) return false;
  return url.find('@') < colon || !url.substr(colon + 1).starts_with('/');
}

// The address that was meant by a path whose first folder is a host's name; empty where it is a
// path indeed. A user's name is not repeated: it may be a token.
std::string address_meant_by(std::string_view path) {
  const auto slash = path.find('/');
  const std::string_view first = path.substr(0, slash);
  if (const auto at = first.rfind('@'); at != std::string_view::npos) {
    return fmt::format("git@{}:{}", first.substr(at + 1),
                       slash == std::string_view::npos ? "path.git" : path.substr(slash + 1));
  }
  if (slash == std::string_view::npos || !is_public_name(first)) return {};
  return fmt::format("https://{}", path);
}

void read_folder_address(ReadContext& context, const YamlNode& node, std::string_view text,
                         MirrorSettings& mirror) {
  if (const std::string meant = address_meant_by(text); !meant.empty()) {
    context.error(node.mark,
                  fmt::format("{} is a path as it stands; write {} for the repository on that "
                              "host, or ./ before it for the folder",
                              in_quotes(text), meant));
    return;
  }
  std::filesystem::path path;
  read_path(context, node, path);
  if (!path.empty()) mirror.url = path.string();
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

void read_any_address(ReadContext& context, const YamlNode& node, MirrorSettings& mirror) {
  std::string text;
  read_text(context, node, text);
  if (text.empty()) return;
  if (has_password(text)) {
    context.error(node.mark,
                  "a password must not stand in an address; use username: and token: env:NAME");
  } else if (text.starts_with("ssh://") || text.starts_with("git://") || is_scp_like(text)) {
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
                  "a mirror's address begins with https://, ssh://, http:// or file://, or is a "
                  "path");
  } else {
    read_folder_address(context, node, text, mirror);
  }
}

void read_repository_address(ReadContext& context, const YamlNode& node, MirrorSettings& mirror) {
  read_any_address(context, node, mirror);
  if (mirror.url.empty() || !context.checks.mirror_address) return;
  if (const auto wrong = context.checks.mirror_address(mirror.url)) {
    context.error(node.mark, *wrong);
    mirror.url.clear();
  }
}

void read_username(ReadContext& context, const YamlNode& node, MirrorSettings& mirror) {
  read_text(context, node, mirror.username);
  if (mirror.username.empty() || !context.checks.username) return;
  if (const auto wrong = context.checks.username(mirror.username)) context.error(node.mark, *wrong);
}

// The rules of git-check-ref-format(1) for what stands behind refs/heads/.
bool is_branch_name(std::string_view name) {
  const auto is_wrong = [](std::string_view part) {
    return part.empty() || part.starts_with('.') || part.ends_with(".lock");
  };
  for (std::string_view rest = name; !rest.empty() || name.ends_with('/');) {
    const auto slash = rest.find('/');
    if (is_wrong(rest.substr(0, slash))) return false;
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  return name != "@" && name != "HEAD" && !name.starts_with('-') && !name.ends_with('.') &&
         name.find("..") == std::string_view::npos && name.find("@{") == std::string_view::npos &&
         std::none_of(name.begin(), name.end(), [](char c) {
           return (c >= 0 && c <= ' ') || c == '\x7F' ||
                  std::string_view("~^:?*[\\").find(c) != std::string_view::npos;
         });
}

void read_branch(ReadContext& context, const YamlNode& node, MirrorSettings& mirror) {
  std::string text;
  read_text(context, node, text);
  if (text.empty()) return;
  constexpr std::string_view prefix = "refs/heads/";
  if (text.starts_with(prefix)) {
    context.error(node.mark,
                  fmt::format("a branch stands here without {}; write {}", prefix,
                              text.size() == prefix.size() ? "main" : text.substr(prefix.size())));
  } else if (!is_branch_name(text)) {
    context.error(node.mark, fmt::format("{} is no name for a branch; write one such as main",
                                         in_quotes(text)));
  } else {
    mirror.branch = std::move(text);
  }
}

void read_on_conflict(ReadContext& context, const YamlNode& node, MirrorSettings& mirror) {
  constexpr std::array choices = {OnConflict::refuse, OnConflict::overwrite, OnConflict::adopt};
  const int chosen = read_choice(context, node, {"refuse", "overwrite", "adopt"});
  if (chosen >= 0) mirror.on_conflict = choices.at(static_cast<std::size_t>(chosen));
}

// An address, or `auto`: then where the host of the repository shows it, as `told` says once the
// whole mirror is read.
struct ReadersAddress {
  std::string& into;
  std::string (*told)(const MirrorSettings&);
  std::string_view key;
  const YamlNode* automatic = nullptr;

  void read(ReadContext& context, const YamlNode& node) {
    if (node.kind == YamlNode::Kind::scalar && node.text == "auto") {
      automatic = &node;
    } else {
      read_web_address(context, node, into);
    }
  }

  void resolve(ReadContext& context, const MirrorSettings& mirror) {
    if (automatic == nullptr || mirror.url.empty()) return;
    into = told(mirror);
    if (into.empty()) {
      context.error(automatic->mark, fmt::format("where the host of this mirror shows it is not "
                                                 "known here; write the address behind {}:",
                                                 key));
    }
  }
};

// Readers are to be told of no address at which the host will show nothing.
void check_pages(ReadContext& context, const YamlNode& node, const MirrorSettings& mirror) {
  const YamlNode* pages = find_value(node, "pages");
  const std::string obstacle = pages_obstacle_of(mirror);
  if (pages == nullptr || mirror.pages_url.empty() || obstacle.empty()) return;
  if (pages->text == "auto") {
    context.error(pages->mark, obstacle + "; change that, or take `pages:` away");
  } else {
    context.warning(pages->mark,
                    fmt::format("{}; what readers find at {} has to come from elsewhere", obstacle,
                                mirror.pages_url));
  }
}

void read_spare(ReadContext& context, const YamlNode& node, MirrorSettings& mirror) {
  const int chosen = read_choice(context, node, {"no", "false", "yes", "true"});
  if (chosen >= 0) mirror.is_spare = chosen >= 2;
}

void read_ssh_key(ReadContext& context, const YamlNode& node, MirrorSettings& mirror) {
  std::optional<SecretSource> source;
  read_secret_source(context, node, source);
  if (!source) return;
  if (source->kind != SecretSource::Kind::file) {
    context.error(node.mark, "ssh reads its keys from files: write file:PATH");
  } else {
    mirror.ssh_key = source->name;
    context.check_file(node.mark, context.checks.ssh_file, mirror.ssh_key);
  }
}

// `keep: all`, or how long, and how large.
void read_history(ReadContext& context, const YamlNode& node, MirrorSettings& mirror) {
  using std::chrono::hours;
  read_section(context, node, "history",
               {{"keep",
                 [&](const YamlNode& value) {
                   if (value.text == "all") return;
                   std::chrono::milliseconds age{};
                   read_duration(context, value, hours(1), hours(24 * 36'500), age);
                   mirror.keep_history = std::chrono::duration_cast<std::chrono::seconds>(age);
                 }},
                {"max_size", [&](const YamlNode& value) {
                   read_size(context, value, 1U << 20, 1ULL << 40, mirror.max_history_bytes);
                 }}});
}

// "/docs" and "docs" alike.
void read_folder(ReadContext& context, const YamlNode& node, MirrorSettings& mirror) {
  std::string text;
  read_text(context, node, text);
  while (text.starts_with('/'))
    text.erase(0, 1);
  while (text.ends_with('/'))
    text.pop_back();
  if (text.empty()) return;
  if (!is_safe_relative_path(text)) {
    context.error(node.mark, fmt::format("{} is no folder of a branch; write one such as /docs",
                                         in_quotes(text)));
  } else {
    mirror.folder = std::move(text);
  }
}

}  // namespace

void read_mirror(ReadContext& context, const YamlNode& node, MirrorSettings& mirror) {
  ReadersAddress shown{mirror.public_url, public_address_of, "public"};
  ReadersAddress pages{mirror.pages_url, pages_address_of, "pages"};
  read_section(
      context, node, "a mirror",
      {{"name", [&](const YamlNode& value) { read_text(context, value, mirror.name); }, true},
       {"url", [&](const YamlNode& value) { read_repository_address(context, value, mirror); },
        true},
       {"branch", [&](const YamlNode& value) { read_branch(context, value, mirror); }},
       {"folder", [&](const YamlNode& value) { read_folder(context, value, mirror); }},
       {"on_conflict", [&](const YamlNode& value) { read_on_conflict(context, value, mirror); }},
       {"username", [&](const YamlNode& value) { read_username(context, value, mirror); }},
       {"token", [&](const YamlNode& value) { read_secret_source(context, value, mirror.token); }},
       {"api", [&](const YamlNode& value) { read_web_address(context, value, mirror.api); }},
       {"public", [&](const YamlNode& value) { shown.read(context, value); }},
       {"pages", [&](const YamlNode& value) { pages.read(context, value); }},
       {"spare", [&](const YamlNode& value) { read_spare(context, value, mirror); }},
       {"credential_helper",
        [&](const YamlNode& value) { read_text(context, value, mirror.credential_helper); }},
       {"limits",
        [&](const YamlNode& value) {
          const int chosen = read_choice(
              context, value, {"github", "gitlab", "forgejo", "codeberg", "bitbucket", "none"});
          if (chosen >= 0) mirror.limits = value.text;
        }},
       {"history", [&](const YamlNode& value) { read_history(context, value, mirror); }},
       {"ssh_key", [&](const YamlNode& value) { read_ssh_key(context, value, mirror); }},
       {"known_hosts", [&](const YamlNode& value) {
          read_path(context, value, mirror.known_hosts);
          context.check_file(value.mark, context.checks.ssh_file, mirror.known_hosts);
        }}});
  shown.resolve(context, mirror);
  pages.resolve(context, mirror);
  check_pages(context, node, mirror);
  if (mirror.is_spare && mirror.public_url.empty() && mirror.pages_url.empty()) {
    context.warning(node.mark,
                    "a spare without `public:` and `pages:` helps nobody: there is no address that "
                    "readers could be told");
  }
}

}  // namespace dandelion
