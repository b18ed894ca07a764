// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace dandelion {

// A style sheet without comments and without the white space that CSS does not need: it is in
// every page. What stands in quotes stays.
[[nodiscard]] std::string compact_style(std::string_view css);

// The hash source that lets a Content-Security-Policy admit this very text, in a <style> or a
// <script>: 'sha256-…' (CSP Level 3, 2.3.1), with its quotes.
[[nodiscard]] std::string policy_hash(std::string_view text);

}  // namespace dandelion
