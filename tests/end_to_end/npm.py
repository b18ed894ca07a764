# SPDX-License-Identifier: MIT
"""npm packages that tests look through: fetched once, into build/npm. Where that cannot be done, the test skips, saying so."""
import contextlib
import fcntl
import json
import subprocess
import tarfile
import unittest

import harness

HOME = harness.SOURCE / "build" / "npm"


@contextlib.contextmanager
def alone():
    """Tests run beside each other; npm does not."""
    HOME.mkdir(parents=True, exist_ok=True)
    with open(HOME / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def npm(*arguments):
    run = subprocess.run([harness.program("npm"), *arguments], cwd=HOME, capture_output=True, text=True)
    if run.returncode != 0:
        raise unittest.SkipTest(f"npm {' '.join(map(str, arguments))}: {run.stderr.strip() or run.returncode}")
    return run.stdout


def installed(name):
    """The package's folder, with all that it needs beside it."""
    home = HOME / "node_modules" / name
    with alone():
        if not home.exists():
            npm("install", "--no-audit", "--no-fund", "--prefix", HOME, name)
    return home


def packed(name, version):
    """The package's folder as it is published, for one whose dependencies are built into it."""
    home = HOME / f"{name}-{version}"
    with alone():
        if not home.exists():
            file, = json.loads(npm("pack", "--json", f"{name}@{version}"))
            with tarfile.open(HOME / file["filename"]) as archive:
                archive.extractall(HOME / f".{name}-{version}")
            (HOME / f".{name}-{version}" / "package").rename(home)
    return home
