-- to_char of what is no number
-- oracle: postgres
-- chapter: functions

SELECT to_char('NaN'::numeric, '9.99EEEE'), to_char('Infinity'::numeric, '999.9EEEE'), to_char('NaN'::double precision, 'EEEE');
--> to_char | to_char | to_char
-->  #.###### |  ###.##### |  .####

SELECT '[' || to_char('NaN'::numeric, '$9,990.0MI') || ']', '[' || to_char('NaN'::numeric, '9990MI') || ']', '[' || to_char('NaN'::numeric, '9990.0S') || ']', '[' || to_char('NaN'::numeric, 'FM9990.0MI') || ']';
--> ?column? | ?column? | ?column? | ?column?
--> [$  NaN] | [ NaN ] | [ NaN] | [NaN]

SELECT '[' || to_char('-Infinity'::double precision, 'S0999.9') || ']', '[' || to_char('Infinity'::double precision, '999999990.0MI') || ']', '[' || to_char(1.5::real, '9.9999999999"x"') || ']';
--> ?column? | ?column? | ?column?
--> [-####.#] | [ Infinity] | [ 1.50000]
