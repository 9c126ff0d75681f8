"""CPython's own tests of sqlite3, over Bourse.

    python tests/cpython.py             # the whole suite; exit code 1 if a test fails
    python tests/cpython.py NAME ...    # tests whose names contain one of these
    python tests/cpython.py --unskip    # skipped ones too: what would pass by now?

The suite is the one of the interpreter that runs this (``test.test_sqlite3`` of Python 3.11); where
``import sqlite3`` stands in it, it gets ``bourse.sqlite3``. Tests that cannot hold for Bourse are in
``cpython_skips.txt``, each with its reason. Debian's Python has no tests of sqlite3, and nothing is
run then.
"""

import importlib.util
import os
import pathlib
import shutil
import sys
import tempfile
import unittest

import bourse._engine
import bourse.sqlite3
import bourse.sqlite3.dbapi2

HERE = pathlib.Path(__file__).parent
MODULES = ("test_backup", "test_dbapi", "test_dump", "test_factory", "test_hooks",
           "test_regression", "test_transactions", "test_types", "test_userfunctions")


def alias():
    """Has ``import sqlite3`` give Bourse's module."""
    sys.modules["sqlite3"] = bourse.sqlite3
    sys.modules["sqlite3.dbapi2"] = bourse.sqlite3.dbapi2
    sys.modules["_sqlite3"] = bourse._engine
    # A store is a folder, and the suite removes files.
    from test.support import os_helper
    unlink = os_helper.unlink

    def remove(path):
        if os.path.isdir(path):
            shutil.rmtree(path)
        else:
            unlink(path)

    os_helper.unlink = remove


def give_ids():
    """The tests of blobs want a row with the id 1, which the store does not make: they give it."""
    blobs = sys.modules["test.test_sqlite3.test_dbapi"].BlobTests
    whole = blobs.setUp

    class WithIds(bourse.sqlite3.Connection):
        def execute(self, sql, *more):
            for wanted, given in (
                    ("create table test(b blob)", "create table test(id integer primary key, b)"),
                    ("insert into test(b) values (", "insert into test(id, b) values (1, "),
                    ("insert into test values (", "insert into test(id, b) values (1, ")):
                sql = sql.replace(wanted, given)
            return super().execute(sql, *more)

    def set_up(test):
        test.addCleanup(setattr, bourse.sqlite3, "connect", bourse.sqlite3.connect)
        bourse.sqlite3.connect = WithIds
        whole(test)

    blobs.setUp = set_up


def skips():
    """Reasons by test, from the list: a reason in brackets holds for the tests below it."""
    found, reason = {}, None
    for line in (HERE / "cpython_skips.txt").read_text().splitlines():
        line = line.strip()
        if line.startswith("["):
            reason = line.strip("[]")
        elif line and not line.startswith("#"):
            found[line] = reason
    return found


def missing():
    """Why there is no suite to run, if there is none."""
    if sys.version_info[:2] != (3, 11):
        return "the list of what is skipped is for Python 3.11"
    if importlib.util.find_spec("test.test_sqlite3") is None:
        return "this Python was installed without its tests"
    return None


def tests_of(suite):
    for part in suite:
        if isinstance(part, unittest.TestSuite):
            yield from tests_of(part)
        else:
            yield part


def main(arguments):
    if reason := missing():
        print(f"CPython's suite is left out: {reason}")
        return 0
    unskip = "--unskip" in arguments
    wanted = [argument for argument in arguments if not argument.startswith("-")]
    alias()
    loader = unittest.TestLoader()
    reasons, chosen = skips(), unittest.TestSuite()
    unused = set(reasons)
    for name in MODULES:
        loaded = loader.loadTestsFromName(f"test.test_sqlite3.{name}")
        if name == "test_dbapi":
            give_ids()
        for test in tests_of(loaded):
            short = test.id().removeprefix("test.test_sqlite3.")
            reason = reasons.get(short)
            unused.discard(short)
            if wanted and not any(part in short for part in wanted):
                continue
            if reason and not unskip:
                method = getattr(type(test), test._testMethodName)
                skipped = unittest.skip(reason)(method)
                setattr(test, test._testMethodName, skipped.__get__(test))
            elif unskip and not reason and not wanted:
                continue
            chosen.addTest(test)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        runner = unittest.TextTestRunner(verbosity=2 if "-v" in arguments else 1, buffer=True)
        result = runner.run(chosen)
    bad = {test.id().split(" ")[0] for test, _ in result.failures + result.errors
           if hasattr(test, "_testMethodName") or "test_sqlite3" in test.id()}
    failed = len(result.failures) + len(result.errors)
    passed = result.testsRun - len(result.skipped) - len(bad)
    print(f"CPython's suite: {passed} passed, {len(result.skipped)} skipped, {failed} failed")
    for name in sorted(unused):
        print(f"no such test: {name}")
    return 1 if failed or unused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
