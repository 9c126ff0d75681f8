-- Sessions: events less than half an hour apart belong together
-- oracle: postgres
-- chapter: windows

CREATE TABLE events (who TEXT, at TIMESTAMP);

INSERT INTO events VALUES ('ann', '2024-01-01 09:00'), ('ann', '2024-01-01 09:10'), ('ann', '2024-01-01 09:45'), ('ann', '2024-01-01 09:50'), ('bob', '2024-01-01 09:05'), ('bob', '2024-01-01 09:35'), ('bob', '2024-01-01 10:06');

SELECT who, at, at - lag(at) OVER (PARTITION BY who ORDER BY at) AS pause FROM events ORDER BY 1, 2;
--> who | at | pause
--> ann | 2024-01-01 09:00:00 | NULL
--> ann | 2024-01-01 09:10:00 | 00:10:00
--> ann | 2024-01-01 09:45:00 | 00:35:00
--> ann | 2024-01-01 09:50:00 | 00:05:00
--> bob | 2024-01-01 09:05:00 | NULL
--> bob | 2024-01-01 09:35:00 | 00:30:00
--> bob | 2024-01-01 10:06:00 | 00:31:00

CREATE VIEW numbered AS
SELECT who, at, sum(CASE WHEN pause IS NULL OR pause > interval '30 minutes' THEN 1 ELSE 0 END) OVER (PARTITION BY who ORDER BY at) AS session
FROM (SELECT who, at, at - lag(at) OVER (PARTITION BY who ORDER BY at) AS pause FROM events) p;

SELECT who, session, count(*) AS events, min(at) AS since, max(at) - min(at) AS length FROM numbered GROUP BY who, session ORDER BY who, session;
--> who | session | events | since | length
--> ann | 1 | 2 | 2024-01-01 09:00:00 | 00:10:00
--> ann | 2 | 2 | 2024-01-01 09:45:00 | 00:05:00
--> bob | 1 | 2 | 2024-01-01 09:05:00 | 00:30:00
--> bob | 2 | 1 | 2024-01-01 10:06:00 | 00:00:00

SELECT who, max(session) AS sessions, round(avg(n), 2) AS events FROM (SELECT who, session, count(*) AS n FROM numbered GROUP BY 1, 2) s GROUP BY who ORDER BY who;
--> who | sessions | events
--> ann | 2 | 2.00
--> bob | 2 | 1.50

SELECT who, at FROM (SELECT *, row_number() OVER (PARTITION BY who, session ORDER BY at DESC) AS back FROM numbered) n WHERE back = 1 ORDER BY 1, 2;
--> who | at
--> ann | 2024-01-01 09:10:00
--> ann | 2024-01-01 09:50:00
--> bob | 2024-01-01 09:35:00
--> bob | 2024-01-01 10:06:00

SELECT who, at, first_value(at) OVER (PARTITION BY who, session ORDER BY at) AS begun, row_number() OVER (PARTITION BY who, session ORDER BY at) AS n FROM numbered ORDER BY 1, 2;
--> who | at | begun | n
--> ann | 2024-01-01 09:00:00 | 2024-01-01 09:00:00 | 1
--> ann | 2024-01-01 09:10:00 | 2024-01-01 09:00:00 | 2
--> ann | 2024-01-01 09:45:00 | 2024-01-01 09:45:00 | 1
--> ann | 2024-01-01 09:50:00 | 2024-01-01 09:45:00 | 2
--> bob | 2024-01-01 09:05:00 | 2024-01-01 09:05:00 | 1
--> bob | 2024-01-01 09:35:00 | 2024-01-01 09:05:00 | 2
--> bob | 2024-01-01 10:06:00 | 2024-01-01 10:06:00 | 1

SELECT who, at, count(*) OVER (PARTITION BY who ORDER BY at RANGE BETWEEN '30 minutes' PRECEDING AND CURRENT ROW) AS lately FROM events ORDER BY 1, 2;
--> who | at | lately
--> ann | 2024-01-01 09:00:00 | 1
--> ann | 2024-01-01 09:10:00 | 2
--> ann | 2024-01-01 09:45:00 | 1
--> ann | 2024-01-01 09:50:00 | 2
--> bob | 2024-01-01 09:05:00 | 1
--> bob | 2024-01-01 09:35:00 | 2
--> bob | 2024-01-01 10:06:00 | 1

SELECT who, at, count(*) OVER (ORDER BY at RANGE BETWEEN '15 minutes' PRECEDING AND '15 minutes' FOLLOWING EXCLUDE CURRENT ROW) AS near FROM events ORDER BY at;
--> who | at | near
--> ann | 2024-01-01 09:00:00 | 2
--> bob | 2024-01-01 09:05:00 | 2
--> ann | 2024-01-01 09:10:00 | 2
--> bob | 2024-01-01 09:35:00 | 2
--> ann | 2024-01-01 09:45:00 | 2
--> ann | 2024-01-01 09:50:00 | 2
--> bob | 2024-01-01 10:06:00 | 0

SELECT generate_series AS hour, count(e.at) FROM generate_series(timestamp '2024-01-01 08:00', '2024-01-01 10:00', '1 hour') LEFT JOIN events e ON date_trunc('hour', e.at) = generate_series GROUP BY 1 ORDER BY 1;
--> hour | count
--> 2024-01-01 08:00:00 | 0
--> 2024-01-01 09:00:00 | 6
--> 2024-01-01 10:00:00 | 1

SELECT who, percentile_disc(0.5) WITHIN GROUP (ORDER BY pause) AS typical FROM (SELECT who, at - lag(at) OVER (PARTITION BY who ORDER BY at) AS pause FROM events) p GROUP BY who ORDER BY who;
--> who | typical
--> ann | 00:10:00
--> bob | 00:30:00

SELECT who, justify_hours(sum(pause)) AS whole FROM (SELECT who, at - lag(at) OVER (PARTITION BY who ORDER BY at) AS pause FROM events) p GROUP BY who ORDER BY who;
--> who | whole
--> ann | 00:50:00
--> bob | 01:01:00
