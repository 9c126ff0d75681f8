//! Constraints of tables: CHECK and FOREIGN KEY.

use bourse_storage::{Error, Result};

use super::{PrimaryKey, TableDefinition};
use crate::expression::Expression;
use crate::value::{Collation, Type};

/// A condition that no row of a table may make false; one that is unknown (NULL) passes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckConstraint {
    /// Name.
    pub name: String,
    /// The condition.
    pub condition: Expression,
}

/// What becomes of the rows that refer to a key when it is deleted or changed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, std::default::Default, Debug)]
pub enum Action {
    /// They may not be left without it once the constraint is checked.
    #[default]
    NoAction,
    /// The key may not go while there are any, not even for a moment.
    Restrict,
    /// They are deleted, or changed with it.
    Cascade,
    /// Their columns become NULL.
    SetNull,
    /// Their columns get their DEFAULT.
    SetDefault,
}

impl Action {
    /// All of them; the place of each is its byte on disk.
    pub(crate) const ALL: [Action; 5] =
        [Action::NoAction, Action::Restrict, Action::Cascade, Action::SetNull, Action::SetDefault];
}

/// When a foreign key is checked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, std::default::Default, Debug)]
pub enum Timing {
    /// After each operation: NOT DEFERRABLE.
    #[default]
    Immediate,
    /// After each operation, or at commit in a transaction that asks for it: DEFERRABLE INITIALLY
    /// IMMEDIATE.
    Deferrable,
    /// At commit: DEFERRABLE INITIALLY DEFERRED.
    Deferred,
}

impl Timing {
    /// All of them; the place of each is its byte on disk.
    pub(crate) const ALL: [Timing; 3] = [Timing::Immediate, Timing::Deferrable, Timing::Deferred];
}

/// Columns whose values, unless one of them is NULL, must be a key of a table (MATCH SIMPLE).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ForeignKey {
    /// Name.
    pub name: String,
    /// Positions of the columns.
    pub columns: Vec<u16>,
    /// Name of the table that has the key: its primary key or that of a unique index.
    pub parent: String,
    /// Names of the key's columns, in the order of `columns`; none for the primary key's.
    pub parent_columns: Vec<String>,
    /// When a key that is referred to is deleted.
    pub on_delete: Action,
    /// When a key that is referred to is changed.
    pub on_update: Action,
    /// When it is checked.
    pub timing: Timing,
}

impl ForeignKey {
    /// Begins a foreign key from columns to the primary key of a table.
    pub fn on<S: Into<String>>(
        name: impl Into<String>,
        columns: impl IntoIterator<Item = S>,
        parent: impl Into<String>,
    ) -> ForeignKeyBuilder {
        ForeignKeyBuilder {
            columns: columns.into_iter().map(Into::into).collect(),
            key: ForeignKey {
                name: name.into(),
                columns: Vec::new(),
                parent: parent.into(),
                parent_columns: Vec::new(),
                on_delete: Action::NoAction,
                on_update: Action::NoAction,
                timing: Timing::Immediate,
            },
        }
    }
}

/// Makes a [`ForeignKey`].
#[derive(Clone, Debug)]
pub struct ForeignKeyBuilder {
    columns: Vec<String>,
    key: ForeignKey,
}

impl ForeignKeyBuilder {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.key.name
    }

    /// The table that is referred to.
    pub fn parent(&self) -> &str {
        &self.key.parent
    }

    /// The columns of the parent that are referred to, if not its primary key's.
    #[must_use]
    pub fn to<S: Into<String>>(
        mut self,
        columns: impl IntoIterator<Item = S>,
    ) -> ForeignKeyBuilder {
        self.key.parent_columns = columns.into_iter().map(Into::into).collect();
        self
    }

    /// What becomes of the rows when their parent is deleted.
    #[must_use]
    pub fn on_delete(mut self, action: Action) -> ForeignKeyBuilder {
        self.key.on_delete = action;
        self
    }

    /// What becomes of the rows when their parent's key is changed.
    #[must_use]
    pub fn on_update(mut self, action: Action) -> ForeignKeyBuilder {
        self.key.on_update = action;
        self
    }

    /// When it is checked.
    #[must_use]
    pub fn timing(mut self, timing: Timing) -> ForeignKeyBuilder {
        self.key.timing = timing;
        self
    }

    /// The foreign key as one of this table. `TableBuilder::build` calls it.
    ///
    /// # Errors
    /// `InvalidInput` (42703) for an unknown column; `TableDefinition::check` finds the rest.
    pub fn build(self, table: &TableDefinition) -> Result<ForeignKey> {
        let columns = self.columns.iter().map(|name| table.position(name));
        Ok(ForeignKey { columns: columns.collect::<Result<_>>()?, ..self.key })
    }
}

/// Where a key is looked up, and in which order it wants the columns of a foreign key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Access {
    /// Position of the index; `None` for the primary key.
    pub(crate) index: Option<usize>,
    /// For each column of the key, or of its beginning, the place of its value in the foreign key.
    pub(crate) order: Vec<usize>,
}

