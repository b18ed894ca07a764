// SPDX-License-Identifier: MIT
#include <algorithm>
#include <iostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/json_values.hpp"
#include "config/values.hpp"
#include "core/mirror_addresses.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "pipeline/mirror_check.hpp"
#include "pipeline/mirror_watch.hpp"
#include "pipeline/status.hpp"
#include "publish/host_api.hpp"

namespace dandelion {
namespace {

struct MirrorsOptions {
  std::string action;
  std::vector<std::string> mirrors;
  std::string proxy;
  bool yes = false;
  bool as_json = false;
};

// ", gone since 2026-11-24T14:11:35Z" where it is not live, ", moved to https://…" where it moved.
std::string believed(const MirrorLife& life) {
  std::string told;
  if (life.state && *life.state != MirrorState::live)
    told = fmt::format(", {} since {}", state_name(*life.state), format_rfc3339(life.since));
  if (!life.moved_to.empty()) told += ", moved to " + life.moved_to;
  return told;
}

void print_json(const char* name, nlohmann::ordered_json list) {
  std::cout << nlohmann::ordered_json{{name, std::move(list)}}.dump(
                   2, ' ', false, nlohmann::json::error_handler_t::replace)
            << '\n';
}

nlohmann::ordered_json list_entry(const SiteStatus& site, const MirrorStatus& mirror) {
  return {{"site", site.name},
          {"mirror", mirror.name},
          {"url", mirror.url},
          {"pushed", time_or_null(mirror.record.pushed)},
          {"spare", mirror.is_spare},
          {"state", state_or_null(mirror.life.state)},
          {"since", since_or_null(mirror.life)},
          {"moved_to", text_or_null(mirror.life.moved_to)}};
}

ExitCode list(const Config& config, bool as_json) {
  auto sites = read_status(config, SystemClock().now());
  if (!sites) return report(sites.error());
  auto entries = nlohmann::ordered_json::array();
  for (const SiteStatus& site : *sites) {
    for (const MirrorStatus& mirror : site.mirrors) {
      if (as_json) {
        entries.push_back(list_entry(site, mirror));
        continue;
      }
      const auto& pushed = mirror.record.pushed;
      std::cout << fmt::format("{:<20} {:<20} {:<20} {}{}{}\n", site.name, mirror.name,
                               pushed ? format_rfc3339(*pushed) : "never pushed", mirror.url,
                               mirror.is_spare ? " (spare)" : "", believed(mirror.life));
    }
  }
  if (as_json) print_json("mirrors", std::move(entries));
  return ExitCode::done;
}

// "paper: github: taken-down since 2026-11-24T14:11:35Z: dmca, notice https://…"; where what was
// seen is not what is believed, both.
std::string check_line(const MirrorHealth& seen) {
  const MirrorLife& life = seen.life;
  std::string line = fmt::format("{}: {}: {}", seen.site, seen.mirror, state_name(seen.state));
  const bool is_believed = life.state && state_name(*life.state) == state_name(seen.state);
  if (is_believed) line += " since " + format_rfc3339(life.since);
  if (!seen.detail.empty()) line += ": " + seen.detail;
  if (seen.state == MirrorHealth::State::moved) line += "; change its `url`";
  if (is_believed) return line;
  for (const MirrorSuspicion& suspicion : life.suspicions) {
    if (state_name(suspicion.state) != state_name(seen.state)) continue;
    line += fmt::format(" (seen {} since {})",
                        suspicion.sightings == 1 ? std::string("once")
                                                 : fmt::format("{} times", suspicion.sightings),
                        format_rfc3339(suspicion.first));
  }
  if (life.state)
    line +=
        fmt::format("; so far {} since {}", state_name(*life.state), format_rfc3339(life.since));
  return line;
}

// What was seen now, and what is believed from this and earlier looks.
nlohmann::ordered_json check_entry(const MirrorHealth& seen) {
  return {{"site", seen.site},
          {"mirror", seen.mirror},
          {"seen", state_name(seen.state)},
          {"detail", text_or_null(seen.detail)},
          {"state", state_or_null(seen.life.state)},
          {"since", since_or_null(seen.life)},
          {"reason", text_or_null(seen.life.detail)},
          {"suspected", suspicions_of(seen.life)},
          {"moved_to", text_or_null(seen.life.moved_to)}};
}

ExitCode check(const Config& config, const MirrorsOptions& options, bool quiet) {
  MirrorCheckOptions wanted{options.mirrors, {}};
  if (!options.proxy.empty()) {
    auto proxy = parse_proxy(options.proxy);
    if (!proxy) return report(proxy.error());
    wanted.readers_proxy = std::move(*proxy);
  }
  auto found = check_mirrors(config, wanted, SystemClock());
  if (!found) return report(found.error());
  if (auto told = tell_mirror_changes(config); !told) log_warning("{}", told.error().message);
  ExitCode code = ExitCode::done;
  auto entries = nlohmann::ordered_json::array();
  for (const MirrorHealth& each : *found) {
    const std::string line = check_line(each);
    if (each.state != MirrorHealth::State::live) code = ExitCode::partly;
    if (options.as_json) {
      entries.push_back(check_entry(each));
    } else if (!quiet) {
      std::cout << line << '\n';
    } else if (each.state != MirrorHealth::State::live) {
      log_error("{}", line);
    }
  }
  if (options.as_json) print_json("mirrors", std::move(entries));
  return code;
}

// What is on the page of the repository: the site that uses the mirror knows it.
NewRepository wanted_for(const Config& config, const MirrorSettings& mirror) {
  NewRepository wanted;
  for (const SiteConfig& site : config.sites) {
    if (std::find(site.mirrors.begin(), site.mirrors.end(), mirror.name) != site.mirrors.end())
      wanted.description = site.title;
  }
  wanted.homepage = mirror.pages_url;
  return wanted;
}

// What came of the mirror's Pages, as the end of a sentence.
Result<std::string> make_pages(const Config& config, const MirrorSettings& mirror,
                               const HostPlace& place, bool is_new) {
  if (mirror.pages_url.empty()) return std::string();
  if (place.kind == HostKind::forgejo)
    return fmt::format("; its Pages are what the host makes of the branch {}", mirror.branch);
  if (place.kind == HostKind::github && is_new)
    return std::string("; after the first push, call this again to turn Pages on");
  auto on = turn_pages_on(place, mirror, config.network);
  if (!on) return tl::unexpected(std::move(on.error()));
  const auto bare = [](std::string_view url) {
    return url.substr(0, url.find_last_not_of('/') + 1);
  };
  const bool is_elsewhere =
      !on->empty() && !equals_ignoring_case(bare(*on), bare(mirror.pages_url));
  return is_elsewhere ? fmt::format("; Pages are on, at {}: write that behind `pages:`", *on)
                      : std::string("; Pages are on");
}

Result<std::string> create(const Config& config, const MirrorSettings& mirror,
                           const HostPlace& place) {
  auto made = create_on_host(place, mirror, config.network, wanted_for(config, mirror));
  const bool was_there = !made && made.error().kind == ErrorKind::conflict;
  if (!made && !was_there) return tl::unexpected(std::move(made.error()));
  if (made) {
    if (auto done = forget_pushes(config, mirror); !done)
      log_warning("mirror {}: {}; fill it with `dandelion publish --mirror {}`", mirror.name,
                  done.error().message, mirror.name);
  }
  auto pages = make_pages(config, mirror, place, !was_there);
  if (!pages) return within("its Pages", std::move(pages.error()));
  return (was_there ? "it is there already" : "made") + *pages;
}

// A mirror to be made or removed, and where.
struct Target {
  const MirrorSettings* mirror;
  HostPlace place;
};

ExitCode tell(const Target& target, const Result<std::string>& done) {
  if (!done) {
    log_error("mirror {}: {}", target.mirror->name, done.error().message);
    return done.error().kind == ErrorKind::bad_input ? ExitCode::usage : ExitCode::partly;
  }
  std::cout << fmt::format("{}: {}/{}: {}\n", target.mirror->name, target.place.owner,
                           target.place.name, *done);
  return ExitCode::done;
}

bool is_named(const MirrorsOptions& options, const MirrorSettings& mirror) {
  const auto& names = options.mirrors;
  return std::find(names.begin(), names.end(), mirror.name) != names.end();
}

// A repository is removed with all that lives in it, so all have to be meant.
Result<void> check_removal(const Config& config, const MirrorsOptions& options,
                           const MirrorSettings& mirror) {
  std::string others;
  for (const MirrorSettings& other : config.mirrors) {
    if (is_named(options, other) || !is_one_repository(other, mirror)) continue;
    others +=
        fmt::format("{}'{}' (branch {})", others.empty() ? "" : ", ", other.name, other.branch);
  }
  if (others.empty()) return {};
  return fail(ErrorKind::bad_input,
              "its repository holds other mirrors too, which would be deleted with it: {}; name "
              "all of them, or delete the branch {} alone by git",
              others, mirror.branch);
}

Result<HostPlace> place_for_change(const Config& config, const MirrorsOptions& options,
                                   const MirrorSettings& mirror) {
  auto place = place_of(mirror);
  if (!place) {
    return fail(ErrorKind::bad_input, "its host has no interface that is known here; see `limits`");
  }
  const std::string obstacle = mirror.pages_url.empty() ? "" : pages_obstacle_of(mirror);
  if (options.action == "create" && !obstacle.empty()) {
    return fail(ErrorKind::bad_input, "nothing was made: {}; change that, or take `pages:` away",
                obstacle);
  }
  if (options.action == "remove") {
    if (auto checked = check_removal(config, options, mirror); !checked)
      return tl::unexpected(std::move(checked.error()));
  }
  return std::move(*place);
}

Result<Target> find_target(const Config& config, const MirrorsOptions& options,
                           const std::string& name) {
  const MirrorSettings* mirror = config.find_mirror(name);
  if (mirror == nullptr) return fail(ErrorKind::bad_input, "there is no mirror '{}'", name);
  auto place = place_for_change(config, options, *mirror);
  if (!place) return within("mirror " + name, std::move(place.error()));
  return Target{mirror, std::move(*place)};
}

ExitCode create(const Config& config, const std::vector<Target>& targets) {
  ExitCode code = ExitCode::done;
  for (const Target& target : targets)
    code = std::max(code, tell(target, create(config, *target.mirror, target.place)));
  return code;
}

// Of several mirrors in one repository the first takes it away.
ExitCode remove(const Config& config, const std::vector<Target>& targets) {
  ExitCode code = ExitCode::done;
  std::vector<std::pair<const MirrorSettings*, Result<void>>> removed;
  for (const Target& target : targets) {
    auto done = std::find_if(removed.begin(), removed.end(), [&](const auto& each) {
      return is_one_repository(*each.first, *target.mirror);
    });
    if (done == removed.end()) {
      done = removed.insert(
          done, {target.mirror, remove_from_host(target.place, *target.mirror, config.network)});
    }
    code = std::max(code, tell(target, done->second.map([] { return std::string("removed"); })));
  }
  return code;
}

// Nothing is changed where one of them cannot be.
ExitCode change(const Config& config, const MirrorsOptions& options) {
  if (options.mirrors.empty()) {
    log_error("name the mirrors to {}", options.action);
    return ExitCode::usage;
  }
  if (options.action == "remove" && !options.yes) {
    log_error("this deletes repositories on their hosts for good; say --yes if you mean it");
    return ExitCode::usage;
  }
  std::vector<Target> targets;
  for (const std::string& name : options.mirrors) {
    auto target = find_target(config, options, name);
    if (!target) {
      log_error("{}", target.error().message);
      return ExitCode::usage;
    }
    targets.push_back(std::move(*target));
  }
  return options.action == "create" ? create(config, targets) : remove(config, targets);
}

ExitCode mirrors(const MirrorsOptions& options, const Runtime& runtime) {
  const auto config = load_checked_config(runtime);
  if (!config) return ExitCode::usage;
  const bool only_looks = options.action == "list" || options.action == "check";
  if (options.as_json && !only_looks) {
    log_error("--json is for `mirrors list` and `mirrors check`");
    return ExitCode::usage;
  }
  if (options.action == "list") return list(*config, options.as_json);
  if (options.action == "check") return check(*config, options, runtime.quiet);
  return change(*config, options);
}

}  // namespace

void add_mirrors_command(CLI::App& app, Runtime& runtime) {
  auto options = std::make_shared<MirrorsOptions>();
  CLI::App* command =
      app.add_subcommand("mirrors", "List, check, create or remove mirrors on their hosts");
  command->add_option("ACTION", options->action, "list, check, create or remove")
      ->required()
      ->type_name("")
      ->check(CLI::IsMember({"list", "check", "create", "remove"}).description(""));
  command->add_option("NAME", options->mirrors, "The mirrors (list, check: all)")->type_name("");
  command->add_option("--proxy", options->proxy, "check: look through this proxy as a reader")
      ->type_name("URL");
  command->add_flag("--json", options->as_json, "list, check: as one JSON object");
  command->add_flag("--yes", options->yes, "remove: really delete the repositories");
  command->callback([options, &runtime] { runtime.exit_code = mirrors(*options, runtime); });
}

}  // namespace dandelion
