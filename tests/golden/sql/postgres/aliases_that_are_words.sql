-- Aliases of tables and labels of columns that are words of other dialects, without AS
-- oracle: postgres
-- chapter: lexical

CREATE TABLE quotes (v INTEGER);

INSERT INTO quotes VALUES (5);

SELECT open.v FROM quotes open;
--> v
--> 5

SELECT open.v, close.v AS other FROM quotes open JOIN quotes close ON open.v = close.v;
--> v | other
--> 5 | 5

SELECT format.v FROM quotes format;
--> v
--> 5

SELECT settings.v FROM quotes settings;
--> v
--> 5

SELECT view.v, start.v AS s, key.v AS k FROM quotes view, quotes start, quotes key;
--> v | s | k
--> 5 | 5 | 5

SELECT pivot.v FROM quotes pivot;
--> v
--> 5

SELECT qualify.v FROM quotes qualify;
--> v
--> 5

SELECT asof.v FROM quotes asof;
--> v
--> 5

SELECT semi.v, anti.v AS a FROM quotes semi JOIN quotes anti ON anti.v = semi.v;
--> v | a
--> 5 | 5

SELECT global.v FROM quotes global;
--> v
--> 5

SELECT connect.v FROM quotes connect;
--> v
--> 5

SELECT sample.v FROM quotes sample;
--> v
--> 5

SELECT top.v FROM quotes top;
--> v
--> 5

SELECT rows.v, range.v AS r, groups.v AS g FROM quotes rows, quotes range, quotes groups;
--> v | r | g
--> 5 | 5 | 5

SELECT open.v FROM quotes AS open;
--> v
--> 5

SELECT pivot.v, qualify.v AS q FROM quotes AS pivot, quotes AS qualify;
--> v | q
--> 5 | 5

SELECT v cluster, v + 1 sort FROM quotes;
--> cluster | sort
--> 5 | 6

SELECT v view, v explain FROM quotes;
--> view | explain
--> 5 | 5

SELECT v minus FROM quotes;
--> minus
--> 5

SELECT v div, v xor FROM quotes;
--> div | xor
--> 5 | 5

SELECT v regexp FROM quotes;
--> regexp
--> 5

SELECT v top FROM quotes;
--> top
--> 5

SELECT v exclude FROM quotes;
--> exclude
--> 5

SELECT v AS cluster, v AS minus, v AS div, v AS regexp, v AS top, v AS exclude, v AS view FROM quotes;
--> cluster | minus | div | regexp | top | exclude | view
--> 5 | 5 | 5 | 5 | 5 | 5 | 5

WITH open AS (SELECT 1 AS n), top AS (SELECT 2 AS n) SELECT open.n, top.n AS other FROM open, top;
--> n | other
--> 1 | 2

UPDATE quotes open SET v = open.v + 1 RETURNING open.v;
--> v
--> 6

DELETE FROM quotes format WHERE format.v = 0;

SELECT sum(s.v) FROM (SELECT v FROM quotes) settings(v), quotes s WHERE settings.v = s.v;
--> sum
--> 6
