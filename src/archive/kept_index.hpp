// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "archive/kept_page.hpp"

namespace dandelion {

// The last copy of every address that is kept under a folder. The receipts are read once; what is
// kept since is told to it.
class KeptIndex {
 public:
  // Empty where there is no such folder yet; storage where it cannot be read.
  [[nodiscard]] static Result<KeptIndex> read(const std::filesystem::path& under);

  // By the address as a receipt has it, without user and password; nullptr where none is kept.
  [[nodiscard]] const KeptPage* find(const std::string& url) const;
  void add(KeptPage page);

  // How many folders of that name, with a number behind it, are known to be taken; whoever takes
  // one counts it.
  [[nodiscard]] int& copies(const std::string& name) { return copies_[name]; }

 private:
  std::map<std::string, KeptPage> last_;
  std::map<std::string, int> copies_;
};

}  // namespace dandelion
