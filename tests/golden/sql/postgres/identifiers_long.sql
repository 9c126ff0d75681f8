-- Names are cut after 63 bytes
-- oracle: postgres
-- chapter: lexical

CREATE TABLE long_names (a_name_that_is_much_longer_than_the_sixty_three_bytes_that_a_name_may_have INTEGER);

INSERT INTO long_names VALUES (1);

SELECT * FROM long_names;
--> a_name_that_is_much_longer_than_the_sixty_three_bytes_that_a_na
--> 1

SELECT a_name_that_is_much_longer_than_the_sixty_three_bytes_that_a_na FROM long_names;
--> a_name_that_is_much_longer_than_the_sixty_three_bytes_that_a_na
--> 1

SELECT a_name_that_is_much_longer_than_the_sixty_three_bytes_that_a_name FROM long_names;
--> a_name_that_is_much_longer_than_the_sixty_three_bytes_that_a_na
--> 1

SELECT 1 AS another_name_that_is_much_longer_than_the_sixty_three_bytes_that_fit;
--> another_name_that_is_much_longer_than_the_sixty_three_bytes_tha
--> 1
