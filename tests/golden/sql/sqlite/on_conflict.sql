-- INSERT ... ON CONFLICT
-- oracle: sqlite
-- chapter: changes

CREATE TABLE s (symbol TEXT PRIMARY KEY, quantity INTEGER, note TEXT);

CREATE UNIQUE INDEX s_note ON s (note);

INSERT INTO s VALUES ('A', 1, 'n1'), ('B', 2, 'n2');

INSERT INTO s VALUES ('A', 5, 'n3') ON CONFLICT DO NOTHING;

INSERT INTO s VALUES ('A', 5, 'n4') ON CONFLICT (symbol) DO NOTHING;

INSERT INTO s VALUES ('A', 5, 'n5'), ('C', 3, 'n6') ON CONFLICT (symbol) DO UPDATE SET quantity = s.quantity + excluded.quantity;

SELECT * FROM s ORDER BY symbol;
--> symbol | quantity | note
--> A | 6 | n1
--> B | 2 | n2
--> C | 3 | n6

INSERT INTO s VALUES ('B', 9, 'n7') ON CONFLICT (symbol) DO UPDATE SET quantity = excluded.quantity WHERE s.quantity > 100;

INSERT INTO s VALUES ('D', 9, 'n2') ON CONFLICT (note) DO UPDATE SET quantity = -1;

SELECT * FROM s ORDER BY symbol;
--> symbol | quantity | note
--> A | 6 | n1
--> B | -1 | n2
--> C | 3 | n6

INSERT INTO s VALUES ('B', 7, 'n9') ON CONFLICT (symbol) DO UPDATE SET quantity = excluded.quantity RETURNING symbol, quantity;
--> symbol | quantity
--> B | 7

INSERT INTO s VALUES ('B', 7, 'n2') ON CONFLICT (note) DO NOTHING;
