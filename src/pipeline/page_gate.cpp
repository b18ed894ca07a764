// SPDX-License-Identifier: MIT
#include "pipeline/page_gate.hpp"

#include "config/block_fingerprints.hpp"
#include "core/files.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "html/charset.hpp"
#include "html/parse.hpp"

namespace dandelion {
namespace {

// A page that is not believed is asked for again by the next run that is half an hour later.
constexpr std::chrono::minutes next_look{30};

// A block page says what it is at once.
constexpr std::size_t looked_through = 64U << 10;

// So many pages of a site are looked at by two ways, where there are two: what all others are
// compared with must be true.
constexpr std::size_t unknown_site = 5;

// The page's title and all its text, scripts and styles left out.
struct Reading {
  std::string title;
  std::string text;
};

Reading read_page(const FetchedPage& fetched) {
  Reading reading;
  const html::DecodedText decoded = html::decode(fetched.body, fetched.content_type);
  const html::Document document = html::parse(decoded.text);
  const html::Node& root = document.root();
  for (const html::Node* at = &root; at != nullptr;) {
    if (at->is_element(html::Tag::title_) && reading.title.empty())
      reading.title = collapse_space(html::text_content(*at));
    const bool is_silent = at->is_element(html::Tag::script_) ||
                           at->is_element(html::Tag::style_) || at->is_element(html::Tag::title_);
    if (at->type == html::NodeType::text) reading.text += at->text;
    at = is_silent ? html::next_skipping_children(*at, root) : html::next_in_tree(*at, root);
  }
  return reading;
}

std::string beginning_of(const FetchedPage& fetched) {
  const auto beginning = std::string_view(fetched.body).substr(0, looked_through);
  return html::decode(beginning, fetched.content_type).text;
}

}  // namespace

Result<std::vector<BlockFingerprint>> known_block_pages(const std::filesystem::path& own) {
  auto known = load_block_fingerprints(data_folder() / "block_pages.yaml");
  if (!known) return known;
  if (own.empty()) return known;
  auto more = load_block_fingerprints(own);
  if (!more) return more;
  known->insert(known->end(), std::make_move_iterator(more->begin()),
                std::make_move_iterator(more->end()));
  return known;
}

Result<void> PageGate::open() {
  auto samples = context_.store.page_samples(context_.site);
  if (!samples) return tl::unexpected(samples.error());
  for (PageSample& sample : *samples) {
    look_.samples.push_back({std::move(sample.url), std::move(sample.title),
                             std::move(sample.body_hash), std::move(sample.domain),
                             static_cast<std::size_t>(sample.text_bytes)});
  }
  return {};
}

Result<void> PageGate::close() {
  if (!learnt_) return {};
  std::vector<PageSample> samples;
  for (const SiteProfile::Sample& sample : look_.samples) {
    samples.push_back({sample.url, sample.title, sample.body_hash, sample.domain,
                       static_cast<std::int64_t>(sample.text_bytes)});
  }
  learnt_ = false;
  return context_.store.set_page_samples(context_.site, samples);
}

std::string PageGate::known_notice(const std::string& asked, const FetchedPage& fetched,
                                   const std::vector<BlockFingerprint>& block_pages) {
  PageLook look;
  look.asked = asked;
  look.url = fetched.url;
  look.status = fetched.status;
  // A list of articles may well tell of censorship; a notice is short.
  look.has_article = true;
  look.text_bytes = fetched.body.size() > looked_through
                        ? fetched.body.size()
                        : collapse_space(read_page(fetched).text).size();
  Suspicion found = suspect(look, {}, block_pages, beginning_of(fetched));
  return found.weight >= Suspicion::certain ? std::move(found.reason) : std::string();
}

PageLook PageGate::look_at(const std::string& asked, const FetchedPage& fetched,
                           const Result<html::Article>* article) {
  PageLook look;
  look.asked = asked;
  look.url = fetched.url;
  look.status = fetched.status;
  look.header_names = fetched.header_names;
  look.body_bytes = fetched.body.size();
  look.body_hash = sha256_hex(fetched.body);
  look.has_article = article != nullptr && article->has_value();
  if (look.has_article) {
    look.title = collapse_space((*article)->title);
    look.text_bytes = collapse_space(html::text_content(*(*article)->body)).size();
  }
  return look;
}

PageGate::Judgement PageGate::judge(const std::string& asked, const FetchedPage& fetched,
                                    const Result<html::Article>& article) const {
  Judgement judgement;
  judgement.look = look_at(asked, fetched, &article);
  PageLook& look = judgement.look;
  Reading reading;
  if (!look.has_article) {
    reading = read_page(fetched);
    look.title = reading.title;
    look.text_bytes = collapse_space(reading.text).size();
  }
  judgement.suspicion = suspect(look, look_, context_.block_pages, beginning_of(fetched));
  if (look_.samples.size() < unknown_site && judgement.suspicion.weight == 0 &&
      context_.ways_out > 1) {
    judgement.suspicion = {Suspicion::worth_another_look, "the site's pages are not known yet"};
  }
  const int weight = judgement.suspicion.weight;
  if (weight < Suspicion::worth_another_look) return judgement;
  if (context_.ways_out < 2) {
    if (weight >= Suspicion::enough) judgement.verdict = Verdict::refused;
    return judgement;
  }
  judgement.verdict = Verdict::look_again;
  if (look.has_article) reading = read_page(fetched);
  look.sketch = sketch_text(reading.text);
  return judgement;
}

PageGate::Judgement PageGate::compare(Judgement first, const std::string& asked,
                                      const Result<FetchedPage>& second,
                                      const Result<html::Article>& second_article) const {
  const int weight = first.suspicion.weight;
  std::string& reason = first.suspicion.reason;
  if (!second) {
    first.verdict = weight >= Suspicion::enough ? Verdict::refused : Verdict::admitted;
    reason += fmt::format("; by another way it could not be had ({})", second.error().message);
    return first;
  }
  PageLook other = look_at(asked, *second, &second_article);
  const Reading reading = read_page(*second);
  if (!other.has_article) other.text_bytes = collapse_space(reading.text).size();
  other.title = reading.title;
  other.sketch = sketch_text(reading.text);
  if (is_same_page(first.look, other)) {
    first.verdict = weight < Suspicion::certain ? Verdict::admitted : Verdict::refused;
    return first;
  }
  const bool is_worse =
      !other.has_article ||
      suspect(other, {}, context_.block_pages, beginning_of(*second)).weight >= Suspicion::certain;
  const bool is_believed = weight < Suspicion::enough && first.look.has_article && is_worse;
  first.verdict = is_believed ? Verdict::admitted : Verdict::refused;
  reason += "; by another way the source gives another page";
  return first;
}

void PageGate::learn(const PageLook& look) {
  look_.add(look);
  learnt_ = true;
}

Result<void> PageGate::quarantine(const std::string& url, const std::string& reason) {
  const Timestamp now = context_.clock.now();
  return context_.store.quarantine(context_.site, {url, reason, now, now, now + next_look});
}

}  // namespace dandelion
