// SPDX-License-Identifier: MIT
#include "pipeline/state_recovery.hpp"

#include <set>

#include "core/address.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "pipeline/archived_article.hpp"
#include "pipeline/check_times.hpp"
#include "pipeline/page_file.hpp"
#include "publish/tree_difference.hpp"

namespace dandelion {
namespace {

class Recoverer {
 public:
  Recoverer(Store& store, const std::string& site, const MirrorRepository& repository,
            Timestamp now)
      : store_(store), site_(site), repository_(repository), now_(now) {}

  Result<Recovery> work(const std::string& known_head) {
    auto known = visit_differences(repository_.folder(), known_head, std::string(page_files_folder),
                                   [this](const FileDifference& file) { return take(file); });
    if (!known) return tl::unexpected(known.error());
    if (*known) {
      if (auto done = lose_gone(); !done) return tl::unexpected(done.error());
    } else if (auto done = compare_all(); !done) {
      return tl::unexpected(done.error());
    }
    return recovery_;
  }

 private:
  Result<void> take(const FileDifference& file) {
    if (file.gone) {
      gone_.insert(file.path);
      return {};
    }
    auto read = read_page_file(file.content);
    if (!read || page_file_path(read->page.url) != file.path) {
      log_warning("{}: {} is passed over: {}", site_, file.path,
                  read ? std::string("it is another page's") : read.error().message);
      return {};
    }
    there_.insert(file.path);
    return take_page(*read);
  }

  Result<void> take_page(const PageFile& file) {
    PageRecord page = file.page;
    // By its file: its address may have moved.
    auto held = store_.page_at_path(site_, page.path);
    if (!held) return tl::unexpected(held.error());
    const bool same = *held && (*held)->article_hash == page.article_hash;
    if (*held) {
      PageRecord merged = same ? **held : PageRecord{};
      merged.key = (*held)->key;
      for (auto field : {&PageRecord::url, &PageRecord::id, &PageRecord::category,
                         &PageRecord::path, &PageRecord::title, &PageRecord::article_hash}) {
        merged.*field = page.*field;
      }
      merged.published = page.published;
      merged.first_seen = page.first_seen;
      merged.listed = page.listed;
      merged.archived = page.archived;
      merged.corrected = page.corrected;
      merged.withdrawn = page.withdrawn;
      if (page.status == PageStatus::withdrawn || !same) merged.status = page.status;
      page = std::move(merged);
    }
    if (!same) schedule(page);
    auto key = store_.put_page(site_, page);
    if (!key) return tl::unexpected(key.error());
    if (!same) {
      // It is the article of another version.
      if (auto done = store_.forget_article(*key); !done) return done;
    }
    if (page.archived) {
      // Nobody can be asked for it: the repository has it.
      auto taken = take_archived_article(store_, site_, repository_, page.path, *key);
      if (!taken) return taken;
    }
    for (const std::string& address : file.also) {
      if (auto done = store_.add_address(site_, *key, address); !done) return done;
    }
    ++recovery_.taken_over;
    return {};
  }

  // Anywhere in the longest interval, by the address: all pages of a lost state at once would be a
  // flood.
  void schedule(PageRecord& page) const {
    schedule_check(page, longest_recheck, now_);
    const auto extra = page.next_check - now_ - longest_recheck;
    page.checked = Timestamp{};
    page.next_check = now_ + extra * 8;
  }

  // What its file tells no more is another page's, or not there.
  Result<void> lose_gone() {
    if (gone_.empty()) return {};
    auto pages = store_.pages(site_);
    if (!pages) return tl::unexpected(pages.error());
    for (const PageRecord& page : *pages) {
      if (!gone_.contains(page_file_path(page.url))) continue;
      if (auto done = lose(page); !done) return done;
    }
    return {};
  }

  Result<void> compare_all() {
    auto pages = store_.pages(site_);
    if (!pages) return tl::unexpected(pages.error());
    for (const PageRecord& page : *pages) {
      if (there_.contains(page_file_path(page.url))) continue;
      auto content = repository_.read(page.path);
      if (!content) return tl::unexpected(content.error());
      if (*content) {
        ++recovery_.unrecorded;
      } else if (auto done = lose(page); !done) {
        return done;
      }
    }
    return {};
  }

  Result<void> lose(const PageRecord& page) {
    if (page.archived) {
      log_warning("{}: {} was archived and is not in the repository any more; archive it again: {}",
                  site_, page.path, page.url);
      return store_.forget_page(page);
    }
    WantedRecord wanted;
    wanted.url = page.url;
    wanted.category = page.category;
    wanted.rank = page.published.value_or(page.first_seen);
    ++recovery_.lost;
    if (auto done = store_.forget_page(page); !done) return done;
    return store_.want(site_, wanted, now_);
  }

  Store& store_;
  const std::string& site_;
  const MirrorRepository& repository_;
  const Timestamp now_;
  Recovery recovery_;
  std::set<std::string> there_;  // files that tell of a page
  std::set<std::string> gone_;   // files that told of one
};

}  // namespace

Result<void> check_root(const MirrorRepository& repository,
                        const std::vector<MirrorSettings>& mirrors) {
  const auto is_here = repository.has_folder(std::string(page_files_folder));
  if (!is_here) return tl::unexpected(is_here.error());
  if (*is_here) return {};
  for (const MirrorSettings& mirror : mirrors) {
    if (mirror.folder.empty()) continue;
    const auto is_there =
        repository.has_folder(fmt::format("{}/{}", mirror.folder, page_files_folder));
    if (!is_there) return tl::unexpected(is_there.error());
    if (!*is_there) continue;
    return fail(ErrorKind::bad_input,
                "{0} is a copy of a mirror with `folder: {1}`, and has everything in there; copy a "
                "mirror without `folder` instead, or bring it to the top: "
                "git -C {0} filter-branch --subdirectory-filter {1} HEAD",
                repository.folder().string(), mirror.folder);
  }
  return {};
}

Result<Recovery> recover_state(Store& store, const std::string& site,
                               const MirrorRepository& repository, Timestamp now) {
  auto record = store.site(site);
  if (!record) return tl::unexpected(record.error());
  auto head = repository.head();
  if (!head) return tl::unexpected(head.error());
  if (record->head == head->value_or(std::string())) return Recovery{};
  auto batch = store.begin();
  if (!batch) return tl::unexpected(batch.error());
  auto recovery = Recoverer(store, site, repository, now).work(record->head);
  if (!recovery) return recovery;
  if (auto set = store.set_head(site, head->value_or(std::string())); !set)
    return tl::unexpected(set.error());
  if (auto done = batch->commit(); !done) return tl::unexpected(done.error());
  return recovery;
}

}  // namespace dandelion
