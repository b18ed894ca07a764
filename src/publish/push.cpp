// SPDX-License-Identifier: MIT
#include "publish/push.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <system_error>

#include <unistd.h>

#include "core/stop_signal.hpp"
#include "publish/conversation_subtransport.hpp"
#include "publish/credential_helper.hpp"
#include "publish/daemon_conversation.hpp"
#include "publish/folder_push.hpp"
#include "publish/folder_rules.hpp"
#include "publish/git_handles.hpp"
#include "publish/http_subtransport.hpp"
#include "publish/mirror_memory.hpp"
#include "publish/program_conversation.hpp"
#include "publish/push_rejection.hpp"
#include "publish/push_target.hpp"
#include "publish/redaction.hpp"
#include "publish/remote_words.hpp"
#include "publish/ssh_command.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_heard_bytes = 16U << 10;
constexpr std::size_t max_fetched_bytes = 64U << 20;

// The ref that a piece of the repository's own history is pushed from, gone with this.
class PassingRef {
 public:
  PassingRef(git_repository* repository, const MirrorSettings& mirror)
      : repository_(repository), name_(mirror_ref("passing", mirror)) {}
  ~PassingRef() { git_reference_remove(repository_, name_.c_str()); }
  PassingRef(const PassingRef&) = delete;
  PassingRef& operator=(const PassingRef&) = delete;
  PassingRef(PassingRef&&) = delete;
  PassingRef& operator=(PassingRef&&) = delete;

 private:
  git_repository* repository_;
  std::string name_;
};

// The folder has a rule that only git itself heeds.
Result<std::unique_ptr<Conversation>> converse_with_git(const std::string& folder,
                                                        const std::string& rule) {
  return converse_with_program({"git", "receive-pack", folder}, folder).map_error([&](Error error) {
    if (error.kind != ErrorKind::not_found) return error;
    return Error{ErrorKind::refused,
                 fmt::format("it has {}, which git alone heeds, and there is no git here; "
                             "install git, or take that away",
                             rule)};
  });
}

// One push: the remote and what its callbacks bring. It stays where it is: libgit2 has its address.
class Push {
 public:
  Push(git_repository* repository, git_oid ours, const MirrorSettings& mirror,
       const NetworkSettings& network, const PushOptions& options)
      : repository_(repository),
        ours_(ours),
        mirror_(mirror),
        network_(network),
        options_(options),
        ref_("refs/heads/" + mirror.branch),
        redaction_(redaction_of(mirror)) {}

  Result<PushOutcome> to(const LocalTarget& target);
  Result<PushOutcome> to(const WebTarget& target);
  Result<PushOutcome> to(const SshTarget& target);
  Result<PushOutcome> to(const DaemonTarget& target);

  // After a push that the server did not take. What it means is told by where the branch is now.
  [[nodiscard]] bool may_have_been_outrun() const;
  [[nodiscard]] std::string seen() const { return seen_ ? hex(*seen_) : std::string(); }
  [[nodiscard]] Error outrun() const;

  // Whatever stands in the message, it is none of our secrets.
  [[nodiscard]] Error redacted(Error error) const {
    error.message = redaction_.in(error.message);
    return error;
  }

 private:
  enum class Standing { ours_ahead, theirs_ahead, parted, unrelated, foreign };

  Result<PushOutcome> to_address(const std::string& address);
  Result<void> connect(git_remote* remote, const std::string& address);
  Result<std::optional<git_oid>> theirs(git_remote* remote) const;
  [[nodiscard]] Result<Standing> compare(const git_oid& theirs) const;
  [[nodiscard]] bool is_on_the_way(const git_oid& theirs) const;
  [[nodiscard]] Error conflict(Standing standing, const git_oid& theirs) const;
  Result<void> upload(git_remote* remote);
  Result<PushOutcome> fetch(git_remote* remote, const std::optional<git_oid>& theirs);
  [[nodiscard]] bool fetches() const { return !options_.fetch_to.empty(); }
  [[nodiscard]] Result<std::string> source() const;
  [[nodiscard]] tl::unexpected<Error> failure(std::string_view doing, ErrorKind kind) const;
  [[nodiscard]] std::string words_of_rejection() const;
  [[nodiscard]] std::optional<Error> check_name(git_remote* remote) const;
  [[nodiscard]] bool is_remote() const { return web_ || conversation_; }
  [[nodiscard]] std::string_view service() const {
    return fetches() ? "git-upload-pack" : "git-receive-pack";
  }
  void converse(ConversationSubtransport::Opener open) {
    conversation_ = std::make_unique<ConversationSubtransport>(std::move(open), network_.timeout,
                                                               options_.patience);
  }
  git_remote_callbacks callbacks();

