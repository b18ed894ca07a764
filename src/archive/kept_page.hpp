// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "archive/page_capture.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "render/theme.hpp"
#include "sign/signing_key.hpp"

namespace dandelion {

// What a page's folder is called until all is in it.
inline constexpr std::string_view partial_prefix = ".partial-";

enum class KeptFormat {
  // Of what the page is about, where it is an article:
  markdown,  // article.md, with its pictures beside it
  html,      // article.html: one file, in the look of the theme
  text,      // article.txt
  epub,      // article.epub
  // Of the whole, whatever it is:
  page,  // page.html, as it looked; what is no HTML lies there as it came
  warc,  // page.warc.gz: the exchanges, byte for byte
  wacz   // page.wacz: the same, as replay programs open it
};

// A page that is kept: a folder `YYYY-MM-DD-host-slug` with what each format wants and
// `receipt.json`, which says where it came from and when, by what certificates, and what all files
// hash to; `receipt.json.minisig` signs it.
struct KeptPage {
  std::filesystem::path folder;
  std::string url;      // as asked
  std::string title;    // may be empty
  Timestamp fetched;    // as the server's clock had it
  std::string content;  // SHA-256 of what a reader reads: the same for the same article
};

struct KeepOptions {
  std::filesystem::path under;  // where the folders are
  std::set<KeptFormat> formats;
  const SigningKey* key = nullptr;  // none: not signed
  bool even_if_same = false;        // a further copy, though the last says the same
  // In whose look articles are written; must be there where `formats` has markdown, html or epub.
  const Theme* theme = nullptr;
};

struct KeepOutcome {
  KeptPage page;
  bool is_new = true;  // false: what is there already says the same, and nothing was written
};

class KeptIndex;

// Writes the page's folder: at once or, killed in between, not at all (held_folder.hpp). What
// the index holds of `options.under` says whether the page is known; it learns of what is kept.
// A page of which no format that is wanted would hold anything is kept whole: a receipt alone is no
// copy. storage where it cannot be written, too_large where a format cannot hold it. Several
// processes may keep pages in one folder; what both keep at once is kept twice.
[[nodiscard]] Result<KeepOutcome> keep_page(const CapturedPage& captured,
                                            const KeepOptions& options, KeptIndex& index);

// What is kept under a folder, oldest first. Folders without a sound receipt are passed over.
[[nodiscard]] Result<std::vector<KeptPage>> list_kept(const std::filesystem::path& under);

// What is wrong with a kept page: a file that is not there or is another one, a receipt whose
// signature is not by the key that it names. Empty: nothing. `key`: by whom it must be signed;
// none: by whomever it names, if it names somebody.
[[nodiscard]] std::vector<std::string> check_kept(const std::filesystem::path& folder,
                                                  const std::optional<PublicKey>& key);

}  // namespace dandelion
