//! Roles: who may log in to a server, by which password, and what they may do.
//!
//! They are rows of a table of the store that no statement can name. A role has an *access*, which
//! is what it may do everywhere, and grants, which add rights on schemas and tables. Whoever links
//! the store as a library may do everything: rights are checked where a connection was given some
//! ([`crate::connection::Connection::set_rights`]).
//!
//! ```text
//! NAME   BODY (JSON)
//! role   access, login, verifier (SCRAM's, as PostgreSQL writes it), grants
//! ```

use bourse::{Database, Order, Range, Type, Value, ValueRef};
use serde_json::{Value as Json, json};

use crate::catalog::ensure_own;
use crate::error::{Result, SqlError};

mod access;
mod rights;
#[cfg(test)]
mod tests;
mod verifier;

pub(crate) use access::{TableAccess, accesses};
pub use rights::{Grant, Privilege, Privileges, Rights};
pub use verifier::Verifier;

/// The table of the store that has the roles.
pub const ROLES_TABLE: &str = "bourse_sql_roles";

/// Roles that a store keeps at most.
const ROLES_MAX: usize = 10_000;

/// What a role may do with all tables.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub enum Access {
    /// Nothing but what it is granted.
    #[default]
    None,
    /// Read rows.
    Read,
    /// Read and change rows.
    Write,
    /// Everything: definitions and roles too.
    Admin,
}

impl Access {
    const ALL: [(Access, &'static str); 4] = [
        (Access::None, "none"),
        (Access::Read, "read"),
        (Access::Write, "write"),
        (Access::Admin, "admin"),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Access::ALL.iter().find(|(access, _)| *access == self).map_or("", |(_, name)| name)
    }

    /// That of a name, PostgreSQL's names of the same among them.
    pub fn of_name(name: &str) -> Option<Access> {
        match name {
            "pg_read_all_data" => Some(Access::Read),
            "pg_write_all_data" => Some(Access::Write),
            name => Access::ALL.iter().find(|(_, known)| *known == name).map(|(access, _)| *access),
        }
    }
}

/// A role.
#[derive(Clone, PartialEq, Debug)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// What it may do everywhere.
    pub access: Access,
    /// Whether sessions can be its.
    pub can_login: bool,
    /// What its password is proven by; none without a password.
    pub verifier: Option<Verifier>,
    /// What it may do besides.
    pub grants: Vec<Grant>,
}

impl Role {
    /// A role that may log in, without a password yet.
    pub fn new(name: impl Into<String>, access: Access) -> Role {
        Role { name: name.into(), access, can_login: true, verifier: None, grants: Vec::new() }
    }

    fn to_json(&self) -> Json {
        json!({
            "access": self.access.name(),
            "login": self.can_login,
            "verifier": self.verifier.as_ref().map(Verifier::to_text),
            "grants": self.grants.iter().map(Grant::to_json).collect::<Vec<_>>(),
        })
    }

    fn from_json(name: &str, body: &Json) -> Result<Role> {
        let damaged = |what: &str| {
            let message = format!("the row of role \"{name}\" in {ROLES_TABLE} has no {what}");
            SqlError::new("XX001", message)
        };
        let access = body.get("access").and_then(Json::as_str).and_then(Access::of_name);
        let verifier = match body.get("verifier").and_then(Json::as_str) {
            Some(text) => Some(Verifier::from_text(text).ok_or_else(|| damaged("verifier"))?),
            None => None,
        };
        let grants = body.get("grants").and_then(Json::as_array).into_iter().flatten();
        Ok(Role {
            name: name.to_owned(),
            access: access.ok_or_else(|| damaged("access"))?,
            can_login: body.get("login").and_then(Json::as_bool).unwrap_or(false),
            verifier,
            grants: grants.filter_map(Grant::from_json).collect(),
        })
    }
}

fn ensure_table(database: &Database) -> Result<()> {
    ensure_own(database, ROLES_TABLE, |table| {
        table.column("name", Type::Text).column("body", Type::Json).not_null().primary_key(["name"])
    })
}

