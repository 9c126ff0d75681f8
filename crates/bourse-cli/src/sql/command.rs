//! Commands of the shell: those of psql, which begin with a backslash, and those of SQLite's shell,
//! which begin with a dot. All work in both dialects.

use bourse_sql::Dialect;
use bourse_storage::{Error, Result};
use clap::ValueEnum;

use super::describe;
use super::dump;
use super::print::{Format, Style};
use super::shell::{Ended, Shell};

/// What runs a command: the shell, and its arguments.
type Run = fn(&mut Shell, &[String]) -> Result<Ended>;

/// A command.
struct Command {
    name: &'static str,
    arguments: &'static str,
    help: &'static str,
    run: Run,
}

const COMMANDS: &[Command] = &[
    Command { name: "\\?", arguments: "", help: "these commands", run: help },
    Command { name: "\\q", arguments: "", help: "end", run: quit },
    Command {
        name: "\\d",
        arguments: "[NAME]",
        help: "what there is, or a table",
        run: describe::any,
    },
    Command { name: "\\dt", arguments: "[PATTERN]", help: "tables", run: describe::tables },
    Command { name: "\\di", arguments: "[PATTERN]", help: "indexes", run: describe::indexes },
    Command { name: "\\dv", arguments: "[PATTERN]", help: "views", run: describe::views },
    Command { name: "\\dm", arguments: "[PATTERN]", help: "kept views", run: describe::kept_views },
    Command { name: "\\ds", arguments: "[PATTERN]", help: "sequences", run: describe::sequences },
    Command { name: "\\dn", arguments: "[PATTERN]", help: "schemas", run: describe::schemas },
    Command { name: "\\dT", arguments: "[PATTERN]", help: "types", run: describe::types },
    Command { name: "\\df", arguments: "[PATTERN]", help: "functions", run: describe::functions },
    Command { name: "\\l", arguments: "", help: "the store", run: conninfo },
    Command { name: "\\x", arguments: "[on|off]", help: "a line for each column", run: expanded },
    Command { name: "\\t", arguments: "[on|off]", help: "rows alone", run: rows_only },
    Command { name: "\\a", arguments: "", help: "as a table, or a list", run: aligned },
    Command {
        name: "\\pset",
        arguments: "NAME VALUE",
        help: "how rows are written: format, null, tuples_only, expanded",
        run: pset,
    },
    Command { name: "\\timing", arguments: "[on|off]", help: "times, and plans", run: timing },
    Command { name: "\\i", arguments: "FILE", help: "run a file", run: read },
    Command { name: "\\o", arguments: "[FILE]", help: "rows go to a file", run: output },
    Command { name: "\\g", arguments: "", help: "run the last statement again", run: again },
    Command { name: "\\p", arguments: "", help: "show the last statement", run: previous },
    Command { name: "\\echo", arguments: "TEXT", help: "show a text", run: echo },
    Command { name: "\\conninfo", arguments: "", help: "which store it is", run: conninfo },
    Command {
        name: "\\dialect",
        arguments: "[postgres|sqlite]",
        help: "whose SQL is spoken",
        run: dialect,
    },
    Command { name: ".help", arguments: "", help: "these commands", run: help },
    Command { name: ".quit", arguments: "", help: "end", run: quit },
    Command { name: ".exit", arguments: "", help: "end", run: quit },
    Command {
        name: ".tables",
        arguments: "[PATTERN]",
        help: "names of tables",
        run: describe::names,
    },
    Command {
        name: ".indexes",
        arguments: "[TABLE]",
        help: "names of indexes",
        run: describe::index_names,
    },
    Command {
        name: ".schema",
        arguments: "[PATTERN]",
        help: "CREATE statements",
        run: describe::schema,
    },
    Command { name: ".databases", arguments: "", help: "which store it is", run: conninfo },
    Command {
        name: ".mode",
        arguments: "table|line|csv|json|markdown|list",
        help: "how rows are written",
        run: mode,
    },
    Command { name: ".headers", arguments: "on|off", help: "names of columns", run: headers },
    Command {
        name: ".nullvalue",
        arguments: "TEXT",
        help: "what stands for NULL",
        run: null_value,
    },
    Command { name: ".timer", arguments: "on|off", help: "times, and plans", run: timing },
    Command { name: ".read", arguments: "FILE", help: "run a file", run: read },
    Command { name: ".output", arguments: "[FILE]", help: "rows go to a file", run: output },
    Command { name: ".print", arguments: "TEXT", help: "show a text", run: echo },
    Command {
        name: ".import",
        arguments: "[--csv] [--skip N] FILE TABLE",
        help: "rows of a CSV file",
        run: dump::import,
    },
    Command {
        name: ".dump",
        arguments: "[TABLE]...",
        help: "all as statements that make it anew",
        run: dump::run,
    },
];

