-- Foreign keys between sessions
-- oracle: postgres
-- Each statement begins with the name of its session.

T0: CREATE TABLE parents (id integer PRIMARY KEY, note text);

T0: CREATE TABLE children (id integer PRIMARY KEY, parent integer REFERENCES parents);

-- A child keeps its parent's key, and nothing else of it
T0: TRUNCATE children, parents;

T0: INSERT INTO parents VALUES (1, 'one'), (2, 'two');
--> INSERT 0 2

T1: BEGIN;

T1: INSERT INTO children VALUES (1, 1);
--> INSERT 0 1

T2: UPDATE parents SET note = 'uno' WHERE id = 1;
--> UPDATE 1

T2: DELETE FROM parents WHERE id = 1;
--> (waits)

T1: COMMIT;
--! T2: 23503: update or delete on table "parents" violates foreign key constraint "children_parent_fkey" on table "children"

-- A child whose insert is rolled back lets its parent go
T0: TRUNCATE children, parents;

T0: INSERT INTO parents VALUES (1, 'one'), (2, 'two');
--> INSERT 0 2

T1: BEGIN;

T1: INSERT INTO children VALUES (1, 1);
--> INSERT 0 1

T2: DELETE FROM parents WHERE id = 1;
--> (waits)

T1: ROLLBACK;
--> T2: DELETE 1

T0: SELECT * FROM parents ORDER BY id;
--> id | note
--> 2 | two

-- A child waits for a parent that is about to go
T0: TRUNCATE children, parents;

T0: INSERT INTO parents VALUES (1, 'one'), (2, 'two');
--> INSERT 0 2

T1: BEGIN;

T1: DELETE FROM parents WHERE id = 1;
--> DELETE 1

T2: INSERT INTO children VALUES (1, 1);
--> (waits)

T1: COMMIT;
--! T2: 23503: insert or update on table "children" violates foreign key constraint "children_parent_fkey"

T1: BEGIN;

T1: DELETE FROM parents WHERE id = 2;
--> DELETE 1

T2: INSERT INTO children VALUES (2, 2);
--> (waits)

T1: ROLLBACK;
--> T2: INSERT 0 1

T0: SELECT * FROM children ORDER BY id;
--> id | parent
--> 2 | 2

-- A child waits for a parent that is about to come
T0: TRUNCATE children, parents;

T0: INSERT INTO parents VALUES (1, 'one'), (2, 'two');
--> INSERT 0 2

T1: BEGIN;

T1: INSERT INTO parents VALUES (3, 'three');
--> INSERT 0 1

T2: INSERT INTO children VALUES (1, 3);
--! 23503: insert or update on table "children" violates foreign key constraint "children_parent_fkey"

T1: COMMIT;

T2: INSERT INTO children VALUES (1, 3);
--> INSERT 0 1

-- Two children of one parent do not wait for each other
T0: TRUNCATE children, parents;

T0: INSERT INTO parents VALUES (1, 'one'), (2, 'two');
--> INSERT 0 2

T1: BEGIN;

T2: BEGIN;

T1: INSERT INTO children VALUES (1, 1);
--> INSERT 0 1

T2: INSERT INTO children VALUES (2, 1);
--> INSERT 0 1

T1: COMMIT;

T2: COMMIT;

T0: SELECT * FROM children ORDER BY id;
--> id | parent
--> 1 | 1
--> 2 | 1

-- A parent that changes beside its key does not hold up its children
T0: TRUNCATE children, parents;

T0: INSERT INTO parents VALUES (1, 'one'), (2, 'two');
--> INSERT 0 2

T1: BEGIN;

T1: UPDATE parents SET note = 'uno' WHERE id = 1;
--> UPDATE 1

T2: INSERT INTO children VALUES (1, 1);
--> INSERT 0 1

T1: COMMIT;
