//! `bourse backup verify`: reads backups or an archive, makes a store of them, and checks that.

use std::path::PathBuf;

use bourse::backup::{self, VerifyReport};
use bourse::{CheckReport, Options};
use bourse_server::archive::{self, ArchiveVerified};
use bourse_storage::vfs::os::remove_folder;
use bourse_storage::{Error, Result};
use indicatif::ProgressBar;
use serde_json::{Value, json};

use super::{json as backup_json, line, show};
use crate::check;
use crate::output::{Destination, Outcome, progress_bar};
use crate::restore::{archive_json, show_archive};

/// What the user asks of the verification.
#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("source").required(true).args(["from", "archive"])))]
pub(crate) struct Arguments {
    /// A backup's folder. For an incremental one name all that it builds upon too, in any order.
    #[arg(long, value_name = "DIR")]
    pub(super) from: Vec<PathBuf>,
    /// An archive in place of backups: a folder or s3://BUCKET/PREFIX.
    #[arg(long, value_name = "URL")]
    pub(super) archive: Option<String>,
    /// Where the store is made that is checked, in a folder of its own that is removed afterwards;
    /// there must be room for all of it [default: the system's temporary folder]
    #[arg(long, value_name = "DIR")]
    pub(super) scratch: Option<PathBuf>,
    /// Only read the backups, and make no store of them.
    #[arg(long, conflicts_with_all = ["archive", "scratch"])]
    pub(super) no_restore: bool,
    /// Where the report in JSON goes; `-` is standard output, where it also goes when that is a
    /// pipe.
    #[arg(long, value_name = "FILE|-")]
    pub(super) json: Option<PathBuf>,
}

/// Runs the verification.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let destination = Destination::new(arguments.json.as_deref());
    let progress = progress_bar();
    match &arguments.archive {
        Some(url) => {
            let verified = of_archive(arguments, url, &progress);
            progress.finish_and_clear();
            destination.write_findings(
                verified,
                archive_table,
                archived_json,
                |(verified, check)| {
                    verified.is_sound() && check.as_ref().is_none_or(CheckReport::is_sound)
                },
            )
        }
        None => {
            let verified = of_backups(arguments, &progress);
            progress.finish_and_clear();
            // Corrupt: a manifest that cannot be read.
            destination.write_findings(verified, table, report_json, |(report, check)| {
                report.is_sound() && check.as_ref().is_none_or(CheckReport::is_sound)
            })
        }
    }
}

fn of_backups(
    arguments: &Arguments,
    progress: &ProgressBar,
) -> Result<(VerifyReport, Option<CheckReport>)> {
    progress.set_message("pages verified");
    let (from, options) = (&arguments.from, Options::default());
    let report = backup::verify(from, &options, &mut |state| show(progress, state))?;
    // Without the full backup no store can be made, and of a damaged one none that is of use.
    if arguments.no_restore || !report.walked || !report.is_sound() {
        return Ok((report, None));
    }
    let scratch = Scratch::make(arguments)?;
    progress.set_message("pages restored");
    backup::restore(from, &scratch.store(), &options, &mut |state| show(progress, state))?;
    let checked = check::of_folder(&scratch.store(), progress)?;
    Ok((report, Some(checked)))
}

fn of_archive(
    arguments: &Arguments,
    url: &str,
    progress: &ProgressBar,
) -> Result<(ArchiveVerified, Option<CheckReport>)> {
    let scratch = Scratch::make(arguments)?;
    let verified =
        archive::verify(url, &scratch.store(), &mut |state| show_archive(progress, state))?;
    let checked = match verified.restored {
        Some(_) => Some(check::of_folder(&scratch.store(), progress)?),
        None => None,
    };
    Ok((verified, checked))
}

/// A folder for a store that is thrown away.
struct Scratch(PathBuf);

impl Scratch {
    fn make(arguments: &Arguments) -> Result<Scratch> {
        let parent = arguments.scratch.clone().unwrap_or_else(std::env::temp_dir);
        let folder = parent.join(format!("bourse-verify-{}", std::process::id()));
        std::fs::create_dir(&folder)
            .map_err(|error| Error::io(format!("cannot make {}", folder.display()), error))?;
        Ok(Scratch(folder))
    }

    fn store(&self) -> PathBuf {
        self.0.join("store")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = remove_folder(&self.0) {
            eprintln!("{error}");
        }
    }
}

fn table((report, checked): &(VerifyReport, Option<CheckReport>)) -> String {
    let mut lines: Vec<String> = report.backups.iter().map(line).collect();
    lines.extend(report.findings.iter().map(|finding| format!("DAMAGE: {}", finding.what)));
    if report.findings_left_out > 0 {
        lines.push(format!("and {} findings more", report.findings_left_out));
    }
    lines.push(match (report.is_sound(), report.walked) {
        (true, true) => "every page and every tree was read: nothing is wrong".to_owned(),
        (true, false) => {
            let more = "name the full backup too to have the trees walked";
            format!("every page was read: nothing is wrong; {more}")
        }
        (false, _) => "damage was found".to_owned(),
    });
    push_check(&mut lines, checked.as_ref());
    lines.join("\n")
}

fn push_check(lines: &mut Vec<String>, checked: Option<&CheckReport>) {
    if let Some(checked) = checked {
        lines.push("a store that was made of it, checked:".to_owned());
        lines.push(check::table(checked));
    }
}

fn report_json((report, checked): &(VerifyReport, Option<CheckReport>)) -> Value {
    let finding = |finding: &backup::BackupFinding| {
        let file = finding.file.display().to_string();
        json!({ "file": file, "what": finding.what })
    };
    json!({
        "sound": report.is_sound() && checked.as_ref().is_none_or(CheckReport::is_sound),
        "trees_walked": report.walked,
        "pages": report.pages,
        "backups": report.backups.iter().map(backup_json).collect::<Vec<_>>(),
        "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
        "findings_left_out": report.findings_left_out,
        "check": checked.as_ref().map(check::json),
    })
}

fn archive_table((verified, checked): &(ArchiveVerified, Option<CheckReport>)) -> String {
    let ArchiveVerified { segments, records, bases, .. } = verified;
    let mut lines =
        vec![format!("{segments} segments with {records} records, {bases} whole backups")];
    let findings = verified.findings.iter();
    lines.extend(findings.map(|finding| format!("DAMAGE: {}", finding.what)));
    lines.push(match &verified.restored {
        Some(restored) => format!(
            "a store can be made of it up to LSN {}, from the backup with LSN {}",
            restored.lsn, restored.base
        ),
        None => "no store of its newest state can be made of it".to_owned(),
    });
    push_check(&mut lines, checked.as_ref());
    lines.join("\n")
}

fn archived_json((verified, checked): &(ArchiveVerified, Option<CheckReport>)) -> Value {
    let finding = |finding: &archive::ArchiveFinding| {
        let (object, what) = (&finding.object, &finding.what);
        json!({ "object": object, "what": what })
    };
    json!({
        "sound": verified.is_sound() && checked.as_ref().is_none_or(CheckReport::is_sound),
        "segments": verified.segments,
        "records": verified.records,
        "bases": verified.bases,
        "restored": verified.restored.as_ref().map(archive_json),
        "findings": verified.findings.iter().map(finding).collect::<Vec<_>>(),
        "check": checked.as_ref().map(check::json),
    })
}
