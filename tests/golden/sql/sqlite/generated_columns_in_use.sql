-- Generated columns: stored, virtual, in keys, checks and indexes
-- oracle: sqlite
-- chapter: definitions

CREATE TABLE lines (id INTEGER PRIMARY KEY, price REAL NOT NULL, quantity INTEGER NOT NULL, amount REAL GENERATED ALWAYS AS (price * quantity) STORED, label TEXT AS (id || ':' || quantity) VIRTUAL, CHECK (amount < 1000));

INSERT INTO lines (id, price, quantity) VALUES (1, 2.5, 4), (2, 10.0, 3);

SELECT * FROM lines ORDER BY id;
--> id | price | quantity | amount | label
--> 1 | 2.5 | 4 | 10.0 | 1:4
--> 2 | 10.0 | 3 | 30.0 | 2:3

INSERT INTO lines VALUES (3, 1.0, 1);

INSERT INTO lines (id, price, quantity, amount) VALUES (4, 1.0, 1, 5.0);
--! cannot INSERT into generated column "amount"

INSERT INTO lines (id, price, quantity) VALUES (5, 100.0, 10);
--! CHECK constraint failed: amount < 1000

UPDATE lines SET quantity = quantity + 1 WHERE id = 1 RETURNING amount, label;
--> amount | label
--> 12.5 | 1:5

UPDATE lines SET amount = 1.0;
--! cannot UPDATE generated column "amount"

CREATE INDEX lines_amount ON lines (amount);

SELECT id FROM lines WHERE amount > 10 ORDER BY amount DESC;
--> id
--> 2
--> 1

SELECT sum(amount) AS total, max(label) AS label FROM lines;
--> total | label
--> 43.5 | 3:1

SELECT name, hidden FROM pragma_table_xinfo('lines') ORDER BY cid;
--> name | hidden
--> id | 0
--> price | 0
--> quantity | 0
--> amount | 3
--> label | 2
--~> name | hidden
--~> id | 0
--~> price | 0
--~> quantity | 0
--~> amount | 3
--~> label | 3

SELECT name FROM pragma_table_info('lines') ORDER BY cid;
--> name
--> id
--> price
--> quantity

CREATE TABLE names (first TEXT, last TEXT, full_name TEXT AS (first || ' ' || last) STORED UNIQUE);

INSERT INTO names (first, last) VALUES ('Ann', 'Ott');

INSERT INTO names (first, last) VALUES ('Ann', 'Ott');
--! UNIQUE constraint failed: names.full_name

INSERT INTO names (first, last) VALUES ('Ann', NULL), ('Ann', NULL);

SELECT full_name, count(*) AS n FROM names GROUP BY full_name ORDER BY full_name;
--> full_name | n
--> NULL | 2
--> Ann Ott | 1

CREATE TABLE chain (a INTEGER, b INTEGER AS (a + 1), c INTEGER AS (b * 2));

INSERT INTO chain VALUES (4);

SELECT a, b, c FROM chain;
--> a | b | c
--> 4 | 5 | 10

CREATE TABLE loop (x INTEGER, a INTEGER AS (b), b INTEGER AS (a));
--! generated column loop on "b"

CREATE TABLE own (x INTEGER, a INTEGER AS (a + 1));
--! generated column loop on "a"

CREATE TABLE only_generated (a INTEGER AS (1));
--! must have at least one non-generated column

CREATE TABLE timed (x INTEGER, a TEXT AS (random()));
--! non-deterministic functions prohibited in generated columns

CREATE TABLE asked (a INTEGER, b INTEGER AS ((SELECT 1)));
--! subqueries prohibited in generated columns
