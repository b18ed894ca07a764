// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dandelion {

// Looks for what must never be published. It has two kinds of it: what is the operator's own (the
// values of their secrets, their home folder, the name of their machine), and what has the shape of
// a secret, whoever's it is (private keys, tokens of Git hosts).
class SecretScan {
 public:
  SecretScan() = default;

  // Words shorter than eight bytes are passed over: they would be found everywhere.
  void add_own(std::string what, std::string value);
  // $HOME, where it is the home of one person, and the machine's name, where it tells it from
  // others and does not stand in `published`, the addresses that the operator gives readers.
  void add_this_machine(std::string_view published = {});

  // What of the operator's own is in the text: "the token of mirror github"; never the value.
  [[nodiscard]] std::optional<std::string> own_in(std::string_view text) const;
  // What in the text has the shape of a secret: "a private key".
  [[nodiscard]] static std::optional<std::string> shape_in(std::string_view text);
  // Either, to be put behind "it holds": "what looks like a private key".
  [[nodiscard]] std::optional<std::string> secret_in(std::string_view text) const;

 private:
  struct Own {
    std::string what;
    std::string value;
    bool whole_word = false;
  };
  std::vector<Own> own_;
};

}  // namespace dandelion
