//! Random queries of PostgreSQL's dialect.

use super::kind::Kind;
use super::writer::{Column, Composer};

/// What a subquery is to give.
#[derive(Clone, Copy)]
pub(super) enum Want {
    /// Anything.
    Any,
    /// One column of a type.
    Column(Kind),
    /// One column of a type, and at most one row.
    Scalar(Kind),
}

/// A query that is compared.
pub(super) struct TopQuery {
    pub(super) text: String,
    /// Its rows are ordered by all of their columns.
    pub(super) is_ordered: bool,
}

/// A query's text without order, and the types of its columns.
pub(super) type Core = (String, Vec<Kind>);

impl Composer<'_> {
    /// Expressions alone: what one says, no other can hide.
    pub(super) fn probe(&mut self) -> TopQuery {
        self.note("probe");
        let (expression, kind) = self.any_template(2);
        let text = match self.below(4) {
            0 => {
                self.note("probe of rows");
                let table = self.a_table();
                self.scopes.push(vec![table.source("s")]);
                let (expression, _) = self.any_template(1);
                self.scopes.pop();
                format!("SELECT s.id, {expression} FROM {} AS s ORDER BY s.id", table.name)
            }
            1 => {
                let alias = *self.pick(&["", " AS x", " \"X\"", " value"]);
                format!("SELECT {expression}{alias}")
            }
            2 => {
                let other = self.expression(kind, 2);
                format!("SELECT {expression}, {other}")
            }
            _ => format!("SELECT {expression}"),
        };
        // Of several parts it hangs on the plan which of them is computed at all.
        self.is_planned = ["SELECT", "to_date(", "to_timestamp(", "CASE", "coalesce", "NULL::"]
            .iter()
            .any(|part| text.matches(part).count() > usize::from(*part == "SELECT"))
            || text.contains(" FROM t");
        TopQuery { text, is_ordered: true }
    }

    /// A whole query.
    pub(super) fn top_query(&mut self) -> TopQuery {
        // A row that one engine never comes to may be wrong in the other.
        self.is_planned = true;
        let with = if self.one_in(6) { self.with() } else { None };
        let (mut text, kinds) = match self.below(10) {
            0 => self.values(),
            1 | 2 => self.compound(),
            3 | 4 => self.grouped(None),
            _ => self.core(None),
        };
        self.is_rounded |= self.has_spellings;
        let can_order = kinds.iter().all(|kind| kind.is_ordered() && *kind != Kind::Interval);
        let is_ordered = can_order && self.one_in(2);
        if is_ordered {
            text.push_str(&self.order_by_all(kinds.len()));
            if !kinds.iter().any(|kind| kind.has_spellings()) {
                text.push_str(&self.limit());
            }
        }
        if let Some(with) = with {
            text = format!("{with} {text}");
        }
        TopQuery { text, is_ordered }
    }

    /// A subquery.
    pub(super) fn subquery(&mut self, want: Want) -> String {
        self.depth += 1;
        let kind = match want {
            Want::Any => None,
            Want::Column(kind) | Want::Scalar(kind) => Some(kind),
        };
        let (mut text, kinds) = match self.one_in(6) {
            true => self.grouped(kind),
            false => self.core(kind),
        };
        if let Want::Scalar(kind) = want {
            // At most one row, always the same.
            text = match kind.is_ordered() && !kind.has_spellings() {
                true => format!("{text}{} LIMIT 1", self.order_by_all(kinds.len())),
                false => format!("SELECT q.x FROM ({text}) AS q(x) ORDER BY q.x::text LIMIT 1"),
            };
        }
        self.depth -= 1;
        text
    }

    pub(super) fn order_by_all(&mut self, columns: usize) -> String {
        self.note("order by");
        let mut parts = Vec::new();
        for column in 1..=columns {
            let order = *self.pick(&["", "", " DESC", " ASC", " NULLS FIRST", " DESC NULLS LAST"]);
            parts.push(format!("{column}{order}"));
        }
        format!(" ORDER BY {}", parts.join(", "))
    }

    pub(super) fn limit(&mut self) -> String {
        match self.below(6) {
            0 => {
                self.note("limit");
                format!(" LIMIT {}", self.below(6))
            }
            1 => {
                self.note("offset");
                format!(" LIMIT {} OFFSET {}", self.below(6), self.below(4))
            }
            2 => {
                self.note("fetch first");
                format!(" OFFSET {} ROWS FETCH FIRST {} ROWS ONLY", self.below(3), self.below(5))
            }
            _ => String::new(),
        }
    }

    /// `SELECT ... FROM ... WHERE ...`: one column, if a type is wanted.
    pub(super) fn core(&mut self, want: Option<Kind>) -> Core {
        let from = if self.one_in(14) {
            self.note("no from");
            self.scopes.push(Vec::new());
            String::new()
        } else {
            let (text, sources) = self.from();
            self.scopes.push(sources);
            text
        };
        let kinds = self.kinds(want);
        let filter = self.filter();
        let keys = self.keys();
        let (mut items, mut found) = (Vec::new(), Vec::new());
        for kind in kinds {
            let (item, kind) = match &keys {
                Some(keys) if want.is_none() && self.one_in(4) => self.window(keys),
                _ => (self.expression(kind, 0), kind),
            };
            items.push(item);
            found.push(kind);
        }
        let distinct = if self.one_in(8) && found.iter().all(|kind| kind.is_ordered()) {
            self.note("distinct");
            self.spellings(&found);
            "DISTINCT "
        } else {
            ""
        };
        self.scopes.pop();
        (format!("SELECT {distinct}{}{from}{filter}", items.join(", ")), found)
    }

    /// Of equal values it may be another that is kept.
    pub(super) fn spellings(&mut self, kinds: &[Kind]) {
        self.has_spellings |= kinds.iter().any(|kind| kind.has_spellings());
        self.is_loose |= kinds.iter().any(|kind| matches!(kind, Kind::Interval | Kind::Jsonb));
    }

    fn kinds(&mut self, want: Option<Kind>) -> Vec<Kind> {
        match want {
            Some(kind) => vec![kind],
            None => (0..1 + self.below(3)).map(|_| self.kind()).collect(),
        }
    }

    fn filter(&mut self) -> String {
        if self.one_in(3) {
            return String::new();
        }
        self.note("where");
        format!(" WHERE {}", self.condition(0))
    }

    /// `SELECT ... FROM ... GROUP BY ...`.
    pub(super) fn grouped(&mut self, want: Option<Kind>) -> Core {
        let (from, sources) = self.from();
        self.scopes.push(sources);
        let filter = self.filter();
        let mut keys: Vec<(String, Kind)> = Vec::new();
        for _ in 0..self.below(4) {
            let key = self.any_column().filter(|(_, kind)| kind.is_ordered());
            if let Some(key) = key.filter(|key| !keys.contains(key)) {
                keys.push(key);
            }
        }
        let kinds: Vec<Kind> = keys.iter().map(|(_, kind)| *kind).collect();
        self.spellings(&kinds);
        let group = self.group_by(&keys);
        let (mut items, mut found) = (Vec::new(), Vec::new());
        let count = if want.is_some() { 1 } else { 1 + self.below(3) };
        for _ in 0..count {
            let (item, kind) = match keys.is_empty() || want.is_some() || self.one_in(2) {
                true => self.aggregate(want, 1),
                false => self.pick(&keys).clone(),
            };
            items.push(item);
            found.push(kind);
        }
        if want.is_none() && !keys.is_empty() && group.contains('(') && self.one_in(2) {
            self.note("grouping");
            let names: Vec<&str> = keys.iter().map(|(key, _)| &**key).collect();
            items.push(format!("GROUPING({})", names.join(", ")));
            found.push(Kind::Int4);
        }
        if let (Some(want), Some(first)) = (want, found.first_mut())
            && *first != want
        {
            items[0] = format!("({})::text::{}", items[0], want.cast());
            *first = want;
        }
        let having = if self.one_in(4) {
            self.note("having");
            format!(" HAVING count(*) > {}", self.below(3))
        } else {
            String::new()
        };
        self.scopes.pop();
        (format!("SELECT {}{from}{filter}{group}{having}", items.join(", ")), found)
    }

    fn group_by(&mut self, keys: &[(String, Kind)]) -> String {
        let names: Vec<&str> = keys.iter().map(|(key, _)| &**key).collect();
        let all = names.join(", ");
        match self.below(6) {
            _ if keys.is_empty() => {
                self.note("aggregate of all");
                String::new()
            }
            0 => {
                self.note("rollup");
                format!(" GROUP BY ROLLUP ({all})")
            }
            1 => {
                self.note("cube");
                format!(" GROUP BY CUBE ({all})")
            }
            2 => {
                self.note("grouping sets");
                format!(" GROUP BY GROUPING SETS (({all}), ({}), ())", names[0])
            }
            3 => {
                self.note("group by distinct");
                format!(" GROUP BY DISTINCT ROLLUP ({all}), {}", names[0])
            }
            _ => {
                self.note("group by");
                format!(" GROUP BY {all}")
            }
        }
    }

    fn values(&mut self) -> Core {
        self.note("values");
        let kinds = self.kinds(None);
        let mut rows = Vec::new();
        for _ in 0..1 + self.below(3) {
            let row: Vec<String> = kinds.iter().map(|kind| self.expression(*kind, 1)).collect();
            rows.push(format!("({})", row.join(", ")));
        }
        (format!("VALUES {}", rows.join(", ")), kinds)
    }

    /// Queries put together by set operations.
    pub(super) fn compound(&mut self) -> Core {
        let kind = self.kind();
        let (mut text, kinds) = self.core(Some(kind));
        for _ in 0..=self.below(2) {
            let (operator, name) = *self.pick(&[
                ("UNION", "union"),
                ("UNION ALL", "union all"),
                ("INTERSECT", "intersect"),
                ("EXCEPT", "except"),
                ("INTERSECT ALL", "intersect all"),
                ("EXCEPT ALL", "except all"),
            ]);
            self.note(name);
            if operator != "UNION ALL" {
                self.spellings(&kinds);
            }
            let (right, _) = self.core(Some(kind));
            text = match self.one_in(4) {
                true => format!("{text} {operator} ({right})"),
                false => format!("{text} {operator} {right}"),
            };
        }
        (text, kinds)
    }

    /// A common table expression, which relations of the FROM may name.
    fn with(&mut self) -> Option<String> {
        let name = self.alias("w");
        if self.one_in(3) {
            self.note("recursive");
            let union = *self.pick(&["UNION", "UNION ALL"]);
            let (step, last) = (1 + self.below(3), 3 + self.below(9));
            let text = format!(
                "WITH RECURSIVE {name}(n, d) AS (SELECT {}, 0 {union} \
                 SELECT n + {step}, d + 1 FROM {name} WHERE d < {last})",
                self.below(5)
            );
            let columns = ["n", "d"].map(|name| Column { name: name.to_owned(), kind: Kind::Int4 });
            self.named.push((name, columns.to_vec()));
            return Some(text);
        }
        self.note("common table expression");
        let (query, kinds) = if self.one_in(3) { self.grouped(None) } else { self.core(None) };
        let columns: Vec<Column> = kinds
            .iter()
            .enumerate()
            .map(|(at, kind)| Column { name: format!("y{at}"), kind: *kind })
            .collect();
        let names: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
        let hint = *self.pick(&["", "", "MATERIALIZED ", "NOT MATERIALIZED "]);
        let text = format!("WITH {name}({}) AS {hint}({query})", names.join(", "));
        self.named.push((name, columns));
        Some(text)
    }
}
