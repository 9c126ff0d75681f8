//! SQLite's affinities of what a set operation gives: the left side's, unless the right one may
//! have values of a kind that it would change.

use super::binder::Binder;
use crate::algebra::{ColumnId, Expr, ExprKind, Query, Rel};
use crate::datum::Datum;
use crate::types::Affinity;

/// Which kinds of values an expression may have.
#[derive(Clone, Copy)]
struct Kinds {
    numbers: bool,
    texts: bool,
}

const ANY: Kinds = Kinds { numbers: true, texts: true };
const NUMBERS: Kinds = Kinds { numbers: true, texts: false };
const TEXTS: Kinds = Kinds { numbers: false, texts: true };
const NEITHER: Kinds = Kinds { numbers: false, texts: false };

impl Binder<'_> {
    /// The affinity of a column of a set operation; none where it is an expression's.
    pub(super) fn affinity_of_sets(
        &self,
        left: ColumnId,
        right: (&Query, ColumnId),
    ) -> Option<Affinity> {
        let affinity = self.affinities.get(&left).copied()?;
        let kinds = self.kinds_of_column(right.1, &right.0.rel);
        let changes = match affinity {
            Affinity::Text => kinds.numbers,
            _ => affinity.is_numeric() && kinds.texts,
        };
        Some(if changes { Affinity::None } else { affinity })
    }

    fn kinds_of_column(&self, id: ColumnId, rel: &Rel) -> Kinds {
        match self.affinities.get(&id) {
            Some(Affinity::Text) => TEXTS,
            Some(Affinity::None) => ANY,
            Some(_) => NUMBERS,
            None => made_of(id, rel).map_or(ANY, |expr| self.kinds_of(expr)),
        }
    }

    fn kinds_of(&self, expr: &Expr) -> Kinds {
        match &expr.kind {
            ExprKind::Literal(Datum::Integer(_) | Datum::Double(_) | Datum::Boolean(_)) => NUMBERS,
            ExprKind::Literal(Datum::Text(_)) => TEXTS,
            ExprKind::Literal(Datum::Null | Datum::Bytes(_)) => NEITHER,
            ExprKind::Compare { .. }
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::IsNull { .. }
            | ExprKind::InList { .. } => NUMBERS,
            ExprKind::Call { function, .. } => match function.name {
                "||" => TEXTS,
                "+" | "-" | "*" | "/" | "%" | "&" | "|" | "<<" | ">>" => NUMBERS,
                _ => ANY,
            },
            // What is handed on, or was made a value of SQLite's.
            ExprKind::Cast { operand, explicit: false } => self.kinds_of(operand),
            _ => match self.affinity_of(expr) {
                Affinity::Text => TEXTS,
                affinity if affinity.is_numeric() => NUMBERS,
                _ => ANY,
            },
        }
    }
}

/// The expression that a relation computes a column of.
fn made_of(id: ColumnId, rel: &Rel) -> Option<&Expr> {
    match rel {
        Rel::Project { items, .. } => {
            items.iter().find(|(column, _)| column.id == id).map(|(_, expr)| expr)
        }
        Rel::Distinct { input, .. } | Rel::Sort { input, .. } | Rel::Limit { input, .. } => {
            made_of(id, input)
        }
        Rel::With { body, .. } => made_of(id, body),
        _ => None,
    }
}
