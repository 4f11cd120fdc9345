#!/usr/bin/env python3
"""What has grown adds what is new: of each sample each list of objects loses
its last one, and its later half; each file of lines its last lines, each table
its last rows, each folder one of its files. That is imported, then the sample
as it is. Then everything must stand in the vault as if the sample had been
imported at once. No part of `make check`: `make nightly`. With words, only the
samples whose paths begin with one of them."""

import copy
import glob
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

# A message grows inside where it is written piece by piece, and then may have
# no name but what it says; transcripts have no other at all.
INNER = {"content", "content_json", "fragments", "message", "parts", "toolCallStates",
         "toolCalls", "versions"}
# Not looked at: nothing tells these from another session but all that is said in
# them, or whose a message is but what lies there; and what cannot come so late.
NAMELESS = {
    "aider": "a transcript",
    "chatty": "transcripts",
    "sharegpt": "conversations without an id",
    "agents/samples/zed_older.json": "a thread without an id",
    "agents/samples/goose.jsonl": "its first line alone does not name it",
    "agents/kiro": "what its list says alone is of another kind",
    "claude-code/web.json": "a session without an id",
    "claude-code/project": "whoever comes first has the message",
    "copilot/chat.jsonl": "a log whose requests are taken back",
    "cline": "what the panel has shown and the model was not told",
    "roo/home": "the same",
    "cursor/home": "where a folder lies, which its own file tells late",
    "openclaw/home": "a copy that is there before what it is of",
    "opencode-sqlite/home": "parts whose message comes late: it stays lost",
    "agents/continue": "a message without an id",
    "gemini/studio.json": "instructions have no id",
}
# What was said more exactly before stays.
STAYS = {"updated_zone"}
TOO_NEW = 0.12  # seconds: a file may change again, and its stamp not


def vvault(vault, *words):
    return subprocess.run(["vvault", "-C", vault, *words], capture_output=True, text=True)


def stand(vault):
    """What stands there, by construct and entity, but which files it came from."""
    out = {}
    for line in vvault(vault, "construct", "list", "--json").stdout.splitlines():
        name = json.loads(line)["construct"]
        for entity in vvault(vault, "ls", "--json", name).stdout.splitlines():
            entity = json.loads(entity)
            if entity["kind"] != "source":
                out[name, entity["entity"]] = entity["state"]
    return out


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def lists_of(value, path=()):
    if isinstance(value, list):
        if len(value) > 1 and all(isinstance(item, dict) for item in value):
            yield path
        for i, item in enumerate(value):
            yield from lists_of(item, path + (i,))
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in INNER:
                yield from lists_of(item, path + (name,))


