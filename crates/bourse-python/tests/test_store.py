"""What a store of Bourse does behind the DB-API: it is durable, shared by threads, and can be
interrupted; and its values are SQLite's."""

import datetime
import decimal
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import unittest

import bourse.sqlite3 as sqlite3


class InFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "store")

    def connect(self, **more):
        connection = sqlite3.connect(self.path, **more)
        self.addCleanup(connection.close)
        return connection


class Durability(InFolder):
    """What was committed is there after a reopen and after a kill; what was not is not."""

    def test_a_commit_is_there_after_a_reopen(self):
        with sqlite3.connect(self.path) as connection:
            connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)")
            connection.executemany("INSERT INTO t VALUES (?, ?)", [(1, "x"), (2, None)])
        connection.execute("INSERT INTO t VALUES (3, 'not committed')")
        connection.close()
        rows = self.connect().execute("SELECT * FROM t ORDER BY a").fetchall()
        self.assertEqual(rows, [(1, "x"), (2, None)])

    def test_a_commit_is_there_after_a_kill(self):
        program = textwrap.dedent(f"""
            import os, signal
            import bourse.sqlite3 as sqlite3
            connection = sqlite3.connect({self.path!r})
            connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY)")
            connection.execute("INSERT INTO t VALUES (1)")
            connection.commit()
            connection.execute("INSERT INTO t VALUES (2)")
            os.kill(os.getpid(), signal.SIGKILL)
        """)
        ended = subprocess.run([sys.executable, "-c", program], env=environment())
        self.assertEqual(ended.returncode, -signal.SIGKILL)
        self.assertEqual(self.connect().execute("SELECT a FROM t").fetchall(), [(1,)])

    def test_another_process_is_told_who_has_the_store(self):
        self.connect()
        program = f"import bourse.sqlite3 as s; s.connect({self.path!r})"
        ended = subprocess.run([sys.executable, "-c", program], env=environment(),
                               capture_output=True, text=True)
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn("OperationalError", ended.stderr)
        self.assertIn(str(os.getpid()), ended.stderr)

    def test_a_file_of_sqlite_is_refused_with_a_hint(self):
        pathlib.Path(self.path).write_bytes(b"SQLite format 3\0")
        with self.assertRaisesRegex(sqlite3.DatabaseError, "file is not a database.*import"):
            sqlite3.connect(self.path)

    def test_an_empty_file_is_an_empty_store(self):
        pathlib.Path(self.path).touch()
        connection = self.connect()
        connection.execute("CREATE TABLE t (a)")
        self.assertTrue(os.path.isdir(self.path))

    def test_a_backup_is_restored_by_opening_its_copy(self):
        connection = self.connect()
        connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY)")
        connection.execute("INSERT INTO t VALUES (7)")
        connection.commit()
        connection.backup_to(self.path + "-backup")
        self.assertIn("BACKUP", os.listdir(self.path + "-backup"))


