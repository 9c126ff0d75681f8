-- Views that can be changed through
-- oracle: postgres
-- chapter: definitions

CREATE TABLE t (id INTEGER PRIMARY KEY, side TEXT, n INTEGER DEFAULT 1);

INSERT INTO t VALUES (1, 'buy', 10), (2, 'sell', 20);

CREATE VIEW buys AS SELECT id, n FROM t WHERE side = 'buy';

UPDATE buys SET n = 11 WHERE id = 1 RETURNING *;
--> id | n
--> 1 | 11

INSERT INTO buys VALUES (3, 30);

DELETE FROM buys WHERE id = 1;

CREATE VIEW checked AS SELECT * FROM t WHERE side = 'buy' WITH CHECK OPTION;

CREATE VIEW sums AS SELECT side, sum(n) AS total FROM t GROUP BY side;

UPDATE sums SET total = 0;
--! 55000: cannot update view "sums"

INSERT INTO sums VALUES ('x', 1);
--! 55000: cannot insert into view "sums"

DELETE FROM sums;
--! 55000: cannot delete from view "sums"

CREATE VIEW computed AS SELECT id, n * 2 AS twice FROM t;

UPDATE computed SET twice = 1;
--! 0A000: cannot update column "twice" of view "computed"