def cuts_of_json(value):
    kinds = {tuple("#" if isinstance(step, int) else step for step in path): path
             for path in lists_of(value)}
    for kind, path in kinds.items():
        for keep in (lambda n: n - 1, lambda n: n // 2):
            cut = copy.deepcopy(value)
            at = cut
            for step in path:
                at = at[step]
            del at[keep(len(at)):]
            yield ".".join(kind), json.dumps(cut).encode()


def cuts_of_table(path):
    base = sqlite3.connect(path)
    tables = [name for name, in base.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%WITHOUT ROWID%'")]
    whole = base.serialize()
    base.close()
    for table in tables:
        base = sqlite3.connect(":memory:")
        base.deserialize(whole)
        gone = base.execute(f'DELETE FROM "{table}" WHERE rowid = '
                            f'(SELECT max(rowid) FROM "{table}")').rowcount
        base.commit()
        if gone:
            yield "table " + table, base.serialize()
        base.close()


def cuts_of(path):
    with open(path, "rb") as file:
        whole = file.read()
    if whole.startswith(b"SQLite format 3\0"):
        yield from cuts_of_table(path)
        return
    try:
        yield from cuts_of_json(json.loads(whole))
        return
    except ValueError:
        lines = whole.splitlines(True)
    for n in sorted({len(lines) - 1, len(lines) // 2} - {0, len(lines)}):
        yield f"{n} lines", b"".join(lines[:n])


class Sample:
    """A copy of one, in a folder of its own, with a vault beside it."""

    def __init__(self, folder, empty, source):
        self.empty = empty
        self.vault = os.path.join(folder, "v")
        self.path = os.path.join(folder, os.path.basename(source))
        (shutil.copytree if os.path.isdir(source) else shutil.copy)(source, self.path)
        subprocess.run(["chmod", "-R", "u+w", self.path], check=True)
        self.wrong = []
        self.cuts = 0
        self.begin()
        self.bring_in()
        self.whole = stand(self.vault)

    def begin(self):
        shutil.rmtree(self.vault, ignore_errors=True)
        shutil.copytree(self.empty, self.vault)

    def bring_in(self):
        time.sleep(TOO_NEW)
        vvault(self.vault, "import", "--construct", "grown", self.path)

    def judge(self, what):
        got = stand(self.vault)
        for key, state in self.whole.items():
            if key not in got:
                self.wrong.append(f"{what}: {key[1]} is missing")
                continue
            for name in (state.keys() | got[key].keys()) - STAYS:
                if state.get(name) != got[key].get(name):
                    self.wrong.append(f"{what}: {name} of {key[1]} is not as it was said last")
        for key in got.keys() - self.whole.keys():
            self.wrong.append(f"{what}: {key[1]} is there, and in no source")

    def probe(self, path):
        """This file of it first has less, or is not there."""
        with open(path, "rb") as file:
            whole = file.read()
        cuts = list(cuts_of(path)) + ([("not there", None)] if path != self.path else [])
        for what, cut in cuts:
            self.begin()
            if cut is None:
                os.unlink(path)
            else:
                write(path, cut)
            self.bring_in()
            write(path, whole)
            self.bring_in()
            self.judge(f"{os.path.basename(path)}, {what}")
        self.cuts += len(cuts)

    def files(self):
        if os.path.isfile(self.path):
            return [self.path]
        return sorted(os.path.join(top, name) for top, _, names in os.walk(self.path)
                      for name in names)


def names(top):
    """The samples of the list of what their records are, and the stores of
    ../shared where they are present."""
    data = os.path.join(top, "tests/data")
    for line in open(os.path.join(data, "record_ids")):
        at = line.rstrip("\n").partition("  ")
        if at[2] and not line.startswith("-"):
            yield at[2], os.path.join(data, at[2])
    data = os.path.join(os.environ.get("VV_SHARED") or "none", "data/agents")
    for path in sorted(glob.glob(os.path.join(data, "*/*"))):
        name = os.path.relpath(path, data)
        if not name.startswith(("peers/", "resume/")) and "expected" not in name:
            yield name, path


def main():
    top = os.environ["VV_TOP"]
    build = os.path.join(top, os.environ.get("BUILD", "build"))
    os.environ["PATH"] = build + ":" + os.environ["PATH"]
    number = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        empty = os.path.join(folder, "empty")
        os.environ["HOME"] = os.environ["VVAULT_KEYS"] = os.path.join(folder, "home")
        subprocess.run(["vvault", "init", empty], check=True, capture_output=True)
        for name, source in names(top):
            if sys.argv[1:] and not name.startswith(tuple(sys.argv[1:])):
                continue
            if name.startswith(tuple(NAMELESS)):
                continue
            with tempfile.TemporaryDirectory(dir=folder) as own:
                sample = Sample(own, empty, source)
                for path in sample.files():
                    sample.probe(path)
            number += 1
            failed += bool(sample.wrong)
            print(f"{'not ' if sample.wrong else ''}ok {number} - {name}: {len(sample.whole)} "
                  f"things, {sample.cuts} cuts", flush=True)
            for line in sample.wrong[:10]:
                print("# " + line, file=sys.stderr)
    print(f"1..{number}")
    sys.exit(failed > 0 or not number)


main()
