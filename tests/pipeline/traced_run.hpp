// SPDX-License-Identifier: MIT
// Runs a function in a process of its own, under the debugger's interface of the kernel, and
// strikes at one of its steps: a step is a system call that changes something on the disk.
#pragma once

#include <cerrno>
#include <csignal>
#include <functional>

#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

namespace dandelion::test {

struct Strike {
  int step = 0;   // from 1; 0: never
  int error = 0;  // this and all later steps fail with it; 0: the process is killed instead
};

struct Traced {
  bool possible = false;  // where not, the kernel allows no tracing here
  bool killed = false;
  int steps = 0;  // that were come to
  int exit_code = -1;
};

inline bool changes_the_disk(const user_regs_struct& at) {
  switch (at.orig_rax) {
    case SYS_write:
    case SYS_pwrite64:
    case SYS_writev:
    case SYS_pwritev:
    case SYS_fsync:
    case SYS_fdatasync:
    case SYS_ftruncate:
    case SYS_rename:
    case SYS_renameat:
    case SYS_renameat2:
    case SYS_link:
    case SYS_linkat:
    case SYS_unlink:
    case SYS_unlinkat:
    case SYS_mkdir:
    case SYS_mkdirat:
      return true;
    case SYS_open:
      return (at.rsi & O_CREAT) != 0;
    case SYS_openat:
      return (at.rdx & O_CREAT) != 0;
    default:
      return false;
  }
}

inline Traced run_traced(const std::function<int()>& work, const Strike& strike) {
  Traced traced;
  const pid_t child = ::fork();
  if (child == 0) {
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(99);
    ::raise(SIGSTOP);
    ::_exit(work());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFSTOPPED(status)) return traced;
  traced.possible = true;
  ::ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
  bool entering = true;
  bool failing = false;
  long signal_to_pass = 0;
  for (;;) {
    ::ptrace(PTRACE_SYSCALL, child, nullptr, signal_to_pass);
    signal_to_pass = 0;
    if (::waitpid(child, &status, 0) < 0) return traced;
    if (WIFEXITED(status)) {
      traced.exit_code = WEXITSTATUS(status);
      return traced;
    }
    if (WIFSIGNALED(status)) return traced;
    if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
      signal_to_pass = WSTOPSIG(status);
      continue;
    }
    user_regs_struct at{};
    ::ptrace(PTRACE_GETREGS, child, nullptr, &at);
    if (!entering) {
      if (failing) {
        at.rax = static_cast<unsigned long long>(-static_cast<long long>(strike.error));
        ::ptrace(PTRACE_SETREGS, child, nullptr, &at);
      }
      failing = false;
    } else if (changes_the_disk(at) && ++traced.steps >= strike.step && strike.step != 0) {
      if (strike.error == 0) {
        ::kill(child, SIGKILL);
        ::waitpid(child, &status, 0);
        traced.killed = true;
        return traced;
      }
      at.orig_rax = static_cast<unsigned long long>(-1);  // no system call
      ::ptrace(PTRACE_SETREGS, child, nullptr, &at);
      failing = true;
    }
    entering = !entering;
  }
}

}  // namespace dandelion::test
