# SPDX-License-Identifier: MIT
"""What the other tests stand on: a server ends with all that it started."""
import signal
import subprocess
import unittest

import harness


class Servers(harness.EndToEnd):
    def test_a_git_server_leaves_no_process_behind(self):
        started = []
        start = self.start
        self.start = lambda *arguments, **options: started.append(start(*arguments, **options)) or started[-1]
        self.git_server(self.folder)
        fcgiwrap, _ = started
        self.assertGreater(len(harness.alive_in_group(fcgiwrap.pid)), 1, "fcgiwrap has children")
        for process in started:
            self.stop(process)
            self.assertEqual(harness.alive_in_group(process.pid), [])

    def test_a_program_of_the_tests_own_group_is_ended_alone(self):
        """What a test started without start() shares its group with the test."""
        process = subprocess.Popen(["sleep", "600"])
        self.stop(process)
        self.assertEqual(process.returncode, -signal.SIGTERM)


if __name__ == "__main__":
    unittest.main()
