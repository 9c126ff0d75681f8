-- Who groups by the primary key may show all columns of its table
-- oracle: postgres
-- chapter: queries

CREATE TABLE desks (id INTEGER PRIMARY KEY, name TEXT, city TEXT UNIQUE NOT NULL);

CREATE TABLE books (id INTEGER PRIMARY KEY, desk INTEGER REFERENCES desks (id), limit_of INTEGER);

INSERT INTO desks VALUES (1, 'fx', 'Zug'), (2, 'fi', 'Bern'), (3, 'eq', 'Genf');

INSERT INTO books VALUES (1, 1, 10), (2, 1, 20), (3, 2, 30);

SELECT d.id, d.name, d.city, count(b.id) FROM desks d LEFT JOIN books b ON b.desk = d.id GROUP BY d.id ORDER BY d.id;
--> id | name | city | count
--> 1 | fx | Zug | 2
--> 2 | fi | Bern | 1
--> 3 | eq | Genf | 0

SELECT d.*, sum(b.limit_of) AS total FROM desks d JOIN books b ON b.desk = d.id GROUP BY d.id ORDER BY d.id;
--> id | name | city | total
--> 1 | fx | Zug | 30
--> 2 | fi | Bern | 30

SELECT d.name || ' in ' || d.city AS place, max(b.limit_of) FROM desks d JOIN books b ON b.desk = d.id GROUP BY d.id ORDER BY d.name;
--> place | max
--> fi in Bern | 30
--> fx in Zug | 20

SELECT d.name, count(*) FROM desks d GROUP BY d.city;
--! 42803: column "d.name" must appear in the GROUP BY clause or be used in an aggregate function

SELECT d.name, b.limit_of FROM desks d JOIN books b ON b.desk = d.id GROUP BY d.id;
--! 42803: column "b.limit_of" must appear in the GROUP BY clause or be used in an aggregate function

SELECT d.name, b.limit_of FROM desks d JOIN books b ON b.desk = d.id GROUP BY d.id, b.id ORDER BY b.id;
--> name | limit_of
--> fx | 10
--> fx | 20
--> fi | 30

SELECT id, name FROM desks GROUP BY id HAVING city > 'C' ORDER BY city;
--> id | name
--> 3 | eq
--> 1 | fx

SELECT name FROM (SELECT * FROM desks) AS d GROUP BY id;
--! 42803: column "d.name" must appear in the GROUP BY clause or be used in an aggregate function

SELECT d.name FROM desks d GROUP BY d.id, d.city ORDER BY d.city;
--> name
--> fi
--> eq
--> fx

SELECT upper(name) AS up, count(*) FROM desks GROUP BY id ORDER BY up;
--> up | count
--> EQ | 1
--> FI | 1
--> FX | 1

CREATE TABLE quotes (symbol TEXT, day DATE, price INTEGER, PRIMARY KEY (symbol, day));

INSERT INTO quotes VALUES ('A', '2024-01-01', 5), ('A', '2024-01-02', 6);

SELECT price FROM quotes GROUP BY symbol, day ORDER BY price;
--> price
--> 5
--> 6

SELECT price FROM quotes GROUP BY symbol;
--! 42803: column "quotes.price" must appear in the GROUP BY clause or be used in an aggregate function
