-- Strings in quotes, with escapes, with dollars
-- oracle: postgres
-- chapter: lexical

SELECT 'Dianne''s horse' AS doubled, '' AS empty, 'a;b' AS semicolon;
--> doubled | empty | semicolon
--> Dianne's horse |  | a;b

SELECT E'tab\there' AS t, E'\x41\102\u0043' AS codes, E'back\\slash' AS b, E'it\'s' AS quote;
--> t | codes | b | quote
--> tab	here | ABC | back\slash | it's

SELECT 'no\tescape' AS plain, length('a\nb') AS n;
--> plain | n
--> no\tescape | 4

SELECT $$Dianne's horse$$ AS dollars, $q$a $$ inside$q$ AS tagged;
--> dollars | tagged
--> Dianne's horse | a $$ inside

SELECT 'joined '
'across lines' AS joined;
--> joined
--> joined across lines

SELECT 'not ' 'joined';
--! 42601: syntax error at or near "'joined'"

SELECT U&'d\0061t\+000061' AS unicode, U&'d!0061t!+000061' UESCAPE '!' AS other_escape;
--> unicode | other_escape
--> data | data

SELECT E'\u0000';
--! 42601: invalid Unicode escape value at or near "\u0000"

SELECT E'\xff';
--! 22021: invalid byte sequence for encoding "UTF8": 0xff

SELECT 'a' || E'\n' || 'b' = E'a\nb' AS same;
--> same
--> t
