-- format: digits of the flag !
-- oracle: sqlite
-- chapter: functions

SELECT format('%!.15g', 1e300), length(format('%!f', 1e300)), format('%!.3f|%!f', 2.5, 9e22);
--> format('%!.15g', 1e300) | length(format('%!f', 1e300)) | format('%!.3f|%!f', 2.5, 9e22)
--> 1.0e+300 | 303 | 2.5|89999999999999995800000.0
