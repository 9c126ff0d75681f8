//! Definitions: CREATE, ALTER, DROP and their like, bound against a catalog and executed on a
//! store.
//!
//! What the store has definitions for (tables, indexes, constraints) it is given; what only SQL
//! knows (views, types, sequences, schemas, comments, types as they were declared) becomes rows of
//! [`crate::catalog::OBJECTS_TABLE`].
//!
//! Each definition is executed by itself: the store changes definitions in records of their own.
//! How they are parts of transactions is told in [`crate::connection`].

use bourse::schema::{ForeignKeyBuilder, IndexBuilder};
use bourse::{Alteration, Database, IndexDefinition, TableDefinition, Truncate};
use sqlparser::ast::Statement as Tree;

use crate::algebra::{Insert, Query, Statement};
use crate::bind::Binder;
use crate::catalog::{DomainNote, Kind, SequenceNote, TableNote, ViewNote};
use crate::error::{Result, SqlError};
use crate::parse::Parsed;

mod add_column;
mod alter;
mod column;
pub(crate) mod constraint;
mod domain;
mod drop;
mod enumeration;
mod execute;
mod generated;
mod identity;
mod index;
mod like;
mod materialized;
mod object;
mod options;
mod own;
mod sequence;
mod set_type;
mod steps;
mod table;
#[cfg(test)]
mod tests;
mod translate;

pub use execute::execute;
pub(crate) use execute::{alter_step, key_of, row_of};
pub(crate) use index::computed_key;
pub use materialized::{CreateMaterialized, MaterializedChange};
pub(crate) use materialized::{alter as alter_materialized, nothing_to_do};
pub(crate) use object::exists;
pub(crate) use own::own;
pub use sequence::AlteredSequence;
pub use steps::{Part, Steps};
pub(crate) use translate::Translator;

