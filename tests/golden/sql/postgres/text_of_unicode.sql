-- Texts beyond ASCII: characters, bytes, emoji and combining marks
-- oracle: postgres
-- chapter: functions

SELECT length('zürich') AS chars, octet_length('zürich') AS bytes, bit_length('ü') AS bits, char_length('日本') AS japanese;
--> chars | bytes | bits | japanese
--> 6 | 7 | 16 | 2

SELECT length('👍') AS emoji, octet_length('👍') AS bytes, length('👍🏽') AS with_tone, length('👨‍👩‍👧') AS family;
--> emoji | bytes | with_tone | family
--> 1 | 4 | 2 | 5

SELECT length(E'e\u0301') AS combined, length('é') AS composed, E'e\u0301' = 'é' AS equal;
--> combined | composed | equal
--> 2 | 1 | f

SELECT reverse('añb') AS reversed, left('日本語', 2) AS l, right('日本語', 1) AS r, substr('日本語', 2, 1) AS s;
--> reversed | l | r | s
--> bña | 日本 | 語 | 本

SELECT position('本' IN '日本語') AS position, strpos('naïve', 'v') AS strpos, replace('naïve', 'ï', 'i') AS replaced, translate('éàü', 'éàü', 'eau') AS translated;
--> position | strpos | replaced | translated
--> 2 | 4 | naive | eau

SELECT ascii('é') AS e_acute, ascii('日') AS sun, chr(8364) AS euro, chr(128077) AS thumb, U&'\20AC' AS escaped;
--> e_acute | sun | euro | thumb | escaped
--> 233 | 26085 | € | 👍 | €

SELECT E'\u20ac' AS euro, E'\U0001F44D' AS thumb, '\u20ac' AS plain;
--> euro | thumb | plain
--> € | 👍 | \u20ac

SELECT lpad('é', 3, '日') AS padded, rpad('日本', 4, '*') AS right, lpad('日本語', 2) AS cut;
--> padded | right | cut
--> 日日é | 日本** | 日本

SELECT 'é'::char(3) || '|' AS padded, '日本語'::varchar(2) AS cut, octet_length('日本語'::varchar(2)) AS bytes;
--> padded | cut | bytes
--> é| | 日本 | 6

SELECT 'z' < 'é' AS by_code, 'Z' < 'a' AS upper_first, 'é' < '日' AS further, '日' < '👍' AS furthest;
--> by_code | upper_first | further | furthest
--> t | t | t | t

SELECT x FROM (VALUES ('b'), ('é'), ('a'), ('Z'), ('日'), ('ä')) v(x) ORDER BY x COLLATE "C";
--> x
--> Z
--> a
--> b
--> ä
--> é
--> 日

SELECT '日本語' LIKE '_本_' AS like, 'naïve' ~ '^na.ve$' AS regex, 'straße' LIKE '%ß%' AS sharp;
--> like | regex | sharp
--> t | t | t

SELECT string_to_array('a→b→c', '→') AS parts, split_part('ä·ö·ü', '·', 2) AS part, regexp_split_to_array('x日y日z', '日') AS split;
--> parts | part | split
--> {a,b,c} | ö | {x,y,z}

SELECT encode(convert_to('é€', 'UTF8'), 'hex') AS utf8, convert_from('\xe282ac', 'UTF8') AS euro;
--> utf8 | euro
--> c3a9e282ac | €

SELECT convert_from('\xff', 'UTF8');
--! 22021: invalid byte sequence for encoding "UTF8": 0xff

SELECT E'a\tb' AS tab, length(E'a\n') AS newline, E'\x41\101' AS by_number, length('') AS empty;
--> tab | newline | by_number | empty
--> a	b | 2 | AA | 0

SELECT chr(0);
--! 54000: null character not permitted

SELECT concat('a', NULL, 'é', 1) AS concat, overlay('日本語' PLACING 'X' FROM 2 FOR 1) AS overlaid, repeat('é', 3) AS repeated, md5('é') AS md5;
--> concat | overlaid | repeated | md5
--> aé1 | 日X語 | ééé | 66ddcd97cfdeabb2f6fb8a999b4bc76f
