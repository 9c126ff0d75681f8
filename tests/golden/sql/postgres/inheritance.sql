-- Inheritance and partitions
-- oracle: postgres
-- chapter: definitions

CREATE TABLE cities (name TEXT, population INTEGER);

CREATE TABLE capitals (state TEXT) INHERITS (cities);
--~! 0A000: inheritance is not supported

INSERT INTO capitals VALUES ('Bern', 134, 'CH');
--~! 42P01: relation "capitals" does not exist

SELECT name FROM cities;
--> name
--> Bern
--~> name

SELECT count(*) FROM ONLY cities;
--> count
--> 0

CREATE TABLE measurements (day DATE NOT NULL, n INTEGER) PARTITION BY RANGE (day);
--~! 0A000: partitioning by SQL is not supported

CREATE TABLE measurements_2024 PARTITION OF measurements FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
--~! 0A000: partitioning by SQL is not supported

INSERT INTO measurements VALUES ('2024-05-06', 1);
--~! 42P01: relation "measurements" does not exist

SELECT n FROM measurements;
--> n
--> 1
--~! 42P01: relation "measurements" does not exist
