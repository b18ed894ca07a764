// SPDX-License-Identifier: MIT
#include "pipeline/page_file.hpp"

#include <nlohmann/json.hpp>

#include "core/address.hpp"
#include "core/files.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "pipeline/page_build.hpp"

namespace dandelion {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t max_page_file_bytes = 64U << 10;

void set_day(ordered_json& object, const char* key, const std::optional<Timestamp>& time) {
  if (time) object[key] = format_date(*time);
}

std::optional<Timestamp> time_at(const ordered_json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return parse_iso8601(found->get<std::string>());
}

std::string text_at(const ordered_json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

std::string page_file_path(const std::string& url) {
  constexpr std::size_t name_length = 30;
  const std::string hash = sha256_hex(without_scheme(url));
  return fmt::format("{}/{}/{}.json", page_files_folder, hash.substr(0, 2),
                     hash.substr(2, name_length));
}

std::string write_page_file(const PageRecord& page, const std::vector<std::string>& also) {
  ordered_json object;
  object["url"] = page.url;
  if (!also.empty()) object["also"] = also;
  object["id"] = page.id;
  object["category"] = page.category;
  object["path"] = page.path;
  object["title"] = page.title;
  if (page.published) object["published"] = format_rfc3339(*page.published);
  set_day(object, "first_seen", page.first_seen);
  set_day(object, "corrected", page.corrected);
  set_day(object, "withdrawn", page.withdrawn);
  if (!page.listed) object["tombstone"] = true;
  if (page.archived) object["archived"] = true;
  object["article"] = page.article_hash;
  return object.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

Result<PageFile> read_page_file(std::string_view text) {
  const auto object = text.size() > max_page_file_bytes
                          ? ordered_json(ordered_json::value_t::discarded)
                          : ordered_json::parse(text, nullptr, false);
  if (!object.is_object()) return fail(ErrorKind::malformed, "it is no JSON object");
  PageFile file;
  PageRecord& page = file.page;
  page.url = normalize_address(text_at(object, "url")).value_or(std::string());
  page.id = text_at(object, "id");
  page.category = text_at(object, "category");
  page.path = text_at(object, "path");
  page.title = text_at(object, "title");
  page.published = time_at(object, "published");
  page.first_seen = time_at(object, "first_seen").value_or(Timestamp{});
  page.corrected = time_at(object, "corrected");
  page.withdrawn = time_at(object, "withdrawn");
  if (page.withdrawn) page.status = PageStatus::withdrawn;
  page.listed = !object.contains("tombstone");
  page.archived = object.contains("archived");
  page.article_hash = text_at(object, "article");
  if (page.url.empty() || page.id.empty() || page.category.empty() || !is_page_path(page.path)) {
    return fail(ErrorKind::malformed, "it does not say url, id, category and path of a page");
  }
  if (const auto also = object.find("also"); also != object.end() && also->is_array()) {
    for (const ordered_json& address : *also) {
      if (address.is_string()) file.also.push_back(address.get<std::string>());
    }
  }
  return file;
}

}  // namespace dandelion
