-- regexp_replace, regexp_split, and those of PostgreSQL 15
-- oracle: postgres
-- chapter: functions

SELECT regexp_replace('foobarbaz', 'b..', 'X') AS first, regexp_replace('foobarbaz', 'b..', 'X', 'g') AS all, regexp_replace('foobarbaz', 'b(..)', 'X\1Y', 'g') AS groups, regexp_replace('abc', 'B', '[\&]', 'i') AS whole;
--> first | all | groups | whole
--> fooXbaz | fooXX | fooXarYXazY | a[b]c

SELECT regexp_replace('A PostgreSQL function', 'a|e|i|o|u', 'X', 1, 0, 'i') AS every, regexp_replace('A PostgreSQL function', 'a|e|i|o|u', 'X', 1, 3, 'i') AS third, regexp_replace('aaa', 'a', 'b', 2) AS since;
--> every | third | since
--> X PXstgrXSQL fXnctXXn | A PostgrXSQL function | aba

SELECT regexp_split_to_array('hello world  x', '\s+') AS a, regexp_split_to_array('abc', '') AS letters, regexp_split_to_array('a,b', ',') AS b;
--> a | letters | b
--> {hello,world,x} | {a,b,c} | {a,b}

SELECT * FROM regexp_split_to_table('the quick brown', '\s+') AS t(word);
--> word
--> the
--> quick
--> brown

SELECT regexp_count('123456789012', '\d\d\d', 2) AS n, regexp_count('ABCABC', 'c', 1, 'i') AS folded, regexp_count('abc', 'z') AS none;
--> n | folded | none
--> 3 | 2 | 0

SELECT regexp_instr('number of your street, town zip, FR', '[^,]+', 1, 2) AS at, regexp_instr('abc', 'c', 1, 1, 1) AS behind, regexp_instr('abc', 'z') AS none;
--> at | behind | none
--> 23 | 4 | 0

SELECT regexp_like('Hello World', 'world$', 'i') AS l, regexp_substr('ABCDEF', 'c(.)(..)', 1, 1, 'i', 2) AS s;
--> l | s
--> t | EF

SELECT regexp_replace('abc', 'b', 'x', 'q$');
--! 22023: invalid regular expression option: "$"

SELECT regexp_count('abc', 'b', 0);
--! 22023: invalid value for parameter "start": 0
