-- The first rows of each group, by LATERAL and by windows
-- oracle: postgres
-- chapter: queries

CREATE TABLE symbols (symbol TEXT PRIMARY KEY);

CREATE TABLE trades (id INTEGER PRIMARY KEY, symbol TEXT, price NUMERIC, quantity INTEGER);

INSERT INTO symbols VALUES ('A'), ('B'), ('C');

INSERT INTO trades VALUES (1, 'A', 10, 5), (2, 'A', 12, 1), (3, 'A', 11, 9), (4, 'B', 7, 2), (5, 'A', 12, 3), (6, 'B', 6, 2);

SELECT s.symbol, t.id, t.price FROM symbols s CROSS JOIN LATERAL (SELECT * FROM trades t WHERE t.symbol = s.symbol ORDER BY price DESC, id LIMIT 2) t ORDER BY 1, 3 DESC, 2;
--> symbol | id | price
--> A | 2 | 12
--> A | 5 | 12
--> B | 4 | 7
--> B | 6 | 6

SELECT s.symbol, t.id, t.price FROM symbols s LEFT JOIN LATERAL (SELECT * FROM trades t WHERE t.symbol = s.symbol ORDER BY id DESC LIMIT 1) t ON true ORDER BY 1;
--> symbol | id | price
--> A | 5 | 12
--> B | 6 | 6
--> C | NULL | NULL

SELECT symbol, id, price FROM (SELECT *, row_number() OVER (PARTITION BY symbol ORDER BY price DESC, id) AS n FROM trades) r WHERE n <= 2 ORDER BY 1, 3 DESC, 2;
--> symbol | id | price
--> A | 2 | 12
--> A | 5 | 12
--> B | 4 | 7
--> B | 6 | 6

SELECT symbol, id, price FROM (SELECT *, rank() OVER (PARTITION BY symbol ORDER BY price DESC) AS n FROM trades) r WHERE n = 1 ORDER BY 1, 2;
--> symbol | id | price
--> A | 2 | 12
--> A | 5 | 12
--> B | 4 | 7

SELECT DISTINCT ON (symbol) symbol, id, price FROM trades ORDER BY symbol, price DESC, id;
--> symbol | id | price
--> A | 2 | 12
--> B | 4 | 7

SELECT s.symbol, first.price AS first, last.price AS last, last.price - first.price AS move FROM symbols s, LATERAL (SELECT price FROM trades t WHERE t.symbol = s.symbol ORDER BY id LIMIT 1) first, LATERAL (SELECT price FROM trades t WHERE t.symbol = s.symbol ORDER BY id DESC LIMIT 1) last ORDER BY 1;
--> symbol | first | last | move
--> A | 10 | 12 | 2
--> B | 7 | 6 | -1

SELECT t.symbol, t.id FROM trades t WHERE (SELECT count(*) FROM trades x WHERE x.symbol = t.symbol AND (x.price, -x.id) > (t.price, -t.id)) < 1 ORDER BY 1;
--> symbol | id
--> A | 2
--> B | 4

SELECT s.symbol, t.* FROM symbols s, LATERAL (SELECT count(*) AS n, sum(quantity) AS volume FROM trades t WHERE t.symbol = s.symbol) t ORDER BY 1;
--> symbol | n | volume
--> A | 4 | 18
--> B | 2 | 4
--> C | 0 | NULL

SELECT s.symbol, t.n FROM symbols s, LATERAL (SELECT count(*) AS n FROM trades t WHERE t.symbol = s.symbol GROUP BY t.symbol) t ORDER BY 1;
--> symbol | n
--> A | 4
--> B | 2

SELECT symbol, (array_agg(id ORDER BY price DESC, id))[1:2] AS best FROM trades GROUP BY symbol ORDER BY 1;
--> symbol | best
--> A | {2,5}
--> B | {4,6}

SELECT s.symbol, n.k, t.id FROM symbols s, (VALUES (1), (2)) AS n(k), LATERAL (SELECT id FROM trades t WHERE t.symbol = s.symbol ORDER BY id OFFSET n.k - 1 LIMIT 1) t ORDER BY 1, 2;
--> symbol | k | id
--> A | 1 | 1
--> A | 2 | 2
--> B | 1 | 4
--> B | 2 | 6

SELECT t.id, p.id AS before FROM trades t LEFT JOIN LATERAL (SELECT id FROM trades b WHERE b.symbol = t.symbol AND b.id < t.id ORDER BY id DESC LIMIT 1) p ON true ORDER BY t.id;
--> id | before
--> 1 | NULL
--> 2 | 1
--> 3 | 2
--> 4 | NULL
--> 5 | 3
--> 6 | 4

SELECT x.symbol FROM LATERAL (SELECT s.symbol) x, symbols s;
--! 42P01: missing FROM-clause entry for table "s"

SELECT s.symbol, t.id FROM symbols s RIGHT JOIN LATERAL (SELECT id FROM trades t WHERE t.symbol = s.symbol) t ON true;
--! 42P10: invalid reference to FROM-clause entry for table "s"
