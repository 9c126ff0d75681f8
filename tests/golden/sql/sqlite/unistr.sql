-- Texts with characters by their numbers
-- oracle: sqlite
-- chapter: functions

SELECT unistr('\0041\u0042\+000043\U00000044\\') AS letters, unistr('plain') AS plain, unistr(NULL) AS none;
--> letters | plain | none
--> ABCD\ | plain | NULL

SELECT unistr('\00e9') AS accent, unistr('a\');
--! invalid Unicode escape

SELECT unistr('\zz');
--! invalid Unicode escape

SELECT unistr_quote('a' || char(10) || 'b''\') AS control, unistr_quote('it''s\') AS plain, unistr_quote(1.5) AS number, unistr_quote(NULL) AS none;
--> control | plain | number | none
--> unistr('a\u000ab''\\') | 'it''s\' | 1.5 | NULL
