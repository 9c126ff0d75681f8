//! The line at a terminal: history, completion and colors.

use std::borrow::Cow;
use std::path::PathBuf;

use bourse::Database;
use bourse_sql::Dialect;
use bourse_sql::catalog::Catalog;
use bourse_sql::parse::scan::{Kind, Scanner};
use bourse_storage::{Error, Result};
use hashbrown::HashSet;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hinter, HistoryHinter};
use rustyline::history::DefaultHistory;
use rustyline::validate::Validator;
use rustyline::{CompletionType, Config, Context, Editor, Helper};
use sqlparser::keywords::ALL_KEYWORDS;

use super::command;
use super::shell::{Ended, Shell};

/// Lines that are kept from one run to the next.
const HISTORY_MAX: usize = 10_000;

const KEYWORD: &str = "\x1b[1;34m";
const CONSTANT: &str = "\x1b[32m";
const NUMBER: &str = "\x1b[36m";
const COMMENT: &str = "\x1b[90m";
const PLAIN: &str = "\x1b[0m";

/// Reads lines and runs them until there are no more.
pub(crate) fn talk(shell: &mut Shell) -> Result<()> {
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .history_ignore_space(true)
        .max_history_size(HISTORY_MAX)
        .map_err(readline_error)?
        .build();
    let mut editor: Editor<Line, DefaultHistory> =
        Editor::with_config(config).map_err(readline_error)?;
    editor.set_helper(Some(Line::new(shell)));
    let history = history_file();
    if let Some(history) = &history {
        // There is none at first.
        let _ = editor.load_history(history);
    }
    let version = env!("CARGO_PKG_VERSION");
    shell.write(&format!("bourse {version}: \\? tells of commands, \\q ends.\n"))?;
    let mut entry = String::new();
    loop {
        match editor.readline(&shell.prompt()) {
            Ok(line) => {
                entry.push_str(&line);
                let ended = shell.line(&format!("{line}\n"))?;
                if shell.is_within_statement() {
                    entry.push('\n');
                } else {
                    let whole = std::mem::take(&mut entry);
                    editor.add_history_entry(whole.trim_end()).map_err(readline_error)?;
                }
                if ended == Ended::Quit {
                    break;
                }
                if let Some(helper) = editor.helper_mut() {
                    helper.refresh(shell);
                }
            }
            Err(ReadlineError::Interrupted) => {
                shell.forget();
                entry.clear();
            }
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(readline_error(error)),
        }
    }
    if let Some(history) = &history {
        let _ = editor.save_history(history);
    }
    Ok(())
}

fn readline_error(error: ReadlineError) -> Error {
    Error::io("cannot read from the terminal", std::io::Error::other(error))
}

/// `$BOURSE_HISTORY`, or a file in the home folder.
fn history_file() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("BOURSE_HISTORY") {
        return (!named.is_empty()).then(|| PathBuf::from(named));
    }
    std::env::home_dir().map(|home| home.join(".bourse_history"))
}

/// What helps with a line.
struct Line {
    dialect: Dialect,
    before: Scanner,
    database: Database,
    version: u64,
    words: Words,
    hinter: HistoryHinter,
    has_colors: bool,
}

/// What a word may become.
struct Words {
    keywords: HashSet<&'static str>,
    names: Vec<String>,
}

impl Line {
    fn new(shell: &Shell) -> Line {
        let database = shell.connection().database().clone();
        let mut line = Line {
            dialect: shell.connection().dialect(),
            before: shell.scanner(),
            database,
            version: 0,
            words: Words { keywords: ALL_KEYWORDS.iter().copied().collect(), names: Vec::new() },
            hinter: HistoryHinter::new(),
            has_colors: std::env::var_os("NO_COLOR").is_none(),
        };
        line.refresh(shell);
        line
    }

