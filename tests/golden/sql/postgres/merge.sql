-- MERGE
-- oracle: postgres
-- chapter: changes

CREATE TABLE stock (symbol TEXT PRIMARY KEY, n INTEGER);

CREATE TABLE news (symbol TEXT, n INTEGER);

INSERT INTO stock VALUES ('A', 1), ('B', 2);

INSERT INTO news VALUES ('A', 10), ('C', 30), ('B', 0);

MERGE INTO stock s USING news w ON s.symbol = w.symbol WHEN MATCHED AND w.n = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET n = s.n + w.n WHEN NOT MATCHED THEN INSERT VALUES (w.symbol, w.n);

SELECT * FROM stock ORDER BY symbol;
--> symbol | n
--> A | 11
--> C | 30
