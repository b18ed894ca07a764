// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "publish/secret_scan.hpp"

namespace dandelion {

// Finds what of the operator's must not be published: every value that sites.yaml names a place for
// (`env:`, `file:`), the cookies that look like a login's, their home folder, and the name of this
// machine, where they do not give it to readers themselves. Tokens that a credential helper keeps
// are not among it: nobody asks for them before a push. A value that cannot be read is passed over:
// it fails where it is needed, and can be in no text.
[[nodiscard]] SecretScan own_secrets(const Config& config);

}  // namespace dandelion
