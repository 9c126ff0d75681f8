//! Functions that tell of definitions: PostgreSQL's "system information functions".

use crate::catalog::Catalog;
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::Context;
use crate::settings::Settings;

pub(super) mod backends;
pub(super) mod cluster;
pub(super) mod definitions;
pub(super) mod facets;
pub(super) mod privileges;
pub(super) mod replication;
pub(super) mod session;
pub(super) mod sizes;
pub(super) mod visibility;

/// The definitions that the statement was bound to.
fn catalog(context: &dyn Context) -> Result<&Catalog> {
    context.catalog().ok_or_else(|| {
        SqlError::new("0A000", "definitions cannot be asked for outside of a session")
    })
}

/// The schemas in which names are looked for, that of the session's temporary tables before others.
pub(crate) fn search_path(context: &dyn Context) -> Vec<String> {
    let temporary = context.session().map(|session| session.temporary_schema());
    temporary.into_iter().chain(set_path(context)).collect()
}

/// The schemas of the setting `search_path`.
fn set_path(context: &dyn Context) -> Vec<String> {
    let mut settings = Settings::new(context.user(), context.database_name());
    if let Some(path) = context.setting("search_path") {
        settings.set("search_path", path);
    }
    settings.search_path().to_vec()
}

/// The number that an argument is.
fn number(arguments: &[Datum], at: usize) -> Option<u32> {
    arguments.get(at).and_then(Datum::as_integer).and_then(|number| u32::try_from(number).ok())
}

fn maybe(text: Option<impl AsRef<str>>) -> Datum {
    text.map_or(Datum::Null, |text| Datum::text(text.as_ref()))
}
