//! Statements about roles: CREATE, ALTER and DROP ROLE or USER, GRANT, REVOKE.

use sqlparser::ast::ObjectName;
use sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use crate::error::Result;
use crate::role::{Privilege, Privileges};

/// What is said of a role.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct RoleOptions {
    /// LOGIN, NOLOGIN.
    pub login: Option<bool>,
    /// SUPERUSER, NOSUPERUSER.
    pub superuser: Option<bool>,
    /// PASSWORD; the inner `None` is NULL.
    pub password: Option<Option<String>>,
    /// IN ROLE.
    pub in_roles: Vec<String>,
}

/// What privileges are on.
#[derive(Clone, PartialEq, Debug)]
pub enum GrantObject {
    /// A table.
    Table(ObjectName),
    /// All tables of a schema.
    Schema(String),
}

/// A statement about roles.
#[derive(Clone, PartialEq, Debug)]
pub enum RoleStatement {
    /// CREATE ROLE, CREATE USER.
    Create {
        /// Its name.
        name: String,
        /// What it is.
        options: RoleOptions,
    },
    /// ALTER ROLE, ALTER USER.
    Alter {
        /// Whose.
        name: String,
        /// What changes.
        options: RoleOptions,
    },
    /// DROP ROLE, DROP USER.
    Drop {
        /// Which.
        names: Vec<String>,
        /// No error where there is none.
        if_exists: bool,
    },
    /// GRANT and REVOKE of privileges.
    Privileges {
        /// Which.
        privileges: Privileges,
        /// On what.
        objects: Vec<GrantObject>,
        /// To or from whom.
        roles: Vec<String>,
        /// REVOKE.
        revokes: bool,
    },
    /// GRANT and REVOKE of an access: `GRANT write TO bob`.
    Access {
        /// Its names.
        accesses: Vec<String>,
        /// To or from whom.
        roles: Vec<String>,
        /// REVOKE.
        revokes: bool,
    },
    /// GRANT and REVOKE of what every role has or none: USAGE, CONNECT, EXECUTE, ...
    Nothing {
        /// REVOKE.
        revokes: bool,
    },
}

impl RoleStatement {
    /// The command's tag.
    pub fn tag(&self) -> &'static str {
        match self {
            RoleStatement::Create { .. } => "CREATE ROLE",
            RoleStatement::Alter { .. } => "ALTER ROLE",
            RoleStatement::Drop { .. } => "DROP ROLE",
            RoleStatement::Privileges { revokes, .. } | RoleStatement::Nothing { revokes } => {
                if *revokes {
                    "REVOKE"
                } else {
                    "GRANT"
                }
            }
            RoleStatement::Access { revokes, .. } => {
                if *revokes {
                    "REVOKE ROLE"
                } else {
                    "GRANT ROLE"
                }
            }
        }
    }
}

/// The statement after its first word, if it is about roles.
pub(super) fn read(cursor: &mut Cursor<'_>, word: &str) -> Result<Option<RoleStatement>> {
    if matches!(word, "grant" | "revoke") {
        return grant(cursor, word == "revoke").map(Some);
    }
    let Some(kind) = cursor.take_one_of(&["role", "user", "group"]) else { return Ok(None) };
    if cursor.peek_word("mapping") {
        return Err(cursor.unsupported("foreign data is not supported"));
    }
    match word {
        "create" => {
            let name = cursor.name()?;
            let mut options = options(cursor)?;
            options.login = options.login.or(Some(kind == "user"));
            Ok(Some(RoleStatement::Create { name, options }))
        }
        "alter" => {
            let name = cursor.name()?;
            for other in ["rename", "set", "reset", "in"] {
                if cursor.peek_word(other) {
                    let word = other.to_uppercase();
                    return Err(
                        cursor.unsupported(format!("ALTER ROLE ... {word} is not supported"))
                    );
                }
            }
            Ok(Some(RoleStatement::Alter { name, options: options(cursor)? }))
        }
        _ => {
            let if_exists = cursor.take_words(&["if", "exists"]);
            Ok(Some(RoleStatement::Drop { names: names(cursor)?, if_exists }))
        }
    }
}

fn names(cursor: &mut Cursor<'_>) -> Result<Vec<String>> {
    let mut names = Vec::new();
    loop {
        if !cursor.take_word("group") {
            cursor.take_word("role");
        }
        names.push(cursor.name()?);
        if !cursor.take(&Token::Comma) {
            return Ok(names);
        }
    }
}

