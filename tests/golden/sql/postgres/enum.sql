-- Enumerated types are ordered as declared
-- oracle: postgres
-- chapter: types

CREATE TYPE side AS ENUM ('buy', 'sell', 'hold');

CREATE TABLE o (id INTEGER, s side);

INSERT INTO o VALUES (1, 'sell'), (2, 'buy'), (3, 'hold');

SELECT id, s FROM o ORDER BY s;
--> id | s
--> 2 | buy
--> 1 | sell
--> 3 | hold

SELECT id FROM o WHERE s > 'buy' ORDER BY id;
--> id
--> 1
--> 3

INSERT INTO o VALUES (4, 'wait');
--! 22P02: invalid input value for enum side: "wait"

SELECT min(s), max(s) FROM o;
--> min | max
--> buy | hold

SELECT max(s) FROM o WHERE id < 3;
--> max
--> sell
