//! Random queries.

use super::schema::{Column, Kind};
use super::writer::{Source, Writer};

/// What a subquery is to give.
#[derive(Clone, Copy)]
pub(super) enum Want {
    /// Anything.
    Any,
    /// One column of a kind.
    Column(Kind),
    /// One column of a kind, and at most one row.
    Scalar(Kind),
}

/// A query that is compared.
pub(super) struct TopQuery {
    pub(super) text: String,
    /// Its rows are ordered by all of their columns.
    pub(super) is_ordered: bool,
}

impl Writer<'_> {
    /// A whole query.
    pub(super) fn top_query(&mut self) -> TopQuery {
        if self.one_in(8) {
            return self.special_query();
        }
        let with = if self.one_in(6) { self.with() } else { None };
        let is_values = self.one_in(8);
        let (mut text, columns) = match self.below(8) {
            _ if is_values => {
                self.note("values");
                self.in_values = true;
                let rows: Vec<String> = (0..1 + self.below(3))
                    .map(|_| {
                        let (a, b) =
                            (self.expression(Kind::Integer, 1), self.expression(Kind::Text, 1));
                        format!("({a}, {b})")
                    })
                    .collect();
                self.in_values = false;
                (format!("VALUES {}", rows.join(", ")), 2)
            }
            0 => self.compound(),
            _ => self.core(None, with.as_ref().map(|(_, source)| source)),
        };
        // SQLite takes no ORDER BY behind VALUES.
        let is_ordered = !is_values && self.one_in(2);
        if is_ordered {
            text.push_str(&self.order_by_all(columns));
            text.push_str(&self.limit());
        }
        if let Some((with, _)) = with {
            text = format!("{with} {text}");
        }
        TopQuery { text, is_ordered }
    }

    /// A subquery.
    pub(super) fn query(&mut self, want: Want) -> String {
        self.depth += 1;
        let kinds = match want {
            Want::Any => None,
            Want::Column(kind) | Want::Scalar(kind) => Some(kind),
        };
        let (mut text, columns) = self.core(kinds, None);
        if matches!(want, Want::Scalar(_)) {
            text.push_str(&self.order_by_all(columns));
            text.push_str(" LIMIT 1");
        } else if self.one_in(5) {
            text.push_str(&self.order_by_all(columns));
            text.push_str(&self.limit());
        }
        self.depth -= 1;
        text
    }

    fn order_by_all(&mut self, columns: usize) -> String {
        self.note("order by");
        let mut parts = Vec::new();
        for column in 1..=columns {
            let order = *self.pick(&["", "", " DESC", " ASC", " NULLS LAST", " DESC NULLS FIRST"]);
            parts.push(format!("{column}{order}"));
        }
        format!(" ORDER BY {}", parts.join(", "))
    }

    fn limit(&mut self) -> String {
        match self.below(4) {
            0 => {
                self.note("limit");
                format!(" LIMIT {}", self.below(6))
            }
            1 => {
                self.note("offset");
                format!(" LIMIT {} OFFSET {}", self.below(6), self.below(4))
            }
            _ => String::new(),
        }
    }

    /// `SELECT ... FROM ... WHERE ... GROUP BY ...`, and how many columns it has: one, if a kind is
    /// wanted.
    fn core(&mut self, want: Option<Kind>, cte: Option<&Source>) -> (String, usize) {
        let (from, sources) = if self.one_in(12) && cte.is_none() {
            self.note("no from");
            (String::new(), Vec::new())
        } else {
            self.from(cte)
        };
        self.scopes.push(sources);
        let grouped = self.one_in(4);
        let kinds: Vec<Kind> = match want {
            Some(kind) => vec![kind],
            None => (0..1 + self.below(4)).map(|_| *self.pick(&Kind::ALL)).collect(),
        };
        let filter = match self.below(3) {
            0 => String::new(),
            _ => {
                self.note("where");
                format!(" WHERE {}", self.condition(0))
            }
        };
        let (items, group) = match grouped {
            true => self.grouped(&kinds),
            false => (self.items(&kinds, want.is_none()), String::new()),
        };
        let distinct = if self.one_in(6) {
            self.note("distinct");
            "DISTINCT "
        } else {
            ""
        };
        self.scopes.pop();
        let count = items.len();
        (format!("SELECT {distinct}{}{from}{filter}{group}", items.join(", ")), count)
    }

    fn items(&mut self, kinds: &[Kind], may_window: bool) -> Vec<String> {
        let mut items = Vec::new();
        // All columns of all relations tell rows apart, as far as anything does.
        let names = |source: &Source| {
            let of = |column: &Column| format!("{}.{}", source.alias, column.name);
            source.columns.iter().map(of).collect::<Vec<_>>()
        };
        let order: Vec<String> = self
            .scopes
            .last()
            .map(|scope| scope.iter().flat_map(names).collect())
            .unwrap_or_default();
        for kind in kinds {
            if may_window && !order.is_empty() && self.one_in(10) {
                items.push(self.window(&order.join(", "), 1).0);
            } else {
                items.push(self.expression(*kind, 0));
            }
        }
        items
    }

    fn grouped(&mut self, kinds: &[Kind]) -> (Vec<String>, String) {
        let keys: Vec<String> = (0..self.below(3))
            .map(|_| {
                let kind = *self.pick(&Kind::ALL);
                self.expression(kind, 2)
            })
            .collect();
        self.note(if keys.is_empty() { "aggregate of all" } else { "group by" });
        let items: Vec<String> = kinds
            .iter()
            .map(|kind| match keys.is_empty() || !self.one_in(3) {
                true => self.aggregate(*kind, 0),
                false => self.pick(&keys).clone(),
            })
            .collect();
        if keys.is_empty() {
            return (items, String::new());
        }
        // A number would be the place of a column.
        let written: Vec<String> = keys.iter().map(|key| format!("({key}) || ''")).collect();
        let is_plain =
            |key: &String| key.contains('.') && !key.starts_with(|c: char| c.is_ascii_digit());
        let group: Vec<String> = keys
            .iter()
            .zip(&written)
            .map(|(key, written)| if is_plain(key) { key.clone() } else { written.clone() })
            .collect();
        let items = items
            .into_iter()
            .map(|item| match keys.iter().position(|key| *key == item) {
                Some(at) => group[at].clone(),
                None => item,
            })
            .collect();
        let having = if self.one_in(3) {
            self.note("having");
            let kind = Kind::Integer;
            format!(" HAVING {} > {}", self.aggregate(kind, 1), self.below(4))
        } else {
            String::new()
        };
        (items, format!(" GROUP BY {}{having}", group.join(", ")))
    }

    pub(super) fn from(&mut self, cte: Option<&Source>) -> (String, Vec<Source>) {
        let mut sources = Vec::new();
        let mut text = " FROM ".to_owned();
        let count = 1 + [0, 0, 1, 1, 2][self.random.index(5)];
        for at in 0..count {
            let (relation, source) = match cte {
                Some(source) if at == 0 || self.one_in(3) => {
                    let alias = self.alias("r");
                    let relation = format!("{} AS {alias}", source.alias);
                    (relation, Source { alias, columns: source.columns.clone() })
                }
                _ => self.relation(),
            };
            if at == 0 {
                text.push_str(&relation);
                sources.push(source);
                continue;
            }
            let (join, name) = *self.pick(&[
                (", ", "comma join"),
                (" JOIN ", "inner join"),
                (" LEFT JOIN ", "left join"),
                (" LEFT JOIN ", "left join"),
                (" CROSS JOIN ", "cross join"),
                (" RIGHT JOIN ", "right join"),
                (" FULL JOIN ", "full join"),
            ]);
            self.note(name);
            text.push_str(&format!("{join}{relation}"));
            sources.push(source);
            if join != ", " && join != " CROSS JOIN " {
                self.scopes.push(sources.clone());
                let on = self.join_condition(&sources);
                self.scopes.pop();
                text.push_str(&format!(" ON {on}"));
            }
        }
        (text, sources)
    }

    /// Mostly an equality between the last relation and one before it.
    fn join_condition(&mut self, sources: &[Source]) -> String {
        let (last, others) = match sources.split_last() {
            Some((last, others)) if !others.is_empty() && !self.one_in(5) => (last, others),
            _ => {
                self.note("join on a condition");
                return self.condition(2);
            }
        };
        self.note("join on equality");
        let other = self.pick(others).clone();
        let column = self.pick(&last.columns).clone();
        let alike: Vec<Column> =
            other.columns.iter().filter(|other| other.kind == column.kind).cloned().collect();
        let partner = self.pick(if alike.is_empty() { &other.columns } else { &alike }).clone();
        let mut on = format!("{}.{} = {}.{}", other.alias, partner.name, last.alias, column.name);
        if self.one_in(4) {
            on.push_str(&format!(" AND {}", self.condition(2)));
        }
        on
    }

    fn relation(&mut self) -> (String, Source) {
        if self.depth < 2 && self.one_in(6) {
            self.note("subquery in from");
            self.depth += 1;
            // It sees what is around the whole query, not its neighbours.
            let (query, count) = self.core(None, None);
            self.depth -= 1;
            let alias = self.alias("q");
            let names: Vec<String> = (1..=count).map(|at| format!("x{at}")).collect();
            let cte = self.alias("n");
            let columns = names.iter().map(|name| Column::plain(name.clone(), Kind::Integer));
            let source = Source { alias: alias.clone(), columns: columns.collect() };
            let names = names.join(", ");
            let relation =
                format!("(WITH {cte}({names}) AS ({query}) SELECT * FROM {cte}) AS {alias}");
            return (relation, source);
        }
        let table = self.table();
        let alias = self.alias("s");
        let mut relation = format!("{} AS {alias}", table.name);
        if self.one_in(30) {
            self.note("not indexed");
            relation.push_str(" NOT INDEXED");
        }
        (relation, Source { alias, columns: table.visible() })
    }

    fn compound(&mut self) -> (String, usize) {
        let kinds = [*self.pick(&Kind::ALL)];
        let (mut text, _) = self.core(Some(kinds[0]), None);
        for _ in 0..=self.below(2) {
            let (operator, name) = *self.pick(&[
                ("UNION", "union"),
                ("UNION ALL", "union all"),
                ("INTERSECT", "intersect"),
                ("EXCEPT", "except"),
            ]);
            self.note(name);
            let (right, _) = self.core(Some(kinds[0]), None);
            text = format!("{text} {operator} {right}");
        }
        (text, 1)
    }

    /// A common table expression, and what it is as a relation.
    fn with(&mut self) -> Option<(String, Source)> {
        let name = self.alias("w");
        if self.one_in(3) {
            self.note("recursive");
            let (step, last) = (1 + self.below(3), 3 + self.below(9));
            let union = *self.pick(&["UNION", "UNION ALL"]);
            let text = format!(
                "WITH RECURSIVE {name}(n, d) AS (SELECT {}, 0 {union} \
                 SELECT n + {step}, d + 1 FROM {name} WHERE d < {last})",
                self.below(5)
            );
            let columns = ["n", "d"].map(|name| Column::plain(name.to_owned(), Kind::Integer));
            return Some((text, Source { alias: name, columns: columns.to_vec() }));
        }
        self.note("common table expression");
        let (query, count) = self.core(None, None);
        let names: Vec<String> = (1..=count).map(|at| format!("y{at}")).collect();
        let hint = *self.pick(&["", "", "MATERIALIZED ", "NOT MATERIALIZED "]);
        let columns = names.iter().map(|name| Column::plain(name.clone(), Kind::Text)).collect();
        let text = format!("WITH {name}({}) AS {hint}({query})", names.join(", "));
        Some((text, Source { alias: name, columns }))
    }
}