/// Whether a line is a command.
pub(crate) fn is_command(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('\\')
        || line
            .strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_alphabetic()))
}

/// Names of all commands.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|command| command.name)
}

/// Runs a command.
pub(crate) fn run(shell: &mut Shell, line: &str) -> Result<Ended> {
    let mut words = words(line);
    if words.is_empty() {
        return Ok(Ended::AllRead);
    }
    let mut name = words.remove(0);
    // `\d+` tells as much as `\d` does.
    if name.starts_with("\\d") {
        name.truncate(name.trim_end_matches(['+', 'S']).len());
    }
    // SQLite's shell takes any beginning that is clear.
    let exact = COMMANDS.iter().find(|command| command.name == name);
    let mut begins = COMMANDS.iter().filter(|command| command.name.starts_with(&name));
    let found = match exact {
        Some(command) => Some(command),
        None if name.starts_with('.') && name.len() > 1 => begins.next(),
        None => None,
    };
    match found {
        Some(command) => (command.run)(shell, &words),
        None => Err(Error::invalid(format!("there is no command {name}; \\? tells of all"))),
    }
}

/// Words of a line; quotes keep spaces together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    for letter in line.trim().trim_end_matches(';').chars() {
        match quote {
            Some(end) if letter == end => quote = None,
            Some(_) => word.get_or_insert_default().push(letter),
            None if letter == '\'' || letter == '"' => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            None if letter.is_whitespace() => words.extend(word.take()),
            None => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

fn quit(_shell: &mut Shell, _arguments: &[String]) -> Result<Ended> {
    Ok(Ended::Quit)
}

fn help(shell: &mut Shell, _arguments: &[String]) -> Result<Ended> {
    let of = |command: &Command| format!("{} {}", command.name, command.arguments);
    let width = COMMANDS.iter().map(|command| of(command).len()).max().unwrap_or(0);
    let mut text = String::from("A statement ends with a semicolon. Commands:\n");
    for command in COMMANDS {
        text.push_str(&format!("  {:<width$}  {}\n", of(command), command.help));
    }
    shell.write(&text)?;
    Ok(Ended::AllRead)
}

/// The only argument, or what is said of one that is missing.
fn one<'a>(arguments: &'a [String], what: &str) -> Result<&'a str> {
    match arguments {
        [only] => Ok(only),
        _ => Err(Error::invalid(format!("name {what}, and nothing else"))),
    }
}

/// What `on`, `off` or nothing makes of a switch.
fn switched(now: bool, arguments: &[String]) -> Result<bool> {
    match arguments.first().map(|word| word.to_ascii_lowercase()) {
        None => Ok(!now),
        Some(word) => match word.as_str() {
            "on" | "true" | "yes" | "1" => Ok(true),
            "off" | "false" | "no" | "0" => Ok(false),
            _ => Err(Error::invalid(format!("{word:?} is neither on nor off"))),
        },
    }
}

fn expanded(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    let is_on = switched(shell.style.format == Format::Line, arguments)?;
    shell.style.format = if is_on { Format::Line } else { Format::Table };
    Ok(Ended::AllRead)
}

fn rows_only(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    shell.style.headers = !switched(!shell.style.headers, arguments)?;
    Ok(Ended::AllRead)
}

fn headers(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    shell.style.headers = switched(shell.style.headers, arguments)?;
    Ok(Ended::AllRead)
}

