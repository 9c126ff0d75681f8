//! Long results at a terminal go through a pager.

use std::io::{IsTerminal, Write};
use std::process::{Command, Stdio};

/// Shows a text: through `$PAGER` (`less` if none is named) where it is higher than the terminal or
/// wider, else as it is. `PAGER=` turns it off.
pub(crate) fn show(text: &str) -> std::io::Result<()> {
    if is_long(text)
        && let Some(mut pager) = start()
    {
        if let Some(mut input) = pager.stdin.take() {
            // Whoever leaves the pager early has seen enough.
            let _ = input.write_all(text.as_bytes());
        }
        pager.wait()?;
        return Ok(());
    }
    std::io::stdout().lock().write_all(text.as_bytes())
}

fn is_long(text: &str) -> bool {
    if !std::io::stdout().is_terminal() {
        return false;
    }
    let Some((width, height)) = size() else { return false };
    text.lines().count() > height || text.lines().any(|line| line.len() > width)
}

/// Columns and lines of the terminal.
fn size() -> Option<(usize, usize)> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    (size.ws_col > 0 && size.ws_row > 0).then(|| (size.ws_col.into(), size.ws_row.into()))
}

fn start() -> Option<std::process::Child> {
    let named = std::env::var("PAGER").unwrap_or_else(|_| "less".to_owned());
    let mut words = named.split_whitespace();
    let mut command = Command::new(words.next()?);
    command.args(words).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        // Quit at the end of one screen, colors as they are, long lines cut, screen as it was.
        command.env("LESS", "FRSX");
    }
    command.spawn().ok()
}
