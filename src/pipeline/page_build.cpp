// SPDX-License-Identifier: MIT
#include "pipeline/page_build.hpp"

#include <map>
#include <set>

#include "core/address.hpp"
#include "core/files.hpp"
#include "core/mirror_addresses.hpp"
#include "core/secret.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "extract/extract.hpp"
#include "html/charset.hpp"
#include "publish/host_limits.hpp"

namespace dandelion {
namespace {

// Names in the mirror that are ours to write.
bool is_reserved_path(std::string_view path) {
  const std::string lower = ascii_lower(path);
  static const std::set<std::string, std::less<>> fixed = {"readme.md", "index.md", "404.md",
                                                           "search.md"};
  return fixed.contains(lower) || lower.starts_with("indexes/") || lower.starts_with(".") ||
         lower.starts_with("assets/") || lower.starts_with("archive/");
}

Result<std::string> id_of(const SiteConfig& site, const std::string& url) {
  auto parsed = parse_url(url);
  if (!parsed) return tl::unexpected(parsed.error());
  std::string id = replace_all(site.id, "{url.stem}", parsed->stem());
  id = replace_all(id, "{url.path}", parsed->path);
  return safe_path_segment(id);
}

// "news.example-2026-story-3f9a0c41": some of the address's hash tells those apart that read alike.
Result<std::string> archived_id(const std::string& url) {
  constexpr std::size_t longest = 80;
  constexpr std::size_t hash_digits = 8;
  auto parsed = parse_url(url);
  if (!parsed) return tl::unexpected(parsed.error());
  std::string path = parsed->path;
  if (const auto dot = path.rfind('.'); dot != std::string::npos && dot > path.rfind('/'))
    path.resize(dot);
  const std::string_view host = parsed->host;
  std::string id = safe_path_segment(std::string(host.substr(host.starts_with("www.") ? 4 : 0)) +
                                     replace_all(path, "/", "-"));
  id.resize(std::min(id.size(), longest));
  while (!is_utf8(id))
    id.pop_back();
  return safe_path_segment(id + "-" + sha256_hex(without_scheme(url)).substr(0, hash_digits));
}

void set_look(SiteContext& context, const LookSettings& look) {
  using Links = LookSettings::Links;
  static const std::map<Links, LinkPolicy> policies = {{Links::inert, LinkPolicy::inert},
                                                       {Links::text, LinkPolicy::text},
                                                       {Links::keep, LinkPolicy::keep},
                                                       {Links::archive, LinkPolicy::archive}};
  if (const auto found = policies.find(look.links); found != policies.end())
    context.links = found->second;
  context.archive_prefix = look.archive_prefix;
  context.source_address = static_cast<SourceAddress>(look.source_address);
  context.share_code = look.share_code != LookSettings::ShareCode::none;
  context.share_picture = look.share_code == LookSettings::ShareCode::html_and_png;
}

// Whose ways the host has that readers are led to: by its name, or, where it is the repository's
// own, by what the mirror says of that.
std::string_view host_profile(const MirrorSettings& mirror) {
  MirrorSettings shown;
  shown.url = mirror.public_url;
  return limits_of(host_of(shown) == host_of(mirror) ? mirror : shown).name;
}

// Where the mirror's host shows a file to readers, ending in `/`; empty for a host that we do not
// know the ways of.
std::string file_view(const MirrorSettings& mirror) {
  static const std::map<std::string_view, std::string_view> views = {{"github", "/blob/"},
                                                                     {"gitlab", "/-/blob/"},
                                                                     {"codeberg", "/src/branch/"},
                                                                     {"forgejo", "/src/branch/"},
                                                                     {"bitbucket", "/src/"}};
  const auto view = views.find(host_profile(mirror));
  if (mirror.public_url.empty() || view == views.end()) return {};
  std::string base = mirror.public_url;
  while (base.ends_with('/'))
    base.pop_back();
  if (base.ends_with(".git")) base.resize(base.size() - 4);
  base += std::string(view->second) + replace_all(percent_encode(mirror.branch), "%2F", "/") + "/";
  if (!mirror.folder.empty()) base += mirror.folder + "/";
  return base;
}

}  // namespace

Result<void> check_secrets(const SiteConfig& site) {
  if (!site.pixel_key) return {};
  auto key = read_secret(*site.pixel_key);
  return key ? Result<void>() : Result<void>(within("pixel_key", key.error()));
}

SiteContext site_context(const SiteConfig& site, const std::vector<MirrorSettings>& mirrors) {
  SiteContext context;
  context.name = site.name;
  context.title = site.title;
  context.language = site.language;
  for (const MenuEntry& entry : site.menu)
    context.menu.push_back({entry.text, entry.href});
  context.page_depth =
      static_cast<std::size_t>(std::count(site.layout.begin(), site.layout.end(), '/'));
  context.pixel = site.pixel;
  if (site.pixel_key) {
    // check_secrets has told where there is none.
    if (auto key = read_secret(*site.pixel_key)) context.pixel_key = key->reveal();
  }
  set_look(context, site.look);
  for (const MirrorSettings& mirror : mirrors) {
    if (!mirror.public_url.empty()) {
      context.mirrors.push_back(
          {mirror.name, mirror.public_url, file_view(mirror), PageFormat::markdown});
    }
    if (!mirror.pages_url.empty()) {
      const std::string name = mirror.public_url.empty() ? mirror.name : mirror.name + " (Pages)";
      const std::string base =
          mirror.pages_url.ends_with('/') ? mirror.pages_url : mirror.pages_url + "/";
      context.mirrors.push_back({name, mirror.pages_url, base, PageFormat::html});
    }
  }
  return context;
}

bool is_page_path(std::string_view path) {
  return is_safe_relative_path(path) && !is_reserved_path(path);
}

Result<PagePlace> place_page(const SiteConfig& site, const std::string& category,
                             const std::string& url) {
  auto id = id_of(site, url);
  if (!id) return tl::unexpected(id.error());
  PagePlace place{safe_path_segment(category), std::move(*id), {}};
  place.path = fill_pattern(site.layout, site.name, place, false);
  if (!is_page_path(place.path)) {
    return fail(ErrorKind::refused,
                "its file would be '{}', which is not a place for an article; change `layout`",
                place.path);
  }
  return place;
}

Result<PagePlace> place_archived_page(const SiteConfig& site, const std::string& url) {
  auto id = archived_id(url);
  if (!id) return tl::unexpected(id.error());
  PagePlace place{std::string(archive_category), std::move(*id), {}};
  place.path = fill_pattern(site.layout, site.name, place, false);
  // The mirror's own folder of that name has the lists of its months.
  if (!is_page_path(place.path))
    place.path = fmt::format("pages/{}/{}.md", place.category, place.id);
  return place;
}

Result<html::Article> read_article(const SiteConfig& site, const std::string& url,
                                   std::string_view bytes, std::string_view content_type) {
  const html::DecodedText page = html::decode(bytes, content_type);
  auto article = extract_article(page.text, url, site.article);
  if (article && article->language.empty()) article->language = site.language;
  return article;
}

std::vector<FileChange> page_files(const SiteRenderer& renderer, const PagePlace& place,
                                   const html::Article& article, const PageFacts& facts) {
  std::vector<FileChange> files;
  for (RenderedFile& file : renderer.page(place, article, facts))
    files.push_back({std::move(file.path), std::move(file.content)});
  return files;
}

std::vector<FileChange> tombstone_files(const SiteRenderer& renderer, const PagePlace& place,
                                        const std::string& url,
                                        std::optional<Timestamp> withdrawn) {
  html::Article nothing;
  nothing.url = url;
  nothing.title = place.id;
  nothing.document = std::make_shared<html::Document>();
  nothing.body = nothing.document->create_element("div");
  PageFacts facts;
  facts.withdrawn = withdrawn;
  facts.removed = true;
  return page_files(renderer, place, nothing, facts);
}

}  // namespace dandelion