/// A change of definitions.
#[derive(Clone, Debug)]
pub enum Definition {
    /// CREATE TABLE.
    CreateTable(Box<CreateTable>),
    /// CREATE INDEX.
    CreateIndex {
        /// The store's name of the table.
        table: String,
        /// The index.
        index: IndexBuilder,
        /// Its name.
        name: String,
        /// CONCURRENTLY, which every index is built; so much is said that PostgreSQL takes it in no
        /// transaction.
        concurrently: bool,
    },
    /// ALTER TABLE.
    AlterTable {
        /// The store's name of the table.
        table: String,
        /// Schema and name of the table, as its notes are kept.
        note_key: (String, String),
        /// What is done, in order.
        steps: Vec<AlterStep>,
    },
    /// ALTER SEQUENCE.
    AlterSequence(Box<AlteredSequence>),
    /// About a materialized view.
    Materialized(MaterializedChange),
    /// DROP TABLE, of tables by the store's names.
    DropTables {
        /// Store's names, with schema and name.
        tables: Vec<(String, String, String)>,
        /// Foreign keys of other tables that refer to them go too.
        cascade: bool,
    },
    /// DROP INDEX: of tables, by the store's names, their indexes.
    DropIndexes(Vec<(String, String)>),
    /// TRUNCATE.
    Truncate(Truncate),
    /// The sequences of columns of tables, by the store's names, begin anew.
    RestartSequences(Vec<String>),
    /// An object of SQL's own is made or replaced.
    Put(Object, &'static str),
    /// Objects of SQL's own go.
    Remove(Vec<Object>, &'static str),
    /// DROP SCHEMA ... CASCADE and its like: one after the other.
    All(Vec<Definition>, &'static str),
    /// One after the other, with changes of rows among them.
    Steps(Box<Steps>),
    /// Nothing is done, with what the client is told.
    Nothing {
        /// The command's tag.
        tag: &'static str,
        /// A notice, if there is something to say.
        notice: Option<String>,
    },
}

/// CREATE TABLE.
#[derive(Clone, Debug)]
pub struct CreateTable {
    /// The store's definition.
    pub definition: TableDefinition,
    /// Its schema.
    pub schema: String,
    /// Its name there.
    pub name: String,
    /// What SQL keeps about it.
    pub note: TableNote,
    /// Foreign keys to itself and others, which are given with the table.
    pub query: Option<Query>,
    /// CREATE TABLE ... AS has rows put in.
    pub with_rows: bool,
    /// Sequences of its SERIAL and IDENTITY columns: schema, name and what they are.
    pub sequences: Vec<(String, String, SequenceNote)>,
    /// What becomes of a temporary table at COMMIT; none for others.
    pub temporary: Option<OnCommit>,
}

/// What becomes of a temporary table at COMMIT.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OnCommit {
    /// Nothing.
    PreserveRows,
    /// It is emptied.
    DeleteRows,
    /// It is dropped.
    Drop,
}

/// A step of ALTER TABLE.
#[derive(Clone, Debug)]
pub enum AlterStep {
    /// What the store calls an alteration; steps of this kind in a row are one.
    Alter(Alteration),
    /// ADD CHECK.
    AddCheck(String, bourse::Expression<String>),
    /// ADD FOREIGN KEY.
    AddForeignKey(ForeignKeyBuilder),
    /// ADD UNIQUE.
    AddIndex(IndexBuilder),
    /// DROP CONSTRAINT of a CHECK or foreign key.
    DropConstraint(String),
    /// DROP CONSTRAINT of a key.
    DropIndex(String),
    /// What SQL keeps about the table is changed.
    Note(TableNote),
    /// The table has another name: store's, schema, name.
    Renamed(String, String, String),
}

/// An object of SQL's own, by schema and name.
#[derive(Clone, PartialEq, Debug)]
pub enum Object {
    /// A plain view.
    View(String, String, ViewNote),
    /// A sequence.
    Sequence(String, String, SequenceNote),
    /// An enumerated type: its labels.
    Enum(String, String, Vec<String>),
    /// A domain.
    Domain(String, String, DomainNote),
    /// A schema.
    Schema(String),
    /// A comment on what the name says.
    Comment(String, String),
    /// What is kept about a table.
    Table(String, String, TableNote),
}

impl Definition {
    /// The command's tag.
    pub fn tag(&self) -> &'static str {
        match self {
            Definition::CreateTable(table) if table.query.is_some() && table.with_rows => "SELECT",
            Definition::CreateTable(_) => "CREATE TABLE",
            Definition::CreateIndex { .. } => "CREATE INDEX",
            Definition::AlterTable { .. } => "ALTER TABLE",
            Definition::AlterSequence(_) => "ALTER SEQUENCE",
            Definition::Materialized(change) => change.tag(),
            Definition::DropTables { .. } => "DROP TABLE",
            Definition::DropIndexes(_) => "DROP INDEX",
            Definition::Truncate(_) | Definition::RestartSequences(_) => "TRUNCATE TABLE",
            Definition::Steps(steps) => steps.tag,
            Definition::Put(_, tag)
            | Definition::Remove(_, tag)
            | Definition::All(_, tag)
            | Definition::Nothing { tag, .. } => tag,
        }
    }

    /// What the client is told beside the tag.
    pub fn notice(&self) -> Option<&str> {
        match self {
            Definition::Nothing { notice, .. } => notice.as_deref(),
            _ => None,
        }
    }

    /// The query in it.
    pub(crate) fn query_mut(&mut self) -> Option<&mut Query> {
        match self {
            Definition::CreateTable(table) => table.query.as_mut(),
            Definition::Materialized(MaterializedChange::Create(create)) => {
                create.table.as_mut()?.query.as_mut()
            }
            _ => None,
        }
    }

    /// What puts the rows of CREATE TABLE ... AS into the table that is made by then.
    ///
    /// # Errors
    /// 42P01 when the table is gone again.
    pub fn fill(&self, database: &Database) -> Result<Option<Statement>> {
        let Definition::CreateTable(create) = self else { return Ok(None) };
        let Some(source) = create.query.clone().filter(|_| create.with_rows) else {
            return Ok(None);
        };
        let table = database.table(&create.definition.name)?;
        let columns = source.columns.iter().map(|column| Some(column.id)).collect();
        let insert = Insert { table, source, columns, conflict: None, returning: None };
        Ok(Some(Statement::Insert(insert)))
    }
}

/// Binds a statement that changes definitions.
pub(crate) fn bind(binder: &mut Binder<'_>, tree: &Tree, parsed: &Parsed) -> Result<Definition> {
    match tree {
        Tree::CreateTable(create) => table::create(binder, create, parsed),
        Tree::CreateIndex(create) => index::create(binder, create),
        Tree::AlterTable(alter) => alter::alter(binder, alter, parsed),
        Tree::AlterIndex { name, operation } => index::alter(binder, name, operation),
        Tree::CreateView(create) if create.materialized => {
            materialized::create(binder, create, parsed)
        }
        Tree::CreateView(create) => object::create_view(binder, create, parsed.check_option),
        Tree::RefreshMaterializedView(refresh) => materialized::refresh(binder, refresh),
        Tree::CreateSchema { .. } => object::create_schema(binder, tree),
        Tree::CreateType { name, representation } => {
            object::create_type(binder, name, representation.as_ref())
        }
        Tree::CreateDomain(create) => domain::create(binder, create),
        Tree::CreateSequence { .. } => sequence::create(binder, tree),
        Tree::AlterType(alter) => enumeration::alter_type(binder, alter),
        Tree::Comment { object_type, object_name, comment, .. } => {
            let constraint = parsed.constraint.as_ref();
            object::comment(binder, object_type, object_name, constraint, comment.as_deref())
        }
        Tree::Drop { .. } => drop::drop(binder, tree),
        Tree::DropDomain(tree) => drop::drop_domain(binder, tree),
        Tree::Truncate(truncate) => drop::truncate(binder, truncate),
        Tree::CreateExtension(_) | Tree::DropExtension(_) => {
            Err(SqlError::unsupported("extensions are not supported"))
        }
        Tree::CreateTrigger(_) | Tree::DropTrigger(_) => {
            Err(SqlError::unsupported("triggers are not supported")
                .with_hint("Follow the table with a feed: Database::create_feed."))
        }
        Tree::CreateFunction(_)
        | Tree::CreateProcedure { .. }
        | Tree::DropFunction(_)
        | Tree::Call(_) => {
            Err(SqlError::unsupported("functions and procedures of users are not supported")
                .with_hint(
                    "Run the statements from the program, or follow the table with a \
                    feed.",
                ))
        }
        Tree::Grant(_)
        | Tree::Revoke(_)
        | Tree::CreateRole(_)
        | Tree::AlterRole { .. }
        | Tree::CreateUser(_) => {
            Err(SqlError::unsupported("roles and privileges are not supported"))
        }
        other => {
            let text = other.to_string();
            let words: Vec<&str> = text.split_whitespace().take(3).collect();
            Err(SqlError::unsupported(format!("{} is not supported", words.join(" "))))
        }
    }
}

/// The views and sequences of schemas of sessions that are no more.
pub(crate) fn drop_objects_of(database: &Database, is_in: impl Fn(&str) -> bool) -> Result<()> {
    let mut is_known = false;
    for (key, body) in crate::catalog::read_objects(database)? {
        if !is_in(&key.schema) {
            continue;
        }
        match key.kind {
            Kind::View => drop(crate::catalog::delete_object(database, &key)?),
            Kind::Sequence => {
                let note = SequenceNote::from_json(&body);
                sequence::forget(database, &key.schema, &key.name, &note)?;
            }
            _ => continue,
        }
        is_known = true;
    }
    if is_known { crate::catalog::announce(database) } else { Ok(()) }
}

/// The sequences of a table that is about to go.
pub(crate) fn drop_owned_sequences(database: &Database, table: &str) -> Result<()> {
    sequence::drop_owned(database, table, None).map(drop)
}

/// The sequences of a table that has another name.
pub(crate) fn rename_owned_sequences(database: &Database, from: &str, to: &str) -> Result<()> {
    sequence::rename_owner(database, (from, None), (to, None))
}

/// Binds ALTER SEQUENCE.
pub(crate) fn alter_sequence(
    binder: &Binder<'_>,
    tree: &crate::parse::AlterSequence,
) -> Result<Definition> {
    sequence::alter(binder, tree)
}

/// The index that CREATE INDEX and its like begin with.
pub(crate) fn index_on(name: &str, columns: &[String]) -> IndexBuilder {
    IndexDefinition::on(name, columns.iter())
}
