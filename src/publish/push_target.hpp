// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/error.hpp"
#include "core/mirror_settings.hpp"
#include "core/network_settings.hpp"
#include "core/secret.hpp"
#include "core/url.hpp"

namespace dandelion {

// A repository on this machine.
struct LocalTarget {
  std::filesystem::path folder;
};

// A repository behind http or https, without a slash at its end.
struct WebTarget {
  Url url;
  std::string address;
};

// A repository behind ssh. Every part is of characters that neither a shell nor ssh's options take
// for more than text.
struct SshTarget {
  std::string user;  // empty: as ssh's configuration says
  std::string host;  // or an alias of ssh's configuration; "::1" without brackets
  std::string port;  // empty: as ssh's configuration says
  std::string path;  // as the server sees it: "/srv/a.git", or "a/b.git" from its home
  std::string address;
};

// A repository behind git's own daemon, which neither encrypts nor asks who pushes: on this machine
// or in its network alone.
struct DaemonTarget {
  std::string host;  // "[::1]" with brackets
  std::string port;
  std::string path;  // as the server sees it: "/a.git"
  std::string address;
};

using PushTarget = std::variant<LocalTarget, WebTarget, SshTarget, DaemonTarget>;

// Reads a mirror's `url:`. refused, with the reason, for schemes that we do not speak, and for
// git:// over the public network. bad_input where the address holds credentials, a query or no
// repository.
[[nodiscard]] Result<PushTarget> parse_target(std::string_view url);

// Whether a token may go to this host without TLS, because what is sent there stays off the public
// network: loopback and private addresses, and .onion names, which Tor encrypts. Narrower than
// fetch's is_private_host, which is for keeping away. Only what the name itself says counts; asking
// the DNS would tell it whom we talk to.
[[nodiscard]] bool may_see_token(std::string_view host);

struct Credentials {
  std::string username;
  Secret token;
};

// The user's name that goes with the mirror's token. Hosts that go by the token alone take any, but
// not an empty one.
[[nodiscard]] std::string name_sent_by(const MirrorSettings& mirror);

// Why a token must not go to this address: over plain http it would cross the public network, or
// come to a proxy, in clear text, and whoever reads it could take the mirror over. What Tor
// encrypts
// (.onion) may go there through a proxy nearby. Empty where it may.
[[nodiscard]] std::string exposure_of_token(const Url& url, const NetworkSettings& network);

// The same of a mirror's `url:`, where the mirror has a token, or a helper that knows one.
[[nodiscard]] std::string exposure_of_token(const MirrorSettings& mirror,
                                            const NetworkSettings& network);

// Why no server could be sent such a user name; empty where it could.
[[nodiscard]] std::string obstacle_of_username(std::string_view name);

// Reads the mirror's token now, or asks its credential helper; nullopt where it has neither.
// refused where it would be exposed.
[[nodiscard]] Result<std::optional<Credentials>> read_credentials(const MirrorSettings& mirror,
                                                                  const Url& url,
                                                                  const NetworkSettings& network);

}  // namespace dandelion
