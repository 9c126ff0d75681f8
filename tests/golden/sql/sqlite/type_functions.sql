-- typeof, coalesce, nullif and their kin
-- oracle: sqlite
-- chapter: functions

SELECT typeof(1), typeof(1.0), typeof('a'), typeof(x'00'), typeof(NULL), typeof(1 = 1), typeof(1 / 2.0), typeof('a' || 1);
--> typeof(1) | typeof(1.0) | typeof('a') | typeof(x'00') | typeof(NULL) | typeof(1 = 1) | typeof(1 / 2.0) | typeof('a' || 1)
--> integer | real | text | blob | null | integer | real | text

SELECT coalesce(NULL, NULL, 3), coalesce(NULL, 'x'), ifnull(NULL, 5), ifnull(1, 5), nullif(1, 1), nullif(1, 2), nullif('a', 'A');
--> coalesce(NULL, NULL, 3) | coalesce(NULL, 'x') | ifnull(NULL, 5) | ifnull(1, 5) | nullif(1, 1) | nullif(1, 2) | nullif('a', 'A')
--> 3 | x | 5 | 1 | NULL | 1 | a

SELECT coalesce(1);
--! wrong number of arguments to function coalesce()

SELECT likely(1), unlikely(0), likelihood(1, 0.5);
--> likely(1) | unlikely(0) | likelihood(1, 0.5)
--> 1 | 0 | 1

SELECT likelihood(1, 2);
--! second argument to likelihood() must be a constant between 0.0 and 1.0

SELECT sqlite_version() > '3', typeof(sqlite_source_id());
--> sqlite_version() > '3' | typeof(sqlite_source_id())
--> 1 | text

SELECT subtype('x'), typeof(json('{}')), sqlite_compileoption_used('no_such');
--> subtype('x') | typeof(json('{}')) | sqlite_compileoption_used('no_such')
--> 0 | text | 0
--~! no such function: subtype

SELECT iif(1, 'a', 'b'), iif(0, 'a'), iif(NULL, 'a', 'b');
--> iif(1, 'a', 'b') | iif(0, 'a') | iif(NULL, 'a', 'b')
--> a | NULL | b

SELECT coalesce(1, abs(-9223372036854775808));
--> coalesce(1, abs(-9223372036854775808))
--> 1
