#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The program's own --help against the man page and the completions: documented.py [ROOT]; DANDELION names the program.

Each command and each long option has to stand in all four, and none of them may promise one that the program does not have.
"""
import os
import pathlib
import re
import subprocess
import sys

OPTION = re.compile(r"--([a-z][a-z-]*)")
# Every program has these; they need no line of the manual.
UNDOCUMENTED = {"help", "version"}


def program_words(ask):
    """(commands, long options) of the program; `ask` gives what it prints for some arguments."""
    top = ask(["--help"])
    commands = set(re.findall(r"^  ([a-z]+) ", top.split("Subcommands:")[1], re.M))
    options = set()
    for text in [top, *(ask([command, "--help"]) for command in sorted(commands))]:
        # The column of the names: a description may well speak of another command's option.
        for line in text.splitlines():
            names = re.match(r"  (-\S+)", line)
            options |= set(OPTION.findall(names[1])) if names else set()
    return commands, options - UNDOCUMENTED


def manual_words(text):
    return set(re.findall(r"^\.It Cm ([a-z]+)", text, re.M)), set(re.findall(r"Fl Fl ([a-z-]+)", text)) - UNDOCUMENTED


def bash_words(text):
    commands = re.search(r"case \$word in ([a-z|]+)\)", text)[1].split("|")
    return set(commands), set(OPTION.findall(text)) - UNDOCUMENTED


def zsh_words(text):
    listed = re.search(r"commands=\((.*?)\n\)", text, re.S)[1]
    return set(re.findall(r"^  '([a-z]+):", listed, re.M)), set(OPTION.findall(text)) - UNDOCUMENTED


def fish_words(text):
    commands = re.search(r"set -l commands (.*)", text)[1].split()
    return set(commands), set(re.findall(r" -l ([a-z-]+)", text.replace("set -l commands", ""))) - UNDOCUMENTED


DOCUMENTS = {
    "docs/dandelion.1": manual_words,
    "scripts/completions/dandelion.bash": bash_words,
    "scripts/completions/_dandelion": zsh_words,
    "scripts/completions/dandelion.fish": fish_words,
}


def violations(root, ask):
    found = []
    real = program_words(ask)
    for name, words in DOCUMENTS.items():
        told = words((root / name).read_text())
        for kind, mark, has, says in (("command", "", real[0], told[0]), ("option", "--", real[1], told[1])):
            found += [f"{name}: the {kind} {mark}{word} is missing" for word in sorted(has - says)]
            found += [f"{name}: there is no {kind} {mark}{word}" for word in sorted(says - has)]
    return found


def ask_program(arguments):
    return subprocess.run([os.environ["DANDELION"], *arguments], capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    problems = violations(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve(), ask_program)
    print("\n".join(problems) or "the manual and the completions tell what the program has")
    sys.exit(1 if problems else 0)
