-- Texts that are cast to an enumerated type where they are ordered
-- oracle: postgres
-- chapter: types

CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');

SELECT 'sad'::text::mood < 'ok'::mood AS a, 'happy'::text::mood > 'ok'::text::mood AS b;
--> a | b
--> t | t

SELECT 'angry'::text::mood < 'ok'::mood AS a;
--! 22P02: invalid input value for enum mood: "angry"

SELECT ('angry'::text::mood = 'ok'::mood) IS NULL AS a;
--! 22P02: invalid input value for enum mood: "angry"

CREATE TABLE moods (id integer PRIMARY KEY, said text);

INSERT INTO moods VALUES (1, 'happy'), (2, 'sad'), (3, 'ok');

SELECT id FROM moods ORDER BY said::mood;
--> id
--> 2
--> 3
--> 1

SELECT max(said::mood), min(said::mood) FROM moods;
--> max | min
--> happy | sad

SELECT DISTINCT ON (said::mood) said::mood, id FROM moods ORDER BY said::mood DESC, id;
--> said | id
--> happy | 1
--> ok | 3
--> sad | 2

ALTER TABLE moods ADD COLUMN felt mood DEFAULT 'ok';

SELECT DISTINCT ON (m.felt) m.felt, m.id FROM moods AS m ORDER BY m.felt DESC, m.id DESC;
--> felt | id
--> ok | 3
