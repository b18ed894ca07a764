// SPDX-License-Identifier: MIT
#include "pipeline/page_rendering.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "core/address.hpp"
#include "pipeline/page_build.hpp"
#include "pipeline/page_secrets.hpp"
#include "pipeline/stored_article.hpp"

namespace dandelion {
namespace {

// Addresses noted of one page: what it links to beyond them is not brought up to date by itself.
constexpr std::size_t max_references = 500;

// Fewer are not worth a thread.
constexpr std::size_t pages_per_thread = 8;

struct Job {
  const PageRecord* page = nullptr;
  std::string packed;  // the article
  PageFacts facts;
  std::set<std::string> references;
  std::map<std::string, std::optional<std::string>> local_pages;  // asked for once a format
  std::vector<FileChange> files;
  std::optional<std::string> secret;  // that must not be published
};

class Rendering {
 public:
  Rendering(const SiteLook& look, Store& store, const SecretScan* scan)
      : look_(look), store_(store), scan_(scan) {}

  Result<RenderedPages> work(const std::vector<PageRecord>& pages) {
    for (const PageRecord& page : pages) {
      if (auto read = prepare(page); !read) return tl::unexpected(read.error());
    }
    render_all();
    if (error_) return tl::unexpected(*error_);
    RenderedPages made;
    made.missing_pictures.assign(missing_.begin(), missing_.end());
    for (Job& job : jobs_) {
      if (job.secret) {
        made.left_out.push_back({*job.page, std::move(*job.secret)});
        continue;
      }
      const std::vector<std::string> addresses(job.references.begin(), job.references.end());
      auto noted = store_.set_references(look_.site.name, job.page->key, addresses);
      if (!noted) return tl::unexpected(noted.error());
      std::move(job.files.begin(), job.files.end(), std::back_inserter(made.files));
    }
    return made;
  }

 private:
  Result<void> prepare(const PageRecord& page) {
    auto packed = store_.article(page.key);
    if (!packed) return tl::unexpected(packed.error());
    if (!*packed) return {};
    Job job;
    job.page = &page;
    job.packed = std::move(**packed);
    auto facts = facts_of(look_, store_, page);
    if (!facts) return tl::unexpected(facts.error());
    job.facts = std::move(*facts);
    jobs_.push_back(std::move(job));
    return {};
  }

  void render_all() {
    const std::size_t most = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t threads = std::clamp<std::size_t>(jobs_.size() / pages_per_thread, 1, most);
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      // Templates serve one thread.
      const SiteRenderer renderer = site_renderer(look_);
      for (std::size_t at = next++; at < jobs_.size(); at = next++)
        render(renderer, jobs_[at]);
    };
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < threads; ++i)
      others.emplace_back(work);
    work();
  }

  void render(const SiteRenderer& renderer, Job& job) {
    auto article = unpack_article(job.packed);
    // An older version packed it otherwise: the file stays until the source is asked again.
    if (!article) return;
    const PageRecord& page = *job.page;
    job.facts.local_page = [this, &job](const std::string& url) {
      auto known = job.local_pages.find(url);
      if (known == job.local_pages.end())
        known = job.local_pages.emplace(url, local_page(job, url)).first;
      return known->second;
    };
    job.facts.local_picture = [this, &job](const std::string& url) {
      return local_picture(job, url);
    };
    job.files = page_files(renderer, {page.category, page.id, page.path}, *article, job.facts);
    if (scan_ != nullptr) job.secret = secret_in_page(*scan_, *article, job.files);
  }

  std::optional<std::string> local_page(Job& job, const std::string& url) {
    const auto address = normalize_address(url);
    if (!address) return std::nullopt;
    const std::lock_guard lock(mutex_);
    auto found = store_.page_at_address(look_.site.name, *address);
    if (!found) error_ = found.error();
    // What may be mirrored later: the page's own site.
    if (same_site(*address, job.page->url)) note(job, *address);
    if (!found || !*found || !(*found)->listed || (*found)->key == job.page->key)
      return std::nullopt;
    return (*found)->path;
  }

  std::optional<MirroredPicture> local_picture(Job& job, const std::string& url) {
    const auto address = normalize_address(url);
    if (!address) return std::nullopt;
    const std::lock_guard lock(mutex_);
    note(job, *address);
    auto found = store_.asset(look_.site.name, *address);
    if (!found) error_ = found.error();
    if (found && !*found) missing_.insert(*address);
    if (!found || !*found || (*found)->path.empty()) return std::nullopt;
    return MirroredPicture{(*found)->path, (*found)->width, (*found)->height};
  }

  static void note(Job& job, const std::string& address) {
    if (job.references.size() < max_references) job.references.insert(address);
  }

  const SiteLook& look_;
  Store& store_;
  const SecretScan* scan_;
  std::vector<Job> jobs_;
  std::set<std::string> missing_;  // pictures
  std::mutex mutex_;               // of the store, the error and the missing pictures
  std::optional<Error> error_;
};

}  // namespace

