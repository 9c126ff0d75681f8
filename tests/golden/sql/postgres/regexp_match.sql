-- regexp_match and regexp_matches
-- oracle: postgres
-- chapter: functions

SELECT regexp_match('foobarbequebaz', 'bar.*que') AS whole, regexp_match('foobarbequebaz', '(bar)(beque)') AS groups, regexp_match('abc', 'z') AS none;
--> whole | groups | none
--> {barbeque} | {bar,beque} | NULL

SELECT regexp_matches('foobarbequebazilbarfbonk', '(b[^b]+)(b[^b]+)', 'g') AS m;
--> m
--> {bar,beque}
--> {bazil,barf}

SELECT regexp_matches('abc', 'z', 'g') AS none;
--> none

SELECT (regexp_match('2024-05-06', '(\d+)-(\d+)'))[1] AS year;
--> year
--> 2024

SELECT regexp_match('abc', '(x)?abc') AS unset, regexp_match('ABC', 'b', 'i') AS folded;
--> unset | folded
--> {NULL} | {B}

SELECT regexp_match('abc', 'b', 'g');
--! 22023: regexp_match() does not support the "global" option

SELECT regexp_match('abc', 'b', 'z');
--! 22023: invalid regular expression option: "z"

SELECT regexp_match('aaa', 'a*?') AS lazy, regexp_match('aaa', 'a+') AS greedy, regexp_match('xay', '(?:x)(a)') AS uncounted;
--> lazy | greedy | uncounted
--> {""} | {aaa} | {a}