  static int on_transport(git_transport** made, git_remote* owner, void* self) noexcept;
  static int on_words(const char* text, int size, void* self) noexcept;
  static int on_status(const char* ref, const char* reason, void* self) noexcept;
  static int on_packing(int stage, unsigned int done, unsigned int total, void* self) noexcept;
  static int on_sending(unsigned int done, unsigned int total, std::size_t bytes,
                        void* self) noexcept;
  static int on_receiving(const git_indexer_progress* progress, void* self) noexcept;
  int report(const PushProgress& progress) const noexcept;

  git_repository* repository_;
  git_oid ours_;
  const MirrorSettings& mirror_;
  const NetworkSettings& network_;
  const PushOptions& options_;
  std::string ref_;                   // on the mirror
  git_repository* folder_ = nullptr;  // the mirror, on this machine
  Redaction redaction_;
  // At most one of these; a mirror in a folder that we write ourselves needs none.
  std::unique_ptr<HttpSubtransport> web_;
  std::unique_ptr<ConversationSubtransport> conversation_;
  std::optional<git_oid> seen_;  // where the branch was
  bool rewrites_ = false;        // commits of the branch are left behind
  bool is_too_large_ = false;    // what was to be fetched
  std::string heard_;            // what the server said beside its report
  bool reported_ = false;
  std::optional<std::string> rejected_;  // why our ref was not taken
};

git_remote_callbacks Push::callbacks() {
  git_remote_callbacks callbacks = GIT_REMOTE_CALLBACKS_INIT;
  callbacks.transport = &Push::on_transport;
  callbacks.sideband_progress = &Push::on_words;
  callbacks.push_update_reference = &Push::on_status;
  callbacks.pack_progress = &Push::on_packing;
  callbacks.push_transfer_progress = &Push::on_sending;
  callbacks.transfer_progress = &Push::on_receiving;
  callbacks.payload = this;
  return callbacks;
}

// Whatever the address says, no other transport than these is ever made.
int Push::on_transport(git_transport** made, git_remote* owner, void* self) noexcept {
  auto* push = static_cast<Push*>(self);
  if (push->web_) return push->web_->make_transport(made, owner);
  if (push->conversation_) return push->conversation_->make_transport(made, owner);
  return git_transport_local(made, owner, nullptr);
}

int Push::on_words(const char* text, int size, void* self) noexcept {
  auto* push = static_cast<Push*>(self);
  try {
    const std::size_t room = max_heard_bytes - std::min(max_heard_bytes, push->heard_.size());
    push->heard_.append(text, std::min(room, static_cast<std::size_t>(std::max(size, 0))));
    return 0;
  } catch (...) {  // out of memory; nothing may cross libgit2
    return -1;
  }
}

int Push::on_status(const char* ref, const char* reason, void* self) noexcept {
  auto* push = static_cast<Push*>(self);
  try {
    if (push->ref_ != ref) return 0;
    push->reported_ = true;
    if (reason != nullptr) push->rejected_ = reason;
    return 0;
  } catch (...) {
    return -1;
  }
}

int Push::report(const PushProgress& progress) const noexcept {
  try {
    if (stop_requested()) return GIT_EUSER;
    if (options_.progress) options_.progress(progress);
    return 0;
  } catch (...) {  // out of memory; nothing may cross libgit2
    return -1;
  }
}

// Looking for differences; before it libgit2 counts objects, without knowing how many there are.
int Push::on_packing(int stage, unsigned int done, unsigned int total, void* self) noexcept {
  if (stage != GIT_PACKBUILDER_DELTAFICATION) total = 0;
  return static_cast<Push*>(self)->report(
      {.stage = PushProgress::Stage::packing, .done = done, .total = total});
}

int Push::on_sending(unsigned int done, unsigned int total, std::size_t bytes,
                     void* self) noexcept {
  return static_cast<Push*>(self)->report(
      {.stage = PushProgress::Stage::sending, .done = done, .total = total, .bytes = bytes});
}

int Push::on_receiving(const git_indexer_progress* progress, void* self) noexcept {
  auto* push = static_cast<Push*>(self);
  push->is_too_large_ = progress->received_bytes > max_fetched_bytes;
  return push->is_too_large_ || stop_requested() ? GIT_EUSER : 0;
}

