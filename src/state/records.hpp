// SPDX-License-Identifier: MIT
// What the state knows, as plain values. Times are seconds since 1970 in UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"

namespace dandelion {

enum class PageStatus {
  live,       // the source has it
  missing,    // the source answered 404 or 410, but not yet twice a day apart
  withdrawn,  // it did: the page bears a notice, or is a tombstone
};

// A page that the mirror holds.
struct PageRecord {
  std::int64_t key = 0;  // in this state alone; 0: not stored yet
  std::string url;       // normalised; the page's identity
  std::string id;
  std::string category;
  std::string path;  // in the mirror
  std::string title;
  std::optional<Timestamp> published;
  Timestamp first_seen{};
  bool listed = true;  // whether indexes show it: a tombstone is not listed
  // Handed over to be kept for good: its source is not asked again, and nothing withdraws it.
  bool archived = false;
  PageStatus status = PageStatus::live;
  std::optional<Timestamp> corrected;   // when the source was last seen to have changed it
  std::optional<Timestamp> gone_since;  // the first 404 or 410 in a row
  std::optional<Timestamp> withdrawn;

  std::string etag;
  std::string last_modified;
  std::string article_hash;       // of what the source says; empty: not known in this state
  std::string content_hash;       // SHA-256 of the file
  std::string rules_hash;         // what extracted it
  std::string theme_hash;         // what rendered it
  std::optional<Timestamp> hint;  // what a feed or sitemap said last of its change

  Timestamp checked{};     // the source was last asked
  Timestamp next_check{};  // when to ask it again
  std::chrono::seconds recheck{0};
  int failures = 0;     // checks in a row that gave nothing
  std::string message;  // of the last of these
};

struct KnownPage {
  std::int64_t key = 0;
  std::optional<Timestamp> hint;
  Timestamp checked{};
};

struct CategoryCount {
  std::string category;
  std::int64_t pages = 0;  // listed ones
};

// A list of pages that indexes show: of a category, or of those published in [from, to); of all
// where neither is named.
struct ListScope {
  std::string category;
  struct Span {
    Timestamp from;
    Timestamp to;
  };
  std::optional<Span> published;
  bool undated = false;  // those without a time of publication
};

struct MonthCount {
  int year = 0;  // and month: both 0 for pages without a time of publication
  unsigned month = 0;
  std::int64_t pages = 0;
};

// A picture of the source, or of anything else that pages show.
struct AssetRecord {
  std::string path;  // in the mirror; empty: it could not be had
  int width = 0;     // in pixels; 0: not known
  int height = 0;
  int attempts = 0;      // that failed
  Timestamp next_try{};  // where it could not be had
};

// The order of every list: by time of publication, newest first, pages without one last, then by
// id. It depends on nothing but the pages, so that a run that was killed and one that was not list
// them alike.
void sort_newest_first(std::vector<PageRecord>& pages);

// An address that was found and is no page yet.
struct WantedRecord {
  std::string url;  // normalised
  std::string category;
  Timestamp rank{};               // newest first
  std::int64_t place = 0;         // among those of one rank, lowest first
  std::optional<Timestamp> hint;  // when it changed, by feed or sitemap
  int attempts = 0;               // that failed
};

// A page that could not be had, or not checked.
struct FailureRecord {
  std::string url;
  std::string message;
  int attempts = 0;
  Timestamp last_try{};
  Timestamp next_try{};
  bool held = false;  // the mirror has the page: only its check failed
};

// A feed, sitemap or index page, as it was read last.
struct SourceRecord {
  std::string rules_hash;  // of what it was read for
  std::string etag;
  std::string last_modified;
  std::string body_hash;
  std::int64_t listed = 0;  // articles that it named
  std::string follow;       // addresses that it led on to, one a line
  Timestamp read{};
};

// A page that came, but was not believed: perhaps a block page.
struct QuarantineRecord {
  std::string url;
  std::string reason;
  Timestamp first_seen{};
  Timestamp last_seen{};
  Timestamp next_try{};
};

// The robots.txt of an origin (scheme://host[:port]).
struct RobotsRecord {
  std::string origin;
  std::string text;
  Timestamp fetched{};
};

// What a page looked like that was taken as an article.
struct PageSample {
  std::string url;  // as it was asked for
  std::string title;
  std::string body_hash;
  std::string domain;  // registrable, where the redirects ended
  std::int64_t text_bytes = 0;
};

struct SiteRecord {
  std::optional<Timestamp> last_run;      // when it began
  std::optional<Timestamp> last_success;  // when the last one without an error began
  std::string last_error;                 // of the site as a whole; empty: none
  std::string head;                       // the commit that the state was last brought in line with
  std::string rules_hash;                 // of the last run's `article:` rules
  std::string theme_hash;                 // what the indexes were last rendered with
};

struct SiteCounts {
  std::int64_t pages = 0;  // that indexes show
  std::int64_t missing = 0;
  std::int64_t withdrawn = 0;
  std::int64_t wanted = 0;    // waiting for their first try
  std::int64_t failures = 0;  // addresses that are no page yet and failed
  std::int64_t quarantined = 0;
};

// One run of one site.
struct RunRecord {
  Timestamp started{};
  Timestamp finished{};
  std::int64_t added = 0;
  std::int64_t corrected = 0;
  std::int64_t withdrawn = 0;
  std::int64_t failed = 0;
  std::string error;  // of the site as a whole; empty: none
};

struct MirrorRecord {
  std::string url;  // and branch: where the commit went
  std::string branch;
  std::string commit;  // what was last pushed; empty: never
  std::optional<Timestamp> pushed;
  std::string error;         // of the last try; empty: it worked
  bool is_conflict = false;  // the last try met commits of others
  // When its host is to be asked again at the earliest, by what it answered to the last try.
  std::optional<Timestamp> not_before{};
};

// How a mirror is, by what was seen of it (pipeline/mirror_life.hpp). The numbers stand in the
// state.
enum class MirrorState {
  live = 0,
  behind = 1,  // it is there, but has not got all that is committed, or is not where we left it
  geo_blocked = 2,  // some readers are refused, while others get it
  taken_down = 3,   // by law or by the host's rules
  gone = 4,         // deleted or hidden
  unreachable = 5,
};
inline constexpr int last_mirror_state = 5;

// Bad news of a mirror that is not believed yet.
struct MirrorSuspicion {
  MirrorState state = MirrorState::unreachable;
  std::string view;  // who saw it
  Timestamp first{};
  int sightings = 0;
};

// What is believed of a mirror.
struct MirrorLife {
  std::string url;  // and branch: where the mirror was when it was seen
  std::string branch;
  std::optional<MirrorState> state;  // nullopt: nothing is known yet
  Timestamp since{};                 // with `state`
  Timestamp seen{};                  // last
  std::string detail;                // the reason; may be empty
  std::string view;                  // who saw bad news; empty where it is good
  bool is_promoted = false;          // a spare that readers are told of
  // Where its host has it now, which may send on those who come to `url`; empty: it is there.
  std::string moved_to{};
  std::vector<MirrorSuspicion> suspicions{};
};

// A mirror became something else.
struct MirrorChange {
  std::int64_t key = 0;  // in this state alone; 0: not stored yet
  std::string mirror;
  Timestamp at{};                   // when it was believed
  Timestamp since{};                // when it was first seen
  std::optional<MirrorState> from;  // nullopt: nothing was known
  std::optional<MirrorState> to;    // nullopt: it was a spare, and readers are told of it now
  std::string detail;
  bool is_told = false;  // whether those who are to hear of it have
};

}  // namespace dandelion
