// SPDX-License-Identifier: MIT
#include "pipeline/site_discovery.hpp"

#include <charconv>

#include "core/address.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "discover/feed.hpp"
#include "discover/index_page.hpp"
#include "discover/page_links.hpp"
#include "discover/sitemap.hpp"
#include "html/charset.hpp"
#include "pipeline/page_gate.hpp"

namespace dandelion {
namespace {

// Far above what a site's sources lead to, below what would take a run for good.
constexpr std::size_t max_sources = 5'000;
// The protocol knows one level of indexes; some sites have two.
constexpr int max_sitemap_steps = 3;

int most_steps(const SourceRules& rules) {
  switch (rules.kind) {
    case SourceRules::Kind::index:
      return rules.pages;
    case SourceRules::Kind::feed:
      return 1;
    case SourceRules::Kind::sitemap:
      return max_sitemap_steps;
    case SourceRules::Kind::links:
      return rules.depth;
  }
  return 1;
}

// A line of SourceRecord::follow: seconds since 1970 or nothing, a blank, the address.
std::string follow_line(const FoundAddress& found) {
  return fmt::format(
      "{} {}\n",
      found.changed ? std::to_string(found.changed->time_since_epoch().count()) : std::string(),
      found.url);
}

std::string_view name_of(SourceRules::Kind kind) {
  switch (kind) {
    case SourceRules::Kind::index:
      return "index";
    case SourceRules::Kind::feed:
      return "feed";
    case SourceRules::Kind::sitemap:
      return "sitemap";
    case SourceRules::Kind::links:
      return "links";
  }
  return "source";
}

// Read by other rules, the same bytes name other addresses.
std::string hash_of(const SourceRules& rules) {
  return sha256_hex(fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}", name_of(rules.kind), rules.category,
                                rules.match, rules.items, rules.next, rules.pages, rules.depth));
}

}  // namespace

void SiteDiscovery::begin(Done done) {
  done_ = std::move(done);
  open_ = 1;  // ours, so that the last of them does not come before all are queued
  for (const SourceRules& rules : context_.site.sources) {
    auto pattern = AddressPattern::parse(rules.match);
    if (!pattern) {
      fail({&rules, rules.url, 1, {}}, pattern.error());
      continue;
    }
    patterns_[&rules] = std::move(*pattern);
    fetch({&rules, rules.url, 1, {}});
  }
  source_done();
}

void SiteDiscovery::fetch(const Place& place) {
  if (asked_.size() >= max_sources ||
      !asked_.insert(fmt::format("{} {}", name_of(place.rules->kind), place.url)).second) {
    return;
  }
  Validators validators;
  auto known = context_.store.source(context_.site.name, place.url);
  if (known && *known && (*known)->rules_hash == hash_of(*place.rules)) {
    if (is_fresh(place, **known)) {
      take_as_known(**known);
      return;
    }
    validators = {(*known)->etag, (*known)->last_modified};
  }
  ask(place, std::move(validators));
}

void SiteDiscovery::ask(const Place& place, Validators validators) {
  ++open_;
  FetchRequest request{place.url, context_.site.name, std::move(validators)};
  request.other_than = place.other_than;
  request.confirm_gone = true;
  std::shared_ptr<SpoolSink> spool;
  if (place.rules->kind == SourceRules::Kind::sitemap) {
    request.max_body = max_sitemap_bytes;
    request.sink = spool = std::make_shared<SpoolSink>();
  }
  context_.engine.add(std::move(request), [this, place, spool](Result<FetchedPage> fetched) {
    // Its beginning is enough to know a notice by.
    if (fetched && !fetched->not_modified && spool) fetched->body = spool->beginning();
    take(place,
         fetched ? Result<Answer>({std::move(*fetched), spool}) : tl::unexpected(fetched.error()));
    source_done();
  });
}

bool SiteDiscovery::ask_again(const Place& place, const FetchedPage& fetched,
                              const std::string& doubt) {
  if (place.other_than || !fetched.proxy || context_.engine.ways_out() < 2) return false;
  Place again = place;
  again.other_than = fetched.proxy;
  again.doubt = doubt;
  ask(again, {});
  return true;
}

// Whether its index says that it did not change since it was read. A <lastmod> without a time of
// day means any moment of that day.
bool SiteDiscovery::is_fresh(const Place& place, const SourceRecord& known) const {
  return place.changed && known.read > *place.changed + std::chrono::days(1);
}

void SiteDiscovery::take_as_known(const SourceRecord& record) {
  listed_ += static_cast<std::size_t>(record.listed);
  known_ += static_cast<std::size_t>(record.listed);
}

void SiteDiscovery::take(const Place& place, const Result<Answer>& answer) {
  if (!answer) {
    if (answer.error().kind != ErrorKind::stopped) fail(place, answer.error());
    return;
  }
  const FetchedPage& fetched = answer->page;
  std::string doubt;
  ErrorKind kind = ErrorKind::refused;
  if (!fetched.not_modified)
    doubt = PageGate::known_notice(place.url, fetched, context_.block_pages);
  if (doubt.empty()) {
    if (auto done = read(place, *answer); !done) {
      kind = done.error().kind;
      doubt = done.error().message;
    }
  }
  if (doubt.empty()) {
    if (place.other_than)
      context_.engine.distrust(context_.site.name, *place.other_than, place.doubt);
    return;
  }
  const bool may_be_the_way = kind == ErrorKind::refused || kind == ErrorKind::malformed;
  if (may_be_the_way && ask_again(place, fetched, doubt)) return;
  fail(place, {kind, fmt::format("{}: {}", redact_url(fetched.url), doubt)});
}

