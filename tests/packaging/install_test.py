# SPDX-License-Identifier: MIT
"""What `cmake --install` leaves works from where it lies: install_test.py BUILD_DIR"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

BUILD = sys.argv.pop()


class Install(unittest.TestCase):
    def test_the_installed_program_finds_its_theme(self):
        with tempfile.TemporaryDirectory() as home:
            prefix = pathlib.Path(home) / "usr"
            subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix], check=True, capture_output=True)
            for name in ("bin/dandelion", "share/dandelion/themes/classic/theme.yaml", "share/dandelion/search.js", "share/man/man1/dandelion.1",
                         "share/bash-completion/completions/dandelion", "share/zsh/vendor-completions/_dandelion",
                         "share/fish/vendor_completions.d/dandelion.fish", "share/doc/dandelion/README.md",
                         "share/doc/dandelion/LICENSE", "share/doc/dandelion/docs/configuration.md"):
                self.assertTrue((prefix / name).is_file(), name)
            program = prefix / "bin" / "dandelion"
            subprocess.run([program, "-q", "init", pathlib.Path(home) / "mine"], check=True)
            check = subprocess.run([program, "check", "-c", pathlib.Path(home) / "mine" / "sites.yaml"], capture_output=True,
                                   text=True)
            self.assertEqual(check.returncode, 0, check.stdout)


if __name__ == "__main__":
    unittest.main()
