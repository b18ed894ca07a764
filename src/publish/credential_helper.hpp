// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "core/error.hpp"
#include "core/url.hpp"
#include "publish/push_target.hpp"

namespace dandelion {

// Asks one of git's credential helpers (gitcredentials(7)) for what it has for the address;
// `helper` is what git's credential.helper may be: "store", "cache", "libsecret", "!command". It is
// the only one that is asked, and nobody is ever asked on a terminal. refused where it has nothing
// for us, bad_input where git is not installed.
[[nodiscard]] Result<Credentials> ask_credential_helper(const std::string& helper, const Url& url,
                                                        const std::string& username);

// Tells the helper whether the server took what it gave, as git does after its own pushes: it keeps
// what was taken ("cache" would forget it otherwise), and forgets what was not, so that the next
// run is not turned away for the same. A helper that fails at this loses us nothing; it is logged.
void tell_credential_helper(const std::string& helper, const Url& url,
                            const Credentials& credentials, bool accepted);

}  // namespace dandelion
