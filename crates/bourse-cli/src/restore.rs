//! `bourse restore`: makes a store of backups.

use std::path::PathBuf;

use bourse::Options;
use bourse::backup::{self, BackupInfo};
use bourse_server::archive::{self, ArchiveProgress, ArchiveRestored, RestoreTarget};
use bourse_storage::id::Lsn;
use bourse_storage::{Error, Result};
use indicatif::ProgressBar;
use serde_json::{Value, json};

use crate::backup::{self as report, line, show};
use crate::output::{Destination, Outcome, progress_bar};
use crate::target::{self, Target};

/// What the user asks of the restore.
#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("source").required(true).args(["from", "archive"])))]
pub(crate) struct Arguments {
    /// A backup's folder. For an incremental one name all that it builds upon too, in any order.
    #[arg(long, value_name = "DIR")]
    from: Vec<PathBuf>,
    /// An archive in place of backups: a folder or s3://BUCKET/PREFIX.
    #[arg(long, value_name = "URL")]
    archive: Option<String>,
    /// The last record that the store is to have, as pg_current_wal_lsn() told it, such as
    /// 0/0000002A, or a number. Without this and --to-time it has all that the archive has.
    #[arg(long, value_name = "LSN", requires = "archive", conflicts_with_all = ["from", "to_time"])]
    to_lsn: Option<String>,
    /// Leave out what was committed after this time, by the clock of the server, in RFC 3339: such
    /// as 2026-11-26T14:30:00Z or 2026-11-26T15:30:00.25+01:00.
    #[arg(long, value_name = "TIME", requires = "archive", conflicts_with = "from")]
    to_time: Option<String>,
    /// The folder of the store that is made; it must be new or empty, unless --replace is given.
    /// Until the restore is complete it stays as it is.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Replace the store in DIR.
    #[arg(long)]
    replace: bool,
    /// Where the report in JSON goes; `-` is standard output, where it also goes when that is a
    /// pipe.
    #[arg(long, value_name = "FILE|-")]
    json: Option<PathBuf>,
}

impl Arguments {
    #[cfg(test)]
    pub(crate) fn new(from: Vec<PathBuf>, data: PathBuf, replace: bool) -> Arguments {
        let json = Some(PathBuf::from("/dev/null"));
        Arguments { from, data, replace, json, archive: None, to_lsn: None, to_time: None }
    }
}

/// Runs the restore.
pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let destination = Destination::new(arguments.json.as_deref());
    let moment = moment(arguments)?;
    let target = Target::claim(&arguments.data, arguments.replace, target::RESTORE)?;
    let progress = progress_bar();
    let restored = match &arguments.archive {
        None => restore(arguments, &target, &progress),
        Some(url) => from_archive(url, moment, &target, &progress),
    };
    progress.finish_and_clear();
    let (text, json) = match restored {
        Ok(told) => {
            target.finish()?;
            told
        }
        Err(error) => {
            target.abandon()?;
            return Err(error);
        }
    };
    eprintln!("{} holds a store {text}", arguments.data.display());
    destination.write(&json)?;
    Ok(Outcome::Good)
}

/// What is told of a restore, to people and to programs.
type Told = (String, Value);

fn restore(arguments: &Arguments, target: &Target, progress: &ProgressBar) -> Result<Told> {
    progress.set_message("pages read");
    let options = Options::default();
    let info: BackupInfo =
        backup::restore(&arguments.from, &target.building(), &options, &mut |state| {
            show(progress, state);
        })?;
    Ok((format!("with the state of:\n{}", line(&info)), report::json(&info)))
}

fn from_archive(
    url: &str,
    moment: RestoreTarget,
    target: &Target,
    progress: &ProgressBar,
) -> Result<Told> {
    let restored = archive::restore(url, &target.building(), moment, &mut |state| {
        show_archive(progress, state);
    })?;
    Ok((archive_text(&restored), archive_json(&restored)))
}

/// Shows how far a restore from an archive is.
pub(crate) fn show_archive(progress: &ProgressBar, state: ArchiveProgress) {
    match state {
        ArchiveProgress::Restoring(done, total) => {
            progress.set_message("pages written");
            progress.set_length(total);
            progress.set_position(done);
        }
        ArchiveProgress::Receiving(bytes) => {
            progress.set_message("bytes of a backup received");
            progress.set_position(bytes);
        }
        ArchiveProgress::Replaying(lsn) => {
            progress.set_message("the last record from the archive");
            progress.set_position(lsn);
        }
        ArchiveProgress::Waiting(_) => {}
    }
}

