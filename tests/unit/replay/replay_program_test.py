#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs sleight-replay over the captures of tests/golden/replay: replay_program_test.py PROGRAM"""

import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "golden" / "replay"
PROGRAM = ""
PORT_MAC, CANONICAL_MAC = bytes.fromhex("00005e0053aa"), bytes.fromhex("320001000000")


def frames_of(path):
    """(seconds, nanoseconds, bytes) of each frame of a pcap file."""
    data = path.read_bytes()
    scale = {0xA1B2C3D4: 1000, 0xA1B23C4D: 1}[struct.unpack_from("<I", data)[0]]
    offset = 24
    while offset < len(data):
        seconds, fraction, size, _ = struct.unpack_from("<4I", data, offset)
        offset += 16
        yield seconds, fraction * scale, data[offset:offset + size]
        offset += size


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


class ReplayProgram(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.out, self.verdicts = self.folder / "out.pcap", self.folder / "verdicts.jsonl"

    def replay(self, role, *more, config=GOLDEN / "node.yaml", capture=None):
        capture = capture or GOLDEN / f"{role}.pcap"
        return subprocess.run(
            [PROGRAM, "-c", config, "--role", role, "--in", capture, "--out", self.out,
             "--verdicts", self.verdicts, *more], capture_output=True, text=True, check=False)

    def replay_golden(self, role):
        run = self.replay(role, "--table", GOLDEN / "table.json",
                          "--sockets", GOLDEN / "sockets.jsonl")
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        return [json.loads(line) for line in self.verdicts.read_text().splitlines()]

    def assert_refused(self, run, code, *words):
        self.assertEqual(run.returncode, code, run.stderr)
        for word in words:
            self.assertIn(word, run.stderr)

    def test_verdicts_are_the_expected_ones(self):
        for role in ("director", "host"):
            expected = (GOLDEN / f"{role}.jsonl").read_text().splitlines()
            self.assertEqual(self.replay_golden(role), [json.loads(line) for line in expected])

    def test_frames_leave_with_the_right_addresses_and_nothing_else_new(self):
        for role, own, kernel in (("director", PORT_MAC, PORT_MAC),
                                  ("host", CANONICAL_MAC, CANONICAL_MAC)):
            lines = self.replay_golden(role)
            given = list(frames_of(GOLDEN / f"{role}.pcap"))
            left = frames_of(self.out)
            for line, (seconds, nanoseconds, before) in zip(lines, given):
                if line["verdict"] == "drop":
                    continue
                expected = kernel + before[6:]
                if "steer" in line:
                    expected = mac(line["steer"]) + own + before[12:]
                elif line["reason"] == "group":
                    expected = before
                self.assertEqual(next(left), (seconds, nanoseconds, expected), line)
            self.assertIsNone(next(left, None))

    def test_without_a_table_slots_belong_to_their_homes(self):
        self.assertEqual(self.replay("director").returncode, 0)
        lines = [json.loads(line) for line in self.verdicts.read_text().splitlines()]
        steer = {line["steer"] for line in lines if line["verdict"] == "forward"}
        self.assertEqual(steer, {f"32:00:0{host}:00:00:00" for host in (1, 2, 3)})

    def test_options_override_what_capture_and_config_tell(self):
        run = self.replay("director", "--port-mac", "00:00:5e:00:53:77", "--fabric", "4",
                          "--kernel-mac", "00:00:5e:00:53:99")
        self.assertEqual(run.returncode, 0, run.stderr)
        lines = [json.loads(line) for line in self.verdicts.read_text().splitlines()]
        forwarded = [line for line in lines if line["verdict"] == "forward"]
        self.assertEqual(len(forwarded), 1)
        self.assertTrue(forwarded[0]["steer"].startswith("42:00:0"))

    def test_the_same_input_gives_the_same_output(self):
        self.replay_golden("host")
        first = self.out.read_bytes(), self.verdicts.read_bytes()
        self.replay_golden("host")
        self.assertEqual((self.out.read_bytes(), self.verdicts.read_bytes()), first)

    def test_usage_errors_exit_with_2(self):
        self.assert_refused(self.replay("controller"), 2, "--role", "controller")
        self.assert_refused(self.replay("host", "--port-mac", "nowhere"), 2, "--port-mac")
        run = subprocess.run([PROGRAM], capture_output=True, text=True, check=False)
        self.assert_refused(run, 2, "--help")

    def test_an_invalid_config_exits_with_3_and_all_its_problems(self):
        config = self.folder / "bad.yaml"
        text = (GOLDEN / "node.yaml").read_text()
        config.write_text(text.replace("slots: 8", "slots: 0").replace("id: 3}", "id: 4096}"))
        self.assert_refused(self.replay("host", config=config), 3, "slots", "4096")
        self.assertFalse(self.out.exists())

    def test_a_config_that_lacks_what_the_role_needs_exits_with_3(self):
        text = (GOLDEN / "node.yaml").read_text()
        config = self.folder / "lacking.yaml"
        config.write_text("\n".join(line for line in text.splitlines() if "hash_key" not in line))
        self.assert_refused(self.replay("director", config=config), 3, "hash_key", "caches")
        config.write_text("\n".join(line for line in text.splitlines()
                                    if not line.startswith(("node", "roles"))))
        self.assert_refused(self.replay("host", config=config), 3, "node.id")

    def test_unreadable_files_exit_with_1_and_their_name(self):
        missing = self.folder / "missing"
        self.assert_refused(self.replay("host", capture=missing), 1, "missing")
        self.assert_refused(self.replay("host", capture=GOLDEN / "node.yaml"), 1, "node.yaml")
        self.assert_refused(self.replay("host", "--sockets", missing), 1, "missing")
        self.assert_refused(self.replay("host", "--table", GOLDEN / "host.jsonl"), 1, "host.jsonl")

    def test_an_output_that_is_an_input_is_refused_and_left_alone(self):
        capture = self.folder / "wire.pcap"
        capture.write_bytes((GOLDEN / "host.pcap").read_bytes())
        self.out = self.folder / "link.pcap"
        self.out.symlink_to(capture)
        self.assert_refused(self.replay("host", capture=capture), 1, "link.pcap", "--out")
        self.out, self.verdicts = self.folder / "out.pcap", capture
        self.assert_refused(self.replay("host", capture=capture), 1, "wire.pcap", "--verdicts")
        self.assertEqual(capture.read_bytes(), (GOLDEN / "host.pcap").read_bytes())
        self.verdicts = self.folder / "." / ".." / self.folder.name / "out.pcap"
        self.assert_refused(self.replay("host"), 1, "same file")

    def test_verdicts_that_cannot_be_written_are_told_with_the_reason(self):
        self.verdicts = self.folder / "nowhere" / "verdicts.jsonl"
        self.assert_refused(self.replay("host"), 1, "verdicts.jsonl", "No such file or directory")

    def test_a_table_of_another_size_exits_with_1(self):
        config = self.folder / "other.yaml"
        text = (GOLDEN / "node.yaml").read_text()
        config.write_text(text.replace("slots: 8", "slots: 16"))
        run = self.replay("director", "--table", GOLDEN / "table.json", config=config)
        self.assert_refused(run, 1, "8 slots", "16")

    def test_a_capture_that_breaks_off_exits_with_1(self):
        broken = self.folder / "broken.pcap"
        broken.write_bytes((GOLDEN / "host.pcap").read_bytes()[:-5])
        self.assert_refused(self.replay("host", capture=broken), 1, "broken.pcap")


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
