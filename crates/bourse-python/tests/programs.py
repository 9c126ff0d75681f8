"""Public programs written for SQLite, over SQLite and over Bourse.

    python tests/programs.py [NAME ...]

Each is downloaded by pip as it was published and runs unchanged: only ``import sqlite3`` gives it
``bourse.sqlite3``. Of persist-queue it is its own tests that run, of litequeue and peewee, which
publish none, a session of ours. What ends otherwise than over SQLite must be listed in ``KNOWN``,
with the reason.
"""

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
    "peewee": dict.fromkeys([
        f"session_peewee.Session.test_{name}" for name in
        ("a_constraint_refuses", "aggregates", "changes", "functions_of_python",
         "relations_and_joins", "tables_are_told", "transactions_and_savepoints", "upserts",
         "windows_and_tables_in_with")
    ], "last_insert_rowid, sqlite_master and PRAGMAs with rows are not there yet"),
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


def main(names):
    target().mkdir(parents=True, exist_ok=True)
    bad = []
    for name, program in PROGRAMS.items():
        if names and name not in names:
            continue
        source = fetch(name, program)
        sqlite = outcomes(name, source, program, "sqlite")
        bourse = outcomes(name, source, program, "bourse")
        known = KNOWN.get(name, {})
        same, differ = 0, 0
        for test, outcome in sqlite.items():
            other = bourse.get(test, "missing")
            if other.split(":")[0] == outcome.split(":")[0]:
                same += 1
                if test in known:
                    print(f"  {test} ends as over SQLite by now: it need not be listed")
            elif test in known:
                differ += 1
                print(f"  {test}: {known[test]}")
            else:
                bad.append(f"{name}: {test}: SQLite {outcome}, Bourse {other}")
        print(f"{name} {program['version']}: {same} of {len(sqlite)} tests end as over SQLite, "
              f"{differ} otherwise for a known reason")
    for line in bad:
        print(line)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
