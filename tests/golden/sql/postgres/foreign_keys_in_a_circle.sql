-- Tables that refer to each other, with constraints that wait for the end
-- oracle: postgres
-- chapter: constraints

CREATE TABLE teams (id INTEGER PRIMARY KEY, leader INTEGER NOT NULL);

CREATE TABLE members (id INTEGER PRIMARY KEY, team INTEGER NOT NULL REFERENCES teams DEFERRABLE INITIALLY DEFERRED);

ALTER TABLE teams ADD CONSTRAINT teams_leader FOREIGN KEY (leader) REFERENCES members DEFERRABLE INITIALLY IMMEDIATE;

INSERT INTO teams VALUES (1, 10);
--! 23503: insert or update on table "teams" violates foreign key constraint "teams_leader"

BEGIN;

INSERT INTO members VALUES (10, 1);

INSERT INTO teams VALUES (1, 10);

COMMIT;

SELECT t.id, m.id AS leader FROM teams t JOIN members m ON m.id = t.leader;
--> id | leader
--> 1 | 10

INSERT INTO members VALUES (11, 2);
--! 23503: insert or update on table "members" violates foreign key constraint "members_team_fkey"

BEGIN;

INSERT INTO members VALUES (11, 2);

SELECT count(*) FROM members;
--> count
--> 2

COMMIT;
--! 23503: insert or update on table "members" violates foreign key constraint "members_team_fkey"

SELECT count(*) FROM members;
--> count
--> 1

BEGIN;

SET CONSTRAINTS teams_leader DEFERRED;

INSERT INTO teams VALUES (2, 20);

INSERT INTO members VALUES (20, 2);

COMMIT;

SELECT id, leader FROM teams ORDER BY id;
--> id | leader
--> 1 | 10
--> 2 | 20

BEGIN;

INSERT INTO members VALUES (30, 3);

SET CONSTRAINTS ALL IMMEDIATE;
--! 23503: insert or update on table "members" violates foreign key constraint "members_team_fkey"

ROLLBACK;

DROP TABLE teams;
--! 2BP01: cannot drop table teams because other objects depend on it

DELETE FROM teams WHERE id = 1;
--! 23503: update or delete on table "teams" violates foreign key constraint "members_team_fkey" on table "members"

WITH t AS (DELETE FROM teams WHERE id = 1 RETURNING leader) DELETE FROM members USING t WHERE members.id = t.leader;

SELECT (SELECT count(*) FROM teams) AS teams, (SELECT count(*) FROM members) AS members;
--> teams | members
--> 1 | 1
