// SPDX-License-Identifier: MIT
#include "publish/push.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <system_error>

#include <unistd.h>

#include "publish/git_handles.hpp"
#include "publish/http_subtransport.hpp"
#include "publish/push_target.hpp"
#include "publish/remote_words.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_heard_bytes = 16U << 10;

// One push: the remote and what its callbacks bring. It stays where it is: libgit2 has its address.
class Push {
 public:
  Push(git_repository* repository, git_oid ours, std::string ref)
      : repository_(repository), ours_(ours), ref_(std::move(ref)) {}

  Result<PushOutcome> to(const LocalTarget& target);
  Result<PushOutcome> to(const WebTarget& target, const MirrorSettings& mirror,
                         const NetworkSettings& network);

 private:
  Result<PushOutcome> to_address(const std::string& address);
  Result<void> connect(git_remote* remote, const std::string& address);
  Result<std::optional<git_oid>> theirs(git_remote* remote) const;
  Result<void> check_fast_forward(const git_oid& theirs) const;
  Result<void> upload(git_remote* remote);
  [[nodiscard]] tl::unexpected<Error> failure(std::string_view doing, ErrorKind kind) const;
  [[nodiscard]] Error rejection() const;
  git_remote_callbacks callbacks();

  static int on_transport(git_transport** made, git_remote* owner, void* self) noexcept;
  static int on_words(const char* text, int size, void* self) noexcept;
  static int on_status(const char* ref, const char* reason, void* self) noexcept;

  git_repository* repository_;
  git_oid ours_;
  std::string ref_;                        // on the mirror
  std::unique_ptr<HttpSubtransport> web_;  // null for a mirror on this machine
  std::string heard_;                      // what the server said beside its report
  bool reported_ = false;
  std::optional<std::string> rejected_;  // why our ref was not taken
};

git_remote_callbacks Push::callbacks() {
  git_remote_callbacks callbacks = GIT_REMOTE_CALLBACKS_INIT;
  callbacks.transport = &Push::on_transport;
  callbacks.sideband_progress = &Push::on_words;
  callbacks.push_update_reference = &Push::on_status;
  callbacks.payload = this;
  return callbacks;
}