tl::unexpected<Error> Push::failure(std::string_view doing, ErrorKind kind) const {
  if (web_ && web_->failure()) return tl::unexpected(*web_->failure());
  if (conversation_ && conversation_->failure()) return tl::unexpected(*conversation_->failure());
  if (stop_requested()) return fail(ErrorKind::stopped, "stopped while pushing");
  const std::string reason = clean_remote_text(redaction_.in(git_reason()));
  const std::string words = clean_remote_text(redaction_.in(heard_));
  if (!words.empty())
    return fail(ErrorKind::refused, "the mirror did not take the push ({}): {}", reason, words);
  return fail(is_remote() ? kind : ErrorKind::storage, "{}: {}", doing, reason);
}

std::string Push::words_of_rejection() const {
  const std::string reason = clean_remote_text(redaction_.in(*rejected_));
  const std::string words = clean_remote_text(redaction_.in(heard_));
  return words.empty() ? reason : fmt::format("{}: {}", reason, words);
}

bool Push::may_have_been_outrun() const {
  return rejected_ && may_tell_of_a_race(words_of_rejection());
}

Error Push::outrun() const {
  return {ErrorKind::conflict,
          fmt::format("the mirror's {} was moved by another push at the same time: {}", ref_,
                      words_of_rejection())};
}

Result<void> Push::connect(git_remote* remote, const std::string& address) {
  git_remote_connect_options options = GIT_REMOTE_CONNECT_OPTIONS_INIT;
  options.callbacks = callbacks();
  options.proxy_opts.type = GIT_PROXY_NONE;
  const auto direction = fetches() ? GIT_DIRECTION_FETCH : GIT_DIRECTION_PUSH;
  if (git_remote_connect_ext(remote, direction, &options) < 0)
    return failure(fmt::format("open {}", address), ErrorKind::malformed);
  return {};
}

Result<std::optional<git_oid>> Push::theirs(git_remote* remote) const {
  const git_remote_head** heads = nullptr;
  std::size_t count = 0;
  if (git_remote_ls(&heads, &count, remote) < 0)
    return failure("list the mirror's branches", ErrorKind::malformed);
  for (std::size_t i = 0; i < count; ++i) {
    if (ref_ == heads[i]->name) return heads[i]->oid;
  }
  return std::nullopt;
}

// Branches are files: there is no "main/x" beside "main".
std::optional<Error> Push::check_name(git_remote* remote) const {
  const git_remote_head** heads = nullptr;
  std::size_t count = 0;
  if (git_remote_ls(&heads, &count, remote) < 0) return std::nullopt;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view other = heads[i]->name;
    if (ref_.starts_with(std::string(other) + '/') || other.starts_with(ref_ + '/')) {
      return Error{ErrorKind::bad_input,
                   fmt::format("the mirror has {}, beside which there can be no {}; name another "
                               "`branch`, or delete that one there",
                               other, ref_)};
    }
  }
  return std::nullopt;
}

// What the branch of the mirror is to ours. Nothing is fetched: what we do not have of it, somebody
// else made.
Result<Push::Standing> Push::compare(const git_oid& theirs) const {
  GitCommit known;
  if (git_commit_lookup(out(known), repository_, &theirs) < 0) return Standing::foreign;
  const int ahead = git_graph_descendant_of(repository_, &ours_, &theirs);
  if (ahead == 1) return Standing::ours_ahead;
  const int behind = ahead < 0 ? ahead : git_graph_descendant_of(repository_, &theirs, &ours_);
  if (behind < 0) return git_failure("compare with the mirror");
  if (behind == 1) return Standing::theirs_ahead;
  git_oid base{};
  const int related = git_merge_base(&base, repository_, &ours_, &theirs);
  if (related < 0 && related != GIT_ENOTFOUND) return git_failure("compare with the mirror");
  return related == 0 ? Standing::parted : Standing::unrelated;
}

// An earlier push, cut short after this piece, got further than this piece.
bool Push::is_on_the_way(const git_oid& theirs) const {
  git_oid goal{};
  if (options_.goal.empty() || git_oid_fromstr(&goal, options_.goal.c_str()) < 0) return false;
  return git_oid_equal(&goal, &theirs) != 0 ||
         git_graph_descendant_of(repository_, &goal, &theirs) == 1;
}

