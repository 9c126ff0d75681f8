//! Queries of forms that the general grammar does not come to, each answered in one way only.

use super::kind::Kind;
use super::schema::Table;
use super::select::TopQuery;
use super::writer::Composer;

/// A query whose rows stand in its own order.
fn ordered(text: String) -> TopQuery {
    TopQuery { text, is_ordered: true }
}

/// A query whose rows may come in any order.
fn bag(text: String) -> TopQuery {
    TopQuery { text, is_ordered: false }
}

impl Composer<'_> {
    /// A query of one of the forms.
    pub(super) fn special_query(&mut self) -> TopQuery {
        let table = self.a_table();
        self.is_planned = true;
        match self.below(20) {
            0 => self.distinct_on(&table),
            1 => self.join_using(),
            2 => self.rows_in_items(&table),
            3 => self.named_window(&table),
            4 => self.range_offsets(&table),
            5 => self.graph(),
            6 => self.with_ties(&table),
            7 => self.row_in_query(&table),
            8 => self.nested_join(),
            9 => self.whole_rows(&table),
            10 => self.locked(&table),
            11 => self.top_of_each(&table),
            12 => self.ordered_otherwise(&table),
            13 => self.group_by_key(&table),
            14 => self.searched(),
            15 => self.records(),
            16 => self.array_of_query(&table),
            17 => self.dates_in_range(),
            18 => self.names_of_columns(&table),
            _ => self.counted_joins(),
        }
    }

    fn orderable(&mut self, table: &Table) -> String {
        let columns: Vec<&str> = table
            .columns
            .iter()
            .filter(|column| column.kind.is_ordered() && !column.kind.has_spellings())
            .map(|column| &*column.name)
            .collect();
        (*self.pick(&columns)).to_owned()
    }

    fn distinct_on(&mut self, table: &Table) -> TopQuery {
        self.note("distinct on");
        let (column, order) = (self.orderable(table), *self.pick(&["", " DESC", " NULLS FIRST"]));
        self.scopes.push(vec![table.source("s")]);
        let item = self.expression(Kind::Text, 2);
        let filter = self.condition(1);
        self.scopes.pop();
        ordered(format!(
            "SELECT DISTINCT ON (s.{column}) s.{column}, s.id, {item} FROM {} AS s \
             WHERE {filter} ORDER BY s.{column}{order}, s.id DESC",
            table.name
        ))
    }

    fn join_using(&mut self) -> TopQuery {
        let (left, right) = (self.a_table(), self.a_table());
        let join = *self.pick(&["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"]);
        match self.below(3) {
            0 => {
                self.note("natural join");
                bag(format!("SELECT * FROM {} AS a NATURAL {join} {} AS b", left.name, right.name))
            }
            1 => {
                self.note("using with alias");
                let (left, right) = (&left.name, &right.name);
                bag(format!(
                    "SELECT j.id, b.* FROM {left} AS a {join} {right} AS b USING (id) AS j"
                ))
            }
            _ => {
                self.note("join using");
                let (left, right) = (&left.name, &right.name);
                bag(format!("SELECT *, a.id FROM {left} AS a {join} {right} AS b USING (id)"))
            }
        }
    }

    fn rows_in_items(&mut self, table: &Table) -> TopQuery {
        self.note("rows in items");
        self.scopes.push(vec![table.source("s")]);
        let array = self.expression(Kind::Ints, 2);
        let text = self.expression(Kind::Text, 2);
        self.scopes.pop();
        let call = match self.below(6) {
            0 => "generate_series(1, 2)".to_owned(),
            1 => format!("regexp_split_to_table({text}, '[,b]')"),
            2 => format!("unnest({array}), generate_series(1, 3) AS n"),
            3 => "jsonb_array_elements('[1, [2]]'::jsonb)".to_owned(),
            4 => format!("generate_subscripts({array}, 1) + 1"),
            _ => format!("unnest({array})"),
        };
        bag(format!("SELECT s.id, {call} FROM {} AS s", table.name))
    }

    fn named_window(&mut self, table: &Table) -> TopQuery {
        self.note("window clause");
        let column = self.orderable(table);
        bag(format!(
            "SELECT s.id, count(s.{column}) OVER w, row_number() OVER (w ROWS 2 PRECEDING), \
             rank() OVER (PARTITION BY s.id % 3 ORDER BY s.{column}), \
             first_value(s.{column}) OVER v FROM {} AS s \
             WINDOW w AS (PARTITION BY s.id % 2 ORDER BY s.{column}, s.id), \
             v AS (PARTITION BY s.id % 4 ORDER BY s.id DESC)",
            table.name
        ))
    }

    /// RANGE with distances, over numbers and times.
    fn range_offsets(&mut self, table: &Table) -> TopQuery {
        self.note("range with offsets");
        let fitting = |kind: Kind| match kind {
            Kind::Int2 | Kind::Int4 | Kind::Int8 => Some(("2", "10")),
            Kind::Numeric => Some(("1.5", "100")),
            Kind::Float8 => Some(("0.5", "2.5")),
            Kind::Date | Kind::Timestamp | Kind::TimestampTz => {
                Some(("interval '1 month'", "interval '300 days'"))
            }
            Kind::Interval => Some(("interval '1 day'", "interval '30 days'")),
            Kind::Time => Some(("interval '2 hours'", "interval '30 minutes'")),
            _ => None,
        };
        let all: Vec<(String, &str, &str)> = table
            .columns
            .iter()
            .filter_map(|column| fitting(column.kind).map(|(a, b)| (column.name.clone(), a, b)))
            .collect();
        let (column, one, two) = self.pick(&all).clone();
        let order = *self.pick(&["", " DESC", " NULLS FIRST"]);
        let frame = match self.below(5) {
            0 => format!("RANGE BETWEEN {one} PRECEDING AND {two} FOLLOWING"),
            1 => format!("RANGE BETWEEN {two} PRECEDING AND CURRENT ROW"),
            2 => format!("RANGE BETWEEN CURRENT ROW AND {one} FOLLOWING EXCLUDE CURRENT ROW"),
            3 => format!("RANGE BETWEEN {two} PRECEDING AND {one} PRECEDING"),
            _ => format!("RANGE BETWEEN {one} FOLLOWING AND UNBOUNDED FOLLOWING"),
        };
        bag(format!(
            "SELECT s.id, count(*) OVER (ORDER BY s.{column}{order} {frame}), \
             sum(s.id::int8) OVER (ORDER BY s.{column}{order} {frame}) FROM {} AS s",
            table.name
        ))
    }

    /// A graph of integers that is walked.
    fn graph(&mut self) -> TopQuery {
        self.note("recursive join");
        let (modulus, factor, start) = (5 + self.below(9), 2 + self.below(3), self.below(5));
        bag(format!(
            "WITH RECURSIVE edges(a, b) AS (SELECT n, n * {factor} % {modulus} \
             FROM generate_series(0, {modulus}) AS n), \
             walk(node, depth, path) AS (SELECT {start}, 0, ARRAY[{start}] UNION ALL \
             SELECT e.b, w.depth + 1, w.path || e.b FROM walk AS w \
             JOIN edges AS e ON e.a = w.node WHERE e.b <> ALL (w.path)) \
             SELECT node, depth, path FROM walk"
        ))
    }

    fn with_ties(&mut self, table: &Table) -> TopQuery {
        self.note("with ties");
        let column = self.orderable(table);
        bag(format!(
            "SELECT s.{column}, s.id FROM {} AS s ORDER BY s.{column} \
             FETCH FIRST {} ROWS WITH TIES",
            table.name,
            1 + self.below(4)
        ))
    }

    fn row_in_query(&mut self, table: &Table) -> TopQuery {
        self.note("row in query");
        let other = self.a_table();
        let (a, b) = (self.orderable(table), self.orderable(&other));
        let not = *self.pick(&["", "NOT "]);
        bag(format!(
            "SELECT s.id FROM {} AS s WHERE (s.id, s.{a}::text) {not}IN \
             (SELECT o.id, o.{b}::text FROM {} AS o)",
            table.name, other.name
        ))
    }

    fn nested_join(&mut self) -> TopQuery {
        self.note("nested join");
        let (a, b, c) = (self.a_table().name, self.a_table().name, self.a_table().name);
        let (outer, inner) = (
            *self.pick(&["LEFT", "RIGHT", "FULL", "INNER"]),
            *self.pick(&["LEFT", "RIGHT", "FULL", "INNER"]),
        );
        bag(format!(
            "SELECT a.id, b.id, c.id FROM {a} AS a {outer} JOIN ({b} AS b {inner} JOIN {c} AS c \
             ON b.id = c.id + 1) ON a.id = coalesce(b.id, c.id) WHERE a.id IS NULL OR a.id < 40"
        ))
    }

    fn whole_rows(&mut self, table: &Table) -> TopQuery {
        let name = &table.name;
        match self.below(5) {
            0 => {
                self.note("table");
                bag(format!("TABLE {name}"))
            }
            1 => {
                self.note("row as json");
                bag(format!("SELECT to_jsonb(s) FROM {name} AS s"))
            }
            2 => {
                self.note("row_to_json");
                bag(format!("SELECT row_to_json(s) FROM {name} AS s"))
            }
            3 => {
                self.note("row as text");
                bag(format!("SELECT s::text FROM {name} AS s"))
            }
            _ => {
                self.note("all columns");
                bag(format!("SELECT s.*, s.id AS again FROM {name} AS s WHERE s.id > 3"))
            }
        }
    }

    fn locked(&mut self, table: &Table) -> TopQuery {
        self.note("for update");
        let how = *self.pick(&["UPDATE", "NO KEY UPDATE", "SHARE", "KEY SHARE"]);
        ordered(format!("SELECT s.id FROM {} AS s ORDER BY s.id FOR {how} OF s", table.name))
    }

    fn top_of_each(&mut self, table: &Table) -> TopQuery {
        self.note("top of each");
        let other = self.a_table();
        let limit = 1 + self.below(3);
        bag(format!(
            "SELECT s.id, l.id, l.n FROM {} AS s LEFT JOIN LATERAL (SELECT o.id, \
             count(*) OVER () AS n FROM {} AS o WHERE o.id > s.id ORDER BY o.id LIMIT {limit}) \
             AS l ON true",
            table.name, other.name
        ))
    }

    fn ordered_otherwise(&mut self, table: &Table) -> TopQuery {
        self.note("order by what is not selected");
        self.scopes.push(vec![table.source("s")]);
        let kind = self.kind();
        let item = self.expression(kind, 1);
        self.scopes.pop();
        let column = self.orderable(table);
        let order = match self.below(4) {
            0 => format!("s.{column} DESC NULLS LAST, s.id"),
            1 => format!("s.{column} USING >, s.id"),
            2 => "s.id % 5, s.id".to_owned(),
            _ => format!("s.{column} IS NULL, s.{column}, s.id DESC"),
        };
        ordered(format!("SELECT {item} AS x FROM {} AS s ORDER BY {order}", table.name))
    }

    fn group_by_key(&mut self, table: &Table) -> TopQuery {
        self.note("group by a key");
        let other = self.a_table();
        let column = self.orderable(table);
        bag(format!(
            "SELECT s.id, s.{column}, count(o.id), max(o.id) FROM {} AS s LEFT JOIN {} AS o \
             ON o.id < s.id GROUP BY s.id HAVING count(o.id) < 9",
            table.name, other.name
        ))
    }

    fn searched(&mut self) -> TopQuery {
        let (note, clause) = *self.pick(&[
            ("search breadth first", "SEARCH BREADTH FIRST BY n SET o"),
            ("search depth first", "SEARCH DEPTH FIRST BY n SET o"),
            ("cycle", "CYCLE n SET is_cycle USING path"),
        ]);
        self.note(note);
        let columns = if note == "cycle" { "n, is_cycle" } else { "n" };
        bag(format!(
            "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n * 2 % 7 FROM c WHERE n < 6) \
             {clause} SELECT {columns} FROM c LIMIT 4"
        ))
    }

    /// Records that a column list describes.
    fn records(&mut self) -> TopQuery {
        self.note("rows of json");
        bag(match self.below(3) {
            0 => "SELECT * FROM jsonb_to_recordset('[{\"a\": 1, \"b\": \"x\"}, {\"a\": 2}]') \
                  AS r(a int, b text)"
                .to_owned(),
            1 => "SELECT * FROM json_to_record('{\"a\": 1, \"b\": [1, 2]}') AS r(a int, b int[])"
                .to_owned(),
            _ => "SELECT * FROM jsonb_to_record('{\"a\": \"2024-01-01\"}') AS r(a date)".to_owned(),
        })
    }

    fn array_of_query(&mut self, table: &Table) -> TopQuery {
        self.note("array of a query");
        let other = self.a_table();
        let column = self.orderable(&other);
        ordered(format!(
            "SELECT s.id, ARRAY(SELECT o.{column} FROM {} AS o WHERE o.id <= s.id ORDER BY o.id) \
             FROM {} AS s ORDER BY s.id",
            other.name, table.name
        ))
    }

    /// Days of a month with what falls on them, as reports ask it.
    fn dates_in_range(&mut self) -> TopQuery {
        self.note("series of days");
        let (zone, step) = (
            *self.pick(&["UTC", "America/New_York", "Europe/Berlin"]),
            *self.pick(&["1 day", "1 week", "1 month", "12 hours"]),
        );
        let month = 1 + self.below(12);
        ordered(format!(
            "SELECT d, to_char(d AT TIME ZONE '{zone}', 'Dy DD Mon HH24:MI'), \
             extract(isodow FROM d AT TIME ZONE '{zone}') FROM generate_series(\
             timestamptz '2024-{month:02}-01 00:00 {zone}', '2024-{month:02}-28', '{step}') AS d \
             ORDER BY d"
        ))
    }

    /// Columns that are named by what computes them.
    fn names_of_columns(&mut self, table: &Table) -> TopQuery {
        self.note("names of columns");
        bag(format!(
            "SELECT s.id, s.id + 1, upper('a'), s.id::text, CASE WHEN true THEN 1 END, \
             CASE WHEN false THEN 1 ELSE s.id END, coalesce(s.id, 0), (SELECT 1), (SELECT s.id), \
             ARRAY[s.id], (ARRAY[s.id])[1], EXISTS (SELECT 1), s.id IS NULL, NOT true, \
             date '2024-01-01', extract(year FROM date '2024-01-01'), nullif(1, 2), \
             greatest(1, 2), 'x', NULL, count(*) OVER (), CAST(s.id AS numeric(10,2)), \
             ROW(1, 2) = ROW(1, 2), current_date IS NULL, trim(' a '), substring('abc' FROM 2), \
             position('a' IN 'b'), s.id BETWEEN 1 AND 2, s.id IN (1, 2), 'a' LIKE 'b', \
             - s.id, 'abc' COLLATE \"C\" FROM {} AS s",
            table.name
        ))
    }

    fn counted_joins(&mut self) -> TopQuery {
        self.note("count of a join");
        let (from, sources) = self.from();
        self.scopes.push(sources);
        let condition = self.condition(0);
        self.scopes.pop();
        bag(format!("SELECT count(*){from} WHERE {condition}"))
    }
}