// SHA-256; of a long body, of its pieces in a chain.
Result<std::string> SiteDiscovery::hash_of_body(const Answer& answer) {
  if (answer.page.not_modified) return std::string();
  if (!answer.spool) return sha256_hex(answer.page.body);
  std::string hash;
  auto read = answer.spool->read([&hash](std::string_view piece) -> Result<void> {
    hash = sha256_hex(hash.append(piece));
    return {};
  });
  if (!read) return tl::unexpected(read.error());
  return hash;
}

Result<void> SiteDiscovery::read(const Place& place, const Answer& answer) {
  const FetchedPage& fetched = answer.page;
  const std::string& site = context_.site.name;
  auto before = context_.store.source(site, place.url);
  if (!before) return tl::unexpected(before.error());
  const std::string rules_hash = hash_of(*place.rules);
  const bool same_rules = *before && (*before)->rules_hash == rules_hash;
  auto body_hash = hash_of_body(answer);
  if (!body_hash) return tl::unexpected(body_hash.error());
  if (same_rules && (fetched.not_modified || (*before)->body_hash == *body_hash)) {
    take_as_known(**before);
    follow(place, **before);
    return {};
  }
  Reading reading{place, {}};
  reading.record.rules_hash = rules_hash;
  reading.record.etag = fetched.validators.etag;
  reading.record.last_modified = fetched.validators.last_modified;
  reading.record.body_hash = std::move(*body_hash);
  reading.record.read = context_.clock.now();
  auto batch = context_.store.begin();
  if (!batch) return tl::unexpected(batch.error());
  const std::size_t listed_before = listed_;
  const std::size_t known_before = known_;
  if (auto done = read_anew(reading, answer); !done) {
    // Another way may give it whole.
    listed_ = listed_before;
    known_ = known_before;
    return done;
  }
  if (auto set = context_.store.set_source(site, place.url, reading.record); !set) return set;
  if (auto done = batch->commit(); !done) return done;
  follow(place, reading.record);
  return {};
}

Result<void> SiteDiscovery::read_anew(Reading& reading, const Answer& answer) {
  const FetchedPage& fetched = answer.page;
  switch (reading.place.rules->kind) {
    case SourceRules::Kind::feed:
      return read_feed(fetched.body, fetched.content_type, fetched.url,
                       [&](const FoundAddress& found) { return add(reading, found); });
    case SourceRules::Kind::sitemap:
      return read_sitemap(reading, answer);
    default:
      return read_page(reading, fetched);
  }
}

Result<void> SiteDiscovery::read_sitemap(Reading& reading, const Answer& answer) {
  SitemapReader sitemap(
      answer.page.url, [&](const FoundAddress& found) { return add(reading, found); },
      [&reading](const FoundAddress& found) -> Result<void> {
        reading.record.follow += follow_line(found);
        return {};
      });
  auto fed = answer.spool->read([&](std::string_view piece) { return sitemap.feed(piece); });
  return fed ? sitemap.finish() : fed;
}

Result<void> SiteDiscovery::read_page(Reading& reading, const FetchedPage& fetched) {
  const SourceRules& rules = *reading.place.rules;
  const html::DecodedText text = html::decode(fetched.body, fetched.content_type);
  if (rules.kind == SourceRules::Kind::links) {
    return read_links(text.text, fetched.url, [&](const FoundAddress& found) -> Result<void> {
      if (patterns_.at(&rules).matches(found.url)) return add(reading, found);
      if (reading.place.step < rules.depth && same_site(found.url, rules.url))
        reading.record.follow += follow_line(found);
      return {};
    });
  }
  auto index = read_index_page(text.text, fetched.url, rules);
  if (!index) return tl::unexpected(index.error());
  for (const DiscoveredArticle& article : index->articles) {
    if (auto added = add(reading, {article.url, article.title, {}, {}}); !added) return added;
  }
  if (!index->next.empty()) reading.record.follow = follow_line({index->next, {}, {}, {}});
  return {};
}

Result<void> SiteDiscovery::add(Reading& reading, const FoundAddress& found) {
  const SourceRules& rules = *reading.place.rules;
  const auto url = normalize_address(found.url);
  if (!url || !patterns_.at(&rules).matches(*url)) return {};
  ++reading.record.listed;
  ++listed_;
  const Timestamp now = context_.clock.now();
  auto known = context_.store.known_page(context_.site.name, *url);
  if (!known) return tl::unexpected(known.error());
  if (!*known) {
    const auto rank = found.published ? found.published : found.changed;
    // A time to come would put it before all others for good.
    WantedRecord wanted{*url,          rules.category, std::min(rank.value_or(now), now),
                        next_place_++, found.changed,  0};
    return context_.store.want(context_.site.name, wanted, now);
  }
  ++known_;
  if (!found.changed || found.changed == (*known)->hint) return {};
  return context_.store.note_hint((*known)->key, *found.changed, *found.changed > (*known)->checked,
                                  now);
}

void SiteDiscovery::follow(const Place& from, const SourceRecord& record) {
  if (from.step >= most_steps(*from.rules)) return;
  std::string_view rest = record.follow;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto blank = line.find(' ');
    if (blank == std::string_view::npos) continue;
    Place to{from.rules, std::string(line.substr(blank + 1)), from.step + 1, {}};
    std::int64_t seconds = 0;
    if (std::from_chars(line.data(), line.data() + blank, seconds).ec == std::errc{})
      to.changed = Timestamp(std::chrono::seconds(seconds));
    fetch(to);
  }
}

void SiteDiscovery::fail(const Place& place, const Error& error) {
  errors_.push_back(fmt::format("{} {}", name_of(place.rules->kind), error.message));
}

void SiteDiscovery::source_done() {
  if (--open_ == 0) done_();
}

}  // namespace dandelion
