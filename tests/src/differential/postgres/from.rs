//! Random relations, and how they are joined.

use super::kind::Kind;
use super::writer::{Column, Composer, Source};

/// How a function that gives rows is called, of what types, and what its columns are.
type RowFunction = (&'static str, &'static [Kind], &'static [(&'static str, Kind)]);

const ROWS: &[RowFunction] = &[
    ("generate_series(0, abs($1 % 6))", &[Kind::Int4], &[("n", Kind::Int4)]),
    ("generate_series($1 % 5, 10, 3)", &[Kind::Int4], &[("n", Kind::Int4)]),
    ("generate_series(5, 1, -2)", &[], &[("n", Kind::Int4)]),
    ("generate_series(1.5, 4, 0.75)", &[], &[("n", Kind::Numeric)]),
    (
        "generate_series(timestamp '2024-01-30', '2024-02-03', '30 hours')",
        &[],
        &[("n", Kind::Timestamp)],
    ),
    ("unnest($1)", &[Kind::Ints], &[("n", Kind::Int4)]),
    ("unnest($1)", &[Kind::Texts], &[("n", Kind::Text)]),
    ("unnest($1, $2)", &[Kind::Ints, Kind::Texts], &[("n", Kind::Int4), ("m", Kind::Text)]),
    ("regexp_split_to_table($1, ',')", &[Kind::Text], &[("n", Kind::Text)]),
    ("string_to_table($1, 'b')", &[Kind::Text], &[("n", Kind::Text)]),
    ("regexp_matches($1, '[a-z]', 'g')", &[Kind::Text], &[("n", Kind::Texts)]),
    ("generate_subscripts($1, 1)", &[Kind::Ints], &[("n", Kind::Int4)]),
    ("jsonb_array_elements('[1, \"a\", {}]'::jsonb)", &[], &[("n", Kind::Jsonb)]),
    ("jsonb_array_elements_text(jsonb_build_array($1, 2))", &[Kind::Text], &[("n", Kind::Text)]),
    (
        "jsonb_each(jsonb_build_object('a', $1, 'b', 2))",
        &[Kind::Int4],
        &[("n", Kind::Text), ("m", Kind::Jsonb)],
    ),
    (
        "json_each_text(json_build_object('a', $1))",
        &[Kind::Text],
        &[("n", Kind::Text), ("m", Kind::Text)],
    ),
    ("jsonb_object_keys('{\"b\": 1, \"a\": 2}'::jsonb)", &[], &[("n", Kind::Text)]),
];

