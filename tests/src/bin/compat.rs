//! Makes the store of the present format version that is kept: `tests/compat/format-N.tar.gz`.

use std::path::PathBuf;
use std::process::ExitCode;

use bourse::{Error, Result};
use bourse_tests::compat;

fn main() -> ExitCode {
    match make() {
        Ok(path) => {
            eprintln!("{} is made: commit it", path.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("compat: {error:?}");
            ExitCode::FAILURE
        }
    }
}

fn make() -> Result<PathBuf> {
    let kept = compat::folder();
    let building = kept.join("building");
    let io = |what: &str, path: &std::path::Path| {
        let what = format!("cannot {what} {}", path.display());
        move |error| Error::io(what, error)
    };
    if building.exists() {
        std::fs::remove_dir_all(&building).map_err(io("remove", &building))?;
    }
    std::fs::create_dir_all(&building).map_err(io("make", &building))?;
    compat::make(&building)?;
    let version = compat::version(&building.join("store"))?;
    let path = kept.join(format!("format-{version}.tar.gz"));
    let archive = compat::archive::pack(&building)?;
    std::fs::remove_dir_all(&building).map_err(io("remove", &building))?;
    if path.exists() {
        return Err(Error::invalid(format!(
            "{} is there already, and kept for ever: a new format version makes a new one",
            path.display()
        )));
    }
    if archive.len() as u64 > compat::BYTES_MAX {
        let bytes = archive.len();
        return Err(Error::invalid(format!("the archive has {bytes} bytes: make it smaller")));
    }
    std::fs::write(&path, archive).map_err(io("write", &path))?;
    Ok(path)
}
