// SPDX-License-Identifier: MIT
#include "archive/kept_index.hpp"

#include <utility>

namespace dandelion {

Result<KeptIndex> KeptIndex::read(const std::filesystem::path& under) {
  auto kept = list_kept(under);
  if (!kept) return tl::unexpected(std::move(kept.error()));
  KeptIndex index;
  for (KeptPage& page : *kept)
    index.add(std::move(page));
  return index;
}

const KeptPage* KeptIndex::find(const std::string& url) const {
  const auto found = last_.find(url);
  return found == last_.end() ? nullptr : &found->second;
}

void KeptIndex::add(KeptPage page) {
  std::string url = page.url;
  last_.insert_or_assign(std::move(url), std::move(page));
}

}  // namespace dandelion
