//! A folder as a file: ustar, compressed by gzip, so that any tar unpacks it.
//!
//! | OFFSET | SIZE | DESCRIPTION |
//! |---|---|---|
//! | 0 | 100 | path, with `/`, below the folder |
//! | 100 | 8 | mode, octal |
//! | 124 | 12 | bytes of the file, octal |
//! | 148 | 8 | sum of the header's bytes, these eight as blanks, octal |
//! | 156 | 1 | `0`: a file |
//! | 257 | 8 | `ustar`, 0, `00` |
//!
//! The other fields are 0. The file's bytes follow, filled up to 512; two blocks of zeros end it.
//! Folders are made for the files in them.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use bourse::{Error, Result};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

const BLOCK: usize = 512;

fn failed(what: &str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let message = format!("cannot {what} {}", path.display());
    move |error| Error::io(message, error)
}

/// The files below a folder, with the paths that an archive gives them, in their order.
fn files(folder: &Path, below: &str, out: &mut Vec<(String, PathBuf)>) -> Result<()> {
    let entries = std::fs::read_dir(folder).map_err(failed("list", folder))?;
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry.map_err(failed("list", folder))?.file_name());
    }
    names.sort();
    for name in names {
        let path = folder.join(&name);
        let below = format!("{below}{}", name.to_string_lossy());
        if path.is_dir() {
            files(&path, &format!("{below}/"), out)?;
        } else {
            out.push((below, path));
        }
    }
    Ok(())
}

/// The archive of a folder.
///
/// # Errors
/// A file cannot be read, or its path is longer than an archive has room for.
pub fn pack(folder: &Path) -> Result<Vec<u8>> {
    let mut found = Vec::new();
    files(folder, "", &mut found)?;
    let mut out = GzEncoder::new(Vec::new(), Compression::best());
    for (name, path) in found {
        let bytes = std::fs::read(&path).map_err(failed("read", &path))?;
        if name.len() >= 100 {
            return Err(Error::invalid(format!("{name} is too long for an archive")));
        }
        let mut header = [0; BLOCK];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[100..107].copy_from_slice(b"0000644");
        header[124..135].copy_from_slice(format!("{:011o}", bytes.len()).as_bytes());
        header[148..156].fill(b' ');
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        let fill = vec![0; bytes.len().next_multiple_of(BLOCK) - bytes.len()];
        for part in [&header[..], &bytes, &fill] {
            out.write_all(part).map_err(failed("compress", &path))?;
        }
    }
    out.write_all(&[0; 2 * BLOCK]).map_err(failed("compress", folder))?;
    out.finish().map_err(failed("compress", folder))
}

/// Unpacks an archive into a folder.
///
/// # Errors
/// `Corrupt` when it is none; a file cannot be written.
pub fn unpack(archive: &[u8], folder: &Path) -> Result<()> {
    let mut bytes = Vec::new();
    GzDecoder::new(archive).read_to_end(&mut bytes).map_err(failed("unpack into", folder))?;
    let damaged = || Error::corrupt("the archive is damaged");
    let mut rest = bytes.as_slice();
    loop {
        let (header, behind) = rest.split_at_checked(BLOCK).ok_or_else(damaged)?;
        if header[0] == 0 {
            return Ok(());
        }
        let name = header[..100].split(|byte| *byte == 0).next().unwrap_or_default();
        let name = std::str::from_utf8(name).map_err(|_| damaged())?;
        let size = std::str::from_utf8(&header[124..135]).map_err(|_| damaged())?;
        let size = usize::from_str_radix(size, 8).map_err(|_| damaged())?;
        let content = behind.get(..size).ok_or_else(damaged)?;
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(failed("make", parent))?;
        }
        std::fs::write(&path, content).map_err(failed("write", &path))?;
        rest = behind.get(size.next_multiple_of(BLOCK)..).ok_or_else(damaged)?;
    }
}