Error Push::conflict(Standing standing, const git_oid& theirs) const {
  const std::string branch = ref_.substr(std::string_view("refs/heads/").size());
  const std::string where = hex(theirs).substr(0, 12);
  constexpr std::string_view remedy =
      "fetch it to look at it, then delete it on the mirror, name another `branch`, or set "
      "`on_conflict: overwrite`";
  switch (standing) {
    case Standing::theirs_ahead:
      return {ErrorKind::conflict,
              fmt::format("the branch {} of the mirror is ahead of ours (it is at {}); was our "
                          "repository restored from an old copy? fetch the branch to go on from "
                          "there, or set `on_conflict: overwrite`",
                          branch, where)};
    case Standing::parted:
      return {ErrorKind::conflict,
              fmt::format("the branch {} of the mirror and ours have parted (it is at {}); {}",
                          branch, where, remedy)};
    case Standing::unrelated:
      return {ErrorKind::conflict,
              fmt::format("the branch {} of the mirror has nothing in common with ours (it is at "
                          "{}); {}",
                          branch, where, remedy)};
    default:
      break;
  }
  if (options_.last_pushed.empty()) {
    return {ErrorKind::conflict,
            fmt::format("the branch {} of the mirror has commits that we do not have (it is at {}) "
                        "and we never pushed there; is the address right? {}",
                        branch, where, remedy)};
  }
  if (options_.last_pushed == hex(theirs)) {
    return {ErrorKind::conflict,
            fmt::format("the branch {} of the mirror is where we left it (at {}), and our "
                        "repository has lost that commit; was it restored from an old copy? fetch "
                        "the branch to go on from there, or set `on_conflict: overwrite`",
                        branch, where)};
  }
  return {ErrorKind::conflict,
          fmt::format("somebody else pushed to the branch {} of the mirror: it has commits that we "
                      "do not have (it is at {}, we left it at {}); {}",
                      branch, where, options_.last_pushed.substr(0, 12), remedy)};
}

// A name for the commit, until it is pushed: libgit2 pushes nothing that has none.
Result<std::string> Push::source() const {
  git_oid head{};
  if (git_reference_name_to_id(&head, repository_, "HEAD") == 0 &&
      git_oid_equal(&head, &ours_) != 0) {
    return "HEAD";
  }
  if (options_.is_derived) return mirror_ref("sent", mirror_);
  std::string name = mirror_ref("passing", mirror_);
  if (auto done = set_ref(repository_, name, ours_); !done)
    return tl::unexpected(std::move(done.error()));
  return name;
}

// Forced or not, a server moves its branch only from where it told us that it was.
Result<void> Push::upload(git_remote* remote) {
  git_push_options options = GIT_PUSH_OPTIONS_INIT;
  options.callbacks = callbacks();
  options.proxy_opts.type = GIT_PROXY_NONE;
  options.pb_parallelism = 0;  // all cores: a first push spends its time on looking for deltas
  const auto from = source();
  if (!from) return tl::unexpected(from.error());
  const PassingRef passing(repository_, mirror_);
  std::string refspec = fmt::format("{}{}:{}", rewrites_ ? "+" : "", *from, ref_);
  std::array<char*, 1> refspecs = {refspec.data()};
  const git_strarray list{refspecs.data(), refspecs.size()};
  const int code = git_remote_upload(remote, &list, &options);
  if (rejected_) return tl::unexpected(error_of_rejection(ref_, words_of_rejection(), rewrites_));
  if (code == GIT_ENONFASTFORWARD)
    return fail(ErrorKind::conflict, "the mirror's {} has commits that ours lacks", ref_);
  if (code < 0) return failure("push", ErrorKind::refused);
  if (!reported_)
    return fail(ErrorKind::malformed, "the mirror did not say whether it took {}", ref_);
  return {};
}

Result<PushOutcome> Push::fetch(git_remote* remote, const std::optional<git_oid>& theirs) {
  if (!theirs) return fail(ErrorKind::not_found, "the mirror has no {} any more", ref_);
  git_fetch_options options = GIT_FETCH_OPTIONS_INIT;
  options.callbacks = callbacks();
  options.proxy_opts.type = GIT_PROXY_NONE;
  options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
  options.update_fetchhead = 0;
  std::string refspec = fmt::format("+{}:{}", ref_, options_.fetch_to);
  std::array<char*, 1> refspecs = {refspec.data()};
  const git_strarray list{refspecs.data(), refspecs.size()};
  int code = git_remote_download(remote, &list, &options);
  if (is_too_large_) {
    return fail(ErrorKind::too_large, "what others pushed to the mirror is more than {} MB",
                max_fetched_bytes >> 20U);
  }
  if (code < 0) return failure("fetch what others pushed", ErrorKind::refused);
  code =
      git_remote_update_tips(remote, &options.callbacks, 0, GIT_REMOTE_DOWNLOAD_TAGS_NONE, nullptr);
  git_oid fetched{};
  if (code == 0) code = git_reference_name_to_id(&fetched, repository_, options_.fetch_to.c_str());
  if (code < 0) return git_failure(fmt::format("set {}", options_.fetch_to));
  return PushOutcome{.commit = hex(fetched)};
}