    /// Looks again at what there is.
    fn refresh(&mut self, shell: &Shell) {
        self.dialect = shell.connection().dialect();
        self.before = shell.scanner();
        let Ok(catalog) = Catalog::shared(&self.database) else { return };
        if catalog.version() == self.version {
            return;
        }
        self.version = catalog.version();
        let mut names: Vec<String> = Vec::new();
        for table in catalog.tables() {
            names.push(table.name.clone());
            names.extend(table.columns.iter().map(|column| column.name.clone()));
        }
        names.extend(catalog.views().iter().map(|view| view.name.clone()));
        names.extend(catalog.aggregate_views().iter().map(|view| view.name().to_owned()));
        names.extend(catalog.sequences().iter().map(|sequence| sequence.name.clone()));
        names.extend(bourse_sql::function::names(self.dialect).map(str::to_owned));
        names.sort();
        names.dedup();
        self.words.names = names;
    }
}

/// Where the word begins that ends at a position.
fn word_start(line: &str, position: usize) -> usize {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line[..position].rfind(|c| !is_part(c)).map_or(0, |at| {
        let width = line[at..].chars().next().map_or(1, char::len_utf8);
        at + width
    })
}

impl Completer for Line {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _context: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        if command::is_command(line) && !line[..position].contains(' ') {
            let typed = &line[..position];
            let names = command::names().filter(|name| name.starts_with(typed));
            return Ok((0, names.map(str::to_owned).collect()));
        }
        let start = word_start(line, position);
        let typed = &line[start..position];
        if typed.is_empty() {
            return Ok((start, Vec::new()));
        }
        let lower = typed.to_lowercase();
        let names = self.words.names.iter();
        let mut found: Vec<String> =
            names.filter(|name| name.to_lowercase().starts_with(&lower)).cloned().collect();
        let is_upper = typed.chars().any(char::is_uppercase);
        let upper = typed.to_uppercase();
        let mut keywords: Vec<&&str> =
            self.words.keywords.iter().filter(|word| word.starts_with(&upper)).collect();
        keywords.sort_by_key(|word| (word.len(), **word));
        let cased = |word: &&&str| if is_upper { (**word).to_owned() } else { word.to_lowercase() };
        found.extend(keywords.iter().map(cased));
        Ok((start, found))
    }
}

impl Hinter for Line {
    type Hint = String;

    fn hint(&self, line: &str, position: usize, context: &Context<'_>) -> Option<String> {
        self.hinter.hint(line, position, context)
    }
}

impl Highlighter for Line {
    fn highlight<'l>(&self, line: &'l str, _position: usize) -> Cow<'l, str> {
        if !self.has_colors || command::is_command(line) {
            return Cow::Borrowed(line);
        }
        Cow::Owned(colored(line, &mut self.before.clone(), &self.words.keywords))
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.has_colors {
            Cow::Owned(format!("{COMMENT}{hint}{PLAIN}"))
        } else {
            Cow::Borrowed(hint)
        }
    }

    fn highlight_char(&self, _line: &str, _position: usize, kind: CmdKind) -> bool {
        self.has_colors && kind != CmdKind::MoveCursor
    }
}

/// A line with the colors of its pieces.
fn colored(line: &str, scanner: &mut Scanner, keywords: &HashSet<&'static str>) -> String {
    let mut text = String::with_capacity(line.len() * 2);
    let mut rest = line;
    loop {
        let end = scanner.pieces(rest, &mut |kind, from, to| {
            let piece = &rest[from..to];
            let color = match kind {
                Kind::Word if keywords.contains(piece.to_uppercase().as_str()) => KEYWORD,
                Kind::Constant => CONSTANT,
                Kind::Number => NUMBER,
                Kind::Comment => COMMENT,
                Kind::Word | Kind::Other => "",
            };
            if color.is_empty() {
                text.push_str(piece);
            } else {
                text.extend([color, piece, PLAIN]);
            }
        });
        match end {
            Some(end) => rest = &rest[end..],
            None => return text,
        }
    }
}

impl Validator for Line {}
impl Helper for Line {}
