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

}  // namespace dandelion
