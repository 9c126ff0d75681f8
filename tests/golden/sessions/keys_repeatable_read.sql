-- Keys that several sessions insert at once, at REPEATABLE READ: ON CONFLICT and duplicates
-- oracle: postgres
-- Each statement begins with the name of its session.

T0: CREATE TABLE users (id integer PRIMARY KEY, name text UNIQUE, visits integer);

-- DO UPDATE of a key that another one has just inserted
T0: TRUNCATE users;

T0: INSERT INTO users VALUES (1, 'ann', 1);
--> INSERT 0 1

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: INSERT INTO users VALUES (2, 'bob', 1);
--> INSERT 0 1

T2: INSERT INTO users VALUES (3, 'bob', 1) ON CONFLICT (name) DO UPDATE SET visits = users.visits + 10;
--> (waits)

T1: COMMIT;
--! T2: 40001

T2: COMMIT;

T0: SELECT * FROM users ORDER BY id;
--> id | name | visits
--> 1 | ann | 1
--> 2 | bob | 1

-- DO UPDATE of a key whose insert is rolled back
T0: TRUNCATE users;

T0: INSERT INTO users VALUES (1, 'ann', 1);
--> INSERT 0 1

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: INSERT INTO users VALUES (2, 'bob', 1);
--> INSERT 0 1

T2: INSERT INTO users VALUES (3, 'bob', 1) ON CONFLICT (name) DO UPDATE SET visits = users.visits + 10;
--> (waits)

T1: ROLLBACK;
--> T2: INSERT 0 1

T2: COMMIT;

T0: SELECT * FROM users ORDER BY id;
--> id | name | visits
--> 1 | ann | 1
--> 3 | bob | 1

-- DO UPDATE of a key that another one inserted and committed since the statement's first read
T0: TRUNCATE users;

T0: INSERT INTO users VALUES (1, 'ann', 1);
--> INSERT 0 1

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: SELECT * FROM users ORDER BY id;
--> id | name | visits
--> 1 | ann | 1

T1: INSERT INTO users VALUES (2, 'bob', 1);
--> INSERT 0 1

T1: COMMIT;

T2: INSERT INTO users VALUES (3, 'bob', 1) ON CONFLICT (name) DO UPDATE SET visits = users.visits + 10;
--! 40001

T2: SELECT * FROM users ORDER BY id;
--! 25P02: current transaction is aborted, commands ignored until end of transaction block

T2: ROLLBACK;

T0: SELECT * FROM users ORDER BY id;
--> id | name | visits
--> 1 | ann | 1
--> 2 | bob | 1

-- DO UPDATE of a row that another one has just deleted
T0: TRUNCATE users;

T0: INSERT INTO users VALUES (1, 'ann', 1);
--> INSERT 0 1

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: DELETE FROM users WHERE name = 'ann';
--> DELETE 1

T2: INSERT INTO users VALUES (3, 'ann', 1) ON CONFLICT (name) DO UPDATE SET visits = users.visits + 10;
--> (waits)

T1: COMMIT;
--> T2: INSERT 0 1

T2: COMMIT;

T0: SELECT * FROM users ORDER BY id;
--> id | name | visits
--> 3 | ann | 1

-- DO UPDATE of a row that another one has just updated
T0: TRUNCATE users;

T0: INSERT INTO users VALUES (1, 'ann', 1);
--> INSERT 0 1

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: UPDATE users SET visits = 100 WHERE name = 'ann';
--> UPDATE 1

T2: INSERT INTO users VALUES (3, 'ann', 1) ON CONFLICT (name) DO UPDATE SET visits = users.visits + 10;
--> (waits)

T1: COMMIT;
--! T2: 40001

T2: COMMIT;

T0: SELECT * FROM users ORDER BY id;
--> id | name | visits
--> 1 | ann | 100

-- DO UPDATE of a row that another one has just given another key
T0: TRUNCATE users;

T0: INSERT INTO users VALUES (1, 'ann', 1);
--> INSERT 0 1

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: UPDATE users SET name = 'amy' WHERE name = 'ann';
--> UPDATE 1

T2: INSERT INTO users VALUES (3, 'ann', 1) ON CONFLICT (name) DO UPDATE SET visits = users.visits + 10;
--> (waits)

T1: COMMIT;
--> T2: INSERT 0 1

T2: COMMIT;

T0: SELECT * FROM users ORDER BY id;
--> id | name | visits
--> 1 | amy | 1
--> 3 | ann | 1

-- DO UPDATE of a primary key that another one has just inserted
T0: TRUNCATE users;

T0: INSERT INTO users VALUES (1, 'ann', 1);
--> INSERT 0 1

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: INSERT INTO users VALUES (2, 'bob', 1);
--> INSERT 0 1

T2: INSERT INTO users VALUES (2, 'bill', 1) ON CONFLICT (id) DO UPDATE SET visits = users.visits + 10;
--> (waits)

T1: COMMIT;
--! T2: 40001

T2: COMMIT;

