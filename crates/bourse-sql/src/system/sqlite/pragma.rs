//! PRAGMAs: what each gives, and what it sets.
//!
//! A PRAGMA is a set-returning function of its name and value, so that a statement and a table
//! function (`pragma_table_info('t')`) are the same. One that SQLite does not know gives no rows.

use crate::Dialect;
use crate::algebra::{Column, Expr, SetCall};
use crate::catalog::{Catalog, Kind, ObjectKey, announce, read_objects, write_object};
use crate::datum::Datum;
use crate::error::{Result, SqlError};
use crate::function::{Context, SetFunction, SetRows};
use crate::session::SessionState;
use crate::types::SqlType;

use super::{integer, keys, tables};

static PRAGMA: SetFunction = SetFunction { name: "pragma", call: rows };

/// The call of a PRAGMA: `sets` says whether the value stood behind an equals sign.
pub(crate) fn call(name: &str, value: Option<Expr>, sets: bool, columns: Vec<Column>) -> SetCall {
    let text = |text: &str| Expr::literal(Datum::text(text), SqlType::Any);
    let value = value.unwrap_or_else(|| Expr::literal(Datum::Null, SqlType::Any));
    let sets = Expr::literal(Datum::Integer(i64::from(sets)), SqlType::Any);
    SetCall { function: &PRAGMA, arguments: vec![text(name), value, sets], columns }
}

/// PRAGMAs that give rows of several columns.
const TABLES: [(&str, &[&str]); 15] = [
    ("table_info", &["cid", "name", "type", "notnull", "dflt_value", "pk"]),
    ("table_xinfo", &["cid", "name", "type", "notnull", "dflt_value", "pk", "hidden"]),
    ("table_list", &["schema", "name", "type", "ncol", "wr", "strict"]),
    ("index_list", &["seq", "name", "unique", "origin", "partial"]),
    ("index_info", &["seqno", "cid", "name"]),
    ("index_xinfo", &["seqno", "cid", "name", "desc", "coll", "key"]),
    ("foreign_key_list", &["id", "seq", "table", "from", "to", "on_update", "on_delete", "match"]),
    ("foreign_key_check", &["table", "rowid", "parent", "fkid"]),
    ("database_list", &["seq", "name", "file"]),
    ("collation_list", &["seq", "name"]),
    ("function_list", &["name", "builtin", "type", "enc", "narg", "flags"]),
    ("pragma_list", &["name"]),
    ("module_list", &["name"]),
    ("compile_options", &["compile_options"]),
    ("wal_checkpoint", &["busy", "log", "checkpointed"]),
];

/// PRAGMAs that have one value: as it is where nothing has set one, and what setting it does.
const VALUES: [(&str, &str, Setting); 40] = [
    ("analysis_limit", "0", Setting::Shown),
    ("application_id", "0", Setting::Durable),
    ("auto_vacuum", "0", Setting::Ignored),
    ("automatic_index", "1", Setting::Ignored),
    ("busy_timeout", "0", Setting::Shown),
    ("cache_size", "", Setting::Kept),
    ("cache_spill", "0", Setting::Ignored),
    ("case_sensitive_like", "", Setting::Ignored),
    ("cell_size_check", "0", Setting::Ignored),
    ("checkpoint_fullfsync", "0", Setting::Ignored),
    ("data_version", "", Setting::Ignored),
    ("default_cache_size", "", Setting::Ignored),
    ("defer_foreign_keys", "0", Setting::Ignored),
    ("encoding", "UTF-8", Setting::Ignored),
    ("foreign_keys", "1", Setting::Ignored),
    ("freelist_count", "0", Setting::Ignored),
    ("fullfsync", "0", Setting::Ignored),
    ("hard_heap_limit", "0", Setting::Ignored),
    ("ignore_check_constraints", "0", Setting::Ignored),
    ("integrity_check", "", Setting::Ignored),
    ("journal_mode", "wal", Setting::Fixed),
    ("journal_size_limit", "-1", Setting::Fixed),
    ("legacy_alter_table", "0", Setting::Ignored),
    ("locking_mode", "normal", Setting::Fixed),
    ("max_page_count", "4294967294", Setting::Fixed),
    ("mmap_size", "0", Setting::Fixed),
    ("page_count", "", Setting::Ignored),
    ("page_size", "4096", Setting::Ignored),
    ("query_only", "0", Setting::Ignored),
    ("quick_check", "", Setting::Ignored),
    ("read_uncommitted", "0", Setting::Ignored),
    ("recursive_triggers", "0", Setting::Ignored),
    ("reverse_unordered_selects", "0", Setting::Ignored),
    ("schema_version", "", Setting::Ignored),
    ("secure_delete", "0", Setting::Fixed),
    ("soft_heap_limit", "0", Setting::Fixed),
    ("synchronous", "2", Setting::Ignored),
    ("temp_store", "0", Setting::Kept),
    ("user_version", "0", Setting::Durable),
    ("wal_autocheckpoint", "1000", Setting::Shown),
];