PictureMode picture_mode(const SiteConfig& site, const Theme& theme) {
  switch (site.images.mode) {
    case ImageSettings::Mode::mirror:
      return PictureMode::mirror;
    case ImageSettings::Mode::link:
      return PictureMode::link;
    case ImageSettings::Mode::drop:
      return PictureMode::drop;
    case ImageSettings::Mode::by_theme:
      break;
  }
  return theme.body == Theme::BodyFormat::pretty_html ? PictureMode::link : PictureMode::mirror;
}

SiteRenderer site_renderer(const SiteLook& look) {
  SiteContext context = site_context(look.site, look.mirrors);
  context.pictures = picture_mode(look.site, look.theme);
  if (look.key) {
    context.public_key = ssh_line(*look.key);
    context.key_fingerprint = ssh_fingerprint(*look.key);
  }
  return {look.theme, std::move(context)};
}

bool pages_show_mirrors(const Theme& theme) {
  return std::any_of(theme.templates.begin(), theme.templates.end(), [](const auto& file) {
    const auto& [name, text] = file;
    const bool is_list = name.starts_with("front.") || name.starts_with("index.") ||
                         name.starts_with("archive.") || name.starts_with("404.") ||
                         name.starts_with("search.");
    return !is_list && (text.find("{{#mirrors}}") != std::string::npos ||
                        text.find("{{#copies}}") != std::string::npos ||
                        text.find("{{#share}}") != std::string::npos);
  });
}

bool shows_neighbours(const Theme& theme) {
  return std::any_of(theme.templates.begin(), theme.templates.end(), [](const auto& file) {
    return file.second.find("{{#previous}}") != std::string::npos ||
           file.second.find("{{#next}}") != std::string::npos;
  });
}

IndexEntry entry_of(const PageRecord& page) {
  IndexEntry entry;
  entry.title = page.title.empty() ? page.id : page.title;
  entry.path = page.path;
  entry.category = page.category;
  entry.date = page.published;
  return entry;
}

Result<PageFacts> facts_of(const SiteLook& look, const Store& store, const PageRecord& page) {
  PageFacts facts;
  facts.fetched = page.first_seen;
  facts.corrected = page.corrected;
  facts.withdrawn = page.withdrawn;
  if (!shows_neighbours(look.theme) || !page.listed) return facts;
  for (const bool newer : {false, true}) {
    auto found = store.neighbour(look.site.name, page, newer);
    if (!found) return tl::unexpected(found.error());
    if (*found) (newer ? facts.next : facts.previous) = entry_of(**found);
  }
  return facts;
}

void find_local_copies(PageFacts& facts, const Store& store, const std::string& site,
                       std::int64_t own) {
  facts.local_page = [&store, site, own](const std::string& url) -> std::optional<std::string> {
    const auto address = normalize_address(url);
    if (!address) return std::nullopt;
    auto found = store.page_at_address(site, *address);
    const bool is_here = found && *found && (*found)->listed && (*found)->key != own;
    return is_here ? std::optional((*found)->path) : std::nullopt;
  };
  facts.local_picture = [&store, site](const std::string& url) -> std::optional<MirroredPicture> {
    const auto address = normalize_address(url);
    if (!address) return std::nullopt;
    auto found = store.asset(site, *address);
    if (!found || !*found || (*found)->path.empty()) return std::nullopt;
    return MirroredPicture{(*found)->path, (*found)->width, (*found)->height};
  };
}

Result<BuiltPage> build_page(const SiteLook& look, const Store* store, Timestamp now,
                             const std::string& category, const std::string& identity,
                             const html::Article& article) {
  std::optional<PageRecord> page;
  const auto address = normalize_address(identity);
  if (store != nullptr && address) {
    auto known = store->page_at_address(look.site.name, *address);
    if (!known) return tl::unexpected(known.error());
    page = std::move(*known);
  }
  if (!page) {
    auto place = place_page(look.site, category, identity);
    if (!place) return tl::unexpected(place.error());
    page.emplace();
    page->url = identity;
    page->id = std::move(place->id);
    page->category = std::move(place->category);
    page->path = std::move(place->path);
    page->published = article.published;
    page->first_seen = now;
  }
  PageFacts facts;
  facts.fetched = page->first_seen;
  if (store != nullptr) {
    auto known = facts_of(look, *store, *page);
    if (!known) return tl::unexpected(known.error());
    facts = std::move(*known);
    find_local_copies(facts, *store, look.site.name, page->key);
  }
  PagePlace place{page->category, page->id, page->path};
  auto files = page_files(site_renderer(look), place, article, facts);
  return BuiltPage{std::move(place), std::move(files)};
}

Result<RenderedPages> render_pages(const SiteLook& look, Store& store,
                                   const std::vector<PageRecord>& pages, const SecretScan* scan) {
  return Rendering(look, store, scan).work(pages);
}

}  // namespace dandelion
