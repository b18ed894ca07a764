// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/error.hpp"
#include "core/mirror_settings.hpp"
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

// Reads a mirror's `url:`. refused, with the reason, for schemes that we do not speak: ssh would go
// past the proxies, git:// is open to everyone on the way. bad_input where the address holds
// credentials, a query or no repository.
[[nodiscard]] Result<std::variant<LocalTarget, WebTarget>> parse_target(std::string_view url);

// Whether a token may go to this host without TLS, because what is sent there stays off the public
// network: loopback and private addresses, and .onion names, which Tor encrypts. Narrower than
// fetch's is_private_host, which is for keeping away. Only what the name itself says counts; asking
// the DNS would tell it whom we talk to.
[[nodiscard]] bool may_see_token(std::string_view host);

struct Credentials {
  std::string username;
  Secret token;
};

// Reads the mirror's token now; nullopt where it has none. refused where it would go over plain
// http to a host on the public network: everyone on the way could take the mirror over.
[[nodiscard]] Result<std::optional<Credentials>> read_credentials(const MirrorSettings& mirror,
                                                                  const Url& url);

}  // namespace dandelion
