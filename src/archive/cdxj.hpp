// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "archive/warc.hpp"

namespace dandelion {

// An address as indexes sort it (CDXJ 0.1.0, "Searchable URL"), in the form that warcio makes and
// replay programs look up: lower case, the host's parts in reverse ("example,news)/a?b=c"), without
// its scheme and a leading "www.", the query's parts sorted. What is no http or https address stays
// as it is.
[[nodiscard]] std::string searchable_url(std::string_view url);

// The index of a WARC file that goes by `filename` (CDXJ 0.1.0): a line for each response, sorted
// by bytes.
[[nodiscard]] std::string cdxj_of(const WarcFile& warc, std::string_view filename);

}  // namespace dandelion