fn aligned(shell: &mut Shell, _arguments: &[String]) -> Result<Ended> {
    let is_table = shell.style.format == Format::Table;
    shell.style.format = if is_table { Format::List } else { Format::Table };
    Ok(Ended::AllRead)
}

fn timing(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    shell.timing = switched(shell.timing, arguments)?;
    Ok(Ended::AllRead)
}

fn mode(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    let name = one(arguments, "a format: table, line, csv, json, markdown or list")?;
    shell.style = Style { format: format(name)?, ..shell.style.clone() };
    Ok(Ended::AllRead)
}

/// A format by its name here, in psql or in SQLite's shell.
fn format(name: &str) -> Result<Format> {
    let name = match name {
        "aligned" | "column" | "box" => "table",
        "unaligned" => "list",
        "wrapped" => "table",
        other => other,
    };
    Format::from_str(name, true).map_err(|_| {
        let known = "table, line, csv, json, markdown, list";
        Error::invalid(format!("there is no format {name:?}; there are {known}"))
    })
}

fn null_value(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    shell.style.null = one(arguments, "what stands for NULL")?.to_owned();
    Ok(Ended::AllRead)
}

fn pset(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    match arguments {
        [name, value] if name == "null" => shell.style.null.clone_from(value),
        [name, value] if name == "format" => shell.style.format = format(value)?,
        [name, value @ ..] if name == "tuples_only" || name == "t" => {
            return rows_only(shell, value);
        }
        [name, value @ ..] if name == "expanded" || name == "x" => return expanded(shell, value),
        // How psql draws its tables: there is one way here.
        [name, ..] if matches!(name.as_str(), "border" | "pager" | "linestyle" | "footer") => {}
        _ => return Err(Error::invalid("\\pset knows format, null, tuples_only and expanded")),
    }
    Ok(Ended::AllRead)
}

fn read(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    let file = one(arguments, "a file")?;
    let text = std::fs::read_to_string(file)
        .map_err(|error| Error::io(format!("cannot read {file}"), error))?;
    shell.script(&text)
}

#[expect(clippy::disallowed_types, reason = "rows go to a file that is no part of a store")]
fn output(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    let file: Option<Box<dyn std::io::Write>> = match arguments.first().map(String::as_str) {
        None | Some("stdout") => None,
        Some(path) => {
            let file = std::fs::File::create(path);
            Some(Box::new(file.map_err(|error| Error::io(format!("cannot write {path}"), error))?))
        }
    };
    shell.redirect(file);
    Ok(Ended::AllRead)
}

fn again(shell: &mut Shell, _arguments: &[String]) -> Result<Ended> {
    let text = shell.previous().to_owned();
    shell.statement(&text)?;
    Ok(Ended::AllRead)
}

fn previous(shell: &mut Shell, _arguments: &[String]) -> Result<Ended> {
    let text = format!("{}\n", shell.previous());
    shell.write(&text)?;
    Ok(Ended::AllRead)
}

fn echo(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    shell.write(&format!("{}\n", arguments.join(" ")))?;
    Ok(Ended::AllRead)
}

fn conninfo(shell: &mut Shell, _arguments: &[String]) -> Result<Ended> {
    let connection = shell.connection();
    let dialect = match connection.dialect() {
        Dialect::Postgres => "PostgreSQL's",
        Dialect::Sqlite => "SQLite's",
    };
    let folder = connection.database().folder().display().to_string();
    shell.write(&format!("The store is {folder}; the dialect is {dialect}.\n"))?;
    Ok(Ended::AllRead)
}

fn dialect(shell: &mut Shell, arguments: &[String]) -> Result<Ended> {
    let other = match shell.connection().dialect() {
        Dialect::Postgres => "sqlite",
        Dialect::Sqlite => "postgres",
    };
    match arguments.first().map_or(other, String::as_str) {
        "postgres" | "postgresql" => shell.set_dialect(Dialect::Postgres),
        "sqlite" => shell.set_dialect(Dialect::Sqlite),
        word => return Err(Error::invalid(format!("{word:?} is neither postgres nor sqlite"))),
    }
    Ok(Ended::AllRead)
}
