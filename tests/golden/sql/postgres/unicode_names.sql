-- Names and texts with Unicode escapes: UESCAPE, surrogates, errors
-- oracle: postgres
-- chapter: lexical

SELECT U&'\00e4\+01F600' AS letters, U&'a\\b' AS backslash, U&'it''s' AS quote;
--> letters | backslash | quote
--> ä😀 | a\b | it's

SELECT U&'\D83D\DE00' AS pair;
--> pair
--> 😀
--~! 42601: syntax error at or near "\"

SELECT U&"caf\00e9" FROM (SELECT 1 AS "café") AS s;
--> café
--> 1

SELECT U&"caf!00e9" UESCAPE '!' FROM (SELECT 2 AS "café") AS s;
--> café
--> 2

SELECT U&'\00';
--! 42601: invalid Unicode escape
--~! 42601: syntax error at or near ";"

SELECT U&'\zzzz';
--! 42601: invalid Unicode escape
--~! 42601: syntax error at or near "z"

SELECT U&'\D83D';
--! 42601: invalid Unicode surrogate pair
--~! 42601: syntax error at or near "'"

SELECT U&'\0000';
--! 42601: invalid Unicode escape value

SELECT U&'a' UESCAPE 'ab';
--! 42601: invalid Unicode escape character at or near "'ab'"

SELECT U&'a' UESCAPE '+';
--! 42601: invalid Unicode escape character at or near "'+'"
