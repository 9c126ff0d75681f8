-- EXCLUDE
-- oracle: postgres
-- chapter: constraints

CREATE TABLE rooms (room INTEGER, EXCLUDE USING btree (room WITH =));
--~! 0A000: the constraint EXCLUDE USING btree (room WITH =) is not supported

INSERT INTO rooms VALUES (1);
--~! 42P01: relation "rooms" does not exist

INSERT INTO rooms VALUES (1);
--! 23P01: conflicting key value violates exclusion constraint "rooms_room_excl"
--~! 42P01: relation "rooms" does not exist

INSERT INTO rooms VALUES (NULL), (NULL);
--~! 42P01: relation "rooms" does not exist
