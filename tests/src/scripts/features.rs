//! What golden scripts show of SQL, as documents tell it: features by chapter, with how many
//! statements there are of each, and how many of them Bourse answers otherwise.
//!
//! The head of each script in `tests/golden/sql` says its chapter, in a line `-- chapter: `. What
//! is made of them stands between two comments of a document, and all else there is left alone.

use std::fs;
use std::path::Path;

use super::{Oracle, Script, scripts_below};

/// Chapters in the order of the documents: their names in scripts, and their titles.
const CHAPTERS: [(&str, &str); 14] = [
    ("lexical", "Lexical structure"),
    ("expressions", "Expressions"),
    ("types", "Types"),
    ("functions", "Functions and operators"),
    ("queries", "Queries"),
    ("aggregates", "Aggregates"),
    ("windows", "Window functions"),
    ("changes", "Changes of rows"),
    ("definitions", "Definitions"),
    ("constraints", "Constraints"),
    ("transactions", "Transactions"),
    ("sessions", "Sessions"),
    ("catalogs", "Catalogs"),
    ("errors", "Errors"),
];

/// Begins what is made of scripts.
const BEGIN: &str = "<!-- made by `cargo xtask scripts --document`: begin -->";
/// Ends it.
const END: &str = "<!-- made by `cargo xtask scripts --document`: end -->";

/// Scripts of a chapter, in one dialect or both.
#[derive(Clone, Copy, Default)]
struct Count {
    scripts: usize,
    statements: usize,
    deviations: usize,
}

/// A script as documents name it.
struct Feature {
    title: String,
    chapter: usize,
    oracle: Oracle,
    link: String,
    statements: usize,
    deviations: usize,
}

/// A document that has a part made of scripts.
pub struct Document {
    /// Its path below the root of the project.
    pub path: &'static str,
    /// What stands there now.
    pub was: String,
    /// What would stand there if it were made of the scripts of today.
    pub is: String,
}

/// The documents that are made of the scripts below a root of the project.
///
/// # Errors
/// What cannot be read, a script without a chapter, a document without the two comments.
pub fn documents(root: &Path) -> Result<Vec<Document>, String> {
    let features = features(root)?;
    let parts = [("docs/sql.md", overview(&features)), ("docs/sql-features.md", list(&features))];
    let document = |(path, part): (&'static str, String)| {
        let was =
            fs::read_to_string(root.join(path)).map_err(|error| format!("{path}: {error}"))?;
        let missing = || format!("{path}: it has no lines {BEGIN} and {END}");
        let (before, rest) = was.split_once(BEGIN).ok_or_else(missing)?;
        let (_, behind) = rest.split_once(END).ok_or_else(missing)?;
        let is = format!("{before}{BEGIN}\n\n{}\n\n{END}{behind}", part.trim_end());
        Ok(Document { path, was, is })
    };
    parts.into_iter().map(document).collect()
}

/// What the scripts of `tests/golden/sql` show, by title.
fn features(root: &Path) -> Result<Vec<Feature>, String> {
    let mut features = Vec::new();
    for path in scripts_below(&root.join("tests/golden/sql"))? {
        let failed = |error: String| format!("{}: {error}", path.display());
        let text = fs::read_to_string(&path).map_err(|error| failed(error.to_string()))?;
        let script = Script::parse(&text).map_err(failed)?;
        let title = script.head.first().map_or("", |line| line.trim_start_matches("--").trim());
        let named = script.head.iter().find_map(|line| line.strip_prefix("-- chapter: "));
        let named = named.ok_or_else(|| failed("its head has no line `-- chapter: `".into()))?;
        let chapter = CHAPTERS.iter().position(|(name, _)| *name == named.trim());
        let below = path.strip_prefix(root).unwrap_or(&path);
        features.push(Feature {
            title: title.replace('|', "\\|"),
            chapter: chapter.ok_or_else(|| failed(format!("there is no chapter {named}")))?,
            oracle: script.oracle,
            link: format!("../{}", below.to_string_lossy().replace('\\', "/")),
            statements: script.steps.len(),
            deviations: script.steps.iter().filter(|step| step.deviation.is_some()).count(),
        });
    }
    features.sort_by(|one, other| one.title.cmp(&other.title));
    Ok(features)
}

fn count<'a>(features: impl Iterator<Item = &'a Feature>) -> Count {
    features.fold(Count::default(), |sum, feature| Count {
        scripts: sum.scripts + 1,
        statements: sum.statements + feature.statements,
        deviations: sum.deviations + feature.deviations,
    })
}

/// A number as English writes it.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// All scripts in a sentence, and a table of them by chapter and dialect.
fn overview(features: &[Feature]) -> String {
    let sum = count(features.iter());
    let mut text = format!(
        "`tests/golden/sql` has {} scripts of {} statements, of which Bourse answers {} \
         otherwise.\n\n",
        grouped(sum.scripts),
        grouped(sum.statements),
        grouped(sum.deviations),
    );
    text.push_str(
        "| chapter | PostgreSQL: features | statements | otherwise | SQLite: features \
         | statements | otherwise |\n|---|--:|--:|--:|--:|--:|--:|\n",
    );
    for (at, (_, title)) in CHAPTERS.iter().enumerate() {
        let cells = |is_sqlite: bool| {
            let of = |f: &&Feature| f.chapter == at && (f.oracle == Oracle::Sqlite) == is_sqlite;
            let Count { scripts, statements, deviations } = count(features.iter().filter(of));
            match scripts {
                0 => "| | | ".to_owned(),
                _ => format!("| {scripts} | {} | {deviations} ", grouped(statements)),
            }
        };
        let (postgres, sqlite) = (cells(false), cells(true));
        let anchor = title.to_lowercase().replace(' ', "-");
        text.push_str(&format!("| [{title}](sql-features.md#{anchor}) "));
        text.push_str(&format!("{postgres}{sqlite}|\n"));
    }
    text
}

/// All features, by chapter and dialect, each with its script.
fn list(features: &[Feature]) -> String {
    let mut text = String::new();
    for (at, (_, title)) in CHAPTERS.iter().enumerate() {
        text.push_str(&format!("## {title}\n\n"));
        text.push_str("| feature | dialect | statements | otherwise |\n|---|---|--:|--:|\n");
        for feature in features.iter().filter(|feature| feature.chapter == at) {
            let dialect = match feature.oracle {
                Oracle::Postgres => "PostgreSQL",
                Oracle::Sqlite => "SQLite",
                Oracle::Bourse => "Bourse",
            };
            let Feature { title, link, statements, deviations, .. } = feature;
            let otherwise = if *deviations > 0 { deviations.to_string() } else { String::new() };
            let row = format!("| [{title}]({link}) | {dialect} | {statements} | {otherwise} |");
            text.push_str(&format!("{row}\n"));
        }
        text.push('\n');
    }
    text
}
