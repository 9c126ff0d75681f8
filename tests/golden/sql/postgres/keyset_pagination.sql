-- Pages by OFFSET and by the last key seen
-- oracle: postgres
-- chapter: queries

CREATE TABLE ticks (at TIMESTAMP, id INTEGER PRIMARY KEY, price INTEGER);

INSERT INTO ticks SELECT timestamp '2024-01-01' + n / 3 * interval '1 minute', n, n * 7 % 5 FROM generate_series(0, 9) n;

CREATE INDEX ticks_at ON ticks (at, id);

SELECT at, id FROM ticks ORDER BY at, id LIMIT 4;
--> at | id
--> 2024-01-01 00:00:00 | 0
--> 2024-01-01 00:00:00 | 1
--> 2024-01-01 00:00:00 | 2
--> 2024-01-01 00:01:00 | 3

SELECT at, id FROM ticks WHERE (at, id) > ('2024-01-01 00:01:00', 3) ORDER BY at, id LIMIT 4;
--> at | id
--> 2024-01-01 00:01:00 | 4
--> 2024-01-01 00:01:00 | 5
--> 2024-01-01 00:02:00 | 6
--> 2024-01-01 00:02:00 | 7

SELECT at, id FROM ticks WHERE at >= '2024-01-01 00:01:00' AND (at > '2024-01-01 00:01:00' OR id > 3) ORDER BY at, id LIMIT 4;
--> at | id
--> 2024-01-01 00:01:00 | 4
--> 2024-01-01 00:01:00 | 5
--> 2024-01-01 00:02:00 | 6
--> 2024-01-01 00:02:00 | 7

SELECT at, id FROM ticks WHERE (at, id) < ('2024-01-01 00:01:00', 4) ORDER BY at DESC, id DESC LIMIT 3;
--> at | id
--> 2024-01-01 00:01:00 | 3
--> 2024-01-01 00:00:00 | 2
--> 2024-01-01 00:00:00 | 1

SELECT id FROM ticks ORDER BY at, id OFFSET 8 ROWS FETCH NEXT 4 ROWS ONLY;
--> id
--> 8
--> 9

SELECT id FROM ticks ORDER BY id OFFSET 100;
--> id

SELECT price, id FROM ticks WHERE (price, -id) > (3, -4) ORDER BY price, id DESC;
--> price | id
--> 4 | 7
--> 4 | 2

SELECT price, id FROM ticks WHERE price < 1 OR (price = 1 AND id > 3) ORDER BY price DESC, id LIMIT 3;
--> price | id
--> 1 | 8
--> 0 | 0
--> 0 | 5

SELECT (count(*) + 3) / 4 AS pages FROM ticks;
--> pages
--> 3

SELECT id, count(*) OVER () AS total FROM ticks ORDER BY id LIMIT 2;
--> id | total
--> 0 | 10
--> 1 | 10

SELECT id, ceil(row_number() OVER (ORDER BY id) / 4.0) AS page FROM ticks ORDER BY id OFFSET 3 LIMIT 2;
--> id | page
--> 3 | 1
--> 4 | 2

SELECT id FROM (SELECT id FROM ticks ORDER BY price FETCH FIRST 1 ROW WITH TIES) AS lowest ORDER BY id;
--> id
--> 0
--> 5

SELECT id FROM ticks ORDER BY id LIMIT (SELECT count(*) / 5 FROM ticks);
--> id
--> 0
--> 1

SELECT id FROM ticks ORDER BY id LIMIT ALL OFFSET 7;
--> id
--> 7
--> 8
--> 9