T0: SELECT * FROM users ORDER BY id;
--> id | name | visits
--> 1 | ann | 1
--> 2 | bob | 1

-- DO UPDATE with RETURNING and a condition on the newer row
T0: TRUNCATE users;

T0: INSERT INTO users VALUES (1, 'ann', 1);
--> INSERT 0 1

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: INSERT INTO users VALUES (2, 'bob', 5);
--> INSERT 0 1

T2: INSERT INTO users VALUES (3, 'bob', 1) ON CONFLICT (name) DO UPDATE SET visits = excluded.visits + users.visits WHERE users.visits > 4 RETURNING id, visits;
--> (waits)

T1: COMMIT;
--! T2: 40001

T2: COMMIT;

T0: SELECT * FROM users ORDER BY id;
--> id | name | visits
--> 1 | ann | 1
--> 2 | bob | 5

-- DO NOTHING with a key that another one has just inserted
T0: TRUNCATE users;

T0: INSERT INTO users VALUES (1, 'ann', 1);
--> INSERT 0 1

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: INSERT INTO users VALUES (2, 'bob', 1);
--> INSERT 0 1

T2: INSERT INTO users VALUES (3, 'bob', 1) ON CONFLICT (name) DO NOTHING;
--> (waits)

T1: COMMIT;
--! T2: 40001

T2: COMMIT;

T0: SELECT * FROM users ORDER BY id;
--> id | name | visits
--> 1 | ann | 1
--> 2 | bob | 1

-- DO NOTHING with a key whose insert is rolled back
T0: TRUNCATE users;

T0: INSERT INTO users VALUES (1, 'ann', 1);
--> INSERT 0 1

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: INSERT INTO users VALUES (2, 'bob', 1);
--> INSERT 0 1

T2: INSERT INTO users VALUES (3, 'bob', 1) ON CONFLICT DO NOTHING;
--> (waits)

T1: ROLLBACK;
--> T2: INSERT 0 1

T2: COMMIT;

T0: SELECT * FROM users ORDER BY id;
--> id | name | visits
--> 1 | ann | 1
--> 3 | bob | 1

-- DO NOTHING with any key
T0: TRUNCATE users;

T0: INSERT INTO users VALUES (1, 'ann', 1);
--> INSERT 0 1

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: INSERT INTO users VALUES (2, 'bob', 1);
--> INSERT 0 1

T2: INSERT INTO users VALUES (2, 'bill', 1) ON CONFLICT DO NOTHING;
--> (waits)

T1: COMMIT;
--! T2: 40001

T2: INSERT INTO users VALUES (3, 'bob', 1) ON CONFLICT DO NOTHING;
--! 25P02: current transaction is aborted, commands ignored until end of transaction block

T2: COMMIT;

T0: SELECT * FROM users ORDER BY id;
--> id | name | visits
--> 1 | ann | 1
--> 2 | bob | 1

-- DO NOTHING beside a row that another one has just deleted, or updated
T0: TRUNCATE users;

T0: INSERT INTO users VALUES (1, 'ann', 1);
--> INSERT 0 1

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: DELETE FROM users WHERE id = 1;
--> DELETE 1

T2: INSERT INTO users VALUES (3, 'ann', 1) ON CONFLICT (name) DO NOTHING;
--> (waits)

T1: ROLLBACK;
--> T2: INSERT 0 0

T2: ROLLBACK;

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: UPDATE users SET visits = 5 WHERE id = 1;
--> UPDATE 1

T2: INSERT INTO users VALUES (3, 'ann', 1) ON CONFLICT (name) DO NOTHING;
--> (waits)

T1: COMMIT;
--! T2: 40001

T2: COMMIT;

T0: SELECT * FROM users ORDER BY id;
--> id | name | visits
--> 1 | ann | 5

-- DO NOTHING for one key is no help with another one
T0: TRUNCATE users;

T0: INSERT INTO users VALUES (1, 'ann', 1);
--> INSERT 0 1

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: INSERT INTO users VALUES (2, 'bob', 1);
--> INSERT 0 1

T2: INSERT INTO users VALUES (3, 'bob', 1) ON CONFLICT (id) DO NOTHING;
--> (waits)

T1: COMMIT;
--! T2: 23505: duplicate key value violates unique constraint "users_name_key"

T2: ROLLBACK;

T0: SELECT * FROM users ORDER BY id;
--> id | name | visits
--> 1 | ann | 1
--> 2 | bob | 1

-- Two of them at once, each with the other's key
T0: TRUNCATE users;

T0: INSERT INTO users VALUES (1, 'ann', 1);
--> INSERT 0 1

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: INSERT INTO users VALUES (2, 'bob', 1) ON CONFLICT (name) DO UPDATE SET visits = users.visits + 10;
--> INSERT 0 1

T2: INSERT INTO users VALUES (3, 'carl', 1) ON CONFLICT (name) DO UPDATE SET visits = users.visits + 10;
--> INSERT 0 1

