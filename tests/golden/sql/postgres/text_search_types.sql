-- Text search: tsvector and tsquery
-- oracle: postgres
-- chapter: types

SELECT to_tsvector('english', 'The quick brown foxes') AS v;
--> v
--> 'brown':3 'fox':4 'quick':2
--~! 42883: function to_tsvector(unknown, unknown) does not exist

SELECT to_tsquery('english', 'fox & quick') AS q;
--> q
--> 'fox' & 'quick'
--~! 42883: function to_tsquery(unknown, unknown) does not exist

SELECT to_tsvector('english', 'The quick brown foxes') @@ to_tsquery('english', 'fox') AS found;
--> found
--> t
--~! 42883: function to_tsvector(unknown, unknown) does not exist

SELECT 'a fat cat'::tsvector AS raw;
--> raw
--> 'a' 'cat' 'fat'
--~! 0A000: type "tsvector" is not supported
