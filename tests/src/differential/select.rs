//! Random queries.

use super::schema::{Column, Kind, Table};
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

/// Whether a column is written in an expression: an alias of letters and digits, and a name.
fn names_a_column(text: &str) -> bool {
    text.split('.').zip(text.split('.').skip(1)).any(|(before, after)| {
        let alias = before.rsplit(|letter: char| !letter.is_ascii_alphanumeric()).next();
        let is_alias = alias.is_some_and(|alias| alias.starts_with(|c: char| c.is_alphabetic()));
        is_alias && after.starts_with(|c: char| c.is_ascii_alphabetic())
    })
}

impl Writer<'_> {
    /// A whole query.
    pub(super) fn top_query(&mut self) -> TopQuery {
        if self.one_in(5) {
            return self.special_query();
        }
        let with = if self.one_in(6) { self.with() } else { None };
        let is_values = self.one_in(12);
        let mut is_compound = false;
        let (mut text, columns) = match self.below(8) {
            _ if is_values => {
                let rows = 1 + self.below(3);
                (self.values(&[Kind::Integer, Kind::Text], rows), 2)
            }
            0 => {
                let kinds: Vec<Kind> =
                    (0..1 + self.below(2)).map(|_| *self.pick(&Kind::ALL)).collect();
                is_compound = true;
                (self.compound(&kinds), kinds.len())
            }
            _ => {
                let (text, kinds) = self.core(None, with.as_ref().map(|(_, source)| source));
                (text, kinds.len())
            }
        };
        // SQLite takes no ORDER BY behind VALUES.
        let is_ordered = !is_values && self.one_in(2);
        if is_ordered {
            text = self.ordered(text, columns, is_compound);
            text.push_str(&self.limit());
        }
        if let Some((with, _)) = with {
            text = format!("{with} {text}");
        }
        TopQuery { text, is_ordered }
    }

    fn values(&mut self, kinds: &[Kind], rows: u64) -> String {
        self.note("values");
        let was = std::mem::replace(&mut self.in_values, true);
        let rows: Vec<String> = (0..rows)
            .map(|_| {
                let row: Vec<String> = kinds.iter().map(|kind| self.expression(*kind, 1)).collect();
                format!("({})", row.join(", "))
            })
            .collect();
        self.in_values = was;
        format!("VALUES {}", rows.join(", "))
    }

    /// A subquery.
    pub(super) fn query(&mut self, want: Want) -> String {
        self.depth += 1;
        let kinds = match want {
            Want::Any => None,
            Want::Column(kind) | Want::Scalar(kind) => Some([kind]),
        };
        let (mut text, columns, is_compound) = match kinds {
            Some(kinds) if self.one_in(8) => {
                self.note("compound in a subquery");
                (self.compound(&kinds), 1, true)
            }
            _ => {
                let (text, kinds) = self.core(kinds.as_ref().map(|kinds| &kinds[..]), None);
                (text, kinds.len(), false)
            }
        };
        if matches!(want, Want::Scalar(_)) {
            text = self.ordered(text, columns, is_compound);
            text.push_str(" LIMIT 1");
        } else if self.one_in(5) {
            // In EXISTS SQLite passes over DISTINCT, also where an OFFSET counts.
            let is_distinct = text.starts_with("SELECT DISTINCT");
            text = self.ordered(text, columns, is_compound);
            if !is_distinct || !matches!(want, Want::Any) {
                text.push_str(&self.limit());
            }
        }
        self.depth -= 1;
        text
    }

    /// A subquery of one row.
    pub(super) fn row_query(&mut self, kinds: &[Kind]) -> String {
        self.depth += 1;
        let (text, _) = self.core(Some(kinds), None);
        let order = self.order_by_all(kinds.len());
        self.depth -= 1;
        format!("{text}{order} LIMIT 1")
    }

    /// A query with an ORDER BY. With a COLLATE in that of a UNION or its like SQLite loses rows,
    /// so it stands around these then; without the LIMIT, which keeps them apart, it loses others.
    fn ordered(&mut self, query: String, columns: usize, is_compound: bool) -> String {
        let order = self.order_by_all(columns);
        match is_compound && order.contains(" COLLATE ") {
            true => {
                format!("SELECT * FROM ({query} LIMIT -1) AS {}{order}", self.alias("q"))
            }
            false => query + &order,
        }
    }

    pub(super) fn order_by_all(&mut self, columns: usize) -> String {
        self.note("order by");
        let mut parts = Vec::new();
        for column in 1..=columns {
            let (order, name) = *self.pick(&[
                ("", "order by"),
                ("", "order by"),
                (" DESC", "order by desc"),
                (" ASC", "order by asc"),
                (" NULLS LAST", "nulls last"),
                (" DESC NULLS FIRST", "nulls first"),
                (" COLLATE BINARY", "order by collate"),
            ]);
            self.note(name);
            parts.push(format!("{column}{order}"));
        }
        // Texts that a collation finds equal come in any order, but for this.
        let collated = ["collate nocase", "collate rtrim"].map(|name| self.used.contains(name));
        if self.tables.iter().any(Table::has_collations) || collated.contains(&true) {
            parts.extend((1..=columns).map(|column| format!("{column} COLLATE BINARY")));
        }
        format!(" ORDER BY {}", parts.join(", "))
    }

    fn limit(&mut self) -> String {
        match self.below(8) {
            0 | 1 => {
                self.note("limit");
                format!(" LIMIT {}", self.below(6))
            }
            2 => {
                self.note("offset");
                format!(" LIMIT {} OFFSET {}", self.below(6), self.below(4))
            }
            3 => {
                self.note("limit with a comma");
                format!(" LIMIT {}, {}", self.below(4), self.below(6))
            }
            4 if self.one_in(2) => {
                self.note("limit of an expression");
                (*self.pick(&[
                    " LIMIT 1 + 1",
                    " LIMIT -1 OFFSET 2",
                    " LIMIT '2'",
                    " LIMIT (SELECT 3)",
                    " LIMIT 2 OFFSET -1",
                ]))
                .to_owned()
            }
            _ => String::new(),
        }
    }

    /// `SELECT ... FROM ... WHERE ... GROUP BY ...`, and the kinds of its columns: those that are
    /// wanted, if there are any.
    pub(super) fn core(
        &mut self,
        want: Option<&[Kind]>,
        cte: Option<&Source>,
    ) -> (String, Vec<Kind>) {
        let (from, sources) = if self.one_in(12) && cte.is_none() {
            self.note("no from");
            (String::new(), Vec::new())
        } else {
            self.from(cte)
        };
        self.scopes.push(sources);
        let grouped = self.one_in(4);
        let kinds: Vec<Kind> = match want {
            Some(kinds) => kinds.to_vec(),
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
        let distinct = match self.below(12) {
            0 | 1 => {
                self.note("distinct");
                "DISTINCT "
            }
            2 => {
                self.note("all");
                "ALL "
            }
            _ => "",
        };
        self.scopes.pop();
        (format!("SELECT {distinct}{}{from}{filter}{group}", items.join(", ")), kinds)
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
        let mut keys: Vec<String> = (0..self.below(3))
            .map(|_| {
                let kind = *self.pick(&Kind::ALL);
                self.expression(kind, 2)
            })
            .collect();
        // SQLite loses rows of such a query where a part is grouped by constants.
        keys.retain(|key| !self.in_compound || names_a_column(key));
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
            return self.derived();
        }
        if !self.views.is_empty() && self.changed.is_none() && self.one_in(5) {
            self.note("view");
            let views = self.views;
            let view = self.pick(views).clone();
            let alias = self.alias("v");
            return (format!("{} AS {alias}", view.alias), Source { alias, ..view });
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

    /// A subquery in FROM. It sees what is around the whole query, not its neighbours.
    fn derived(&mut self) -> (String, Source) {
        self.depth += 1;
        let alias = self.alias("q");
        let (query, kinds) = match self.below(4) {
            0 => {
                self.note("compound in from");
                let kinds = [*self.pick(&Kind::ALL), *self.pick(&Kind::ALL)];
                (self.compound(&kinds), kinds.to_vec())
            }
            _ => {
                self.note("subquery in from");
                self.core(None, None)
            }
        };
        self.depth -= 1;
        let columns: Vec<Column> =
            (1..).zip(&kinds).map(|(at, kind)| Column::plain(format!("x{at}"), *kind)).collect();
        let names: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
        let (names, cte) = (names.join(", "), self.alias("n"));
        let relation = format!("(WITH {cte}({names}) AS ({query}) SELECT * FROM {cte}) AS {alias}");
        (relation, Source { alias, columns })
    }

    /// Queries of columns of some kinds, combined.
    fn compound(&mut self, kinds: &[Kind]) -> String {
        // SQLite takes no ORDER BY behind VALUES, so these come first; in parentheses Bourse's
        // parser takes nothing behind them.
        let begins = self.depth == 0 && self.scopes.is_empty() && self.one_in(4);
        // With GROUP BY and ORDER BY in a subquery SQLite misses columns of its own, now and then.
        self.is_planned |= self.depth > 0;
        let around = std::mem::replace(&mut self.in_compound, true);
        let mut text = match begins {
            true => {
                self.note("compound with values");
                self.values(kinds, 1)
            }
            false => self.core(Some(kinds), None).0,
        };
        for _ in 0..=self.below(2) {
            let (operator, name) = *self.pick(&[
                ("UNION", "union"),
                ("UNION ALL", "union all"),
                ("INTERSECT", "intersect"),
                ("EXCEPT", "except"),
            ]);
            self.note(name);
            let (right, _) = self.core(Some(kinds), None);
            text = format!("{text} {operator} {right}");
        }
        self.in_compound = around;
        text
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
        let (query, kinds) = self.core(None, None);
        let columns: Vec<Column> =
            (1..).zip(&kinds).map(|(at, kind)| Column::plain(format!("y{at}"), *kind)).collect();
        let names: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
        let (hint, noted) = *self.pick(&[
            ("", "common table expression"),
            ("", "common table expression"),
            ("MATERIALIZED ", "materialized"),
            ("NOT MATERIALIZED ", "not materialized"),
        ]);
        self.note(noted);
        let text = format!("WITH {name}({}) AS {hint}({query})", names.join(", "));
        Some((text, Source { alias: name, columns }))
    }
}
