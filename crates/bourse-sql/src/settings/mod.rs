//! Settings of a session: what SET sets, by name.
//!
//! A value is kept as [`value::read`] makes it of what a client writes; SHOW writes it as
//! PostgreSQL does. Names with a dot are the client's own, and have any text as their value.

use std::sync::Arc;
use std::time::Duration;

use hashbrown::HashMap;

use crate::error::{Result, SqlError};
use crate::function::quote_identifier;
use crate::function::user::UserFunctions;
use crate::parse::IsolationLevel;
use crate::replica::Token;

mod parameter;
#[cfg(test)]
mod tests;
mod value;

pub use parameter::{Parameter, SERVER_VERSION};

use parameter::{Kind, PARAMETERS, Rights};

/// What a session has set, and what holds where it has not. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Settings {
    values: Arc<HashMap<String, String>>,
    /// What a client said when it connected: RESET goes back to it.
    defaults: Arc<HashMap<String, String>>,
    search_path: Arc<[String]>,
    frequent: Frequent,
    /// The schema of the session's temporary tables: names are looked for there first.
    temporary: Option<Arc<str>>,
    user: Arc<str>,
    database: Arc<str>,
    functions: Arc<UserFunctions>,
}

/// What every statement or transaction asks for, computed when a setting changes.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Frequent {
    pub(crate) statement_timeout: Option<Duration>,
    pub(crate) lock_timeout: Option<Duration>,
    pub(crate) statement_memory: usize,
    /// Bytes of the session's temporary files, if these are bounded.
    pub(crate) temp_file_limit: Option<u64>,
    pub(crate) isolation: Option<IsolationLevel>,
    pub(crate) read_only: bool,
    /// What a replica must show to be read; none where anything will do.
    pub(crate) reads: Option<ReadRules>,
    /// A commit waits until another member of the group shows it.
    pub(crate) is_applied: bool,
}

/// What a replica must show to be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ReadRules {
    /// This write.
    pub(crate) after: Option<Token>,
    /// How long is waited for it.
    pub(crate) timeout: Duration,
    /// What was there so long ago.
    pub(crate) max_staleness: Option<Duration>,
    /// All that its group had acknowledged when the read began.
    pub(crate) linearizable: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings::new("postgres", "postgres")
    }
}

impl Settings {
    /// Those of a new session.
    pub fn new(user: impl Into<String>, database: impl Into<String>) -> Settings {
        let mut settings = Settings {
            values: Arc::default(),
            defaults: Arc::default(),
            search_path: Arc::from([]),
            temporary: None,
            frequent: Frequent::default(),
            user: user.into().into(),
            database: database.into().into(),
            functions: Arc::default(),
        };
        settings.follow();
        settings
    }

