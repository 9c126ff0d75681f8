//! Statements by what they are apart from their constants: how often they ran and how long it took
//! (`pg_stat_statements`).

use std::time::Duration;

use bourse_storage::sync::Mutex;
use hashbrown::HashMap;

#[cfg(test)]
mod tests;

/// Statements that are told apart; the ones that ran least make room for others.
const STATEMENTS_MAX: usize = 5_000;

/// Texts that are known by themselves, so that they are not read again.
const TEXTS_MAX: usize = 20_000;

/// Longer texts are cut off.
const TEXT_MAX: usize = 4_096;

/// What is known of a statement.
#[derive(Clone, PartialEq, Debug)]
pub struct StatementStatistics {
    /// Its text, with `$1`, `$2`, ... for its constants.
    pub text: String,
    /// A number of that text.
    pub id: u64,
    /// How often it ran.
    pub calls: u64,
    /// How often it failed.
    pub errors: u64,
    /// Rows that it gave or changed.
    pub rows: u64,
    /// Time that it took in all.
    pub total: Duration,
    /// The least that it took.
    pub least: Duration,
    /// The most that it took.
    pub most: Duration,
    /// Sum of the squares of milliseconds, for the deviation.
    pub squares: f64,
}

/// All statements. Sharded by text, so that sessions seldom meet.
#[derive(Debug, Default)]
pub struct Statements {
    shards: [Mutex<Shard>; 16],
}

#[derive(Debug, Default)]
struct Shard {
    /// Of a text as it came, the number of its statement.
    texts: HashMap<String, u64>,
    statements: HashMap<u64, StatementStatistics>,
}

impl Statements {
    pub(crate) fn note(&self, text: &str, took: Duration, rows: u64, has_failed: bool) {
        let shard = usize::try_from(number_of(text) % 16).unwrap_or(0);
        let mut shard = self.shards[shard].lock();
        let shard = &mut *shard;
        let id = match shard.texts.get(text) {
            Some(id) => *id,
            None => shard.learn(text),
        };
        let Some(known) = shard.statements.get_mut(&id) else { return };
        let milliseconds = took.as_secs_f64() * 1e3;
        known.calls += 1;
        known.errors += u64::from(has_failed);
        known.rows += rows;
        known.total += took;
        known.least = known.least.min(took);
        known.most = known.most.max(took);
        known.squares += milliseconds * milliseconds;
    }

    /// All of them, the same statement from different texts as one.
    pub fn all(&self) -> Vec<StatementStatistics> {
        let mut all: HashMap<u64, StatementStatistics> = HashMap::new();
        for shard in &self.shards {
            for (id, statement) in &shard.lock().statements {
                match all.get_mut(id) {
                    None => drop(all.insert(*id, statement.clone())),
                    Some(sum) => {
                        sum.calls += statement.calls;
                        sum.errors += statement.errors;
                        sum.rows += statement.rows;
                        sum.total += statement.total;
                        sum.least = sum.least.min(statement.least);
                        sum.most = sum.most.max(statement.most);
                        sum.squares += statement.squares;
                    }
                }
            }
        }
        let mut all: Vec<_> = all.into_values().filter(|statement| statement.calls > 0).collect();
        all.sort_by_key(|statement| std::cmp::Reverse(statement.total));
        all
    }

    /// Forgets all.
    pub fn reset(&self) {
        for shard in &self.shards {
            *shard.lock() = Shard::default();
        }
    }
}

impl Shard {
    fn learn(&mut self, text: &str) -> u64 {
        let fingerprint = fingerprint(text);
        let id = number_of(&fingerprint);
        if self.texts.len() >= TEXTS_MAX / 16 {
            self.texts.clear();
        }
        // Long texts differ by their constants mostly: they would only fill the table.
        if text.len() <= TEXT_MAX {
            self.texts.insert(text.to_owned(), id);
        }
        if self.statements.len() >= STATEMENTS_MAX / 16 && !self.statements.contains_key(&id) {
            let mut calls: Vec<u64> = self.statements.values().map(|known| known.calls).collect();
            calls.sort_unstable();
            let least = calls[calls.len() / 10];
            self.statements.retain(|_, known| known.calls > least);
            self.texts.clear();
        }
        self.statements.entry(id).or_insert_with(|| StatementStatistics {
            text: fingerprint,
            id,
            calls: 0,
            errors: 0,
            rows: 0,
            total: Duration::ZERO,
            least: Duration::MAX,
            most: Duration::ZERO,
            squares: 0.0,
        });
        id
    }
}

/// FNV-1a: the same number in every run, as tools that store it expect.
fn number_of(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A statement's text without its constants and comments: what its kind is told by, and what may be
/// shown to anybody.
pub(crate) fn fingerprint(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(TEXT_MAX));
    // Constants are numbered after the parameters, so that no two things have one number.
    let mut constants = parameters(text);
    let mut rest = text;
    let mut before = ' ';
    while let Some(letter) = rest.chars().next() {
        if shown.len() >= TEXT_MAX {
            break;
        }
        let is_in_name = before.is_alphanumeric() || matches!(before, '_' | '$');
        let length = match letter {
            '\'' => quoted(rest, '\''),
            '"' => {
                let length = quoted(rest, '"');
                shown.push_str(&rest[..length]);
                (before, rest) = ('"', &rest[length..]);
                continue;
            }
            '0'..='9' if !is_in_name => number(rest),
            '$' if !is_in_name => dollar_quoted(rest).unwrap_or(0),
            '-' if rest.starts_with("--") => {
                rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
                continue;
            }
            '/' if rest.starts_with("/*") => {
                rest = &rest[rest.find("*/").map_or(rest.len(), |at| at + 2)..];
                continue;
            }
            letter if letter.is_whitespace() => {
                if !shown.ends_with(' ') && !shown.is_empty() {
                    shown.push(' ');
                }
                (before, rest) = (' ', &rest[letter.len_utf8()..]);
                continue;
            }
            _ => 0,
        };
        if length > 0 {
            constants += 1;
            shown.push_str(&format!("${constants}"));
            (before, rest) = ('$', &rest[length..]);
        } else {
            shown.push(letter);
            (before, rest) = (letter, &rest[letter.len_utf8()..]);
        }
    }
    shown.truncate(shown.trim_end().len());
    shown
}

/// The highest number of a parameter that a text has; one in quotes may count, too.
fn parameters(text: &str) -> u32 {
    let after = text.split('$').skip(1);
    let digits = after.map(|text| {
        let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
        text[..end].parse::<u16>().unwrap_or(0)
    });
    digits.max().unwrap_or(0).into()
}

/// Bytes of a text in quotes, in which a quote is doubled; to the end where it does not end.
fn quoted(text: &str, quote: char) -> usize {
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == quote && letters.next_if(|(_, next)| *next == quote).is_none() {
            return at + letter.len_utf8();
        }
    }
    text.len()
}

fn number(text: &str) -> usize {
    text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.').unwrap_or(text.len())
}

/// Bytes of `$tag$ ... $tag$`; `None` for what is no such quote: a parameter, for one.
fn dollar_quoted(text: &str) -> Option<usize> {
    let tag = text[1..].find('$')? + 2;
    let name = &text[1..tag - 1];
    let is_name = name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    if !is_name || name.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    Some(text[tag..].find(&text[..tag]).map_or(text.len(), |at| tag + at + tag))
}
