//! Statements that change one row, told from the plan: the row is found by its whole primary key,
//! or is the only one that is inserted. Such a statement is run where the row lies, as a
//! transaction of one shard, which is judged by nobody and never runs again for what others did.
//!
//! What the statement computes must read no other rows: it would hold up its shard for as long.

use super::change::{ChangeKind, ChangePlan, ConflictActionCode};
use super::code::Code;
use super::has_subplan;
use super::node::{KeyCode, Node, Path};
use crate::types::SqlType;

/// How the key of the one row is told: by constants and parameters, which need no row to be
/// computed.
#[derive(Debug)]
pub(crate) enum Single<'p> {
    /// The key of a row that is looked for.
    Found(&'p [KeyCode]),
    /// For each column of a new row's primary key its value and type; `None`: its default.
    Inserted(Vec<Option<(&'p Code, &'p SqlType)>>),
}

impl ChangePlan {
    /// Whether the statement changes one row and reads no others.
    pub(super) fn is_single(&self) -> bool {
        let returning_is_plain = self
            .returning
            .as_ref()
            .is_none_or(|returning| !returning.items.iter().any(|(_, code)| has_subplan(code)));
        let is_plain = match &self.kind {
            ChangeKind::Insert { conflict, .. } => {
                conflict.as_ref().is_none_or(|conflict| match &conflict.action {
                    ConflictActionCode::Update { assignments, condition, .. } => {
                        let values = assignments.iter().filter_map(|set| set.value.as_ref());
                        let mut codes = values.map(|(code, _)| code).chain(condition);
                        !codes.any(has_subplan)
                    }
                    ConflictActionCode::Nothing | ConflictActionCode::Ignore => true,
                    _ => false,
                })
            }
            ChangeKind::Update { assignments, conflict, row, .. } => {
                let values = assignments.iter().filter_map(|set| set.value.as_ref());
                let mut codes = values.map(|(code, _)| code).chain(&row.recheck);
                conflict.is_none() && !codes.any(has_subplan)
            }
            ChangeKind::Delete { row } => !row.recheck.iter().any(has_subplan),
            ChangeKind::Merge { .. } => false,
        };
        is_plain && returning_is_plain && self.single().is_some()
    }

    /// How its one row is told, if it is one.
    pub(crate) fn single(&self) -> Option<Single<'_>> {
        match &self.kind {
            ChangeKind::Insert { columns, .. } => {
                let positions = self.table.definition().primary_key_positions();
                let of_column = |position: &u16| match columns.get(usize::from(*position))? {
                    None => Some(None),
                    Some((slot, ty)) => Some(Some((written(&self.source, *slot)?, ty))),
                };
                only_row(&self.source).then_some(())?;
                positions.iter().map(of_column).collect::<Option<_>>().map(Single::Inserted)
            }
            ChangeKind::Update { .. } | ChangeKind::Delete { .. } => {
                found(&self.source).map(Single::Found)
            }
            ChangeKind::Merge { .. } => None,
        }
    }
}

/// The key of the row that an operator finds, if it is one row by its whole key.
fn found(node: &Node) -> Option<&[KeyCode]> {
    match node {
        Node::Scan(scan) => match &scan.path {
            Path::Get(keys) => {
                let is_given = keys.iter().all(|key| is_given(&key.code));
                (is_given && !scan.filter.iter().any(has_subplan)).then_some(&keys[..])
            }
            _ => None,
        },
        Node::Project { input, items } => {
            let mut codes = items.iter().map(|(_, code)| code);
            (!codes.any(has_subplan)).then(|| found(input)).flatten()
        }
        _ => None,
    }
}

/// Whether an operator gives one row, written out.
fn only_row(node: &Node) -> bool {
    match node {
        Node::One => true,
        Node::Values { rows, .. } => {
            matches!(&rows[..], [row] if !row.iter().any(has_subplan))
        }
        Node::Project { input, items } => {
            !items.iter().any(|(_, code)| has_subplan(code)) && only_row(input)
        }
        _ => false,
    }
}

/// What is written into a slot of the one row, if that is told without computing anything that
/// could come out otherwise the next time.
fn written(node: &Node, slot: usize) -> Option<&Code> {
    let (code, below) = match node {
        Node::Values { slots, rows } => {
            let at = slots.iter().position(|other| *other == slot)?;
            (rows.first()?.get(at)?, None)
        }
        Node::Project { input, items } => match items.iter().find(|(other, _)| *other == slot) {
            Some((_, code)) => (code, Some(input)),
            None => return written(input, slot),
        },
        _ => return None,
    };
    match (code, below) {
        (Code::Slot(slot), Some(input)) => written(input, *slot),
        (code, _) => is_given(code).then_some(code),
    }
}

/// Whether code is a constant, a parameter or one that is converted.
fn is_given(code: &Code) -> bool {
    match code {
        Code::Constant(_) | Code::Parameter(_) => true,
        Code::Cast { operand, .. } | Code::Affinity(operand, _) => is_given(operand),
        _ => false,
    }
}
