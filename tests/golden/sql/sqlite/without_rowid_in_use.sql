-- Tables WITHOUT ROWID: keys of several columns, orders, changes, what they refuse
-- oracle: sqlite
-- chapter: definitions

CREATE TABLE quotes (symbol TEXT, day TEXT, price REAL, PRIMARY KEY (symbol, day)) WITHOUT ROWID;

INSERT INTO quotes VALUES ('B', '2024-01-02', 5.0), ('A', '2024-01-02', 2.0), ('A', '2024-01-01', 1.0);

SELECT * FROM quotes ORDER BY symbol, day;
--> symbol | day | price
--> A | 2024-01-01 | 1.0
--> A | 2024-01-02 | 2.0
--> B | 2024-01-02 | 5.0

SELECT price FROM quotes WHERE symbol = 'A' AND day >= '2024-01-02';
--> price
--> 2.0

INSERT INTO quotes VALUES ('A', '2024-01-01', 9.0);
--! UNIQUE constraint failed: quotes.symbol, quotes.day

INSERT OR REPLACE INTO quotes VALUES ('A', '2024-01-01', 9.0);

INSERT INTO quotes VALUES ('A', '2024-01-01', 8.0) ON CONFLICT (symbol, day) DO UPDATE SET price = price + excluded.price RETURNING price;
--> price
--> 17.0

INSERT INTO quotes VALUES (NULL, '2024-01-01', 1.0);
--! NOT NULL constraint failed: quotes.symbol
--~! NULL in a key column that is NOT NULL

SELECT rowid FROM quotes;
--! no such column: rowid

UPDATE quotes SET day = date(day, '+1 day') WHERE symbol = 'B' RETURNING day;
--> day
--> 2024-01-03

UPDATE quotes SET symbol = 'A', day = '2024-01-01' WHERE symbol = 'B';
--! UNIQUE constraint failed: quotes.symbol, quotes.day

SELECT symbol, max(price) AS high, day FROM quotes GROUP BY symbol ORDER BY symbol;
--> symbol | high | day
--> A | 17.0 | 2024-01-01
--> B | 5.0 | 2024-01-03

DELETE FROM quotes WHERE (symbol, day) IN (VALUES ('A', '2024-01-02')) RETURNING price;
--> price
--> 2.0

CREATE TABLE none (x INTEGER) WITHOUT ROWID;
--! PRIMARY KEY missing on table none

CREATE TABLE auto (id INTEGER PRIMARY KEY AUTOINCREMENT) WITHOUT ROWID;
--! AUTOINCREMENT not allowed on WITHOUT ROWID tables

CREATE TABLE words (w TEXT COLLATE NOCASE PRIMARY KEY, n INTEGER DEFAULT 0) WITHOUT ROWID;

INSERT INTO words (w) VALUES ('Tea') ON CONFLICT (w) DO UPDATE SET n = n + 1;

INSERT INTO words (w) VALUES ('tea') ON CONFLICT (w) DO UPDATE SET n = n + 1 RETURNING w, n;
--> w | n
--> Tea | 1

SELECT count(*) FROM words WHERE w = 'TEA';
--> count(*)
--> 1

SELECT name, type, wr, strict FROM pragma_table_list WHERE name IN ('quotes', 'words') ORDER BY name;
--> name | type | wr | strict
--> quotes | table | 1 | 0
--> words | table | 1 | 0

SELECT w.w, q.symbol FROM words w LEFT JOIN quotes q ON q.symbol = w.w ORDER BY 1;
--> w | symbol
--> Tea | NULL

CREATE INDEX quotes_price ON quotes (price DESC);

SELECT symbol FROM quotes ORDER BY price DESC LIMIT 1;
--> symbol
--> A
