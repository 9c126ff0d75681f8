//! Materialized views, as far as they need a connection: they are filled by statements.

use bourse::view::ViewBuilder;

use super::{Connection, Flow};
use crate::Dialect;
use crate::algebra::{Insert, Statement};
use crate::bind::{Binder, Bound};
use crate::catalog::{Catalog, Materialized, TableEntry, ViewEntry, ViewNote};
use crate::define::{
    CreateMaterialized, CreateTable, Definition, MaterializedChange, Object, nothing_to_do,
};
use crate::error::{Result, SqlError};
use crate::function::quote_qualified;
use crate::parse::TransactionModes;
use crate::session::Notice;

fn refused(what: &str) -> SqlError {
    SqlError::new("25001", format!("{what} cannot run inside a transaction block"))
}

impl Connection {
    /// Changes a materialized view. Returns how many rows it has got.
    pub(super) fn materialize(&self, change: &MaterializedChange) -> Result<u64> {
        match change {
            MaterializedChange::Create(create) => self.create_materialized(create),
            MaterializedChange::RefreshKept { view, builder, with_data } => {
                self.refresh_kept(view, builder.as_deref(), *with_data)?;
                Ok(0)
            }
            MaterializedChange::RefreshTable { table, with_data } => {
                self.refresh_table(table, *with_data)?;
                Ok(0)
            }
            MaterializedChange::DropAggregate(_) | MaterializedChange::RenameKept(..) => {
                if self.in_transaction() {
                    return Err(refused(change.tag()));
                }
                let definition = Definition::Materialized(change.clone());
                crate::define::execute(&definition, &self.database)?;
                Ok(0)
            }
        }
    }

    fn create_materialized(&self, create: &CreateMaterialized) -> Result<u64> {
        let mut why = create.why.clone();
        if let Some(builder) = &create.kept {
            match self.database.view_definition(builder) {
                Ok(_) => return self.create_kept(create, builder),
                Err(error) => why = error.to_string(),
            }
        }
        let name = &create.name;
        if create.must_be_kept {
            let message = format!("materialized view \"{name}\" cannot be incremental");
            return Err(SqlError::unsupported(message).with_detail(format!("Because {why}.")));
        }
        let Some(table) = &create.table else {
            return Err(SqlError::new("XX000", "a materialized view has neither groups nor rows"));
        };
        let notice =
            format!("materialized view \"{name}\" is stored, and REFRESH computes it anew: {why}");
        self.state.tell(Notice::told(notice));
        let create: CreateTable = table.as_ref().clone();
        self.define(&Definition::CreateTable(Box::new(create)))
    }

