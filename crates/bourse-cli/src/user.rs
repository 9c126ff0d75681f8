//! `bourse user`: who may log in to the server, kept in the store as verifiers of passwords.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use bourse::Database;
use bourse_sql::error::SqlError;
use bourse_sql::role::{self, Access, Role, Verifier};
use bourse_storage::{Error, Result};

use crate::output::{Outcome, progress_bar};
use crate::store;

/// The variable that a password is taken from.
const PASSWORD: &str = "BOURSE_PASSWORD";

/// What the user asks of it.
#[derive(clap::Subcommand)]
pub(crate) enum Action {
    /// Add a user.
    ///
    /// The password is read from the variable BOURSE_PASSWORD, else asked for, else the first line
    /// of standard input. The store keeps only what proves it.
    Add {
        /// The user's name.
        name: String,
        /// The store's folder. No other process may have it open; on a server that runs, use
        /// CREATE USER.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// What the user may do with all tables.
        #[arg(long, value_enum, default_value = "write")]
        role: Allowed,
    },
    /// Print the users, one a line: name, role, whether it can log in.
    List {
        /// The store's folder.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
    /// Remove a user.
    Drop {
        /// The user's name.
        name: String,
        /// The store's folder.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
}

/// What a user may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum Allowed {
    /// Read rows.
    Read,
    /// Read and change rows.
    Write,
    /// Everything.
    Admin,
}

/// Does it.
pub(crate) fn run(action: &Action) -> Result<Outcome> {
    match action {
        Action::Add { name, data, role } => add(name, data, *role)?,
        Action::List { data } => with(data, list)?,
        Action::Drop { name, data } => with(data, |store| {
            if role::remove(store, name).map_err(told)? {
                return Ok(());
            }
            Err(told(role::unknown(name)))
        })?,
    }
    Ok(Outcome::Good)
}

fn told(error: SqlError) -> Error {
    let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
    Error::invalid(format!("{}{hint}", error.message())).with_sqlstate(error.sqlstate())
}

/// Opens the store for something, and closes it.
fn with(data: &std::path::Path, body: impl FnOnce(&Database) -> Result<()>) -> Result<()> {
    store::require(data)?;
    let progress = progress_bar();
    let opened = store::open(data, &progress);
    progress.finish_and_clear();
    let store = opened?;
    body(&store)?;
    store.close()
}

fn add(name: &str, data: &std::path::Path, allowed: Allowed) -> Result<()> {
    store::require(data)?;
    let access = match allowed {
        Allowed::Read => Access::Read,
        Allowed::Write => Access::Write,
        Allowed::Admin => Access::Admin,
    };
    let mut role = Role::new(name, access);
    role.verifier = Some(Verifier::of_password(&password(name)?).map_err(told)?);
    with(data, |store| role::create(store, &role).map_err(told))
}

fn list(store: &Database) -> Result<()> {
    let mut text = String::new();
    for role in role::all(store).map_err(told)? {
        let login = match (role.can_login, &role.verifier) {
            (true, Some(_)) => "login",
            (true, None) => "no password",
            (false, _) => "no login",
        };
        text.push_str(&format!("{}\t{}\t{login}\n", role.name, role.access.name()));
    }
    std::io::stdout()
        .write_all(text.as_bytes())
        .map_err(|error| Error::io("cannot write to standard output", error))
}

/// The password, from where nobody else sees it: not from the command line.
fn password(name: &str) -> Result<String> {
    if let Ok(password) = std::env::var(PASSWORD) {
        return Ok(password);
    }
    if std::io::stdin().is_terminal() {
        return asked_for(name);
    }
    line()
}

fn line() -> Result<String> {
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .map_err(|error| Error::io("cannot read the password from standard input", error))?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

/// Asks twice, and shows nothing of what is typed.
fn asked_for(name: &str) -> Result<String> {
    let _hidden = Hidden::new()?;
    let ask = |what: &str| {
        eprint!("{what} for {name}: ");
        let answer = line();
        eprintln!();
        answer
    };
    let password = ask("Password")?;
    if password != ask("The same again")? {
        return Err(Error::invalid("the two passwords differ"));
    }
    Ok(password)
}

/// The terminal shows nothing of what is typed, until this is dropped.
struct Hidden(rustix::termios::Termios);

impl Hidden {
    fn new() -> Result<Hidden> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let failed = |error: rustix::io::Errno| Error::io("cannot hide the password", error.into());
        let before = tcgetattr(std::io::stdin()).map_err(failed)?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(std::io::stdin(), OptionalActions::Now, &hidden).map_err(failed)?;
        Ok(Hidden(before))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        // Nothing more can be done about it: the user's shell sees to its terminal.
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &self.0);
    }
}
