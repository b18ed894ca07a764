#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Rules for the repository that no compiler knows: rules.py [ROOT]. Prints file:line of each breach."""
import pathlib
import re
import sys

LONGEST_SOURCE = 600
# They make a reviewer see other code than the compiler does (CVE-2021-42574); in strings they can be escaped.
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def violations(root):
    found = []
    for path in sorted([*(root / "src").rglob("*.[ch]pp"), *(root / "tests").rglob("*.[ch]pp")]):
        name = path.relative_to(root)
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError as wrong:
            found.append(f"{name}: byte {wrong.start} is not UTF-8")
            continue
        lines = text.split("\n")
        if lines.pop() != "":
            found.append(f"{name}:{len(lines) + 1}: the last line has no end")
        if not lines or lines[0] != "// SPDX-License-Identifier: MIT":
            found.append(f"{name}:1: the first line is not the licence's SPDX line")
        if path.suffix == ".hpp" and "#pragma once" not in lines:
            found.append(f"{name}:1: a header without #pragma once")
        if name.parts[0] == "src" and len(lines) > LONGEST_SOURCE:
            found.append(f"{name}:{len(lines)}: longer than {LONGEST_SOURCE} lines; look for the second thing in it")
        for number, line in enumerate(lines, 1):
            if "\t" in line or line != line.rstrip():
                found.append(f"{name}:{number}: a tab or blanks at the line's end")
            if INVISIBLE.search(line):
                found.append(f"{name}:{number}: an invisible character; write it as an escape")
            if "using namespace std;" in line:
                found.append(f"{name}:{number}: using namespace std")
            if UNFINISHED.search(line):
                found.append(f"{name}:{number}: unfinished work; finish it or leave the feature out")
    return found


if __name__ == "__main__":
    problems = violations(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve())
    print("\n".join(problems) or "the rules are kept")
    sys.exit(1 if problems else 0)