/// What setting a PRAGMA does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Setting {
    /// Nothing, and nothing is told: the store has no such choice.
    Ignored,
    /// Nothing; the value that holds is told.
    Fixed,
    /// The session keeps the value.
    Kept,
    /// The same, and tells it.
    Shown,
    /// The store keeps the value.
    Durable,
}

fn value_of(name: &str) -> Option<(&'static str, Setting)> {
    VALUES.iter().find(|(known, ..)| *known == name).map(|(_, value, set)| (*value, *set))
}

/// Whether a PRAGMA with a value sets it, if it has such a choice, and tells nothing.
pub(crate) fn is_silent(name: &str) -> bool {
    let checks = matches!(name, "integrity_check" | "quick_check");
    let silent = [Setting::Ignored, Setting::Kept, Setting::Durable];
    !checks && value_of(name).is_some_and(|(_, setting)| silent.contains(&setting))
}

/// The columns that a PRAGMA gives.
pub(crate) fn columns(name: &str) -> Option<Vec<&'static str>> {
    if let Some((_, columns)) = TABLES.iter().find(|(known, _)| *known == name) {
        return Some(columns.to_vec());
    }
    let (known, ..) = VALUES.iter().find(|(known, ..)| *known == name)?;
    Some(vec![match *known {
        "busy_timeout" => "timeout",
        other => other,
    }])
}

fn rows(arguments: &[Datum], context: &dyn Context) -> Result<SetRows> {
    let missing = || SqlError::new("XX000", "a PRAGMA was asked for outside of a session");
    let catalog = context.catalog().ok_or_else(missing)?;
    let session = context.session().ok_or_else(missing)?;
    let name = arguments.first().and_then(Datum::as_text).unwrap_or_default();
    let value = arguments.get(1).filter(|value| !value.is_null());
    let value = value.map(|value| match value {
        Datum::Integer(number) => number.to_string(),
        other => other.as_text().unwrap_or_default().to_owned(),
    });
    let of = value.as_deref();
    if let Some(value) = of {
        check_choice(name, value, catalog)?;
    }
    let rows = match value_of(name) {
        // A value in parentheses sets as one behind an equals sign does.
        Some((_, setting)) => match of {
            Some(value) if setting != Setting::Ignored => {
                set(name, value, setting, session, catalog)?
            }
            Some(_) if !matches!(name, "integrity_check" | "quick_check") => Vec::new(),
            None if name == "case_sensitive_like" => Vec::new(),
            _ => vec![vec![current(name, session, catalog)?]],
        },
        None => table_rows(name, of, session, catalog)?,
    };
    Ok(Box::new(rows.into_iter().map(Ok)))
}

/// Refuses a choice that the store does not have and that would change what statements do.
fn check_choice(name: &str, value: &str, catalog: &Catalog) -> Result<()> {
    let words = ["on", "yes", "true"];
    let is_on = match value.trim().parse::<i64>() {
        Ok(number) => number != 0,
        Err(_) => words.iter().any(|word| word.eq_ignore_ascii_case(value)),
    };
    let has_keys = || {
        let tables = catalog.tables();
        tables.iter().any(|table| !table.table.definition().foreign_keys.is_empty())
    };
    match name {
        "foreign_keys" if !is_on && has_keys() => {
            let message = "foreign keys cannot be switched off: rows are held to them, and \
                           CASCADE and SET NULL change further ones";
            Err(SqlError::unsupported(message)
                .with_hint("One that is DEFERRABLE INITIALLY DEFERRED is checked at COMMIT."))
        }
        "case_sensitive_like" if is_on => {
            let message = "LIKE compares ASCII letters without case: there is no other choice";
            Err(SqlError::unsupported(message).with_hint("Use GLOB."))
        }
        _ => Ok(()),
    }
}

