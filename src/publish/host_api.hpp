// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/mirror_settings.hpp"
#include "core/network_settings.hpp"
#include "publish/api_request.hpp"

namespace dandelion {

// The interfaces of Git hosts that we speak. Gitea's is Forgejo's.
enum class HostKind { github, gitlab, forgejo };

// Where a mirror's repository stands on such a host.
struct HostPlace {
  HostKind kind = HostKind::github;
  std::string api;    // "https://api.github.com", without a slash at its end
  std::string owner;  // a user, an organisation, a group
  std::string name;   // of the repository
};

// nullopt where the host has no interface that we know: go by the mirror's `limits`, else by the
// host in its address. `api:` gives the address of an interface that stands elsewhere.
[[nodiscard]] std::optional<HostPlace> place_of(const MirrorSettings& mirror);

// What a host says of a repository.
struct HostVerdict {
  enum class State {
    live,
    moved,         // to `detail`, the address for people where the host gives one
    taken_down,    // for a law's or the host's own rules; `detail` has the reason and the notice
    refused,       // the token may not see it
    gone,          // deleted, renamed without trace, or hidden
    rate_limited,  // ask again at `detail`
    unreachable
  };
  State state = State::unreachable;
  std::string detail;
  std::optional<Timestamp> again{};  // with rate_limited, where the host says when
};

// What an answer to a question about a repository means. `now` is for the time of rate limits.
[[nodiscard]] HostVerdict judge(HostKind kind, const ApiAnswer& answer, Timestamp now);

// What the answer to a reader's request for one of a mirror's addresses means, whoever the host is:
// a takedown is told by 451 (RFC 7725), with the notice where header or body name one, or by a 403
// that says `block`. A page that asks to sign in is no page: `gone`.
[[nodiscard]] HostVerdict judge_reading(const ApiAnswer& answer, Timestamp now);

// Asks the host about the repository, with the mirror's token where it has one; a host that has no
// interface that we know by git's own first request, as anybody may send it, for a takedown, a new
// place or a rate limit: what else it says is `live`, since a repository may be private. A host
// that wants to be left alone for two minutes or less is asked again after that.
[[nodiscard]] Result<HostVerdict> ask_about(const MirrorSettings& mirror,
                                            const NetworkSettings& network, Timestamp now);

struct NewRepository {
  std::string description;
  std::string homepage;  // an address; empty: none
};

// Makes the repository, empty, public, without issues and wiki, in the owner's name. conflict where
// one of that name is there. refused, transient and so on as the host answers, in its own words.
[[nodiscard]] Result<void> create_on_host(const HostPlace& place, const MirrorSettings& mirror,
                                          const NetworkSettings& network,
                                          const NewRepository& wanted);

// By which GitLab makes its Pages, beside the mirror's files (pipeline/gitlab_pages.hpp).
inline constexpr std::string_view gitlab_pages_path = ".gitlab-ci.yml";

// Turns the host's Pages on, and gives the address at which it says that it serves them; empty
// where it does not say. GitHub takes the mirror's branch, which has to be there already. GitLab
// publishes what a pipeline makes of the branch, and is told where in the branch the pipeline's
// file lies, and to use the group's own name. bad_input where nothing can be turned on: what
// pages_obstacle_of says (core/mirror_addresses.hpp); Codeberg serves a branch as soon as it is
// there, and other hosts have no Pages by themselves.
[[nodiscard]] Result<std::string> turn_pages_on(const HostPlace& place,
                                                const MirrorSettings& mirror,
                                                const NetworkSettings& network);

// Deletes the repository on the host, for good.
[[nodiscard]] Result<void> remove_from_host(const HostPlace& place, const MirrorSettings& mirror,
                                            const NetworkSettings& network);

// Where a reader without an account gets the front page as a file; empty where `public:` is not
// given or the host is unknown.
[[nodiscard]] std::string raw_front_page(const MirrorSettings& mirror);

}  // namespace dandelion
