// SPDX-License-Identifier: MIT
#include "archive/wacz.hpp"

#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "archive/cdxj.hpp"
#include "archive/zip.hpp"
#include "core/sha256.hpp"

namespace dandelion {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view software = "Dandelion";
constexpr std::string_view warc_name = "data.warc.gz";

// Of the files that the package names.
struct Resource {
  std::string path;
  std::string_view content;
};

std::string one_line(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string indented(const ordered_json& value) {
  return value.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string hash_of(std::string_view bytes) {
  return "sha256:" + sha256_hex(bytes);
}

std::string pages_of(const WaczPage& page) {
  const std::string time = format_rfc3339(page.time);
  const ordered_json head{{"format", "json-pages-1.0"},
                          {"id", "pages"},
                          {"title", "All Pages"},
                          {"hasText", !page.text.empty()}};
  ordered_json entry{{"id", sha256_hex(page.url + "\n" + time).substr(0, 32)},
                     {"url", page.url},
                     {"ts", time},
                     {"title", page.title}};
  if (!page.text.empty()) entry["text"] = page.text;
  return one_line(head) + one_line(entry);
}

std::string package_of(const std::vector<Resource>& files, const WaczPage& page) {
  const std::string time = format_rfc3339(page.time);
  ordered_json resources = ordered_json::array();
  for (const Resource& file : files) {
    resources.push_back({{"name", file.path.substr(file.path.rfind('/') + 1)},
                         {"path", file.path},
                         {"hash", hash_of(file.content)},
                         {"bytes", file.content.size()}});
  }
  return indented({{"profile", "data-package"},
                   {"wacz_version", "1.1.1"},
                   {"title", page.title.empty() ? page.url : page.title},
                   {"created", time},
                   {"software", software},
                   {"mainPageUrl", page.url},
                   {"mainPageDate", time},
                   {"resources", std::move(resources)}});
}

// What is signed is the line "sha256:…" itself: so do the programs that read it.
std::string digest_of(std::string_view package, const WaczPage& page, const P384Key* key) {
  const std::string hash = hash_of(package);
  ordered_json digest{{"path", "datapackage.json"}, {"hash", hash}};
  if (key != nullptr) {
    digest["signedData"] = {{"hash", hash},
                            {"created", format_rfc3339(page.time)},
                            {"software", software},
                            {"signature", base64(key->sign(hash))},
                            {"publicKey", base64(key->public_key_info())}};
  }
  return indented(digest);
}

}  // namespace

Result<std::string> wacz_of(const WarcFile& warc, const WaczPage& page, const P384Key* key) {
  const std::string index = cdxj_of(warc, warc_name);
  const std::string pages = pages_of(page);
  const std::string warc_path = fmt::format("archive/{}", warc_name);
  const std::string package = package_of(
      {{warc_path, warc.bytes}, {"indexes/index.cdx", index}, {"pages/pages.jsonl", pages}}, page);
  ZipWriter zip;
  zip.deflate("datapackage.json", package);
  zip.deflate("datapackage-digest.json", digest_of(package, page, key));
  zip.deflate("pages/pages.jsonl", pages);
  zip.deflate("indexes/index.cdx", index);
  // A replay program reads single records out of it, where they lie.
  zip.store(warc_path, warc.bytes);
  return std::move(zip).finish();
}

}  // namespace dandelion
