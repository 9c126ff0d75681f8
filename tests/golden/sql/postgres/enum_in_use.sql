-- Enumerated types in keys, checks, arrays, groups and orders
-- oracle: postgres
-- chapter: types

CREATE TYPE side AS ENUM ('buy', 'sell');

CREATE TYPE state AS ENUM ('new', 'open', 'filled', 'cancelled');

CREATE TABLE orders (id INTEGER PRIMARY KEY, side side NOT NULL, state state DEFAULT 'new', CHECK (side = 'buy' OR state <> 'cancelled'));

INSERT INTO orders (id, side) VALUES (1, 'buy'), (2, 'sell');

INSERT INTO orders VALUES (3, 'buy', 'cancelled'), (4, 'sell', 'filled'), (5, 'buy', NULL);

INSERT INTO orders VALUES (6, 'sell', 'cancelled');
--! 23514: new row for relation "orders" violates check constraint "orders_check"

INSERT INTO orders VALUES (6, 'hold', 'new');
--! 22P02: invalid input value for enum side: "hold"

INSERT INTO orders VALUES (6, 'BUY', 'new');
--! 22P02: invalid input value for enum side: "BUY"

SELECT id, state FROM orders ORDER BY state, id;
--> id | state
--> 1 | new
--> 2 | new
--> 4 | filled
--> 3 | cancelled
--> 5 | NULL

SELECT id FROM orders WHERE state > 'new' ORDER BY id;
--> id
--> 3
--> 4

SELECT side, count(*), min(state), max(state) FROM orders GROUP BY side ORDER BY side DESC;
--> side | count | min | max
--> sell | 2 | new | filled
--> buy | 3 | new | cancelled

SELECT id FROM orders WHERE state = ANY ('{new,filled}') ORDER BY id;
--> id
--> 1
--> 2
--> 4

SELECT array_agg(state ORDER BY id) AS states, array_agg(DISTINCT side ORDER BY side) AS sides FROM orders;
--> states | sides
--> {new,new,cancelled,filled,NULL} | {buy,sell}

SELECT state::text LIKE '%l%' AS has_l, length(state::text) AS length, state || '!' AS joined FROM orders WHERE id = 4;
--> has_l | length | joined
--> t | 6 | filled!

SELECT state = 'done' FROM orders;
--! 22P02: invalid input value for enum state: "done"

SELECT side = state FROM orders;
--! 42883: operator does not exist: side = state

SELECT side::text = state::text AS never FROM orders WHERE id = 1;
--> never
--> f

SELECT coalesce(state, 'open') AS state, CASE side WHEN 'buy' THEN 1 ELSE -1 END AS sign, nullif(state, 'new') AS not_new FROM orders WHERE id IN (1, 5) ORDER BY id;
--> state | sign | not_new
--> new | 1 | NULL
--> open | 1 | NULL

UPDATE orders SET state = CASE WHEN state = 'new' THEN 'open'::state ELSE state END WHERE id = 1 RETURNING state;
--> state
--> open

CREATE UNIQUE INDEX one_open ON orders (side) WHERE state = 'open';

UPDATE orders SET state = 'open' WHERE id = 3;
--! 23505: duplicate key value violates unique constraint "one_open"

SELECT 'new'::state < 'filled'::state AS before, 'sell'::side::text AS text, NULL::side IS NULL AS n, pg_typeof('buy'::side) AS type;
--> before | text | n | type
--> t | sell | t | side

DROP TYPE side;
--! 2BP01: cannot drop type side because other objects depend on it
