-- ORDER BY the columns of a key, in its directions and in others
-- oracle: postgres
-- chapter: queries

CREATE TABLE ticks (day INTEGER, seq INTEGER, symbol TEXT, PRIMARY KEY (day, seq));

CREATE INDEX ticks_symbol ON ticks (symbol, seq DESC);

INSERT INTO ticks VALUES (1, 1, 'A'), (1, 2, 'B'), (2, 1, 'A'), (2, 2, NULL);

SELECT day, seq FROM ticks ORDER BY day, seq;
--> day | seq
--> 1 | 1
--> 1 | 2
--> 2 | 1
--> 2 | 2

SELECT day, seq FROM ticks ORDER BY day DESC, seq DESC;
--> day | seq
--> 2 | 2
--> 2 | 1
--> 1 | 2
--> 1 | 1

SELECT day, seq FROM ticks ORDER BY day DESC, seq;
--> day | seq
--> 2 | 1
--> 2 | 2
--> 1 | 1
--> 1 | 2

SELECT day, seq FROM ticks ORDER BY day, seq DESC LIMIT 2;
--> day | seq
--> 1 | 2
--> 1 | 1

SELECT day, seq FROM ticks WHERE day = 2 ORDER BY seq DESC, day;
--> day | seq
--> 2 | 2
--> 2 | 1

SELECT symbol, seq, day FROM ticks ORDER BY symbol, seq DESC, day;
--> symbol | seq | day
--> A | 1 | 1
--> A | 1 | 2
--> B | 2 | 1
--> NULL | 2 | 2

SELECT symbol, seq, day FROM ticks ORDER BY symbol DESC, seq, day;
--> symbol | seq | day
--> NULL | 2 | 2
--> B | 2 | 1
--> A | 1 | 1
--> A | 1 | 2

SELECT symbol, seq, day FROM ticks ORDER BY symbol NULLS FIRST, seq DESC, day DESC;
--> symbol | seq | day
--> NULL | 2 | 2
--> A | 1 | 2
--> A | 1 | 1
--> B | 2 | 1

SELECT seq, day FROM ticks ORDER BY seq, day DESC;
--> seq | day
--> 1 | 2
--> 1 | 1
--> 2 | 2
--> 2 | 1
