// SPDX-License-Identifier: MIT
// What the repository itself says of each of its pages: with it a lost state is rebuilt, and anyone
// who clones a mirror can go on with it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "state/records.hpp"

namespace dandelion {

// The folder of the mirror that these files are in.
constexpr std::string_view page_files_folder = ".dandelion/pages";

// ".dandelion/pages/ab/cdef….json", by the SHA-256 of the page's address: 256 folders, so that none
// grows too large and a new page changes one of them.
[[nodiscard]] std::string page_file_path(const std::string& url);

// One JSON object on lines of its own: url, also (other addresses), id, category, path, title,
// published, first_seen, corrected, withdrawn, tombstone, archived, article. Times but the source's
// own are cut to the day: when the operator's machine runs is nobody's business.
[[nodiscard]] std::string write_page_file(const PageRecord& page,
                                          const std::vector<std::string>& also);

struct PageFile {
  PageRecord page;
  std::vector<std::string> also;
};

// malformed where it is no such object. Of a file that someone else wrote no path is believed that
// leads out of the mirror or onto its own files.
[[nodiscard]] Result<PageFile> read_page_file(std::string_view text);

}  // namespace dandelion