T1: INSERT INTO users VALUES (3, 'carl', 1) ON CONFLICT (name) DO UPDATE SET visits = users.visits + 10;
--> (waits)

T2: COMMIT;
--! T1: 40001

T1: COMMIT;

T0: SELECT * FROM users ORDER BY id;
--> id | name | visits
--> 1 | ann | 1
--> 3 | carl | 1

-- A plain duplicate of a key waits for the other one, and is refused if that stays
T0: TRUNCATE users;

T0: INSERT INTO users VALUES (1, 'ann', 1);
--> INSERT 0 1

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: INSERT INTO users VALUES (2, 'bob', 1);
--> INSERT 0 1

T2: INSERT INTO users VALUES (3, 'bob', 1);
--> (waits)

T1: COMMIT;
--! T2: 23505: duplicate key value violates unique constraint "users_name_key"

T2: ROLLBACK;

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: INSERT INTO users VALUES (3, 'carl', 1);
--> INSERT 0 1

T2: INSERT INTO users VALUES (4, 'carl', 1);
--> (waits)

T1: ROLLBACK;
--> T2: INSERT 0 1

T2: COMMIT;

T0: SELECT * FROM users ORDER BY id;
--> id | name | visits
--> 1 | ann | 1
--> 2 | bob | 1
--> 4 | carl | 1

-- A duplicate of a primary key
T0: TRUNCATE users;

T0: INSERT INTO users VALUES (1, 'ann', 1);
--> INSERT 0 1

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: INSERT INTO users VALUES (2, 'bob', 1);
--> INSERT 0 1

T2: INSERT INTO users VALUES (2, 'bill', 1);
--> (waits)

T1: COMMIT;
--! T2: 23505: duplicate key value violates unique constraint "users_pkey"

T2: ROLLBACK;

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: DELETE FROM users WHERE id = 2;
--> DELETE 1

T2: INSERT INTO users VALUES (2, 'bill', 1);
--> (waits)

T1: COMMIT;
--> T2: INSERT 0 1
--~! T2: 40001

T2: COMMIT;

T0: SELECT * FROM users ORDER BY id;
--> id | name | visits
--> 1 | ann | 1
--> 2 | bill | 1
--~> id | name | visits
--~> 1 | ann | 1

-- A duplicate by UPDATE
T0: TRUNCATE users;

T0: INSERT INTO users VALUES (1, 'ann', 1);
--> INSERT 0 1

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: INSERT INTO users VALUES (2, 'bob', 1);
--> INSERT 0 1

T2: UPDATE users SET name = 'bob' WHERE id = 1;
--> (waits)

T1: COMMIT;
--! T2: 23505: duplicate key value violates unique constraint "users_name_key"

T2: ROLLBACK;

T0: SELECT * FROM users ORDER BY id;
--> id | name | visits
--> 1 | ann | 1
--> 2 | bob | 1

-- A statement that is a transaction of its own
T0: TRUNCATE users;

T0: INSERT INTO users VALUES (1, 'ann', 1);
--> INSERT 0 1

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: INSERT INTO users VALUES (2, 'bob', 1);
--> INSERT 0 1

T2: INSERT INTO users VALUES (3, 'bob', 1) ON CONFLICT (name) DO UPDATE SET visits = users.visits + 10;
--> (waits)

T3: INSERT INTO users VALUES (4, 'bob', 1) ON CONFLICT (name) DO NOTHING;
--> (waits)

T1: COMMIT;
--> T2: INSERT 0 1
--> T3: INSERT 0 0

T0: SELECT * FROM users ORDER BY id;
--> id | name | visits
--> 1 | ann | 1
--> 2 | bob | 11

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: INSERT INTO users VALUES (5, 'eve', 1);
--> INSERT 0 1

T2: INSERT INTO users VALUES (6, 'eve', 1);
--> (waits)

T1: COMMIT;
--! T2: 23505: duplicate key value violates unique constraint "users_name_key"

-- After a savepoint that is gone back to the key is free
T0: TRUNCATE users;

T0: INSERT INTO users VALUES (1, 'ann', 1);
--> INSERT 0 1

T1: BEGIN ISOLATION LEVEL REPEATABLE READ;

T1: SAVEPOINT a;

T1: INSERT INTO users VALUES (2, 'bob', 1);
--> INSERT 0 1

T2: BEGIN ISOLATION LEVEL REPEATABLE READ;

T2: INSERT INTO users VALUES (3, 'bob', 1) ON CONFLICT (name) DO UPDATE SET visits = users.visits + 10;
--> (waits)

T1: ROLLBACK TO a;
--> T2: INSERT 0 1

T2: COMMIT;

T1: INSERT INTO users VALUES (4, 'bob', 1) ON CONFLICT (name) DO UPDATE SET visits = users.visits + 10;
--! 40001

T1: COMMIT;

T0: SELECT * FROM users ORDER BY id;
--> id | name | visits
--> 1 | ann | 1
--> 3 | bob | 1