fn options(cursor: &mut Cursor<'_>) -> Result<RoleOptions> {
    const UNSUPPORTED: [&str; 10] = [
        "createrole",
        "replication",
        "bypassrls",
        "connection",
        "valid",
        "role",
        "user",
        "admin",
        "sysid",
        "unencrypted",
    ];
    cursor.take_word("with");
    let mut options = RoleOptions::default();
    while !cursor.is_at_end() {
        if cursor.take_words(&["in", "role"]) || cursor.take_words(&["in", "group"]) {
            options.in_roles = names(cursor)?;
            continue;
        }
        cursor.take_word("encrypted");
        if cursor.take_word("password") {
            let is_null = cursor.take_word("null");
            options.password = Some(if is_null { None } else { Some(cursor.text()?) });
        } else if let Some(word) = cursor.take_one_of(&["login", "nologin"]) {
            options.login = Some(word == "login");
        } else if let Some(word) = cursor.take_one_of(&["superuser", "nosuperuser"]) {
            options.superuser = Some(word == "superuser");
        } else if let Some(word) = UNSUPPORTED.iter().find(|word| cursor.peek_word(word)) {
            let message = format!("the option {} of roles is not supported", word.to_uppercase());
            return Err(cursor.unsupported(message));
        } else if cursor
            .take_one_of(&[
                // What a role has here anyway, or has not.
                "inherit",
                "noinherit",
                "nocreatedb",
                "nocreaterole",
                "noreplication",
                "nobypassrls",
                "createdb",
            ])
            .is_none()
        {
            return Err(cursor.unexpected());
        }
    }
    Ok(options)
}

fn grant(cursor: &mut Cursor<'_>, revokes: bool) -> Result<RoleStatement> {
    if cursor.take_words(&["grant", "option"]) || cursor.take_words(&["admin", "option"]) {
        return Err(cursor.unsupported("rights to grant rights are not supported"));
    }
    let to = if revokes { "from" } else { "to" };
    let mut words = Vec::new();
    loop {
        words.push(cursor.name()?);
        if cursor.peek() == Some(&Token::LParen) {
            return Err(cursor.unsupported("privileges on columns are not supported"));
        }
        cursor.take_word("privileges");
        if !cursor.take(&Token::Comma) {
            break;
        }
    }
    if cursor.take_word(to) {
        let roles = names(cursor)?;
        ending(cursor);
        return Ok(RoleStatement::Access { accesses: words, roles, revokes });
    }
    cursor.expect_word("on")?;
    let is_schema = cursor.peek_word("schema");
    let objects = objects(cursor)?;
    cursor.expect_word(to)?;
    let roles = names(cursor)?;
    ending(cursor);
    let Some(objects) = objects else { return Ok(RoleStatement::Nothing { revokes }) };
    let mut privileges = Privileges::default();
    for word in &words {
        match Privilege::of_name(word) {
            Some(privilege) => privileges = privileges.with(privilege),
            // PostgreSQL's are to use the schema and to make things in it, not on what is in it.
            None if word == "all" && is_schema => {}
            None if word == "all" => privileges = Privileges::ALL,
            // Triggers are nobody's, using a schema is everybody's, making things an admin's.
            None if matches!(word.as_str(), "trigger" | "usage" | "maintain" | "create") => {}
            None => {
                let message = format!("unrecognized privilege type \"{word}\"");
                return Err(crate::error::SqlError::new("42601", message));
            }
        }
    }
    if privileges.is_empty() {
        return Ok(RoleStatement::Nothing { revokes });
    }
    Ok(RoleStatement::Privileges { privileges, objects, roles, revokes })
}

/// What REVOKE may end with.
fn ending(cursor: &mut Cursor<'_>) {
    cursor.take_one_of(&["cascade", "restrict"]);
}

/// `None` for what has no privileges here.
fn objects(cursor: &mut Cursor<'_>) -> Result<Option<Vec<GrantObject>>> {
    if cursor.take_words(&["all", "tables", "in", "schema"]) || cursor.take_word("schema") {
        let schemas = names(cursor)?;
        return Ok(Some(schemas.into_iter().map(GrantObject::Schema).collect()));
    }
    let others = ["database", "sequence", "function", "procedure", "routine", "type", "language"];
    if cursor.take_words(&["all", "sequences", "in", "schema"])
        || cursor.take_words(&["all", "functions", "in", "schema"])
        || cursor.take_one_of(&others).is_some()
    {
        loop {
            cursor.object_name()?;
            if cursor.peek() == Some(&Token::LParen) {
                cursor.take(&Token::LParen);
                cursor.until_closed()?;
            }
            if !cursor.take(&Token::Comma) {
                return Ok(None);
            }
        }
    }
    cursor.take_word("table");
    let mut tables = vec![GrantObject::Table(cursor.object_name()?)];
    while cursor.take(&Token::Comma) {
        tables.push(GrantObject::Table(cursor.object_name()?));
    }
    Ok(Some(tables))
}

impl std::fmt::Debug for RoleOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Passwords are for nobody's log.
        f.debug_struct("RoleOptions")
            .field("login", &self.login)
            .field("superuser", &self.superuser)
            .field("in_roles", &self.in_roles)
            .finish_non_exhaustive()
    }
}