    /// The value, by a name in lower case, if the session or its client has set one. Of a number it
    /// is that in the parameter's own unit.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.values.get(name).or_else(|| self.defaults.get(name));
        found.map(String::as_str)
    }

    /// The value, or that which holds without one; none for what is no parameter.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.get(name).or_else(|| parameter::find(name).map(|parameter| parameter.default))
    }

    /// The value of a parameter that is a whole number, in its own unit.
    pub fn number(&self, name: &str) -> u64 {
        self.value(name).and_then(|value| value.parse().ok()).unwrap_or(0)
    }

    /// Whether a switch is on.
    pub fn is_on(&self, name: &str) -> bool {
        self.value(name) == Some("on")
    }

    /// What the program has given to the session.
    pub fn functions(&self) -> &Arc<UserFunctions> {
        &self.functions
    }

    /// Sets a value that is one of the parameter's.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        Arc::make_mut(&mut self.values).insert(name.to_owned(), value.into());
        self.follow();
    }

    /// Sets what a client has written: several values where the parameter is a list.
    ///
    /// # Errors
    /// 42704 for a name that is none, 22023 for what is no value of the parameter, 55P02 for what
    /// no session sets, 0A000 for what Bourse does not do, 42602 for a bad name of the client's.
    pub fn assign(&mut self, name: &str, values: &[String]) -> Result<()> {
        let value = checked(name, values)?;
        self.set(name, value);
        Ok(())
    }

    /// Sets what holds from the session's beginning, and after RESET.
    ///
    /// # Errors
    /// As [`Settings::assign`].
    pub fn assign_default(&mut self, name: &str, value: &str) -> Result<()> {
        let name = name.to_ascii_lowercase();
        // A client's text is taken as it is, also where SET takes a list of names.
        let value = checked_text(&name, value)?;
        Arc::make_mut(&mut self.defaults).insert(name, value);
        self.follow();
        Ok(())
    }

    /// Goes back to what holds without SET.
    ///
    /// # Errors
    /// 42704 for a name that is none.
    pub fn reset(&mut self, name: &str) -> Result<()> {
        if !self.is_known(name) {
            return Err(unknown(name));
        }
        let values = Arc::make_mut(&mut self.values);
        if is_own(name) {
            values.insert(name.to_owned(), String::new());
        } else {
            values.remove(name);
        }
        self.follow();
        Ok(())
    }

    /// Goes back to what holds without any SET.
    pub fn reset_all(&mut self) {
        let own = self.values.keys().filter(|name| is_own(name)).cloned();
        self.values = Arc::new(own.map(|name| (name, String::new())).collect());
        self.follow();
    }

    /// The value as SHOW writes it.
    ///
    /// # Errors
    /// 42704 for a name that is none.
    pub fn show(&self, name: &str) -> Result<String> {
        let value = self.value(name).ok_or_else(|| unknown(name))?;
        Ok(match parameter::find(name) {
            Some(parameter) => value::shown(parameter, value),
            None => value.to_owned(),
        })
    }

    /// The name as SHOW writes it.
    pub fn shown_name(name: &str) -> &str {
        parameter::find(name).map_or(name, |parameter| parameter.name)
    }

    /// All parameters, with their values as SHOW writes them.
    pub fn all(&self) -> impl Iterator<Item = (&'static Parameter, String)> + '_ {
        let shown = |parameter: &'static Parameter| {
            let value = self.value(&parameter.name.to_ascii_lowercase()).unwrap_or_default();
            (parameter, value::shown(parameter, value))
        };
        PARAMETERS.iter().map(shown)
    }

    fn is_known(&self, name: &str) -> bool {
        parameter::find(name).is_some() || self.values.contains_key(name)
    }

    fn follow(&mut self) {
        let text = self.value("search_path").unwrap_or_default();
        self.search_path = schemas_of(text, &self.user).into();
        let limit = |name| Some(self.number(name)).filter(|ms| *ms > 0).map(Duration::from_millis);
        self.frequent = Frequent {
            statement_timeout: limit("statement_timeout"),
            lock_timeout: limit("lock_timeout"),
            statement_memory: usize::try_from(self.number("statement_memory"))
                .unwrap_or(usize::MAX),
            temp_file_limit: self
                .value("temp_file_limit")
                .and_then(|kilobytes| kilobytes.parse::<u64>().ok())
                .map(|kilobytes| kilobytes.saturating_mul(1024)),
            isolation: self.value("default_transaction_isolation").map(IsolationLevel::of_name),
            read_only: self.is_on("default_transaction_read_only"),
            reads: self.read_rules(limit("bourse.max_staleness")),
            is_applied: self.get("synchronous_commit") == Some("remote_apply"),
        };
    }

    fn read_rules(&self, max_staleness: Option<Duration>) -> Option<ReadRules> {
        let text = self.get("bourse.read_after_lsn").filter(|text| !text.is_empty());
        let after = text.and_then(|text| Token::parse(text).ok());
        let timeout = Duration::from_millis(self.number("bourse.read_timeout"));
        let linearizable = self.get("bourse.read_level") == Some("linearizable");
        let has_some = after.is_some() || max_staleness.is_some() || linearizable;
        has_some.then_some(ReadRules { after, timeout, max_staleness, linearizable })
    }

    pub(crate) fn frequent(&self) -> Frequent {
        self.frequent
    }

    /// Whether nothing was set since one was cloned from the other.
    pub(crate) fn is_unchanged(&self, other: &Settings) -> bool {
        Arc::ptr_eq(&self.values, &other.values) && Arc::ptr_eq(&self.defaults, &other.defaults)
    }

    /// Whether names and constants mean the same to both.
    pub(crate) fn means_same(&self, other: &Settings) -> bool {
        let same = |name: &&str| self.get(name) == other.get(name);
        self.is_unchanged(other) || MEANINGFUL.iter().all(same)
    }

    /// Schemas in which names are looked for, in their order.
    pub fn search_path(&self) -> &[String] {
        &self.search_path
    }

    /// The schema of the session's temporary tables, in which names are looked for first.
    pub fn temporary_schema(&self) -> Option<&str> {
        self.temporary.as_deref()
    }

    /// The schemas in which a name is looked for, in their order: the one that it says, where
    /// `pg_temp` is the session's own; without one that of temporary tables, and the search path.
    pub(crate) fn schemas_for<'s>(
        &'s self,
        said: Option<&'s str>,
    ) -> impl Iterator<Item = &'s str> {
        let own = self.temporary_schema();
        let first = match said {
            Some("pg_temp") => own.or(said),
            Some(_) => said,
            None => own,
        };
        let path = self.search_path.iter().map(String::as_str);
        first.into_iter().chain(path.filter(move |_| said.is_none()))
    }

    pub(crate) fn set_temporary_schema(&mut self, name: &str) {
        self.temporary = Some(Arc::from(name));
    }

    /// Whose session it is.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The name that the store goes by.
    pub fn database(&self) -> &str {
        &self.database
    }
}

