// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dandelion {

// How a text may stand in an answer or a page: as it is, percent-encoded in capitals or small
// letters, as JSON and HTML write it. Each once; what changes nothing is not repeated.
[[nodiscard]] std::vector<std::string> written_forms(std::string_view text);

// The same of a secret, of its base64 (in the alphabet for addresses too: RFC 4648, 5) and, where a
// user's name is given, of both together as basic authentication sends them (RFC 7617). Base64 is
// without its padding: what follows it tells nothing.
[[nodiscard]] std::vector<std::string> secret_forms(std::string_view secret,
                                                    std::string_view username = {});

}  // namespace dandelion
