# SPDX-License-Identifier: MIT
"""The two checkers see what is planted for them."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
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

    def test_breaches_of_the_rules_are_named(self):
        self.write("src/core/a.hpp", "int x;\t\n// TO" + "DO\nusing namespace std;\n")
        self.write("src/html/long.cpp", "// SPDX-License-Identifier: MIT\n" + "\n" * 600)
        told = "\n".join(rules.violations(self.root))
        for part in ("a.hpp:1: the first line", "a.hpp:1: a header", "a.hpp:1: a tab", "a.hpp:2: unfinished",
                     "a.hpp:3: using", "long.cpp:601: longer"):
            self.assertIn(part, told)


if __name__ == "__main__":
    unittest.main()
