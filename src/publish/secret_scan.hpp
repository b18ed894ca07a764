// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dandelion {

// Looks for what must never be published. It has two kinds of it: what is the operator's own (the
// values of their secrets, their home folder, the name of their machine), and what has the shape of
// a secret, whoever's it is (private keys with their body, tokens of Git hosts). The words that
// such a key begins with are none: they stand in many an article about keys.
class SecretScan {
 public:
  SecretScan() = default;

  // In all its secret_forms; with a user's name as basic authentication sends both, too. Words
  // shorter than eight bytes are passed over: they would be found everywhere.
  void add_own(const std::string& what, std::string_view value, std::string_view username = {});
  // $HOME and the home folder that the system knows of the user, where it is the home of one
  // person; and the machine's name in small and capital letters, where it tells it from others and
  // does not stand in `published`, the addresses that the operator gives readers.
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
  void add_home(const std::string& home);
  std::vector<Own> own_;
  std::string machine_;  // its name in small letters; empty: not looked for
};

}  // namespace dandelion