Result<PushOutcome> Push::to_address(const std::string& address) {
  git_remote_create_options options = GIT_REMOTE_CREATE_OPTIONS_INIT;
  options.repository = repository_;
  // The repository's own configuration cannot send the push elsewhere either.
  options.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
  GitRemote remote;
  if (git_remote_create_with_opts(out(remote), address.c_str(), &options) < 0) {
    return git_failure(fmt::format("use the address {}", address), ErrorKind::bad_input);
  }
  if (auto done = connect(remote.get(), address); !done)
    return tl::unexpected(std::move(done.error()));
  const auto at = theirs(remote.get());
  if (!at) return tl::unexpected(at.error());
  if (fetches()) return fetch(remote.get(), *at);
  if (options_.looks_only)
    return PushOutcome{.commit = *at ? hex(**at) : std::string(), .up_to_date = true};
  if (*at && git_oid_equal(&**at, &ours_) != 0)
    return PushOutcome{.commit = hex(ours_), .up_to_date = true};
  PushOutcome outcome{.commit = hex(ours_)};
  seen_ = *at;
  if (*at) {
    const auto standing = compare(**at);
    if (!standing) return tl::unexpected(standing.error());
    if (*standing == Standing::theirs_ahead && is_on_the_way(**at))
      return PushOutcome{.commit = hex(**at), .up_to_date = true};
    if (*standing != Standing::ours_ahead) {
      const auto is_own = is_ours(repository_, mirror_, ours_, **at);
      if (!is_own) return tl::unexpected(is_own.error());
      if (!*is_own && mirror_.on_conflict != OnConflict::overwrite)
        return tl::unexpected(conflict(*standing, **at));
      if (!*is_own) outcome.replaced = hex(**at);
      rewrites_ = true;
    }
  } else if (auto crossing = check_name(remote.get())) {
    return tl::unexpected(std::move(*crossing));
  }
  if (const std::string start = *at ? hex(**at) : std::string();
      options_.only_from_there && start != options_.last_pushed)
    return PushOutcome{.commit = start, .is_elsewhere = true};
  if (options_.is_derived) {
    if (auto done = note_push(repository_, mirror_, ours_, *at); !done)
      return tl::unexpected(std::move(done.error()));
  }
  auto done = folder_ == nullptr ? upload(remote.get())
                                 : push_to_folder({.from = repository_,
                                                   .commit = ours_,
                                                   .folder = folder_,
                                                   .ref = ref_,
                                                   .seen = *at,
                                                   .progress = options_.progress});
  if (!done) return tl::unexpected(std::move(done.error()));
  return outcome;
}

Result<PushOutcome> Push::to(const LocalTarget& target) {
  const std::string path = target.folder.string();
  std::error_code error;
  const bool is_there =
      fs::is_directory(target.folder, error) && !fs::is_empty(target.folder, error);
  if (error && error != std::errc::no_such_file_or_directory)
    return fail(ErrorKind::storage, "open {}: {}", path, error.message());
  if (!is_there) {
    return fail(ErrorKind::not_found,
                "there is no repository at {}; make one with `git init --bare {}`", path, path);
  }
  GitRepository remote;
  const int code = git_repository_open(out(remote), path.c_str());
  if (code == GIT_ENOTFOUND) {
    return fail(ErrorKind::not_found,
                "{} is no Git repository; make one elsewhere with `git init --bare`", path);
  }
  if (code < 0) return git_failure(fmt::format("open {}", path));
  if (git_repository_is_bare(remote.get()) == 0) {
    return fail(ErrorKind::refused,
                "{} has a work tree, which a push would leave behind; use a bare repository", path);
  }
  // libgit2 would find out in the middle, and say less.
  for (const char* part : {"objects", "objects/pack", "refs/heads"}) {
    if (::access((target.folder / part).c_str(), W_OK) != 0 && errno != ENOENT) {
      return fail(ErrorKind::storage, "{} cannot be written: {}", (target.folder / part).string(),
                  std::generic_category().message(errno));
    }
  }
  const auto rule = rule_of_folder(remote.get());
  if (!rule) return tl::unexpected(rule.error());
  if (rule->empty() || fetches() || options_.looks_only) {
    folder_ = remote.get();
  } else {
    converse([&, what = *rule] { return converse_with_git(path, what); });
  }
  return to_address(path).map_error(
      [&](Error failed) { return within(path, std::move(failed)).value(); });
}