/// Parameters that what is bound and planned depends on.
const MEANINGFUL: &[&str] = &[
    "search_path",
    "use_aggregate_views",
    "timezone",
    "datestyle",
    "intervalstyle",
    "bytea_output",
    "extra_float_digits",
];

/// All parameters, in the order of their names in lower case.
pub(crate) fn parameters() -> &'static [Parameter] {
    PARAMETERS
}

/// What a parameter is given by SET.
fn checked(name: &str, values: &[String]) -> Result<String> {
    let Some(parameter) = parameter::find(name) else { return own(name, values) };
    may_be_set(parameter)?;
    match (parameter.kind, values) {
        (Kind::Names, values) => {
            let names = values.iter().map(|name| quote_identifier(name));
            Ok(names.collect::<Vec<_>>().join(", "))
        }
        (Kind::DateStyle, values) => value::read(parameter, &values.join(", ")),
        (_, [value]) => value::read(parameter, value),
        _ => {
            let message = format!("SET {} takes only one argument", parameter.name);
            Err(SqlError::new("22023", message))
        }
    }
}

/// What a parameter is given by a text alone.
pub(crate) fn checked_text(name: &str, value: &str) -> Result<String> {
    match parameter::find(name) {
        None => own(name, &[value.to_owned()]),
        Some(parameter) => {
            may_be_set(parameter)?;
            value::read(parameter, value)
        }
    }
}

/// What `set_config` sets, and how SHOW writes it.
pub(crate) fn checked_and_shown(name: &str, value: Option<&str>) -> Result<(String, String)> {
    let parameter = parameter::find(name);
    let value = match (value, parameter) {
        (Some(value), _) => checked_text(name, value)?,
        (None, Some(parameter)) => parameter.default.to_owned(),
        (None, None) => own(name, &[])?,
    };
    let shown = parameter.map_or_else(|| value.clone(), |one| value::shown(one, &value));
    Ok((value, shown))
}

/// Whether a parameter is the client's, and none of ours.
fn is_own(name: &str) -> bool {
    name.contains('.') && parameter::find(name).is_none()
}

fn may_be_set(parameter: &Parameter) -> Result<()> {
    let name = parameter.name;
    let told = match parameter.rights {
        Rights::Session => return Ok(()),
        Rights::Nobody => format!("parameter \"{name}\" cannot be changed"),
        Rights::Start => {
            format!("parameter \"{name}\" cannot be changed without restarting the server")
        }
    };
    Err(SqlError::new("55P02", told))
}

/// A client's own parameter.
fn own(name: &str, values: &[String]) -> Result<String> {
    if !name.contains('.') {
        return if name.contains(' ') { Err(bad_name(name)) } else { Err(unknown(name)) };
    }
    let is_word = |part: &str| {
        let mut letters = part.chars();
        letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
            && letters.all(|c| c.is_alphanumeric() || matches!(c, '_' | '$'))
    };
    if !name.split('.').all(is_word) {
        return Err(bad_name(name));
    }
    Ok(values.join(", "))
}

fn bad_name(name: &str) -> SqlError {
    SqlError::new("42602", format!("invalid configuration parameter name \"{name}\"")).with_detail(
        "Custom parameter names must be two or more simple identifiers separated by dots.",
    )
}

fn unknown(name: &str) -> SqlError {
    SqlError::new("42704", format!("unrecognized configuration parameter \"{name}\""))
}

/// The names of a `search_path`.
fn schemas_of(text: &str, user: &str) -> Vec<String> {
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    names
        .map(|name| match name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
            Some("$user") => user.to_owned(),
            Some(quoted) => quoted.replace("\"\"", "\""),
            None => name.to_ascii_lowercase(),
        })
        .collect()
}
