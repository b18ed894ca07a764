// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/article_rules.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "fetch/transfer_engine.hpp"

namespace dandelion {

// A place where a site's articles are found, and how many it names now.
struct SurveyedSource {
  SourceRules rules;
  std::size_t articles = 0;
};

// An article that was fetched and extracted without rules, to see whether that works.
struct TriedArticle {
  std::string url;
  std::string title;
  std::size_t characters = 0;  // of its text
  std::optional<Timestamp> published;
  std::string problem;  // why it could not be had; empty: it could
};

struct SiteSurvey {
  std::string name;  // for `name:`
  std::string title;
  std::string language;
  std::vector<SurveyedSource> sources;  // the best first
  std::vector<TriedArticle> tried;
};

// Looks at a site from one of its pages: feeds that it announces or has in the usual places,
// sitemaps by robots.txt and in the usual places, a list of articles on the page itself; and tries
// three articles. Runs the engine. An error where the page cannot be had; a survey without sources
// where nothing was found.
[[nodiscard]] Result<SiteSurvey> survey_site(const std::string& url, TransferEngine& engine);

// The survey as a `sites:` stanza for sites.yaml, with what was tried in comments.
[[nodiscard]] std::string survey_as_yaml(const SiteSurvey& survey);

}  // namespace dandelion
