#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The table in ARCHITECTURE.md against the includes: layering.py [ROOT]. Prints file:line of each one it forbids."""
import pathlib
import re
import sys


def read_table(text):
    """{folder: set of folders it may use} from the table between the layering marks."""
    table = text.split("<!-- layering -->")[1].split("<!-- /layering -->")[0]
    rows = {}
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        name = re.fullmatch(r"`(\w+)/`", cells[0]) if cells else None
        if name:
            uses = cells[-1]
            rows[name[1]] = set() if uses == "nothing" else {use.strip() for use in uses.split(",")}
    return rows


def violations(root):
    text = (root / "ARCHITECTURE.md").read_text()
    if "<!-- layering -->" not in text or "<!-- /layering -->" not in text:
        return ["ARCHITECTURE.md: no table between <!-- layering --> and <!-- /layering -->"]
    rows = read_table(text)
    folders = {path.name for path in (root / "src").iterdir() if path.is_dir()}
    found = [f"ARCHITECTURE.md: src/{name} has no row in the table" for name in sorted(folders - rows.keys())]
    found += [f"ARCHITECTURE.md: there is no src/{name}" for name in sorted(rows.keys() - folders)]
    for name, uses in sorted(rows.items()):
        found += [f"ARCHITECTURE.md: {name}/ may use {use}/, which has no row" for use in sorted(uses - rows.keys())]
    for path in sorted((root / "src").rglob("*.[ch]pp")):
        folder = path.relative_to(root / "src").parts[0]
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            include = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if not include:
                continue
            used = include[1].split("/")[0]
            place = f"{path.relative_to(root)}:{number}"
            if "/" not in include[1] or used not in folders:
                found.append(f"{place}: \"{include[1]}\" is not rooted at src/")
            elif used != folder and used not in rows.get(folder, set()):
                found.append(f"{place}: {folder}/ may not use {used}/")
    return found


if __name__ == "__main__":
    problems = violations(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve())
    print("\n".join(problems) or "every include keeps to the table")
    sys.exit(1 if problems else 0)
