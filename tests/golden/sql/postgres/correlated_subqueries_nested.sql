-- Subqueries within subqueries that read rows two queries out
-- oracle: postgres
-- chapter: queries

CREATE TABLE desks (id INTEGER, name TEXT);

CREATE TABLE books (id INTEGER, desk INTEGER, name TEXT);

CREATE TABLE lots (book INTEGER, price INTEGER);

INSERT INTO desks VALUES (1, 'east'), (2, 'west'), (3, 'idle');

INSERT INTO books VALUES (10, 1, 'e1'), (11, 1, 'e2'), (20, 2, 'w1');

INSERT INTO lots VALUES (10, 5), (10, 7), (11, 1), (20, 9);

SELECT name, (SELECT count(*) FROM books b WHERE b.desk = d.id AND EXISTS (SELECT FROM lots l WHERE l.book = b.id AND l.price > d.id * 3)) AS busy FROM desks d ORDER BY id;
--> name | busy
--> east | 1
--> west | 1
--> idle | 0

SELECT name FROM desks d WHERE EXISTS (SELECT FROM books b WHERE b.desk = d.id AND NOT EXISTS (SELECT FROM lots l WHERE l.book = b.id AND l.price < 5)) ORDER BY 1;
--> name
--> east
--> west

SELECT name FROM desks d WHERE NOT EXISTS (SELECT FROM books b WHERE b.desk = d.id AND NOT EXISTS (SELECT FROM lots l WHERE l.book = b.id AND l.price < 9)) ORDER BY 1;
--> name
--> east
--> idle

SELECT name, (SELECT max((SELECT sum(price) FROM lots l WHERE l.book = b.id)) FROM books b WHERE b.desk = d.id) AS best FROM desks d ORDER BY id;
--> name | best
--> east | 12
--> west | 9
--> idle | NULL

SELECT name, (SELECT string_agg(b.name || ':' || (SELECT min(price) FROM lots l WHERE l.book = b.id AND l.price >= d.id), ' ' ORDER BY b.id) FROM books b WHERE b.desk = d.id) AS cheapest FROM desks d ORDER BY id;
--> name | cheapest
--> east | e1:5 e2:1
--> west | w1:9
--> idle | NULL

SELECT name FROM desks d WHERE id IN (SELECT desk FROM books b WHERE b.id IN (SELECT book FROM lots WHERE price = 1 + d.id * 4)) ORDER BY 1;
--> name
--> east
--> west

SELECT name, (SELECT name) AS same, (SELECT d.name FROM books b WHERE b.desk = d.id LIMIT 1) AS outer_name FROM desks d ORDER BY id;
--> name | same | outer_name
--> east | east | east
--> west | west | west
--> idle | idle | NULL

SELECT name, (SELECT (SELECT (SELECT d.id * 100))) AS deep FROM desks d ORDER BY id;
--> name | deep
--> east | 100
--> west | 200
--> idle | 300

SELECT d.name, (SELECT sum(l.price) FROM lots l WHERE l.book IN (SELECT b.id FROM books b WHERE b.desk = d.id)) AS total FROM desks d ORDER BY d.id;
--> name | total
--> east | 13
--> west | 9
--> idle | NULL

SELECT d.name, (WITH own AS (SELECT * FROM books b WHERE b.desk = d.id) SELECT count(*) FROM own JOIN lots ON book = own.id) AS lots FROM desks d ORDER BY d.id;
--> name | lots
--> east | 3
--> west | 1
--> idle | 0

SELECT d.name, (SELECT count(*) FROM (SELECT DISTINCT price FROM lots l, books b WHERE b.id = l.book AND b.desk = d.id) AS p) AS prices FROM desks d ORDER BY d.id;
--> name | prices
--> east | 3
--> west | 1
--> idle | 0

SELECT name FROM desks d ORDER BY (SELECT count(*) FROM books b WHERE b.desk = d.id AND b.id > (SELECT min(book) FROM lots l WHERE l.price > d.id)) DESC, id;
--> name
--> east
--> west
--> idle