fn table_rows(
    name: &str,
    of: Option<&str>,
    session: &SessionState,
    catalog: &Catalog,
) -> Result<Vec<Vec<Datum>>> {
    let named = of.unwrap_or_default();
    let database = session.database();
    let texts = |texts: &[&str]| texts.iter().map(|text| vec![Datum::text(text)]).collect();
    Ok(match name {
        "table_info" => tables::table_info(catalog, named, false),
        "table_xinfo" => tables::table_info(catalog, named, true),
        "table_list" => tables::table_list(catalog, of),
        "index_list" => tables::index_list(catalog, named),
        "index_info" => tables::index_info(catalog, named, false),
        "index_xinfo" => tables::index_info(catalog, named, true),
        "foreign_key_list" => tables::foreign_key_list(catalog, named),
        "foreign_key_check" => keys::check(database, catalog, of)?,
        "database_list" => {
            let folder = Datum::text(&database.folder().display().to_string());
            vec![vec![integer(0), Datum::text("main"), folder]]
        }
        "collation_list" => {
            let names = ["RTRIM", "NOCASE", "BINARY"].into_iter().enumerate();
            names.map(|(at, name)| vec![integer(at), Datum::text(name)]).collect()
        }
        "function_list" => crate::function::names(Dialect::Sqlite)
            .map(|name| {
                vec![
                    Datum::text(name),
                    integer(1),
                    Datum::text("s"),
                    Datum::text("utf8"),
                    Datum::Integer(-1),
                    integer(0),
                ]
            })
            .collect(),
        "pragma_list" => {
            let mut names: Vec<&str> = TABLES.iter().map(|(name, _)| *name).collect();
            names.extend(VALUES.iter().map(|(name, ..)| *name));
            names.sort_unstable();
            texts(&names)
        }
        "compile_options" => texts(&["ENABLE_MATH_FUNCTIONS", "THREADSAFE=1"]),
        "wal_checkpoint" => {
            database.checkpoint()?;
            vec![vec![integer(0), integer(0), integer(0)]]
        }
        _ => Vec::new(),
    })
}

/// The value that holds.
fn current(name: &str, session: &SessionState, catalog: &Catalog) -> Result<Datum> {
    let database = session.database();
    let number = |number: u64| Datum::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    let (preset, setting) = value_of(name).unwrap_or(("0", Setting::Ignored));
    Ok(match name {
        "integrity_check" | "quick_check" => {
            let report = database.check(&mut |_| {})?;
            let found: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
            Datum::text(if found.is_empty() { "ok".to_owned() } else { found.join("\n") }.as_str())
        }
        "page_count" => number(database.statistics().file_bytes / 4096),
        "cache_size" | "default_cache_size" => match session.pragma(name) {
            Some(set) => parsed(&set),
            // Negative: in units of 1,024 bytes.
            None => match number(database.cache_statistics().memory_bytes / 1024) {
                Datum::Integer(kilobytes) => Datum::Integer(-kilobytes),
                other => other,
            },
        },
        "schema_version" => number(catalog.version()),
        "data_version" => number(database.cut().lsn().0),
        _ => match setting {
            Setting::Durable => durable(name, database)?,
            Setting::Kept | Setting::Shown => {
                parsed(session.pragma(name).as_deref().unwrap_or(preset))
            }
            Setting::Ignored | Setting::Fixed => parsed(preset),
        },
    })
}

fn parsed(text: &str) -> Datum {
    text.parse().map_or_else(|_| Datum::text(text), Datum::Integer)
}

fn set(
    name: &str,
    value: &str,
    setting: Setting,
    session: &SessionState,
    catalog: &Catalog,
) -> Result<Vec<Vec<Datum>>> {
    match setting {
        Setting::Ignored => Ok(Vec::new()),
        Setting::Fixed => Ok(vec![vec![current(name, session, catalog)?]]),
        Setting::Kept | Setting::Shown => {
            session.set_pragma(name, value);
            let shows = setting == Setting::Shown;
            Ok(if shows { vec![vec![current(name, session, catalog)?]] } else { Vec::new() })
        }
        Setting::Durable => {
            let number: i32 = value.trim().parse().unwrap_or(0);
            let body = serde_json::json!({ "value": number.to_string() });
            write_object(session.database(), &durable_key(name), body)?;
            announce(session.database())?;
            Ok(Vec::new())
        }
    }
}

/// Where the store keeps a PRAGMA's value: beside comments, by a name that no object has.
fn durable_key(name: &str) -> ObjectKey {
    ObjectKey::new(Kind::Comment, "", &format!("pragma {name}"))
}

fn durable(name: &str, database: &bourse::Database) -> Result<Datum> {
    let key = durable_key(name);
    let objects = read_objects(database)?;
    let found = objects.iter().find(|(known, _)| *known == key);
    let text = found.and_then(|(_, body)| body.get("value")).and_then(|value| value.as_str());
    Ok(parsed(text.unwrap_or("0")))
}
