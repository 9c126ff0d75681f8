//! What benchmarks with a table of figures have in common: what they are asked, and how figures are
//! written.

#![expect(clippy::print_stdout, reason = "the table is the result")]

use std::path::{Path, PathBuf};

/// A figure during which others used more of a core than this is marked.
const OTHERS_MARKED: f64 = 0.20;

/// What every one of them is asked.
#[derive(clap::Args)]
pub struct Asked {
    /// Few rows, one round: whether everything works, not how fast.
    #[arg(long)]
    pub quick: bool,
    /// Only items that have one of these in their names, with commas between.
    #[arg(long, value_delimiter = ',')]
    items: Vec<String>,
    /// Where the figures go as JSON; `-` is standard output, instead of the table.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Where the table goes as Markdown.
    #[arg(long)]
    markdown: Option<PathBuf>,
    /// Where the stores are made, in a folder that is removed.
    #[arg(long, default_value = ".")]
    folder: PathBuf,
}

impl Asked {
    /// Whether an item is asked for.
    pub fn is_wanted(&self, item: &str) -> bool {
        self.items.is_empty() || self.items.iter().any(|name| item.contains(name.as_str()))
    }

    /// What the run is called.
    pub fn kind(&self) -> &'static str {
        match self.quick {
            true => "a quick run: these figures only show that all works",
            false => "a full run",
        }
    }

    /// A new folder for stores, whose name begins so.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn space(&self, prefix: &str) -> std::io::Result<tempfile::TempDir> {
        tempfile::Builder::new().prefix(prefix).tempdir_in(&self.folder)
    }

    fn is_for_programs(&self) -> bool {
        self.json.as_deref() == Some(Path::new("-"))
    }

    /// Writes the files that are asked for.
    ///
    /// # Errors
    /// One cannot be written.
    pub fn write(&self, table: &str, figures: &str) -> std::io::Result<()> {
        if let Some(path) = self.json.as_ref().filter(|_| !self.is_for_programs()) {
            std::fs::write(path, figures)?;
        }
        match &self.markdown {
            Some(path) => std::fs::write(path, table),
            None => Ok(()),
        }
    }

    /// Shows the table, or the figures if they are asked for there.
    pub fn show(&self, table: &str, figures: &str) {
        print!("{}", if self.is_for_programs() { figures } else { table });
    }
}

/// What stands behind a figure during which others used so much of a core.
pub fn mark(others: f64) -> &'static str {
    if others > OTHERS_MARKED { "*" } else { "" }
}

/// The median of values, the least and the most.
pub fn spread(mut values: Vec<f64>) -> (f64, f64, f64) {
    values.sort_by(f64::total_cmp);
    let at = |place: usize| values.get(place).copied().unwrap_or(f64::NAN);
    (at(values.len() / 2), at(0), at(values.len().saturating_sub(1)))
}

/// A number with as many digits as it deserves.
pub fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
