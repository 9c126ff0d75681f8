-- Foreign keys of several columns, MATCH, self references
-- oracle: postgres
-- chapter: constraints

CREATE TABLE p (a INTEGER, b INTEGER, c TEXT UNIQUE, PRIMARY KEY (a, b));

INSERT INTO p VALUES (1, 1, 'x'), (1, 2, 'y');

CREATE TABLE simple (a INTEGER, b INTEGER, FOREIGN KEY (a, b) REFERENCES p);

INSERT INTO simple VALUES (1, 1), (1, NULL), (9, NULL), (NULL, NULL);

INSERT INTO simple VALUES (9, 9);
--! 23503: insert or update on table "simple" violates foreign key constraint "simple_a_b_fkey"

CREATE TABLE fully (a INTEGER, b INTEGER, FOREIGN KEY (a, b) REFERENCES p MATCH FULL);

INSERT INTO fully VALUES (NULL, NULL), (1, 1);

INSERT INTO fully VALUES (1, NULL);
--! 23503: insert or update on table "fully" violates foreign key constraint "fully_a_b_fkey"

CREATE TABLE swapped (x INTEGER, y INTEGER, FOREIGN KEY (y, x) REFERENCES p (a, b));

INSERT INTO swapped VALUES (2, 1);

INSERT INTO swapped VALUES (1, 2);
--! 23503: insert or update on table "swapped" violates foreign key constraint "swapped_y_x_fkey"

CREATE TABLE by_text (c VARCHAR(3) REFERENCES p (c));

INSERT INTO by_text VALUES ('x'), ('z');
--! 23503: insert or update on table "by_text" violates foreign key constraint "by_text_c_fkey"

CREATE TABLE bad (a INTEGER REFERENCES p);
--! 42830: number of referencing and referenced columns for foreign key disagree

CREATE TABLE bad (a INTEGER REFERENCES p (a));
--! 42830: there is no unique constraint matching given keys for referenced table "p"

CREATE TABLE bad (a INTEGER REFERENCES nowhere);
--! 42P01: relation "nowhere" does not exist

CREATE TABLE bad (a INTEGER REFERENCES p (nothing));
--! 42703: column "nothing" referenced in foreign key constraint does not exist

CREATE TABLE bad (a TEXT, b TEXT, FOREIGN KEY (a, b) REFERENCES p);
--! 42804: foreign key constraint "bad_a_b_fkey" cannot be implemented
--~! 42804: foreign key constraint "bad_a_b_fkey" cannot be implemented: key columns "a" and "a" are of incompatible types or collations: TEXT and INTEGER

CREATE TABLE emp (id INTEGER PRIMARY KEY, boss INTEGER REFERENCES emp);

INSERT INTO emp VALUES (1, 1), (2, 1);

DELETE FROM emp WHERE id = 1;
--! 23503: update or delete on table "emp" violates foreign key constraint "emp_boss_fkey" on table "emp"

DELETE FROM emp;
