-- substring in its five forms
-- oracle: postgres
-- chapter: functions

SELECT substring('Thomas' FROM 2 FOR 3) AS ff, substring('Thomas' FROM 3) AS f, substring('Thomas' FOR 2) AS only_for, substr('Thomas', 2, 3) AS s, substring('Thomas', 4) AS plain;
--> ff | f | only_for | s | plain
--> hom | omas | Th | hom | mas

SELECT substring('Thomas' FROM 0 FOR 2) AS zero, substring('Thomas' FROM -2 FOR 5) AS minus, substring('Thomas' FROM 10) AS behind, substring('Thomas' FROM 3 FOR 0) AS none;
--> zero | minus | behind | none
--> T | Th |  |

SELECT substring('Thomas' FROM 2 FOR -1);
--! 22011: negative substring length not allowed

SELECT substring('Thomas' FROM '...$') AS regex, substring('foobar' FROM 'o(.)b') AS group, substring('foobar' FROM 'z') AS no_match;
--> regex | group | no_match
--> mas | o | NULL

SELECT substring('Thomas' SIMILAR '%#"o_a#"_' ESCAPE '#') AS similar, substring('Thomas' FROM '%#"o_a#"_' FOR '#') AS old;
--> similar | old
--> oma | oma
--~! 0A000: a regular expression that mixes greedy and non-greedy parts, where its match is asked for

SELECT left('abcde', 2) AS l, left('abcde', -2) AS but_two, right('abcde', 2) AS r, right('abcde', -2) AS rest, left('ab', 5) AS all;
--> l | but_two | r | rest | all
--> ab | abc | de | cde | ab

SELECT substring('Thomas', 2147483647, 2147483647) AS far, substr('Thomas', NULL) AS n;
--> far | n
-->  | NULL
