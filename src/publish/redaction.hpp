// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "publish/push_target.hpp"

namespace dandelion {

// Takes what we told a remote in secret out of what it says back: some hosts, and proxies in front
// of them, show the request that they refuse, and what a remote says stands in logs, in the state
// and in messages to the operator. Whatever comes from a remote passes here first, before it is cut
// to a length.
class Redaction {
 public:
  Redaction() = default;  // of nothing
  explicit Redaction(const Credentials& credentials) { add(credentials); }

  // The token in all its secret_forms. Those shorter than eight bytes are passed over: they would
  // be found everywhere.
  void add(const Credentials& credentials);

  // The text with "[token]" in place of each.
  [[nodiscard]] std::string in(std::string_view text) const;

 private:
  void add_form(std::string form);
  std::vector<std::string> forms_;  // the longest first
};

// Of the token that stands in sites.yaml, where it can be read.
[[nodiscard]] Redaction redaction_of(const MirrorSettings& mirror);

}  // namespace dandelion
