//! SET of elements of arrays, of slices of them, and of members of `jsonb`.

use bourse::Collation;
use sqlparser::ast::{Expr as Ast, Function, FunctionArg, FunctionArgExpr, FunctionArguments};

use super::binder::Binder;
use super::insert::is_default;
use crate::algebra::{Expr, ExprKind};
use crate::catalog::ColumnEntry;
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::cast::CastContext;
use crate::function::{WITH_ELEMENT, WITH_MEMBER, WITH_SLICE};
use crate::parse::ELEMENT;
use crate::types::SqlType;

/// The arguments of the call that a change of an element comes as: the value, and what tells which.
pub(super) fn parts(tree: &Ast) -> Option<Vec<&Ast>> {
    let Ast::Function(Function { name, args: FunctionArguments::List(list), .. }) = tree else {
        return None;
    };
    let ident = name.0.last().and_then(|part| part.as_ident())?;
    if ident.value != ELEMENT {
        return None;
    }
    let part = |argument| match argument {
        &FunctionArg::Unnamed(FunctionArgExpr::Expr(ref tree)) => Some(tree),
        _ => None,
    };
    list.args.iter().map(part).collect()
}

/// Which element.
enum Subscript<'a> {
    Index(&'a Ast),
    Slice(Option<&'a Ast>, Option<&'a Ast>),
}

fn subscripts<'a>(parts: &[&'a Ast]) -> Vec<Subscript<'a>> {
    let said = |tree: &'a Ast| {
        let is_null = matches!(tree, Ast::Value(value)
            if matches!(value.value, sqlparser::ast::Value::Null));
        (!is_null).then_some(tree)
    };
    let mut rest = parts;
    let mut found = Vec::new();
    loop {
        rest = match rest {
            [kind, index, more @ ..] if kind.to_string() == "1" => {
                found.push(Subscript::Index(index));
                more
            }
            [_, low, high, more @ ..] => {
                found.push(Subscript::Slice(said(low), said(high)));
                more
            }
            _ => return found,
        };
    }
}

impl Binder<'_> {
    /// What a column becomes when an element of it is set.
    pub(super) fn with_element(
        &mut self,
        parts: &[&Ast],
        current: Expr,
        entry: &ColumnEntry,
    ) -> Result<Expr> {
        let Some((value, rest)) = parts.split_first() else {
            return Err(SqlError::new("XX000", "a change of an element has no value"));
        };
        if is_default(value) {
            return Err(self.unsupported("cannot set an array element to DEFAULT"));
        }
        let subscripts = subscripts(rest);
        if entry.ty == SqlType::Jsonb {
            return self.with_member(value, &subscripts, current, entry);
        }
        let Some(element) = entry.ty.element().cloned() else {
            let ty = entry.ty.name_without_modifier();
            let message =
                format!("cannot subscript type {ty} because it does not support subscripting");
            return Err(SqlError::new("42804", message));
        };
        let bound = self.value_expr(value)?;
        let is_slice = subscripts.iter().any(|part| matches!(part, Subscript::Slice(..)));
        let (mut low, mut high) = (Vec::new(), Vec::new());
        for subscript in &subscripts {
            match subscript {
                // Beside a slice, an index is one from 1.
                Subscript::Index(index) => {
                    low.push(Expr::literal(Datum::Integer(1), SqlType::Integer));
                    high.push(self.bound(Some(index))?);
                }
                Subscript::Slice(from, to) => {
                    low.push(self.bound(*from)?);
                    high.push(self.bound(*to)?);
                }
            }
        }
        if is_slice {
            let value = self.assign(bound, &entry.ty, &entry.name)?;
            return self.scalar(WITH_SLICE, vec![current, value, list(low), list(high)]);
        }
        let value = self.assign(bound, &element, &entry.name)?;
        self.scalar(WITH_ELEMENT, vec![current, value, list(high)])
    }

    fn bound(&mut self, tree: Option<&Ast>) -> Result<Expr> {
        match tree {
            None => Ok(Expr::literal(Datum::Null, SqlType::Integer)),
            Some(tree) => {
                let bound = self.value_expr(tree)?;
                self.coerce(bound, &SqlType::Integer, CastContext::Assignment)
            }
        }
    }

    fn with_member(
        &mut self,
        value: &Ast,
        subscripts: &[Subscript<'_>],
        current: Expr,
        entry: &ColumnEntry,
    ) -> Result<Expr> {
        let bound = self.value_expr(value)?;
        let value = self.assign(bound, &SqlType::Jsonb, &entry.name)?;
        let mut steps = Vec::new();
        for subscript in subscripts {
            let Subscript::Index(index) = subscript else {
                let message = "jsonb subscript does not support slices";
                return Err(SqlError::unsupported(message));
            };
            let bound = self.value_expr(index)?;
            let is_number =
                matches!(bound.ty, SqlType::SmallInt | SqlType::Integer | SqlType::BigInt);
            let step = self.coerce(bound, &SqlType::Text, CastContext::Explicit)?;
            // A letter before it says what it is.
            let kind = Expr::literal(Datum::text(if is_number { "i" } else { "t" }), SqlType::Text);
            steps.push(self.operator("||", Some(kind), Some(step))?);
        }
        let kind = ExprKind::Array(steps);
        let steps = Expr { kind, ty: SqlType::Text.array(), collation: Collation::Binary };
        self.scalar(WITH_MEMBER, vec![current, value, steps])
    }
}

fn list(parts: Vec<Expr>) -> Expr {
    let kind = ExprKind::Array(parts);
    Expr { kind, ty: SqlType::Integer.array(), collation: Collation::Binary }
}
