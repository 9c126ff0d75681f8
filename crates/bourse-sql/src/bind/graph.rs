//! SEARCH and CYCLE: columns that a recursive expression has beside its own, which both of its
//! parts are written anew to compute, as PostgreSQL does it.

use sqlparser::ast::{
    Cte as Tree, Expr as Ast, Ident, ObjectName, Select, SelectItem, SetExpr, SetOperator,
    TableAliasColumnDef, TableFactor,
};

use sqlparser::tokenizer::Span;

use super::binder::Binder;
use super::with::query_of;
use crate::error::{Result, SqlError};
use crate::function::quote_identifier;
use crate::parse::{self, Graph};

/// A column that is added.
struct Added {
    name: Ident,
    /// What it is in the first part and in the recursive one.
    first: String,
    step: String,
}

fn row(names: &[Ident]) -> String {
    format!("ROW({})", listed(names))
}

fn listed(names: &[Ident]) -> String {
    names.iter().map(quoted).collect::<Vec<_>>().join(", ")
}

fn quoted(name: &Ident) -> String {
    quote_identifier(&name.value).to_string()
}

fn refused(message: impl Into<String>) -> SqlError {
    SqlError::new("42601", message)
}

impl Binder<'_> {
    /// What SEARCH and CYCLE say of an expression.
    fn graphs_of(&self, tree: &Tree) -> Vec<Graph> {
        let place = tree.alias.name.span.start;
        let own = self.graphs.iter().filter(|(name, _)| *name == place);
        own.map(|(_, graph)| graph.clone()).collect()
    }

    /// The expression with the columns of SEARCH and CYCLE, if it has any.
    pub(super) fn with_graphs(&mut self, tree: &Tree, recursive: bool) -> Result<Option<Tree>> {
        let graphs = self.graphs_of(tree);
        if graphs.is_empty() {
            return Ok(None);
        }
        if !recursive {
            return Err(refused("WITH query is not recursive"));
        }
        let SetExpr::SetOperation { op: SetOperator::Union, left, right, set_quantifier } =
            tree.query.body.as_ref()
        else {
            return Err(refused("WITH query is not recursive"));
        };
        let side = |name: &str| {
            let message = format!(
                "with a SEARCH or CYCLE clause, the {name} side of the UNION must be a SELECT"
            );
            SqlError::unsupported(message)
        };
        let (SetExpr::Select(_), SetExpr::Select(step)) = (left.as_ref(), right.as_ref()) else {
            let is_left = matches!(left.as_ref(), SetExpr::Select(_));
            return Err(side(if is_left { "right" } else { "left" }));
        };
        let names = self.names_of(tree, left)?;
        let added = self.added(&graphs, &names)?;
        let own: Vec<Ident> = added.iter().map(|column| column.name.clone()).collect();
        let step = self.step_with(step, tree, &graphs, &own)?;
        let columns = listed(&names);
        let firsts: Vec<&str> = added.iter().map(|column| column.first.as_str()).collect();
        let steps: Vec<&str> = added.iter().map(|column| column.step.as_str()).collect();
        let text = format!(
            "SELECT {columns}, {} FROM ({left}) AS \"*first*\" ({columns}) UNION {set_quantifier} \
             SELECT {columns}, {} FROM ({step}) AS \"*step*\" ({columns}, {})",
            firsts.join(", "),
            steps.join(", "),
            listed(&own),
        );
        let mut made = tree.clone();
        // They are said of it no more.
        made.alias.name.span = Span::empty();
        let mut query = parse::query(&text, self.dialect)?;
        query.with.clone_from(&tree.query.with);
        made.query = query;
        let all = names.into_iter().chain(own);
        made.alias.columns =
            all.map(|name| TableAliasColumnDef { name, data_type: None }).collect();
        Ok(Some(made))
    }

    /// The names of the expression's own columns.
    fn names_of(&mut self, tree: &Tree, first: &SetExpr) -> Result<Vec<Ident>> {
        let said = tree.alias.columns.iter().map(|column| self.fold(&column.name));
        let mut names: Vec<String> = said.collect();
        let query = self.query(&query_of(first))?;
        let others = query.columns.iter().skip(names.len()).map(|column| column.name.clone());
        names.extend(others.collect::<Vec<_>>());
        Ok(names.into_iter().map(|name| Ident::with_quote('"', name)).collect())
    }

    /// The columns that are added.
    fn added(&self, graphs: &[Graph], names: &[Ident]) -> Result<Vec<Added>> {
        let is_column = |name: &Ident| names.iter().any(|column| column.value == name.value);
        let folded = |name: &Ident| Ident::with_quote('"', self.fold(name));
        let known = |by: &[Ident], what: &str| {
            by.iter()
                .map(|name| {
                    let name = folded(name);
                    if is_column(&name) {
                        return Ok(name);
                    }
                    let shown = &name.value;
                    Err(refused(format!("{what} column \"{shown}\" not in WITH query column list")))
                })
                .collect::<Result<Vec<_>>>()
        };
        let free = |name: &Ident, what: &str| {
            let name = folded(name);
            if !is_column(&name) {
                return Ok(name);
            }
            let shown = &name.value;
            let message =
                format!("{what} column name \"{shown}\" already used in WITH query column list");
            Err(refused(message))
        };
        let mut added = Vec::new();
        for graph in graphs {
            match graph {
                Graph::Search { is_breadth, by, column } => {
                    let by = known(by, "search")?;
                    let name = free(column, "search sequence")?;
                    let (first, step) = match is_breadth {
                        true => (
                            format!("ROW(0, {})", listed(&by)),
                            format!("ROW(({}).f1 + 1, {})", quoted(&name), listed(&by)),
                        ),
                        false => (
                            format!("ARRAY[{}]", row(&by)),
                            format!("array_append({}, {})", quoted(&name), row(&by)),
                        ),
                    };
                    added.push(Added { name, first, step });
                }
                Graph::Cycle { by, mark, values, path } => {
                    let by = known(by, "cycle")?;
                    let name = free(mark, "cycle mark")?;
                    let path = free(path, "cycle path")?;
                    if path.value == name.value {
                        let message =
                            "cycle mark column name and cycle path column name are the same";
                        return Err(refused(message));
                    }
                    let usual = ("true".to_owned(), "false".to_owned());
                    let (value, other) = values.as_ref().unwrap_or(&usual);
                    let step = format!(
                        "CASE WHEN {} = ANY ({}) THEN {value} ELSE {other} END",
                        row(&by),
                        quoted(&path)
                    );
                    added.push(Added { name, first: other.clone(), step });
                    let step = format!("array_append({}, {})", quoted(&path), row(&by));
                    added.push(Added { name: path, first: format!("ARRAY[{}]", row(&by)), step });
                }
            }
        }
        Ok(added)
    }

    /// The recursive part, which hands the columns on and goes on from no row that closes a cycle.
    fn step_with(
        &self,
        step: &Select,
        tree: &Tree,
        graphs: &[Graph],
        own: &[Ident],
    ) -> Result<Select> {
        let cte = self.fold(&tree.alias.name);
        let mut step = step.clone();
        let factors = step.from.iter().flat_map(|item| {
            std::iter::once(&item.relation).chain(item.joins.iter().map(|join| &join.relation))
        });
        let alias = factors.into_iter().find_map(|factor| match factor {
            TableFactor::Table { name, alias, args: None, .. } if self.names(name, &cte) => {
                Some(alias.as_ref().map_or_else(|| tree.alias.name.clone(), |a| a.name.clone()))
            }
            _ => None,
        });
        let Some(alias) = alias else {
            let message = "with a SEARCH or CYCLE clause, the recursive reference to WITH query \
                           must be at the top level of its right-hand SELECT";
            return Err(SqlError::unsupported(format!("{message}: \"{cte}\" is not read there")));
        };
        let of = |name: &Ident| Ast::CompoundIdentifier(vec![alias.clone(), name.clone()]);
        step.projection.extend(own.iter().map(|name| SelectItem::UnnamedExpr(of(name))));
        for graph in graphs {
            let Graph::Cycle { mark, values, .. } = graph else { continue };
            let value = values.as_ref().map_or("true", |(value, _)| value.as_str());
            let mark = of(&Ident::with_quote('"', self.fold(mark)));
            let before = step.selection.as_ref().map_or("true".to_owned(), ToString::to_string);
            let condition = format!("({before}) AND {mark} <> {value}");
            step.selection = Some(parse::expression(&condition, self.dialect)?);
        }
        Ok(step)
    }

    fn names(&self, name: &ObjectName, cte: &str) -> bool {
        self.object_name(name).is_ok_and(|(schema, name)| schema.is_none() && name == cte)
    }
}