Result<PushOutcome> Push::to(const WebTarget& target) {
  auto credentials = read_credentials(mirror_, target.url, network_);
  if (!credentials) return tl::unexpected(std::move(credentials.error()));
  if (*credentials) redaction_.add(**credentials);
  web_ = std::make_unique<HttpSubtransport>(HttpSession{.network = network_,
                                                        .mirror = mirror_.name,
                                                        .target = target,
                                                        .credentials = std::move(*credentials),
                                                        .redaction = redaction_,
                                                        .patience = options_.patience});
  auto outcome = to_address(target.address);
  const HttpSession& session = web_->session();
  if (!mirror_.token && session.accepted) {
    tell_credential_helper(mirror_.credential_helper, target.url, *session.credentials,
                           *session.accepted);
  }
  if (outcome) outcome->moved_to = session.moved_to;
  return outcome;
}

Result<PushOutcome> Push::to(const SshTarget& target) {
  const bool needs_tunnel = !network_.proxies.empty() || network_.dns_over_https;
  if (needs_tunnel && options_.tunnel.empty()) {
    return fail(ErrorKind::refused,
                "a push over ssh would go past the proxies here; use the mirror's https address "
                "and a token");
  }
  const auto command = ssh_command(
      mirror_, target, needs_tunnel ? options_.tunnel : std::vector<std::string>(), service());
  converse([&, command] {
    return converse_with_program(command, target.address).map_error([](Error error) {
      if (error.kind != ErrorKind::not_found) return error;
      return Error{ErrorKind::bad_input, "a push over ssh needs the program ssh (openssh-client)"};
    });
  });
  return to_address("ssh://" + target.host + "/");
}

Result<PushOutcome> Push::to(const DaemonTarget& target) {
  if (!network_.proxies.empty()) {
    return fail(ErrorKind::refused,
                "a push over git:// would go past the proxies; use the mirror's https address");
  }
  converse([&] { return converse_with_daemon(target, network_, service()); });
  return to_address(target.address);
}

}  // namespace

Result<PushOutcome> push(MirrorRepository& repository, const MirrorSettings& mirror,
                         const NetworkSettings& network, const PushOptions& options) {
  const auto target = parse_target(mirror.url);
  if (!target) return tl::unexpected(target.error());
  int valid = 0;
  git_reference_name_is_valid(&valid, ("refs/heads/" + mirror.branch).c_str());
  if (valid == 0)
    return fail(ErrorKind::bad_input, "'{}' cannot be the name of a branch", mirror.branch);
  std::string commit = options.commit;
  if (commit.empty()) {
    auto head = repository.head();
    if (!head) return tl::unexpected(std::move(head.error()));
    commit = head->value_or(std::string());
  }
  if (commit.empty())
    return fail(ErrorKind::bad_input, "{} has no commit to push yet", repository.folder().string());

  // A handle of its own: pushes to several mirrors may run beside each other.
  const auto own = open_repository(repository.folder());
  if (!own) return tl::unexpected(own.error());
  git_oid ours{};
  if (git_oid_fromstr(&ours, commit.c_str()) < 0)
    return git_failure(fmt::format("read the commit {}", commit));
  Push job(own->get(), ours, mirror, network, options);
  auto outcome = std::visit([&job](const auto& where) { return job.to(where); }, *target);
  if (!outcome && job.may_have_been_outrun()) {
    PushOptions look = options;
    look.looks_only = true;
    Push again(own->get(), ours, mirror, network, look);
    auto now = std::visit([&again](const auto& where) { return again.to(where); }, *target);
    if (now && now->commit == commit) return now;
    if (now && now->commit != job.seen()) outcome = tl::unexpected(job.outrun());
  }
  return outcome.map_error([&job](Error error) { return job.redacted(std::move(error)); });
}

}  // namespace dandelion