class Threads(InFolder):
    """Connections of a process share the store; the GIL is free while it works."""

    def test_connections_share_a_store(self):
        first, second = self.connect(), self.connect()
        first.execute("CREATE TABLE t (a)")
        first.execute("INSERT INTO t VALUES (1)")
        self.assertEqual(second.execute("SELECT * FROM t").fetchall(), [])
        first.commit()
        first.close()
        self.assertEqual(second.execute("SELECT * FROM t").fetchall(), [(1,)])

    def test_memory_is_shared_by_name_only(self):
        one = sqlite3.connect("file:shared?mode=memory&cache=shared", uri=True)
        two = sqlite3.connect("file:shared?mode=memory&cache=shared", uri=True)
        other = sqlite3.connect(":memory:")
        one.execute("CREATE TABLE t (a)")
        self.assertEqual(two.execute("SELECT * FROM t").fetchall(), [])
        self.assertRaises(sqlite3.OperationalError, other.execute, "SELECT * FROM t")
        for connection in (one, two, other):
            connection.close()
        again = sqlite3.connect("file:shared?mode=memory&cache=shared", uri=True)
        self.assertRaises(sqlite3.OperationalError, again.execute, "SELECT * FROM t")
        again.close()

    def test_threads_write_at_once(self):
        self.connect().execute("CREATE TABLE t (thread INTEGER, number INTEGER)")
        errors = []

        def write(thread):
            try:
                connection = sqlite3.connect(self.path)
                for number in range(50):
                    with connection:
                        connection.execute("INSERT INTO t VALUES (?, ?)", (thread, number))
                connection.close()
            except sqlite3.Error as error:
                errors.append(error)

        threads = [threading.Thread(target=write, args=(thread,)) for thread in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(errors, [])
        count = self.connect().execute("SELECT count(*), count(DISTINCT thread) FROM t").fetchone()
        self.assertEqual(count, (400, 8))

    def test_one_connection_is_used_by_threads_in_turn(self):
        connection = self.connect(check_same_thread=False)
        connection.execute("CREATE TABLE t (a)")

        def write():
            for number in range(50):
                connection.execute("INSERT INTO t VALUES (?)", (number,))

        threads = [threading.Thread(target=write) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(connection.execute("SELECT count(*) FROM t").fetchone(), (200,))

    def test_the_gil_is_free_while_a_statement_runs(self):
        """The statement ends only because another thread of Python runs meanwhile."""
        connection = self.connect(check_same_thread=False)
        began = threading.Event()
        connection.set_progress_handler(lambda: began.set(), 1)

        def cancel():
            began.wait()
            connection.interrupt()

        thread = threading.Thread(target=cancel)
        thread.start()
        with self.assertRaises(sqlite3.OperationalError) as raised:
            connection.execute(ENDLESS).fetchall()
        thread.join()
        self.assertEqual(raised.exception.sqlite_errorname, "SQLITE_INTERRUPT")
        self.assertEqual(connection.execute("SELECT 1").fetchone(), (1,))


ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


class Interruption(InFolder):
    """Ctrl-C ends a statement that runs, and the connection goes on."""

    def setUp(self):
        super().setUp()
        # Who starts the tests in the background of a shell has them ignore it.
        former = signal.signal(signal.SIGINT, signal.default_int_handler)
        self.addCleanup(signal.signal, signal.SIGINT, former)

    def test_ctrl_c(self):
        connection = self.connect()
        connection.set_progress_handler(lambda: os.kill(os.getpid(), signal.SIGINT) and False, 1)
        with self.assertRaises(KeyboardInterrupt):
            connection.execute(ENDLESS)
        connection.set_progress_handler(None, 1)
        self.assertEqual(connection.execute("SELECT 1").fetchone(), (1,))

    def test_a_progress_handler_ends_a_statement(self):
        connection = self.connect()
        connection.set_progress_handler(lambda: 1, 1)
        with self.assertRaisesRegex(sqlite3.OperationalError, "interrupted"):
            connection.execute(ENDLESS)

    def test_a_function_of_python_may_not_use_its_own_connection(self):
        connection = self.connect()
        raised = []

        def ask():
            try:
                connection.execute("SELECT 1")
            except sqlite3.ProgrammingError as error:
                raised.append(str(error))
            return 5

        connection.create_function("ask", 0, ask)
        self.assertEqual(connection.execute("SELECT ask()").fetchone(), (5,))
        self.assertEqual(raised, ["Recursive use of cursors not allowed."])


class Values(InFolder):
    """Values come back as SQLite's module gives them."""

    def test_kinds(self):
        connection = self.connect()
        connection.execute("CREATE TABLE t (a, b INTEGER, c REAL, d TEXT, e BLOB)")
        rows = [(1, 2, 2.5, "x", b"\0y"), ("text", -2**63, -0.0, "\u00e9\U0001f40d", b""),
                (None, 2**63 - 1, 1e300, "", None)]
        connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", rows)
        self.assertEqual(connection.execute("SELECT * FROM t ORDER BY b").fetchall(),
                         sorted(rows, key=lambda row: row[1]))

    def test_an_integer_past_64_bits_is_refused(self):
        with self.assertRaises(OverflowError):
            self.connect().execute("SELECT ?", (2**63,))

    def test_decimals_come_by_a_converter(self):
        sqlite3.register_adapter(decimal.Decimal, str)
        sqlite3.register_converter("decimal", lambda text: decimal.Decimal(text.decode()))
        connection = self.connect(detect_types=sqlite3.PARSE_DECLTYPES)
        connection.execute("CREATE TABLE t (price DECIMAL(18, 4))")
        price = decimal.Decimal("187.2500")
        connection.execute("INSERT INTO t VALUES (?)", (price,))
        read = connection.execute("SELECT price FROM t").fetchone()[0]
        self.assertEqual((type(read), read), (decimal.Decimal, price))

    def test_decimals_are_exact_in_the_dialect_of_postgresql(self):
        connection = self.connect(dialect="postgresql")
        connection.execute("CREATE TABLE t (id bigint PRIMARY KEY, price numeric(30, 10))")
        connection.execute("INSERT INTO t VALUES (1, 12345678901234567890.0123456789)")
        read = connection.execute("SELECT price FROM t").fetchone()[0]
        self.assertEqual(read, decimal.Decimal("12345678901234567890.0123456789"))

    def test_dates_and_times(self):
        detect = sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES
        connection = self.connect(detect_types=detect)
        connection.execute("CREATE TABLE t (d DATE, at TIMESTAMP)")
        day, moment = datetime.date(2026, 2, 3), datetime.datetime(2026, 2, 3, 4, 5, 6, 789)
        connection.execute("INSERT INTO t VALUES (?, ?)", (day, moment))
        self.assertEqual(connection.execute("SELECT d, at FROM t").fetchone(), (day, moment))
        query = "SELECT max(at) AS 'at [timestamp]' FROM t"
        self.assertEqual(connection.execute(query).fetchone(), (moment,))

    def test_many_rows_come_in_their_order(self):
        connection = self.connect()
        connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY)")
        connection.executemany("INSERT INTO t VALUES (?)", ((number,) for number in range(3000)))
        cursor = connection.execute("SELECT a FROM t ORDER BY a")
        self.assertEqual([cursor.fetchone(), cursor.fetchmany(2)], [(0,), [(1,), (2,)]])
        self.assertEqual([row[0] for row in cursor], list(range(3, 3000)))


class Definitions(InFolder):
    """Definitions are part of the transaction that is open, and begin none."""

    def test_a_definition_begins_no_transaction(self):
        connection = self.connect()
        connection.execute("CREATE TABLE t (a)")
        self.assertFalse(connection.in_transaction)

    def test_a_definition_commits_nothing(self):
        connection = self.connect()
        connection.execute("CREATE TABLE t (a)")
        connection.execute("INSERT INTO t VALUES (1)")
        connection.execute("CREATE TABLE u (a)")
        self.assertTrue(connection.in_transaction)
        connection.rollback()
        self.assertEqual(connection.execute("SELECT * FROM t").fetchall(), [])
        with self.assertRaises(sqlite3.OperationalError):
            connection.execute("SELECT * FROM u")

    def test_a_rollback_takes_a_definition_back(self):
        connection = self.connect(isolation_level=None)
        connection.execute("BEGIN")
        connection.execute("CREATE TABLE t (a)")
        connection.execute("INSERT INTO t VALUES (1)")
        connection.execute("ROLLBACK")
        with self.assertRaises(sqlite3.OperationalError):
            connection.execute("SELECT * FROM t")

    def test_a_definition_behind_a_savepoint(self):
        connection = self.connect(isolation_level=None)
        connection.execute("SAVEPOINT s")
        connection.execute("CREATE TABLE t (a)")
        connection.execute("RELEASE s")
        self.assertEqual(connection.execute("SELECT * FROM t").fetchall(), [])


class Refusals(InFolder):
    """What cannot be called back says so."""

    def test_not_supported(self):
        connection = self.connect()
        for refused in (lambda: connection.create_collation("c", lambda a, b: 0),
                        lambda: connection.set_authorizer(lambda *_: 0),
                        lambda: connection.serialize(),
                        lambda: connection.load_extension("x")):
            with self.assertRaisesRegex(sqlite3.NotSupportedError, "."):
                refused()

    def test_a_statement_that_is_missing_is_an_operational_error_too(self):
        with self.assertRaises(sqlite3.NotSupportedError) as raised:
            self.connect().execute("CREATE VIRTUAL TABLE t USING fts5(a)")
        self.assertIsInstance(raised.exception, sqlite3.OperationalError)


def environment():
    folders = os.pathsep.join(path for path in sys.path if path)
    return dict(os.environ, PYTHONPATH=folders)


if __name__ == "__main__":
    unittest.main()