/// A foreign key, compiled.
#[derive(Clone, Debug)]
pub(crate) struct ForeignKeyInfo {
    /// Number of the parent's table.
    pub(crate) parent: u32,
    /// Positions of the parent's columns, in the order of the foreign key's.
    pub(crate) parent_columns: Vec<u16>,
    /// Where the parent's key is looked up.
    pub(crate) parent_access: Access,
    /// Where the rows with a value are found.
    pub(crate) child_access: Access,
}

/// Ties a foreign key of `child` to a key of `parent`.
///
/// # Errors
/// `InvalidInput`: 42703 an unknown column, 42830 when the parent's columns are no key or their
/// number is another, 42804 when types or collations differ, 42P17 when no index of the child
/// begins with the foreign key's columns.
pub(crate) fn resolve(
    key: &ForeignKey,
    child: &TableDefinition,
    parent: &TableDefinition,
) -> Result<ForeignKeyInfo> {
    let parent_columns = match key.parent_columns.as_slice() {
        [] => parent.primary_key_positions().to_vec(),
        names => names.iter().map(|name| parent.position(name)).collect::<Result<_>>()?,
    };
    let no_key = |what: &str| {
        let message = format!(
            "foreign key \"{}\": {what} for referenced table \"{}\"",
            key.name, parent.name
        );
        Error::invalid(message).with_sqlstate("42830")
    };
    if parent_columns.is_empty() {
        return Err(no_key("there is no primary key"));
    }
    if parent_columns.len() != key.columns.len() {
        return Err(no_key("number of referencing and referenced columns disagree"));
    }
    let access = parent.unique_access(&parent_columns);
    let parent_access =
        access.ok_or_else(|| no_key("there is no unique constraint matching given keys"))?;
    for (at, (own, other)) in key.columns.iter().zip(&parent_columns).enumerate() {
        let (own, other) =
            (&child.columns[usize::from(*own)], &parent.columns[usize::from(*other)]);
        let whole = |data_type| matches!(data_type, Type::SmallInt | Type::Integer | Type::BigInt);
        let alike = own.data_type.is_same_kind(other.data_type)
            || whole(own.data_type) && whole(other.data_type);
        if !alike || own.collation != parent.access_collation(&parent_access, at) {
            let message = format!(
                "foreign key constraint \"{}\" cannot be implemented: key columns \"{}\" and \
                 \"{}\" are of incompatible types or collations: {} and {}",
                key.name, own.name, other.name, own.data_type, other.data_type
            );
            return Err(Error::invalid(message).with_sqlstate("42804"));
        }
    }
    let child_access = child.prefix_access(&key.columns).ok_or_else(|| {
        let message = format!(
            "foreign key \"{}\": table \"{}\" has no index that begins with its columns",
            key.name, child.name
        );
        Error::invalid(message).with_sqlstate("42P17")
    })?;
    Ok(ForeignKeyInfo { parent: parent.id, parent_columns, parent_access, child_access })
}

impl TableDefinition {
    /// The key whose columns are exactly these, in any order.
    pub(crate) fn unique_access(&self, columns: &[u16]) -> Option<Access> {
        if let PrimaryKey::Columns(key) = &self.primary_key
            && let Some(order) = order_of(key, columns).filter(|_| key.len() == columns.len())
        {
            return Some(Access { index: None, order });
        }
        self.indexes.iter().enumerate().find_map(|(at, index)| {
            let fits = index.unique && index.predicate.is_none();
            let key = index.plain_columns().filter(|key| fits && key.len() == columns.len())?;
            Some(Access { index: Some(at), order: order_of(&key, columns)? })
        })
    }

    /// The primary key or index that begins with these columns, in any order, and has all rows.
    pub(crate) fn prefix_access(&self, columns: &[u16]) -> Option<Access> {
        if let PrimaryKey::Columns(key) = &self.primary_key
            && let Some(begin) = key.get(..columns.len())
            && let Some(order) = order_of(begin, columns)
        {
            return Some(Access { index: None, order });
        }
        self.indexes.iter().enumerate().find_map(|(at, index)| {
            let begin = index.columns.get(..columns.len()).filter(|_| index.predicate.is_none())?;
            let own = |column: u16| self.columns[usize::from(column)].collation;
            let begin = begin
                .iter()
                .map(|part| part.column().filter(|column| part.collation == own(*column)));
            let begin: Vec<u16> = begin.collect::<Option<_>>()?;
            Some(Access { index: Some(at), order: order_of(&begin, columns)? })
        })
    }

    /// The collation of the key's column that takes the foreign key's value at `place`.
    pub(crate) fn access_collation(&self, access: &Access, place: usize) -> Collation {
        let at = access.order.iter().position(|other| *other == place).unwrap_or_default();
        match access.index {
            Some(index) => self.indexes[index].columns[at].collation,
            None => self.columns[usize::from(self.primary_key_positions()[at])].collation,
        }
    }
}

/// For each column of `key` its place among `columns`, if they are the same columns.
fn order_of(key: &[u16], columns: &[u16]) -> Option<Vec<usize>> {
    let place = |column: &u16| columns.iter().position(|other| other == column);
    key.iter().map(place).collect()
}
