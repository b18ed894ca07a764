// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "pipeline/index_build.hpp"
#include "pipeline/search_build.hpp"
#include "publish/mirror_repository.hpp"
#include "render/picture.hpp"
#include "render/theme.hpp"
#include "state/store.hpp"

namespace dandelion {

// What is about to become of one page.
struct PageUpdate {
  PageRecord page;
  std::vector<std::string> addresses;  // that lead to it too, beside what the state knows
  std::optional<std::string> article;  // packed; nullopt: as it is
  std::vector<FileChange> files;       // the page's own, where they are not made of its article
  bool render = false;                 // its files are to be made anew, of its article
  bool is_new = false;
  bool record_changed = false;  // what page_file.hpp writes of it
  std::string moved_from;       // its address before, where that changed
  int attempts = 0;             // at a new page's address that failed before
};

// A page that a commit did not take along, for it holds what must not be published: a new one is no
// page of the mirror then, of any other all is as it was.
struct LeftOutPage {
  PageUpdate update;
  std::string what;  // it holds: SecretScan::secret_in
};

struct MirrorCommit {
  std::optional<std::string> commit;  // nullopt where the tree stays as it is
  std::vector<LeftOutPage> left_out;
};

// What a commit does to the lists (index_build.hpp, search_build.hpp).
enum class ListsToWrite {
  changed,  // those that its pages change
  all,      // every one, even where no page changed
  later,    // none: its pages stand in the lists as before, and a commit with `all` follows
};

// The changes to one site's mirror that wait for their commit, and the commit.
//
// What makes a kill at any instant harmless: the repository is the truth. One commit holds whole
// pages, what is known of them, and the indexes that list them; its ref moves last. The state
// follows in one transaction, which names the commit; where it does not come to that, the next run
// finds another commit than the state names and catches up from what the repository says of its
// pages (state_recovery.hpp).
class MirrorUpdate {
 public:
  struct Context {
    const Config& config;
    const SiteConfig& site;
    const Theme& theme;
    Store& store;
    MirrorRepository& repository;
    const std::vector<MirrorSettings>& mirrors;
    std::optional<PublicKey> key = std::nullopt;  // that signs the commits
  };
  explicit MirrorUpdate(const Context& context) : context_(context) {}

  // The page that an address leads to, or that has a file, as it will be.
  [[nodiscard]] Result<std::optional<PageRecord>> page_at_address(const std::string& url) const;
  [[nodiscard]] Result<std::optional<PageRecord>> page_at_path(const std::string& path) const;

  // The update of this page, begun with this record where there is none yet. The reference is good
  // until the commit.
  [[nodiscard]] PageUpdate& update(const PageRecord& page);
  // To be called where the update was given an address: from then on that leads to the page.
  void index_addresses(const PageUpdate& update);

  // An address that could not be had.
  void add_failure(const std::string& url, const std::string& message, Timestamp now,
                   Timestamp next_try);

  // Addresses of pictures that an article shows: to be had, where they are not known.
  void want_pictures(const std::vector<std::string>& addresses);
  [[nodiscard]] std::vector<std::string> take_wanted_pictures();
  // A picture that came, or an address that gave none.
  void add_picture(const std::string& url, Result<FinishedPicture> picture, Timestamp now);
  // Whether the state, or what waits, knows the picture or that it cannot be had yet.
  [[nodiscard]] Result<bool> knows_picture(const std::string& url) const;

  // How many pages wait.
  [[nodiscard]] std::size_t size() const { return updates_.size(); }
  [[nodiscard]] bool has_pictures() const { return !pictures_.empty(); }
  // How many bytes of pictures wait.
  [[nodiscard]] std::uint64_t picture_bytes() const { return picture_bytes_; }

  // Commits all that waits, with the lists, but the pages that must not be published. Whatever
  // comes of it, nothing waits afterwards.
  [[nodiscard]] Result<MirrorCommit> commit(Timestamp now, ListsToWrite lists);

 private:
  struct PendingPicture {
    std::string bytes;  // empty where it could not be had
    AssetRecord asset;
  };
  struct Failure {
    std::string url;
    std::string message;
    Timestamp now;
    Timestamp next_try;
  };

  // One try at a commit.
  struct Draft {
    Timestamp now;
    CommitSettings settings;
    std::vector<FileChange> files;
    std::map<std::string, std::string>
        secrets;  // in pages that wait, by path: then nothing is done
  };

  [[nodiscard]] Result<void> store_pages(Draft& draft);
  [[nodiscard]] Result<void> store_page(Draft& draft, PageUpdate& update);
  [[nodiscard]] Result<void> store_failures();
  [[nodiscard]] Result<void> store_pictures(Draft& draft);
  [[nodiscard]] AssetRecord missing_picture(const std::string& url, Timestamp now) const;
  [[nodiscard]] Result<void> render(Draft& draft);
  [[nodiscard]] Result<std::vector<PageRecord>> pages_to_render() const;
  [[nodiscard]] Result<void> add_lists(std::vector<FileChange>& files, bool all);
  [[nodiscard]] std::string message() const;
  [[nodiscard]] SiteLook look() const;
  [[nodiscard]] Result<std::optional<std::string>> commit_all(Draft& draft, ListsToWrite lists);
  void find_in_lists(Draft& draft) const;
  [[nodiscard]] std::vector<LeftOutPage> take_out(Draft& draft);

  const Context context_;
  std::deque<PageUpdate> updates_;
  std::map<std::string, std::size_t, std::less<>> by_address_;  // without scheme
  std::map<std::string, std::size_t, std::less<>> by_path_;     // in lower case
  std::vector<Failure> failures_;
  std::vector<ListChange> changes_;                 // of this commit, once its pages are stored
  std::map<std::string, PendingPicture> pictures_;  // by address
  std::uint64_t picture_bytes_ = 0;
  SearchPages search_pages_;
  std::vector<std::string> wanted_pictures_;
};

}  // namespace dandelion