fn archive_text(restored: &ArchiveRestored) -> String {
    let ArchiveRestored { base, lsn, term, .. } = restored;
    let mut text = format!(
        "with the records up to LSN {lsn} ({}), made of a backup with LSN {base}; it goes on in \
         term {term}",
        lsn_text(*lsn)
    );
    let known = time_text(restored.known_until_us);
    if !restored.is_reached {
        text.push_str(&format!(
            "\nThe archive ends there. It has all that was committed before {}; what came later, \
             and before the time that was asked for, may not have come to it.",
            known.unwrap_or_else(|| "no time that is known".to_owned())
        ));
    } else if let Some(known) = known {
        text.push_str(&format!("\nAll that was committed before {known} is in it."));
    }
    text
}

/// What was restored, in the reports.
pub(crate) fn archive_json(restored: &ArchiveRestored) -> Value {
    json!({
        "base": restored.base.0,
        "lsn": restored.lsn.0,
        "term": restored.term,
        "known_until": time_text(restored.known_until_us),
        "reached": restored.is_reached,
    })
}

/// As `pg_current_wal_lsn()` gives it.
fn lsn_text(lsn: Lsn) -> String {
    format!("{:X}/{:08X}", lsn.0 >> 32, lsn.0 & u64::from(u32::MAX))
}

fn time_text(time_us: i64) -> Option<String> {
    let time = jiff::Timestamp::from_microsecond(time_us).ok()?;
    (time_us > 0).then(|| time.to_string())
}

/// The moment that is asked for.
fn moment(arguments: &Arguments) -> Result<RestoreTarget> {
    match (&arguments.to_lsn, &arguments.to_time) {
        (Some(lsn), _) => Ok(RestoreTarget::Lsn(lsn_of(lsn)?)),
        (None, Some(time)) => Ok(RestoreTarget::Time(time_of(time)?)),
        (None, None) => Ok(RestoreTarget::End),
    }
}

/// A position as `pg_current_wal_lsn()` gives it, or a number alone.
fn lsn_of(text: &str) -> Result<Lsn> {
    let part = |digits: &str| u32::from_str_radix(digits, 16).ok().map(u64::from);
    let read = match text.split_once('/') {
        Some((high, low)) => part(high).zip(part(low)).map(|(high, low)| high << 32 | low),
        None => text.parse().ok(),
    };
    read.map(Lsn).ok_or_else(|| {
        Error::invalid(format!("{text:?} is no LSN: it is such as 0/0000002A, or 42"))
    })
}

/// A time in microseconds since 1970.
fn time_of(text: &str) -> Result<i64> {
    let time: jiff::Timestamp = text.parse().map_err(|error| {
        Error::invalid(format!(
            "{text:?} is no time: write one with its zone, such as 2026-11-26T14:30:00Z or \
             2026-11-26T15:30:00+01:00 ({error})"
        ))
    })?;
    Ok(time.as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_they_are_told() {
        assert_eq!(lsn_of("0/0000002A").unwrap(), Lsn(42));
        assert_eq!(lsn_of("1/00000000").unwrap(), Lsn(1 << 32));
        assert_eq!(lsn_of("42").unwrap(), Lsn(42));
        for lsn in [Lsn(42), Lsn(1 << 32), Lsn(0x12_3456_789A)] {
            assert_eq!(lsn_of(&lsn_text(lsn)).unwrap(), lsn);
        }
        for wrong in ["", "2A", "0/", "0/1/2", "0/100000000", "-1"] {
            assert!(lsn_of(wrong).is_err(), "{wrong}");
        }
        assert_eq!(time_of("1970-01-01T00:00:01Z").unwrap(), 1_000_000);
        assert_eq!(time_of("1970-01-01T01:00:00.5+01:00").unwrap(), 500_000);
        assert_eq!(time_text(1_500_000).unwrap(), "1970-01-01T00:00:01.5Z");
        for wrong in ["", "yesterday", "2026-11-26", "2026-11-26T14:30:00"] {
            assert!(time_of(wrong).is_err(), "{wrong}");
        }
    }
}
