# SPDX-License-Identifier: MIT
"""The checkers see what is planted for them."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import documented  # noqa: E402
import layering  # noqa: E402
import rules  # noqa: E402

TABLE = """<!-- layering -->
| folder | what | may use |
| --- | --- | --- |
| `core/` | c | nothing |
| `html/` | h | core |
<!-- /layering -->"""
GOOD = "// SPDX-License-Identifier: MIT\n#pragma once\n"


class Checks(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.TemporaryDirectory()
        self.addCleanup(self.home.cleanup)
        self.root = pathlib.Path(self.home.name)
        (self.root / "ARCHITECTURE.md").write_text(TABLE)
        (self.root / "tests").mkdir()
        for folder in ("core", "html"):
            (self.root / "src" / folder).mkdir(parents=True)
            self.write(f"src/{folder}/a.hpp", GOOD)

    def write(self, name, text):
        (self.root / name).write_text(text)

    def test_a_clean_tree_is_clean(self):
        self.write("src/html/b.cpp", '// SPDX-License-Identifier: MIT\n#include "core/a.hpp"\n#include "html/a.hpp"\n')
        self.assertEqual(layering.violations(self.root) + rules.violations(self.root), [])

    def test_a_folder_that_reaches_too_far_is_named(self):
        self.write("src/core/b.cpp", '// SPDX-License-Identifier: MIT\n\n#include "html/a.hpp"\n')
        self.assertEqual(layering.violations(self.root), ["src/core/b.cpp:3: core/ may not use html/"])

    def test_a_folder_without_a_row_is_named(self):
        (self.root / "src" / "new").mkdir()
        self.assertEqual(layering.violations(self.root), ["ARCHITECTURE.md: src/new has no row in the table"])

    def test_a_row_that_uses_an_unknown_folder_is_named(self):
        (self.root / "ARCHITECTURE.md").write_text(TABLE.replace("| core |", "| core, htlm |"))
        self.assertEqual(layering.violations(self.root), ["ARCHITECTURE.md: html/ may use htlm/, which has no row"])

    def test_a_missing_table_is_named(self):
        (self.root / "ARCHITECTURE.md").write_text("# Architecture\n")
        self.assertEqual(layering.violations(self.root),
                         ["ARCHITECTURE.md: no table between <!-- layering --> and <!-- /layering -->"])

    def test_text_that_misleads_is_named(self):
        licence = b"// SPDX-License-Identifier: MIT\n"
        (self.root / "src/core/bidi.cpp").write_bytes(licence + "// \u202e\n".encode())
        (self.root / "src/core/cut.cpp").write_bytes(licence + b"int x;")
        (self.root / "src/core/dos.cpp").write_bytes(licence + b"int x;\r\n")
        (self.root / "src/core/latin.cpp").write_bytes(licence + b"// \xe9\n")
        told = "\n".join(rules.violations(self.root))
        for part in ("bidi.cpp:2: an invisible", "cut.cpp:2: the last line", "dos.cpp:2: a tab or blanks",
                     "latin.cpp: byte 35 is not UTF-8"):
            self.assertIn(part, told)

    def test_breaches_of_the_rules_are_named(self):
        self.write("src/core/a.hpp", "int x;\t\n// TO" + "DO\nusing namespace std;\n")
        self.write("src/html/long.cpp", "// SPDX-License-Identifier: MIT\n" + "\n" * 600)
        told = "\n".join(rules.violations(self.root))
        for part in ("a.hpp:1: the first line", "a.hpp:1: a header", "a.hpp:1: a tab", "a.hpp:2: unfinished",
                     "a.hpp:3: using", "long.cpp:601: longer"):
            self.assertIn(part, told)

    def test_a_command_or_option_that_only_one_side_knows_is_named(self):
        helps = {"--help": "Options:\n  -q,--quiet   Say less, not as --verbose\n\nSubcommands:\n  run     Run\n  new     New\n",
                 "run": "  --limit N:POSITIVE   Pages\n", "new": ""}
        told = {"docs/dandelion.1": ".It Cm run Op Fl Fl limit\n.It Fl Fl quiet\n.It Fl Fl gone\n",
                "scripts/completions/dandelion.bash": "case $word in run|new) ;;\n--quiet --limit --help\n",
                "scripts/completions/_dandelion": "commands=(\n  'run:Run'\n  'new:New'\n)\n'--quiet' '--limit'\n",
                "scripts/completions/dandelion.fish": "set -l commands run new\ncomplete -l quiet\ncomplete -l limit\n"}
        (self.root / "docs").mkdir()
        (self.root / "scripts/completions").mkdir(parents=True)
        for name, text in told.items():
            self.write(name, text)
        self.assertEqual(documented.violations(self.root, lambda arguments: helps[arguments[0]]),
                         ["docs/dandelion.1: the command new is missing", "docs/dandelion.1: there is no option --gone"])


if __name__ == "__main__":
    unittest.main()
