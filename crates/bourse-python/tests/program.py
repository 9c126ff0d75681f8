"""Runs the tests of a program over SQLite or Bourse; the last line tells how each ended, as JSON."""

import faulthandler
import importlib
import json
import sys
import unittest

faulthandler.dump_traceback_later(300, exit=True)


class Outcomes(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.buffer = True
        self.ended = {}

    def _note(self, test, outcome):
        self.ended.setdefault(test.id(), outcome)

    def addSuccess(self, test):
        self._note(test, "passed")

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self._note(test, f"failed: {error[1]}")

    def addError(self, test, error):
        super().addError(test, error)
        self._note(test, f"failed: {error[0].__name__}: {error[1]}")

    def addSkip(self, test, reason):
        self._note(test, "skipped")

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self._note(test, f"failed: {error[0].__name__}: {error[1]}")


def main(store, modules):
    if store == "bourse":
        import bourse.sqlite3
        import bourse.sqlite3.dbapi2
        sys.modules["sqlite3"] = bourse.sqlite3
        sys.modules["sqlite3.dbapi2"] = bourse.sqlite3.dbapi2
    result = Outcomes()
    for name in modules:
        unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module(name)).run(result)
    sys.__stdout__.write("\n" + json.dumps(result.ended) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