    /// One whose groups the store keeps.
    fn create_kept(&self, create: &CreateMaterialized, builder: &ViewBuilder) -> Result<u64> {
        if self.in_transaction() {
            return Err(refused("CREATE MATERIALIZED VIEW").with_hint(
                "What the store keeps could not be taken back. Make it outside of a transaction, \
                 or WITH (incremental = off).",
            ));
        }
        let (schema, name) = (create.schema.clone(), create.name.clone());
        if create.with_data {
            self.database.create_view(builder)?;
        }
        let object = Object::View(schema, name, create.note.clone());
        crate::define::execute(&Definition::Put(object, ""), &self.database)?;
        self.forget_catalog();
        let notice = format!("materialized view \"{}\" is kept right in every commit", create.name);
        self.state.tell(Notice::told(notice));
        if !create.with_data {
            return Ok(0);
        }
        let of = quote_qualified(&create.schema, &create.name);
        let prepared = self.prepared(&format!("SELECT count(*) FROM {of}"), &[])?;
        let mut count = 0;
        self.run_prepared(&prepared, Vec::new(), &mut |row| {
            count = row.next().and_then(|value| value.as_integer()).unwrap_or(0);
            Ok(Flow::More)
        })?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    fn refresh_kept(
        &self,
        view: &ViewEntry,
        builder: Option<&ViewBuilder>,
        with_data: bool,
    ) -> Result<()> {
        let is_populated = view.note.is_populated();
        if is_populated == with_data {
            if with_data {
                self.state.tell(Notice::told(nothing_to_do(&view.name)));
            }
            return Ok(());
        }
        if self.in_transaction() {
            return Err(refused("REFRESH MATERIALIZED VIEW"));
        }
        if let Some(builder) = builder {
            self.database.create_view(builder)?;
        }
        let kept = view.note.kept_by().map(str::to_owned);
        let materialized = Some(Materialized { view: kept.clone(), populated: with_data });
        let note = ViewNote { materialized, ..view.note.clone() };
        let object = Object::View(view.schema.clone(), view.name.clone(), note);
        crate::define::execute(&Definition::Put(object, ""), &self.database)?;
        if let (Some(kept), false) = (kept, with_data) {
            self.database.drop_view(&kept)?;
        }
        self.forget_catalog();
        Ok(())
    }

    /// Has a table the rows of its query, or none.
    fn refresh_table(&self, table: &TableEntry, with_data: bool) -> Result<()> {
        let Some(note) = &table.note.materialized else { return Ok(()) };
        let changes_note = note.is_populated() != with_data;
        if self.in_transaction() {
            if changes_note {
                return Err(refused("REFRESH MATERIALIZED VIEW"));
            }
            return self.replace_rows(table, with_data);
        }
        if !with_data {
            self.note_populated(table, with_data)?;
        }
        self.begin(TransactionModes { read_only: Some(false), ..TransactionModes::default() })?;
        match self.replace_rows(table, with_data) {
            Ok(()) => {
                self.commit()?;
            }
            Err(error) => {
                self.rollback();
                return Err(error);
            }
        }
        if with_data && changes_note { self.note_populated(table, with_data) } else { Ok(()) }
    }

    fn note_populated(&self, table: &TableEntry, populated: bool) -> Result<()> {
        let mut note = table.note.clone();
        if let Some(view) = &mut note.materialized {
            view.materialized = Some(Materialized { view: None, populated });
        }
        let object = Object::Table(table.schema.clone(), table.name.clone(), note);
        crate::define::execute(&Definition::Put(object, ""), &self.database)?;
        self.forget_catalog();
        Ok(())
    }

    /// Deletes the rows of a stored view, and inserts those that its query has now.
    fn replace_rows(&self, table: &TableEntry, with_data: bool) -> Result<()> {
        let catalog = self.catalog()?;
        let of = quote_qualified(&table.schema, &table.name);
        let delete = self.bound_of(&format!("DELETE FROM {of}"), &catalog.with_writable(table))?;
        let plan = self.plan(delete)?;
        self.run_plan(&plan, &[], &mut |_| Ok(Flow::More))?;
        if !with_data {
            return Ok(());
        }
        let Some(note) = &table.note.materialized else { return Ok(()) };
        let view = ViewEntry {
            schema: table.schema.clone(),
            name: table.name.clone(),
            note: note.as_ref().clone(),
        };
        let statement = {
            let settings = self.settings.borrow();
            let mut binder = Binder::of(&catalog, Dialect::Postgres, &settings);
            let source = binder.query_of_view(&view)?;
            let columns = source.columns.iter().map(|column| Some(column.id)).collect();
            let table = table.table.clone();
            let insert = Insert { table, source, columns, conflict: None, returning: None };
            binder.finished(Statement::Insert(insert))
        };
        let plan = self.plan(statement)?;
        self.run_plan(&plan, &[], &mut |_| Ok(Flow::More))?;
        Ok(())
    }

    fn bound_of(&self, text: &str, catalog: &Catalog) -> Result<Statement> {
        let settings = self.settings.borrow();
        let parsed = crate::parse::parse(text, Dialect::Postgres)?;
        let none = || SqlError::new("XX000", "a statement has no rows");
        let parsed = parsed.first().ok_or_else(none)?;
        match crate::bind::bind(parsed, catalog, Dialect::Postgres, &settings, &[])?.bound {
            Bound::Rows(statement) => Ok(statement),
            _ => Err(none()),
        }
    }
}
