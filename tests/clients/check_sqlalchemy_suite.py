"""SQLAlchemy's own tests of a dialect (sqlalchemy.testing.suite), over psycopg, with what it asks of PostgreSQL.

They are in SQLAlchemy's source, which pip gets. Each test passes, or is named in sqlalchemy_suite.txt with the
reason why it does not; one that is named there and passes is a failure too, so that the list stays true.
"""

import collections
import os
import pathlib
import re
import subprocess
import sys
import tarfile

import psycopg
import pytest
import sqlalchemy
from sqlalchemy.dialects.postgresql import provision

HERE = pathlib.Path(__file__).parent
FOLDER = pathlib.Path(sys.prefix).parent
SOURCE = FOLDER / f"sqlalchemy-{sqlalchemy.__version__}"


def known():
    """Tests that do not pass, with the reason: a line `# reason`, and below it the tests' names."""
    reason, tests = "", {}
    for line in (HERE / "sqlalchemy_suite.txt").read_text().splitlines():
        if line.startswith("#"):
            reason = line[1:].strip()
        elif line.strip():
            tests[line.strip()] = reason
    return tests


def source():
    if not SOURCE.exists():
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        wanted = [
            "--no-binary",
            "sqlalchemy",
            f"sqlalchemy=={sqlalchemy.__version__}",
            "--dest",
            str(FOLDER),
        ]
        subprocess.run(pip + wanted, check=True)
        with tarfile.open(next(FOLDER.glob("[sS][qQ][lL][aA]lchemy-*.tar.gz"))) as archive:
            archive.extractall(FOLDER, filter="data")
    return SOURCE


DRIVER = re.compile(r"_postgresql\+psycopg_[\d_]+")

# What SQLAlchemy asks of PostgreSQL beyond what Bourse has: its tests are skipped, as for other stores.
MISSING = ("temporary_views",)


class Look:
    """What became of each test, by its name."""

    def __init__(self):
        self.told = {}
        self.reasons = {}

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self, session):
        # There are requirements from here on, and no test was read yet.
        from sqlalchemy.testing import config, exclusions

        for name in MISSING:
            setattr(type(config.requirements), name, property(lambda _: exclusions.closed()))

    def pytest_runtest_logreport(self, report):
        # Without the driver and the server's version, which SQLAlchemy puts into names of classes.
        name = DRIVER.sub("", report.nodeid.split("::", 1)[1])
        before = self.told.get(name, "passed")
        if report.outcome == "failed":
            self.told[name] = "failed"
            self.reasons[name] = str(report.longrepr)
        elif report.outcome == "skipped" and before == "passed":
            self.told[name] = "skipped"
        elif report.when == "call" and before == "passed":
            self.told[name] = "passed"


def main():
    expected = known()
    with psycopg.connect("", autocommit=True) as connection:
        for schema in ("test_schema", "test_schema_2"):
            connection.execute(f"create schema if not exists {schema}")
    os.chdir(source())
    place = "postgresql+psycopg://{PGUSER}@{PGHOST}:{PGPORT}/{PGDATABASE}".format_map(os.environ)
    # A test database of SQLAlchemy's has two extensions, which none of these tests uses.
    provision._extensions.clear()
    look = Look()
    arguments = [
        "test/dialect/test_suite.py",
        "--dburi",
        place,
        "--maxfail",
        "100000",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:warnings",
        "-q",
        "-q",
        "--no-header",
        "--no-summary",
        "--tb=short",
        "-o",
        "console_output_style=classic",
        *sys.argv[1:],
    ]
    pytest.main(arguments, plugins=[look])
    counts = collections.Counter(look.told.values())
    failed = {name for name, outcome in look.told.items() if outcome == "failed"}
    for name in sorted(failed - set(expected)):
        print(f"FAILED {name}\n{look.reasons[name]}", file=sys.stderr)
    better = sorted(name for name in expected if look.told.get(name) == "passed")
    for name in better:
        print(f"PASSED, and is named in sqlalchemy_suite.txt: {name}", file=sys.stderr)
    # Where arguments choose some of the tests, the others are not missed.
    gone = [] if sys.argv[1:] else sorted(set(expected) - set(look.told))
    for name in gone:
        print(f"NO TEST, and is named in sqlalchemy_suite.txt: {name}", file=sys.stderr)
    print(
        f"sqlalchemy_suite: {counts['passed']} passed, {counts['failed']} failed, of which "
        f"{len(failed & set(expected))} are known; {counts['skipped']} are skipped with PostgreSQL too"
    )
    sys.exit(bool(failed - set(expected)) or bool(better or gone) or counts["passed"] < 1000)


main()