impl Composer<'_> {
    /// ` FROM ...` and what it has.
    pub(super) fn from(&mut self) -> (String, Vec<Source>) {
        let (first, source) = self.relation();
        let mut text = format!(" FROM {first}");
        let mut sources = vec![source];
        // What is on the left of a comma cannot be named in ON.
        let mut after_comma = 0;
        for _ in 0..[0, 0, 0, 1, 1, 2][self.random.index(6)] {
            if self.one_in(6) {
                let (relation, source) = self.lateral(&sources[after_comma..]);
                let join = *self.pick(&[" CROSS JOIN ", " LEFT JOIN ", " JOIN "]);
                let on = if join == " CROSS JOIN " { "" } else { " ON true" };
                text.push_str(&format!("{join}{relation}{on}"));
                sources.push(source);
                continue;
            }
            let (relation, source) = self.relation();
            sources.push(source);
            let (join, name) = *self.pick(&[
                (", ", "comma join"),
                (" JOIN ", "inner join"),
                (" LEFT JOIN ", "left join"),
                (" LEFT OUTER JOIN ", "left join"),
                (" CROSS JOIN ", "cross join"),
                (" RIGHT JOIN ", "right join"),
                (" FULL JOIN ", "full join"),
            ]);
            self.note(name);
            text.push_str(&format!("{join}{relation}"));
            if name == "comma join" {
                after_comma = sources.len() - 1;
            }
            if matches!(name, "comma join" | "cross join") {
                continue;
            }
            let on = self.join_condition(&sources[after_comma..], name == "full join");
            text.push_str(&format!(" ON {on}"));
            // Rows of NULLs have no key.
            if name != "inner join" {
                for source in &mut sources {
                    source.key = None;
                }
            }
        }
        (text, sources)
    }

    /// Mostly an equality between the last relation and one before it.
    fn join_condition(&mut self, sources: &[Source], must_be_equality: bool) -> String {
        let Some((last, others)) = sources.split_last().filter(|(_, others)| !others.is_empty())
        else {
            return "true".to_owned();
        };
        let other = self.pick(others).clone();
        let pairs: Vec<(String, String)> = last
            .columns
            .iter()
            .filter(|column| column.kind.is_ordered())
            .flat_map(|column| {
                let alike = other.columns.iter().filter(|other| other.kind == column.kind);
                alike.map(move |other| (column.name.clone(), other.name.clone()))
            })
            .collect();
        if pairs.is_empty() || !must_be_equality && self.one_in(5) {
            if must_be_equality {
                return "true".to_owned();
            }
            self.note("join on a condition");
            self.scopes.push(sources.to_vec());
            let condition = self.condition(2);
            self.scopes.pop();
            return condition;
        }
        self.note("join on equality");
        let (column, partner) = self.pick(&pairs).clone();
        format!("{}.{partner} = {}.{column}", other.alias, last.alias)
    }

    /// A relation that sees those before it.
    fn lateral(&mut self, before: &[Source]) -> (String, Source) {
        self.note("lateral");
        self.scopes.push(before.to_vec());
        let alias = self.alias("l");
        let found = if self.one_in(2) {
            self.rows_of(&alias)
        } else {
            self.depth += 1;
            let (query, kinds) = self.core(None);
            self.depth -= 1;
            let columns = columns_of(&kinds);
            let names: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
            let text = format!("LATERAL ({query}) AS {alias}({})", names.join(", "));
            (text, Source { alias, columns, key: None })
        };
        self.scopes.pop();
        found
    }

    /// A function that gives rows, in FROM.
    fn rows_of(&mut self, alias: &str) -> (String, Source) {
        let (text, takes, gives) = ROWS[self.random.index(ROWS.len())];
        let call = self.filled(&(text, takes, gives[0].1), 3);
        let mut columns: Vec<Column> = gives
            .iter()
            .map(|(name, kind)| Column { name: (*name).to_owned(), kind: *kind })
            .collect();
        let mut key = None;
        let mut ordinality = "";
        if self.one_in(3) {
            self.note("with ordinality");
            ordinality = " WITH ORDINALITY";
            columns.push(Column { name: "o".to_owned(), kind: Kind::Int8 });
            key = Some("o".to_owned());
        }
        let names: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
        let text = match self.one_in(5) {
            true => {
                self.note("rows from");
                let names = names.join(", ");
                format!("ROWS FROM ({call}){ordinality} AS {alias}({names})")
            }
            false => format!("{call}{ordinality} AS {alias}({})", names.join(", ")),
        };
        (text, Source { alias: alias.to_owned(), columns, key })
    }

    fn relation(&mut self) -> (String, Source) {
        let alias = self.alias("s");
        if !self.named.is_empty() && self.one_in(2) {
            let named = self.named.clone();
            let (name, columns) = self.pick(&named).clone();
            self.note("relation of a name");
            return (format!("{name} AS {alias}"), Source { alias, columns, key: None });
        }
        match self.below(12) {
            0 | 1 if self.depth < 2 => {
                self.note("subquery in from");
                self.depth += 1;
                // It does not see its neighbours, and none of the queries around either.
                let outer = std::mem::take(&mut self.scopes);
                let (query, kinds) =
                    if self.one_in(4) { self.grouped(None) } else { self.core(None) };
                self.scopes = outer;
                self.depth -= 1;
                let columns = columns_of(&kinds);
                let names: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
                let text = format!("({query}) AS {alias}({})", names.join(", "));
                (text, Source { alias, columns, key: None })
            }
            2 => {
                let outer = std::mem::take(&mut self.scopes);
                let found = self.rows_of(&alias);
                self.scopes = outer;
                found
            }
            3 => {
                self.note("values in from");
                let kind = self.kind();
                let rows: Vec<String> = (0..1 + self.below(3))
                    .map(|row| format!("({row}, {})", kind.literal(&mut self.random)))
                    .collect();
                let columns = vec![
                    Column { name: "k".to_owned(), kind: Kind::Int4 },
                    Column { name: "v".to_owned(), kind },
                ];
                let text = format!("(VALUES {}) AS {alias}(k, v)", rows.join(", "));
                (text, Source { alias, columns, key: Some("k".to_owned()) })
            }
            _ => {
                let table = self.a_table();
                let source = table.source(&alias);
                (format!("{} AS {alias}", table.name), source)
            }
        }
    }
}

/// Columns of a subquery, by names of their places.
fn columns_of(kinds: &[Kind]) -> Vec<Column> {
    let column = |(at, kind): (usize, &Kind)| Column { name: format!("x{at}"), kind: *kind };
    kinds.iter().enumerate().map(column).collect()
}
