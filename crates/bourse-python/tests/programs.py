"""Public programs written for SQLite, over SQLite and over Bourse.

    python tests/programs.py [NAME ...]

Each is downloaded by pip as it was published and runs unchanged: only ``import sqlite3`` gives it
``bourse.sqlite3``. Of persist-queue it is its own tests that run, of litequeue and peewee, which
publish none, a session of ours. What ends otherwise than over SQLite must be listed in ``KNOWN``,
with the reason.
"""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile

HERE = pathlib.Path(__file__).resolve().parent

#: Published versions, and what runs.
PROGRAMS = {
    "persist-queue": {
        "version": "1.1.0",
        "modules": ["persistqueue.tests.test_sqlqueue", "persistqueue.tests.test_sqlackqueue",
                    "persistqueue.tests.test_pdict"],
        "needs": ["msgpack", "cbor2"],
        "folder": ".",
    },
    "litequeue": {"version": "0.9", "modules": ["session_litequeue"], "needs": [], "folder": "."},
    "peewee": {"version": "4.5.3", "modules": ["session_peewee"], "needs": [], "folder": "."},
}

#: What ends otherwise than over SQLite, and why.
KNOWN = {
    "persist-queue": dict.fromkeys([
        f"persistqueue.tests.{name}" for name in
        ("test_sqlqueue.SQLite3QueueTest.test_get_id",
         "test_sqlqueue.SQLite3QueueNoAutoCommitTest.test_get_id",
         "test_sqlqueue.SQLite3QueueInMemory.test_get_id",
         *(f"test_sqlackqueue.{tests}.test_{test}"
           for tests in ("SQLite3AckQueueTest", "SQLite3QueueInMemory", "FILOSQLite3AckQueueTest",
                         "SQLite3UniqueAckQueueTest")
           for test in ("get_id", "get_next_in_order")))
    ], "ids that the store makes are not 1, 2, 3"),
    "peewee": {
        "session_peewee.Session.test_tables_are_told":
            "the index that a foreign key has by itself is told too",
    },
}


def target():
    folder = pathlib.Path(os.environ.get("BOURSE_PROGRAMS", HERE.parents[2] / "target/python"))
    return folder / "programs"


def pip(*arguments):
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True)


def fetch(name, program):
    """The program's source as it was published, unpacked."""
    folder = target()
    plain = f"{name}-{program['version']}"
    unpacked = folder / plain
    if not unpacked.exists():
        # pip asks the source for its name, for which it needs what would build it.
        pip("install", "setuptools", "wheel")
        pip("download", "--no-deps", "--no-binary", ":all:", "--no-build-isolation", "--dest",
            str(folder), f"{name}=={program['version']}")
        (archive,) = [path for path in folder.glob("*.tar.gz")
                      if path.name.replace("_", "-") == f"{plain}.tar.gz"]
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        made = folder / archive.name.removesuffix(".tar.gz")
        if made != unpacked:
            made.rename(unpacked)
    if program["needs"]:
        pip("install", *program["needs"])
    return unpacked


def outcomes(name, source, program, store):
    """How each test ended."""
    with tempfile.TemporaryDirectory() as scratch:
        paths = [str(source), str(source / program["folder"]), str(HERE)]
        environment = dict(os.environ, PYTHONPATH=os.pathsep.join(paths + sys.path[1:]))
        command = [sys.executable, str(HERE / "program.py"), store, *program["modules"]]
        ended = subprocess.run(command, cwd=scratch, env=environment, capture_output=True,
                               text=True, timeout=600)
    try:
        return json.loads(ended.stdout.splitlines()[-1])
    except (IndexError, json.JSONDecodeError):
        raise SystemExit(f"{name} over {store} did not end:\n{ended.stdout}\n{ended.stderr}")


def compared(name, program):
    """What is to be said of a program, and what ended otherwise than it should have."""
    source = fetch(name, program)
    with concurrent.futures.ThreadPoolExecutor() as both:
        sqlite, bourse = both.map(lambda store: outcomes(name, source, program, store),
                                  ("sqlite", "bourse"))
    known = KNOWN.get(name, {})
    said, bad, same, differ = [], [], 0, 0
    for test in known.keys() - sqlite.keys():
        bad.append(f"{name}: {test} is listed, and there is no such test")
    for test, outcome in sqlite.items():
        other = bourse.get(test, "missing")
        if other.split(":")[0] == outcome.split(":")[0]:
            same += 1
            if test in known:
                bad.append(f"{name}: {test} ends as over SQLite, and need not be listed")
        elif test in known:
            differ += 1
            said.append(f"  {test}: {known[test]}")
        else:
            bad.append(f"{name}: {test}: SQLite {outcome}, Bourse {other}")
    said.append(f"{name} {program['version']}: {same} of {len(sqlite)} tests end as over SQLite, "
                f"{differ} otherwise for a known reason")
    return said, bad


def main(names):
    target().mkdir(parents=True, exist_ok=True)
    failed = False
    for name, program in PROGRAMS.items():
        if names and name not in names:
            continue
        said, bad = compared(name, program)
        print("\n".join(said + bad), flush=True)
        failed |= bool(bad)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
