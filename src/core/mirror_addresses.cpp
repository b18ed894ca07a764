// SPDX-License-Identifier: MIT
#include "core/mirror_addresses.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include <fmt/format.h>

#include "core/text.hpp"
#include "core/url.hpp"

namespace dandelion {
namespace {

struct KnownHost {
  std::string_view host;
  std::string_view profile;
};
constexpr std::array<KnownHost, 4> known_hosts = {{{"github.com", "github"},
                                                   {"gitlab.com", "gitlab"},
                                                   {"codeberg.org", "codeberg"},
                                                   {"bitbucket.org", "bitbucket"}}};

// Names under which such a host takes ssh where port 22 is closed.
struct OtherDoor {
  std::string_view name;
  std::string_view host;
};
constexpr std::array<OtherDoor, 3> other_doors = {{
    // https://docs.github.com/en/authentication/troubleshooting-ssh/using-ssh-over-the-https-port
    {"ssh.github.com", "github.com"},
    // https://docs.gitlab.com/user/gitlab_com/#alternative-ssh-port
    {"altssh.gitlab.com", "gitlab.com"},
    // https://support.atlassian.com/bitbucket-cloud/docs/troubleshoot-ssh-issues/
    {"altssh.bitbucket.org", "bitbucket.org"},
}};

// A repository's address, taken apart.
struct Address {
  std::string_view scheme;  // "ssh" of git's short form too; empty for a path
  std::string_view user;
  std::string host;       // in small letters
  std::string_view port;  // empty where it is the scheme's own
  std::string_view path;  // as written, without slashes at its end
};

bool is_own_port(std::string_view scheme, std::string_view port) {
  return (scheme == "https" && port == "443") || (scheme == "http" && port == "80") ||
         (scheme == "ssh" && port == "22");
}

Address parse_address(std::string_view url) {
  Address address;
  const auto scheme = url.find("://");
  const auto colon = url.find(':');
  if (scheme != std::string_view::npos) {
    address.scheme = url.substr(0, scheme);
    url.remove_prefix(scheme + 3);
  } else if (colon != std::string_view::npos && colon < url.find('/')) {
    address.scheme = "ssh";  // user@host:path
  }
  std::string_view host;
  if (!address.scheme.empty()) {
    host = url.substr(0, url.find(scheme != std::string_view::npos ? '/' : ':'));
    url.remove_prefix(host.size());
    if (url.starts_with(':')) url.remove_prefix(1);
  }
  address.path = url.substr(0, url.find_last_not_of('/') + 1);
  const auto user = host.rfind('@');
  address.user = host.substr(0, user == std::string_view::npos ? 0 : user);
  host.remove_prefix(user == std::string_view::npos ? 0 : user + 1);
  const auto bare = host.starts_with('[') ? host.find(']') + 1 : host.find(':');
  address.host = ascii_lower(host.substr(0, bare));
  host.remove_prefix(std::min(bare, host.size()));
  if (host.starts_with(':')) address.port = host.substr(1);
  if (is_own_port(address.scheme, address.port)) address.port = {};
  const auto* door = std::find_if(other_doors.begin(), other_doors.end(),
                                  [&](const OtherDoor& each) { return each.name == address.host; });
  if (door != other_doors.end()) {
    address.host = door->host;
    address.port = {};
  }
  return address;
}

bool is_web(const Address& address) {
  return address.scheme == "https" || address.scheme == "http";
}

bool is_on_this_machine(const Address& address) {
  return address.scheme.empty() || address.scheme == "file";
}

std::filesystem::path folder_of(const Address& address) {
  return std::filesystem::path(address.path).lexically_normal();
}

// A repository at a host: "github.com", "someone/news", without slashes at its ends and ".git".
struct Place {
  std::string host;
  std::string path;
};

Place place_in(std::string_view url) {
  Address address = parse_address(url);
  if (is_on_this_machine(address)) return {};
  std::string_view path = address.path;
  while (path.starts_with('/'))
    path.remove_prefix(1);
  if (path.ends_with(".git")) path.remove_suffix(4);
  const auto slash = path.find('/');
  const bool is_whole = slash != std::string_view::npos && slash > 0 && slash + 1 < path.size();
  return is_whole ? Place{std::move(address.host), std::string(path)} : Place{};
}

// "someone" and "news/sub" of "someone/news/sub".
struct Owned {
  std::string owner;
  std::string rest;
};

Owned split(const std::string& path) {
  const auto slash = path.find('/');
  return {ascii_lower(path.substr(0, slash)), path.substr(slash + 1)};
}

// A repository that is named like the owner's own site is that site.
std::string own_site_or_below(const std::string& site, const std::string& name) {
  return "https://" + site + "/" + (ascii_lower(name) == site ? std::string() : name + "/");
}

// The folder as the end of an address.
std::string below(std::string_view folder) {
  std::string path;
  while (!folder.empty()) {
    const std::string_view segment = folder.substr(0, folder.find('/'));
    path += percent_encode(segment) + "/";
    folder.remove_prefix(std::min(segment.size() + 1, folder.size()));
  }
  return path;
}

}  // namespace

std::string host_of(const MirrorSettings& mirror) {
  Address address = parse_address(mirror.url);
  return is_on_this_machine(address) ? std::string() : std::move(address.host);
}

std::string_view host_profile_of(const MirrorSettings& mirror) {
  if (!mirror.limits.empty()) return mirror.limits;
  const std::string host = host_of(mirror);
  const auto* known =
      std::find_if(known_hosts.begin(), known_hosts.end(), [&](const KnownHost& each) {
        return host == each.host || host.ends_with("." + std::string(each.host));
      });
  return known == known_hosts.end() ? "none" : known->profile;
}

bool is_one_repository(const MirrorSettings& one, const MirrorSettings& other) {
  const Address a = parse_address(one.url);
  const Address b = parse_address(other.url);
  if (is_on_this_machine(a) || is_on_this_machine(b))
    return is_on_this_machine(a) && is_on_this_machine(b) && folder_of(a) == folder_of(b);
  if (a.host != b.host || (is_web(a) && is_web(b) && a.port != b.port)) return false;
  const std::string path = place_in(one.url).path;
  const std::string other_path = place_in(other.url).path;
  // Such hosts have one name for a repository, whatever its case, at all their doors.
  if (host_profile_of(one) != "none" || host_profile_of(other) != "none")
    return !path.empty() && equals_ignoring_case(path, other_path);
  const bool two_homes = !is_web(a) && !is_web(b) && !a.user.empty() && !b.user.empty() &&
                         a.user != b.user;  // a path may be in the home of each
  if (!path.empty()) return path == other_path && !two_homes;
  return a.path == b.path && is_web(a) == is_web(b) && a.user == b.user && a.port == b.port;
}

std::string public_address_of(const MirrorSettings& mirror) {
  const Place place = place_in(mirror.url);
  if (place.host.empty()) return {};
  const bool is_known =
      std::any_of(known_hosts.begin(), known_hosts.end(),
                  [&](const KnownHost& each) { return each.host == place.host; }) ||
      (!mirror.limits.empty() && mirror.limits != "none");
  return is_known ? "https://" + place.host + "/" + place.path : std::string();
}

std::string pages_address_of(const MirrorSettings& mirror) {
  const Place place = place_in(mirror.url);
  const auto [owner, rest] = split(place.path);
  // https://docs.github.com/en/pages/getting-started-with-github-pages/about-github-pages
  if (place.host == "github.com") return own_site_or_below(owner + ".github.io", rest);
  // https://docs.gitlab.com/user/project/pages/getting_started_part_one/
  if (place.host == "gitlab.com") return own_site_or_below(owner + ".gitlab.io", rest);
  // https://docs.codeberg.org/codeberg-pages/: the branch as it is, folders and all
  if (place.host == "codeberg.org") {
    const std::string site = "https://" + owner + ".codeberg.page/" + rest + "/";
    const std::string branch = mirror.branch == "pages" ? "" : "@" + mirror.branch + "/";
    return site + branch + below(mirror.folder);
  }
  return {};
}

std::string pages_obstacle_of(const MirrorSettings& mirror) {
  const std::string_view profile = host_profile_of(mirror);
  if (profile == "github" && !mirror.folder.empty() && mirror.folder != "docs") {
    return fmt::format(
        "GitHub makes Pages of the top of a branch or of its folder /docs, and none of /{}",
        mirror.folder);
  }
  // Its pipelines have no way to write one in a text.
  if (profile == "gitlab" && mirror.branch.find('"') != std::string::npos) {
    return fmt::format(
        "GitLab makes Pages by a pipeline, which cannot name a branch with a quotation mark in it: "
        "{}",
        mirror.branch);
  }
  return {};
}

}  // namespace dandelion
