// SPDX-License-Identifier: MIT
#include "pipeline/archived_article.hpp"

#include <nlohmann/json.hpp>

#include "core/address.hpp"
#include "core/files.hpp"
#include "core/log.hpp"
#include "core/sha256.hpp"
#include "html/sanitize.hpp"
#include "pipeline/stored_article.hpp"

namespace dandelion {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t max_file_bytes = 64U << 20;
constexpr std::size_t max_header_bytes = 4U << 20;
constexpr int max_side = 1 << 20;  // of a picture, in pixels

std::string text_at(const ordered_json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

int pixels_at(const ordered_json& object, const char* key) {
  const auto found = object.find(key);
  const bool is_sound = found != object.end() && found->is_number_unsigned() &&
                        found->get<std::uint64_t>() <= static_cast<std::uint64_t>(max_side);
  return is_sound ? found->get<int>() : 0;
}

Result<std::vector<ArchivedArticle::Picture>> read_pictures(std::string_view line) {
  const auto header = ordered_json::parse(line, nullptr, false);
  if (!header.is_object()) return fail(ErrorKind::malformed, "its first line is no JSON object");
  std::vector<ArchivedArticle::Picture> pictures;
  const auto list = header.find("pictures");
  if (list == header.end() || !list->is_array()) return pictures;
  for (const ordered_json& entry : *list) {
    if (!entry.is_object()) continue;
    ArchivedArticle::Picture picture;
    picture.url = normalize_address(text_at(entry, "url")).value_or(std::string());
    picture.asset.path = text_at(entry, "path");
    picture.asset.width = pixels_at(entry, "width");
    picture.asset.height = pixels_at(entry, "height");
    if (!picture.url.empty() && picture.asset.path.starts_with("assets/") &&
        is_safe_relative_path(picture.asset.path)) {
      pictures.push_back(std::move(picture));
    }
  }
  return pictures;
}

// Its tree came from outside.
Result<std::string> made_inert(std::string_view packed) {
  auto article = unpack_article(packed);
  if (!article) return tl::unexpected(article.error());
  for (html::Node* part : {article->hero_image, article->hero_caption, article->body}) {
    if (part == nullptr) continue;
    if (html::acts(*part)) return fail(ErrorKind::malformed, "it has what no article has");
    html::neutralize(*article->document, *part);
  }
  return pack_article(*article);
}

}  // namespace

std::string archived_article_path(std::string_view page_path) {
  constexpr std::size_t name_length = 30;
  const std::string hash = sha256_hex(page_path);
  return fmt::format(".dandelion/articles/{}/{}", hash.substr(0, 2), hash.substr(2, name_length));
}

Result<std::optional<FileChange>> archived_article_file(const Store& store, const std::string& site,
                                                        const PageRecord& page) {
  auto packed = store.article(page.key);
  if (!packed) return tl::unexpected(packed.error());
  if (!*packed) return std::nullopt;
  const auto article = unpack_article(**packed);
  if (!article) return std::nullopt;
  ordered_json list = ordered_json::array();
  for (const std::string& url : pictures_of(*article)) {
    auto asset = store.asset(site, url);
    if (!asset) return tl::unexpected(asset.error());
    if (!*asset || (*asset)->path.empty()) continue;
    list.push_back({{"url", url},
                    {"path", (*asset)->path},
                    {"width", (*asset)->width},
                    {"height", (*asset)->height}});
  }
  const ordered_json header{{"pictures", std::move(list)}};
  return FileChange{
      archived_article_path(page.path),
      header.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n" + **packed};
}

Result<ArchivedArticle> read_archived_article(std::string_view content) {
  const auto end = content.substr(0, max_header_bytes).find('\n');
  if (end == std::string_view::npos || content.size() > max_file_bytes)
    return fail(ErrorKind::malformed, "it is no archived article");
  auto pictures = read_pictures(content.substr(0, end));
  if (!pictures) return tl::unexpected(pictures.error());
  auto packed = made_inert(content.substr(end + 1));
  if (!packed) return tl::unexpected(packed.error());
  return ArchivedArticle{std::move(*packed), std::move(*pictures)};
}

Result<void> take_archived_article(Store& store, const std::string& site,
                                   const MirrorRepository& repository, const std::string& page_path,
                                   std::int64_t key) {
  auto known = store.article(key);
  if (!known) return tl::unexpected(known.error());
  if (*known) return {};
  const std::string path = archived_article_path(page_path);
  auto content = repository.read(path);
  if (!content) return tl::unexpected(content.error());
  if (!*content) return {};
  const auto read = read_archived_article(**content);
  if (!read) {
    log_warning("{}: {} is passed over: {}", site, path, read.error().message);
    return {};
  }
  if (auto put = store.put_article(key, read->packed); !put) return put;
  for (const auto& [url, asset] : read->pictures) {
    auto before = store.asset(site, url);
    if (!before) return tl::unexpected(before.error());
    if (*before && !(*before)->path.empty()) continue;
    if (auto put = store.put_asset(site, url, asset); !put) return put;
  }
  return {};
}

}  // namespace dandelion