// Whatever the address says, no other transport than these two is ever made.
int Push::on_transport(git_transport** made, git_remote* owner, void* self) noexcept {
  auto* push = static_cast<Push*>(self);
  return push->web_ ? push->web_->make_transport(made, owner)
                    : git_transport_local(made, owner, nullptr);
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

tl::unexpected<Error> Push::failure(std::string_view doing, ErrorKind kind) const {
  if (web_ && web_->failure()) return tl::unexpected(*web_->failure());
  const std::string reason = clean_remote_text(git_reason());
  const std::string words = clean_remote_text(heard_);
  if (!words.empty())
    return fail(ErrorKind::refused, "the mirror did not take the push ({}): {}", reason, words);
  return fail(web_ ? kind : ErrorKind::storage, "{}: {}", doing, reason);
}

Error Push::rejection() const {
  const std::string reason = clean_remote_text(*rejected_);
  const std::string words = clean_remote_text(heard_);
  const std::string all = words.empty() ? reason : fmt::format("{}: {}", reason, words);
  // receive-pack's words where another push came first. They are no interface, but there is none.
  for (const std::string_view sign :
       {"fetch first", "non-fast-forward", "failed to update ref", "incorrect old value",
        "cannot lock ref", "reference already exists", "stale info"}) {
    if (all.find(sign) != std::string::npos) {
      return {
          ErrorKind::conflict,
          fmt::format("the mirror's {} was moved by another push at the same time: {}", ref_, all)};
    }
  }
  return {web_ ? ErrorKind::refused : ErrorKind::storage,
          fmt::format("the mirror refused {}: {}", ref_, all)};
}

Result<void> Push::connect(git_remote* remote, const std::string& address) {
  git_remote_connect_options options = GIT_REMOTE_CONNECT_OPTIONS_INIT;
  options.callbacks = callbacks();
  options.proxy_opts.type = GIT_PROXY_NONE;
  if (git_remote_connect_ext(remote, GIT_DIRECTION_PUSH, &options) < 0)
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

// Never forced: what the mirror has and we do not, somebody put there.
Result<void> Push::check_fast_forward(const git_oid& theirs) const {
  const std::string branch = ref_.substr(std::string_view("refs/heads/").size());
  GitCommit known;
  if (git_commit_lookup(out(known), repository_, &theirs) < 0) {
    return fail(ErrorKind::conflict,
                "the branch {} of the mirror has commits that we do not have (it is at {}); fetch "
                "it to look at them, then delete it on the mirror or push to another branch",
                branch, hex(theirs).substr(0, 12));
  }
  const int ahead = git_graph_descendant_of(repository_, &ours_, &theirs);
  if (ahead == 1) return {};
  const int behind = ahead < 0 ? ahead : git_graph_descendant_of(repository_, &theirs, &ours_);
  if (behind < 0) return git_failure("compare with the mirror");
  const std::string where = hex(theirs).substr(0, 12);
  if (behind == 1) {
    return fail(ErrorKind::conflict,
                "the branch {} of the mirror is ahead of ours (it is at {}); was our repository "
                "restored from an old copy? fetch the branch to go on from there",
                branch, where);
  }
  return fail(ErrorKind::conflict,
              "the branch {} of the mirror and ours have parted (it is at {}); delete it on the "
              "mirror or push to another branch",
              branch, where);
}

Result<void> Push::upload(git_remote* remote) {
  git_push_options options = GIT_PUSH_OPTIONS_INIT;
  options.callbacks = callbacks();
  options.proxy_opts.type = GIT_PROXY_NONE;
  options.pb_parallelism = 0;  // all cores: a first push spends its time on looking for deltas
  std::string refspec = "HEAD:" + ref_;
  std::array<char*, 1> refspecs = {refspec.data()};
  const git_strarray list{refspecs.data(), refspecs.size()};
  const int code = git_remote_upload(remote, &list, &options);
  if (rejected_) return tl::unexpected(rejection());
  if (code == GIT_ENONFASTFORWARD)
    return fail(ErrorKind::conflict, "the mirror's {} has commits that ours lacks", ref_);
  if (code < 0) return failure("push", ErrorKind::refused);
  if (!reported_)
    return fail(ErrorKind::malformed, "the mirror did not say whether it took {}", ref_);
  return {};
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
  if (*at && git_oid_equal(&**at, &ours_) != 0)
    return PushOutcome{.commit = hex(ours_), .up_to_date = true};
  if (*at) {
    if (auto done = check_fast_forward(**at); !done) return tl::unexpected(std::move(done.error()));
  }
  if (auto done = upload(remote.get()); !done) return tl::unexpected(std::move(done.error()));
  return PushOutcome{.commit = hex(ours_)};
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
  return to_address(path).map_error(
      [&](Error failed) { return within(path, std::move(failed)).value(); });
}

Result<PushOutcome> Push::to(const WebTarget& target, const MirrorSettings& mirror,
                             const NetworkSettings& network) {
  auto credentials = read_credentials(mirror, target.url);
  if (!credentials) return tl::unexpected(std::move(credentials.error()));
  web_ = std::make_unique<HttpSubtransport>(HttpSession{.network = network,
                                                        .mirror = mirror.name,
                                                        .target = target,
                                                        .credentials = std::move(*credentials)});
  return to_address(target.address);
}

}  // namespace

Result<PushOutcome> push(MirrorRepository& repository, const MirrorSettings& mirror,
                         const NetworkSettings& network) {
  const auto target = parse_target(mirror.url);
  if (!target) return tl::unexpected(target.error());
  const std::string ref = "refs/heads/" + mirror.branch;
  int valid = 0;
  git_reference_name_is_valid(&valid, ref.c_str());
  if (valid == 0)
    return fail(ErrorKind::bad_input, "'{}' cannot be the name of a branch", mirror.branch);
  const auto head = repository.head();
  if (!head) return tl::unexpected(head.error());
  if (!*head)
    return fail(ErrorKind::bad_input, "{} has no commit to push yet", repository.folder().string());

  // A handle of its own: pushes to several mirrors may run beside each other.
  GitRepository own;
  if (git_repository_open(out(own), repository.folder().c_str()) < 0) {
    return git_failure(fmt::format("open {}", repository.folder().string()));
  }
  git_oid ours{};
  if (git_oid_fromstr(&ours, (*head)->c_str()) < 0) return git_failure("read HEAD");
  Push job(own.get(), ours, ref);
  if (const auto* local = std::get_if<LocalTarget>(&*target)) return job.to(*local);
  return job.to(std::get<WebTarget>(*target), mirror, network);
}

}  // namespace dandelion