/// The role of a name.
///
/// # Errors
/// The disk's; XX001 for a row that is damaged.
pub fn find(database: &Database, name: &str) -> Result<Option<Role>> {
    let Ok(table) = database.table(ROLES_TABLE) else { return Ok(None) };
    let body = database.get_with(&table, &[Value::from(name)], |row| match row.get(1) {
        ValueRef::Json(body) | ValueRef::Text(body) => body.to_owned(),
        _ => String::new(),
    })?;
    body.map(|body| Role::from_json(name, &parsed(name, &body)?)).transpose()
}

/// All roles, by name.
///
/// # Errors
/// As [`find`].
pub fn all(database: &Database) -> Result<Vec<Role>> {
    let Ok(table) = database.table(ROLES_TABLE) else { return Ok(Vec::new()) };
    let cut = database.cut();
    let mut rows = cut.scan(&table, &Range::all(), Order::Ascending)?;
    let mut roles = Vec::new();
    while let Some((name, body)) = rows.next_with(|row| {
        let text = |column| match row.get(column) {
            ValueRef::Text(text) | ValueRef::Json(text) => text.to_owned(),
            _ => String::new(),
        };
        (text(0), text(1))
    })? {
        roles.push(Role::from_json(&name, &parsed(&name, &body)?)?);
    }
    Ok(roles)
}

fn parsed(name: &str, body: &str) -> Result<Json> {
    serde_json::from_str(body).map_err(|error| {
        SqlError::new("XX001", format!("the row of role \"{name}\" in {ROLES_TABLE}: {error}"))
    })
}

/// Adds a role.
///
/// # Errors
/// 42710 when there is one of its name; 42939 for a name that is reserved.
pub fn create(database: &Database, role: &Role) -> Result<()> {
    let name = &role.name;
    if name.is_empty() || name == "public" || name.starts_with("pg_") || name.contains('\0') {
        return Err(SqlError::new("42939", format!("role name \"{name}\" is reserved")));
    }
    if Access::of_name(name).is_some() {
        let message = format!("role name \"{name}\" is reserved: it is an access");
        return Err(SqlError::new("42939", message));
    }
    ensure_table(database)?;
    if all(database)?.len() >= ROLES_MAX {
        let message = format!("a store has at most {ROLES_MAX} roles");
        return Err(SqlError::new("53400", message));
    }
    let table = database.table(ROLES_TABLE)?;
    match database.insert(&table, values(role)) {
        Err(error) if error.sqlstate() == "23505" => {
            Err(SqlError::new("42710", format!("role \"{name}\" already exists")))
        }
        other => Ok(other.map(drop)?),
    }
}

fn values(role: &Role) -> Vec<Value> {
    vec![Value::from(role.name.as_str()), Value::Json(role.to_json().to_string())]
}

/// The error for a role that is not there.
pub fn unknown(name: &str) -> SqlError {
    SqlError::new("42704", format!("role \"{name}\" does not exist"))
}

/// Changes a role.
///
/// # Errors
/// 42704 when there is none of the name; what `change` returned.
pub fn change(
    database: &Database,
    name: &str,
    change: impl FnOnce(&mut Role) -> Result<()>,
) -> Result<()> {
    let mut role = find(database, name)?.ok_or_else(|| unknown(name))?;
    change(&mut role)?;
    let table = database.table(ROLES_TABLE)?;
    let body = Value::Json(role.to_json().to_string());
    if database.update(&table, &[Value::from(name)], &[("body", body)])? {
        return Ok(());
    }
    Err(unknown(name))
}

/// Removes a role. Returns whether there was one.
///
/// # Errors
/// The disk's.
pub fn remove(database: &Database, name: &str) -> Result<bool> {
    let Ok(table) = database.table(ROLES_TABLE) else { return Ok(false) };
    Ok(database.delete(&table, &[Value::from(name)])?)
}
