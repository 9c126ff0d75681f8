-- ON DELETE and ON UPDATE: every action
-- oracle: postgres
-- chapter: constraints

CREATE TABLE p (id INTEGER PRIMARY KEY);

CREATE TABLE casc (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p ON DELETE CASCADE ON UPDATE CASCADE);

CREATE TABLE nul (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p ON DELETE SET NULL ON UPDATE SET NULL);

CREATE TABLE def (id INTEGER PRIMARY KEY, p INTEGER DEFAULT 0 REFERENCES p ON DELETE SET DEFAULT ON UPDATE SET DEFAULT);

CREATE TABLE res (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p ON DELETE RESTRICT);

CREATE TABLE noa (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p ON DELETE NO ACTION);

INSERT INTO p VALUES (0), (1), (2), (3), (4), (5), (6);

INSERT INTO casc VALUES (1, 1), (2, 2);

INSERT INTO nul VALUES (1, 1), (2, 2);

INSERT INTO def VALUES (1, 1), (2, 2);

INSERT INTO res VALUES (1, 3);

INSERT INTO noa VALUES (1, 4);

UPDATE p SET id = 10 WHERE id = 1;

DELETE FROM p WHERE id = 2;

SELECT 'casc' AS t, id, p FROM casc UNION ALL SELECT 'nul', id, p FROM nul UNION ALL SELECT 'def', id, p FROM def ORDER BY 1, 2;
--> t | id | p
--> casc | 1 | 10
--> def | 1 | 0
--> def | 2 | 0
--> nul | 1 | NULL
--> nul | 2 | NULL

DELETE FROM p WHERE id = 3;
--! 23503: update or delete on table "p" violates foreign key constraint "res_p_fkey" on table "res"

DELETE FROM p WHERE id = 4;
--! 23503: update or delete on table "p" violates foreign key constraint "noa_p_fkey" on table "noa"

DELETE FROM p WHERE id = 0;
--! 23503: update or delete on table "p" violates foreign key constraint "def_p_fkey" on table "def"

UPDATE p SET id = 40 WHERE id = 4;
--! 23503: update or delete on table "p" violates foreign key constraint "noa_p_fkey" on table "noa"

UPDATE p SET id = 50 WHERE id = 5;

SELECT id FROM p ORDER BY id;
--> id
--> 0
--> 3
--> 4
--> 6
--> 10
--> 50
