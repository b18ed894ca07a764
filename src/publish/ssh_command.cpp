// SPDX-License-Identifier: MIT
#include "publish/ssh_command.hpp"

#include "core/text.hpp"

namespace dandelion {
namespace {

void add_option(std::vector<std::string>& command, std::string option) {
  command.emplace_back("-o");
  command.push_back(std::move(option));
}

// A word for the shell that ssh hands its ProxyCommand to, which also knows % as its own.
std::string shell_word(std::string_view word) {
  return "'" + replace_all(replace_all(word, "'", "'\\''"), "%", "%%") + "'";
}

// A path as ssh's configuration takes it.
std::string quoted(const std::filesystem::path& path) {
  return '"' + replace_all(path.string(), "%", "%%") + '"';
}

void add_tunnel(std::vector<std::string>& command, const std::vector<std::string>& tunnel) {
  std::string line;  // ssh itself puts exec before it
  for (const std::string& word : tunnel)
    line += shell_word(word) + " ";
  add_option(command, "ProxyCommand=" + line + "%h %p");
  for (const char* option :
       {"ProxyJump=none", "ControlMaster=no", "ControlPath=none", "CanonicalizeHostname=no",
        "VerifyHostKeyDNS=no", "CheckHostIP=no", "GSSAPIAuthentication=no"}) {
    add_option(command, option);
  }
}

}  // namespace

std::vector<std::string> ssh_command(const MirrorSettings& mirror, const SshTarget& target,
                                     const std::vector<std::string>& tunnel,
                                     std::string_view service) {
  std::vector<std::string> command = {"ssh", "-T"};
  for (const char* option : {"BatchMode=yes", "ClearAllForwardings=yes", "ForwardAgent=no",
                             "ForwardX11=no", "PermitLocalCommand=no"}) {
    add_option(command, option);
  }
  if (!tunnel.empty()) add_tunnel(command, tunnel);
  if (!mirror.ssh_key.empty()) {
    add_option(command, "IdentitiesOnly=yes");
    add_option(command, "IdentityFile=" + quoted(mirror.ssh_key));
  }
  if (!mirror.known_hosts.empty()) {
    add_option(command, "UserKnownHostsFile=" + quoted(mirror.known_hosts));
    add_option(command, "GlobalKnownHostsFile=/dev/null");
    add_option(command, "StrictHostKeyChecking=yes");
  }
  if (!target.port.empty()) {
    command.emplace_back("-p");
    command.push_back(target.port);
  }
  if (!target.user.empty()) {
    command.emplace_back("-l");
    command.push_back(target.user);
  }
  command.emplace_back("--");
  command.push_back(target.host);
  command.push_back(fmt::format("{} '{}'", service, target.path));
  return command;
}

}  // namespace dandelion
