//! Queries of forms that the general grammar does not come to, each answered in one way only.

use super::schema::{Column, Kind, Table};
use super::select::TopQuery;
use super::writer::{Source, Writer};

fn names(columns: &[Column], alias: &str) -> String {
    let of = |column: &Column| format!("{alias}.{}", column.name);
    columns.iter().map(of).collect::<Vec<_>>().join(", ")
}

impl Writer<'_> {
    /// A query of one of the forms.
    pub(super) fn special_query(&mut self) -> TopQuery {
        let table = self.table();
        match self.below(15) {
            0 => self.bare_columns(&table),
            1 => self.named_window(&table),
            2 => self.range_offsets(&table),
            3 => self.graph(),
            4 => self.recursive_limit(),
            5 => self.indexed_by(&table),
            6 => self.join_using(),
            7 => self.row_in_query(&table),
            8 => self.elements(&table),
            9 => self.in_table(&table),
            10 => self.order_by_expressions(&table),
            11 => self.all_columns(&table),
            12 => self.of_the_schema(&table),
            13 => TopQuery { text: self.erring(), is_ordered: false },
            _ => self.lists_of_values(&table),
        }
    }

    /// Columns beside one MIN or MAX are of the row that has it: unique values make it one.
    fn bare_columns(&mut self, table: &Table) -> TopQuery {
        self.note("bare columns");
        let (id, name) = (&table.columns[0].name, &table.name);
        let all = names(&table.columns, "s");
        let extreme = *self.pick(&["min", "max"]);
        let text = match self.below(2) {
            0 => {
                format!("SELECT {extreme}(s.{id}), {all} FROM {name} AS s WHERE s.{id} IS NOT NULL")
            }
            _ => {
                self.note("bare columns of groups");
                format!(
                    "SELECT {extreme}(s.{id}), {all} FROM (SELECT DISTINCT * FROM {name}) AS s \
                     WHERE s.{id} IS NOT NULL GROUP BY s.{id}"
                )
            }
        };
        // Rows without a key may share a value.
        self.is_loose |= table.key().len() != 1;
        TopQuery { text, is_ordered: false }
    }

    fn named_window(&mut self, table: &Table) -> TopQuery {
        self.note("window clause");
        let (name, all) = (&table.name, names(&table.columns, "s"));
        let column = self.pick(&table.columns).name.clone();
        let (function, note) = *self.pick(&[
            ("count", "window count"),
            ("min", "window min"),
            ("max", "window max"),
            ("group_concat", "window group_concat"),
        ]);
        self.note(note);
        // SQLite has a NUL of what begins with an empty blob.
        let plain = column;
        let column = match function == "group_concat" {
            true => format!("quote(s.{plain})"),
            false => format!("s.{plain}"),
        };
        let text = format!(
            "SELECT {function}({column}) OVER w, row_number() OVER w, \
             count(*) FILTER (WHERE s.{plain} IS NOT NULL) OVER (w ROWS 2 PRECEDING) \
             FROM {name} AS s WINDOW w AS (ORDER BY {all})"
        );
        TopQuery { text, is_ordered: false }
    }

    /// RANGE with distances, over numbers.
    fn range_offsets(&mut self, table: &Table) -> TopQuery {
        self.note("range with offsets");
        let numbers = |column: &&Column| matches!(column.kind, Kind::Integer | Kind::Real);
        let column = table.columns.iter().find(numbers).unwrap_or(&table.columns[0]);
        let (name, column) = (&table.name, &column.name);
        let order = *self.pick(&["", " DESC"]);
        let frame = *self.pick(&[
            "RANGE BETWEEN 2 PRECEDING AND 2 FOLLOWING",
            "RANGE BETWEEN 1.5 PRECEDING AND CURRENT ROW",
            "RANGE BETWEEN CURRENT ROW AND 10 FOLLOWING",
            "RANGE BETWEEN 5 PRECEDING AND 1 PRECEDING",
            "RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING",
            "RANGE UNBOUNDED PRECEDING",
        ]);
        let text = format!(
            "SELECT s.{column}, count(*) OVER (ORDER BY s.{column}{order} {frame}), \
             min(s.{column}) OVER (ORDER BY s.{column}{order} {frame}) FROM {name} AS s"
        );
        TopQuery { text, is_ordered: false }
    }

    /// A graph of integers that is walked.
    fn graph(&mut self) -> TopQuery {
        self.note("recursive join");
        let (modulus, factor, start) = (5 + self.below(9), 2 + self.below(3), self.below(5));
        let order = *self.pick(&["", " ORDER BY 2", " ORDER BY 1 DESC"]);
        let text = format!(
            "WITH RECURSIVE edges(a, b) AS (SELECT n, n * {factor} % {modulus} FROM \
             (WITH RECURSIVE c(n) AS (VALUES (0) UNION ALL SELECT n + 1 FROM c \
             WHERE n < {modulus}) SELECT n FROM c)), \
             walk(node, depth) AS (VALUES ({start}, 0) UNION \
             SELECT edges.b, walk.depth + 1 FROM walk \
             JOIN edges ON edges.a = walk.node WHERE walk.depth < 6{order}) \
             SELECT node, depth FROM walk"
        );
        TopQuery { text, is_ordered: false }
    }

    fn recursive_limit(&mut self) -> TopQuery {
        self.note("recursive with limit");
        let (limit, offset) = (self.below(8), self.below(3));
        let offset = if offset == 0 { String::new() } else { format!(" OFFSET {offset}") };
        let text = format!(
            "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT {limit}{offset}) \
             SELECT n, n * n FROM c"
        );
        TopQuery { text, is_ordered: false }
    }

    fn indexed_by(&mut self, table: &Table) -> TopQuery {
        let alias = self.alias("s");
        let source = Source { alias: alias.clone(), columns: table.visible() };
        let (name, all) = (&table.name, names(&table.columns, &alias));
        let hint = match table.indexes.first() {
            Some(index) if !self.one_in(4) => {
                self.note("indexed by");
                format!(" INDEXED BY {index}")
            }
            _ => {
                self.note("not indexed");
                " NOT INDEXED".to_owned()
            }
        };
        self.scopes.push(vec![source]);
        let condition = self.condition(2);
        self.scopes.pop();
        let text = format!("SELECT {all} FROM {name} AS {alias}{hint} WHERE {condition}");
        // An index that cannot answer is an error that hangs on the plan.
        self.is_loose |= hint.starts_with(" INDEXED");
        self.is_planned |= hint.starts_with(" INDEXED");
        TopQuery { text, is_ordered: false }
    }

    fn join_using(&mut self) -> TopQuery {
        let (left, right) = (self.table(), self.table());
        let shared = left.columns.iter().find(|column| {
            left.name != right.name && right.columns.iter().any(|other| other.name == column.name)
        });
        let join = *self.pick(&["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"]);
        let Some(shared) = shared else {
            self.note("natural join");
            let text = format!(
                "SELECT count(*) FROM {} NATURAL {join} {}",
                left.name,
                if left.name == right.name { "(SELECT 1 AS zz) AS o" } else { &right.name }
            );
            return TopQuery { text, is_ordered: false };
        };
        self.note("join using");
        let shared = &shared.name;
        let text = format!(
            "SELECT {shared}, count(*) FROM {} {join} {} USING ({shared}) GROUP BY {shared} || ''",
            left.name, right.name
        );
        // Of equal values each side may give the one that it has.
        self.is_loose = true;
        TopQuery { text, is_ordered: false }
    }

    fn row_in_query(&mut self, table: &Table) -> TopQuery {
        self.note("row in query");
        let other = self.table();
        let (a, b) = (self.pick(&table.columns).clone(), self.pick(&table.columns).clone());
        let (c, d) = (self.pick(&other.columns).clone(), self.pick(&other.columns).clone());
        let not = *self.pick(&["", "NOT "]);
        let text = format!(
            "SELECT s.{}, s.{} FROM {} AS s WHERE (s.{}, s.{}) {not}IN \
             (SELECT o.{}, o.{} FROM {} AS o)",
            a.name, b.name, table.name, a.name, b.name, c.name, d.name, other.name
        );
        TopQuery { text, is_ordered: false }
    }

    /// A table made of VALUES, and IN with a table's name.
    fn lists_of_values(&mut self, table: &Table) -> TopQuery {
        self.note("values in from");
        let column = self.pick(&table.columns).clone();
        let one = self.expression(Kind::Integer, 3);
        let two = self.expression(column.kind, 3);
        let text = format!(
            "SELECT v.column1, s.{0} FROM (VALUES ({one}), ({two})) AS v LEFT JOIN {1} AS s \
             ON s.{0} = v.column1",
            column.name, table.name
        );
        TopQuery { text, is_ordered: false }
    }

    /// The elements of documents, and those of a document for each row.
    fn elements(&mut self, table: &Table) -> TopQuery {
        let document = self.document(3);
        let (function, name) =
            *self.pick(&[("json_each", "json_each in from"), ("json_tree", "json_tree in from")]);
        self.note(name);
        // Ids are numbers of SQLite's own, "the computation of which might change".
        let what = *self.pick(&["key", "value", "type", "atom", "fullkey", "path"]);
        let text = match self.below(3) {
            0 => {
                let column = self.pick(&table.columns).name.clone();
                format!(
                    "SELECT s.{column}, e.{what} FROM {} AS s, \
                     {function}(json_array(quote(s.{column}), json({document}))) AS e",
                    table.name
                )
            }
            1 => format!("SELECT {what}, value FROM {function}({document}, '$.b')"),
            _ => format!("SELECT {what}, type, fullkey FROM {function}({document})"),
        };
        TopQuery { text, is_ordered: false }
    }

    /// IN with the name of a table, which has one column.
    fn in_table(&mut self, table: &Table) -> TopQuery {
        self.note("in table");
        let (column, other) = (self.pick(&table.columns).clone(), self.table());
        let partner = self.pick(&other.columns).name.clone();
        let (not, name) = (*self.pick(&["", "NOT "]), &table.name);
        let text = format!(
            "WITH w AS (SELECT {partner} FROM {}) SELECT s.{1} FROM {name} AS s \
             WHERE s.{1} {not}IN w",
            other.name, column.name
        );
        TopQuery { text, is_ordered: false }
    }

    /// An order by what is not among the results, then by all of them.
    fn order_by_expressions(&mut self, table: &Table) -> TopQuery {
        self.note("order by an expression");
        let alias = self.alias("s");
        self.scopes.push(vec![Source { alias: alias.clone(), columns: table.visible() }]);
        let kind = *self.pick(&Kind::ALL);
        let key = self.expression(kind, 2);
        let collate = if kind == Kind::Text { self.collate() } else { "" };
        self.scopes.pop();
        let order = *self.pick(&["", " DESC", " NULLS LAST"]);
        let all = names(&table.columns, &alias);
        let (name, limit) = (&table.name, self.below(12));
        let text = format!(
            "SELECT {all} FROM {name} AS {alias} ORDER BY ({key}){collate}{order}, {all} \
             LIMIT {limit}"
        );
        // Two rows that a collation finds equal in all columns come in any order.
        self.is_loose |= table.has_collations();
        TopQuery { text, is_ordered: false }
    }

    fn all_columns(&mut self, table: &Table) -> TopQuery {
        let (name, other) = (&table.name, self.table());
        let (text, noted) = match self.below(3) {
            0 => (format!("SELECT * FROM {name}"), "select *"),
            1 => (format!("SELECT o.*, s.* FROM {name} AS s, {} AS o", other.name), "select t.*"),
            _ => (format!("SELECT s.*, count(*) OVER () FROM {name} AS s"), "select t.*"),
        };
        self.note(noted);
        TopQuery { text, is_ordered: false }
    }

    /// What PRAGMAs tell of a table.
    fn of_the_schema(&mut self, table: &Table) -> TopQuery {
        let name = &table.name;
        let (text, noted) = match self.below(4) {
            0 => (format!("PRAGMA table_info({name})"), "pragma table_info"),
            1 => (format!("SELECT name, pk FROM pragma_table_info('{name}')"), "pragma in from"),
            2 => (format!("PRAGMA foreign_key_list({name})"), "pragma foreign_key_list"),
            _ => (
                "SELECT count(*) FROM sqlite_schema WHERE type = 'table'".to_owned(),
                "sqlite_schema",
            ),
        };
        self.note(noted);
        TopQuery { text, is_ordered: false }
    }
}
