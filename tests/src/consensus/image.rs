//! The group that every world begins with: founded, joined by two, and at rest. Made once.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use bourse::replication::group;
use bourse::{Database, Result, replication};
use bourse_server::replication::simulation::{SimulatedMember, Simulation, founder};
use bourse_storage::vfs::sim::SimVfs;

use super::node::FOLDER;
use super::{CLIENTS, KEYS, MEMBERS, definition, failed, options, row, runtime};
use crate::Violation;

/// How long the group may take to have all members.
const LIMIT: Duration = Duration::from_secs(20);
const BACKUP: &str = "/backup";

/// A member's disk, and where its store is.
pub(super) type Image = (SimVfs, PathBuf);

/// The disks of the group at rest, to be copied.
pub(super) fn disks() -> std::result::Result<&'static [Image], Violation> {
    static DISKS: OnceLock<std::result::Result<Vec<Image>, Violation>> = OnceLock::new();
    let disks = DISKS.get_or_init(|| {
        let simulation = Simulation::new(0);
        let of = simulation.clone();
        let made = simulation.run(runtime()?, async move { make(&of).await.map_err(failed) });
        made.map_err(failed)?
    });
    disks.as_deref().map_err(Clone::clone)
}

async fn make(simulation: &Simulation) -> std::result::Result<Vec<Image>, String> {
    let text = |error: bourse::Error| error.to_string();
    let disk = SimVfs::new(1);
    found(&disk).map_err(text)?;
    let first = start(simulation, 1, (disk.clone(), FOLDER.into())).await.map_err(text)?;
    wait(|| first.leads_in().is_some() && first.member().is_settled()).await?;
    let backup = PathBuf::from(BACKUP);
    let info = first.database().backup(&backup, None, &mut |_| {}).map_err(text)?;
    let second = first.base_of(2, info.ships_after).await?;
    let third = first.base_of(3, info.ships_after).await?;
    disk.crash();
    simulation.end(first).await;
    let mut images: Vec<Image> = vec![(disk.reboot(1), FOLDER.into())];
    for (id, (base, state)) in [(2, second), (3, third)] {
        let (disk, folder) = (disk.reboot(id), PathBuf::from(format!("/made-{id}")));
        replication::restore(std::slice::from_ref(&backup), &folder, &options(&disk), &mut |_| {})
            .and_then(|_| group::join(&folder, &options(&disk), base, &state))
            .map_err(text)?;
        images.push((disk, folder));
    }
    let mut members = Vec::new();
    for (id, image) in (1..).zip(&images) {
        members.push(start(simulation, id, image.clone()).await.map_err(text)?);
    }
    let has_all = |member: &SimulatedMember| {
        member.voters() == MEMBERS && member.member().is_settled() && member.wish().is_none()
    };
    wait(|| members.iter().all(has_all)).await?;
    for member in members {
        member.database().checkpoint().map_err(text)?;
        simulation.end(member).await;
    }
    Ok(images.into_iter().map(|(disk, folder)| (disk.reboot(0), folder)).collect())
}

/// The store that the group begins with.
fn found(disk: &SimVfs) -> Result<()> {
    let store = Database::open(FOLDER, options(disk))?;
    let table = store.create_table(&definition()?)?;
    for key in 0..CLIENTS * KEYS {
        store.insert(&table, row(key.cast_signed(), 0, 0))?;
    }
    drop(store);
    group::found(Path::new(FOLDER), &options(disk), &founder(1)?)
}

async fn start(simulation: &Simulation, id: u64, (disk, folder): Image) -> Result<SimulatedMember> {
    let store = Database::open(&folder, options(&disk))?;
    simulation.start(id, (store, disk, Duration::from_millis(1)), &MEMBERS).await
}

/// Waits until something is so.
async fn wait(is_so: impl Fn() -> bool) -> std::result::Result<(), String> {
    let begun = tokio::time::Instant::now();
    while !is_so() {
        if begun.elapsed() > LIMIT {
            return Err("the group that worlds begin with does not come together".to_owned());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}
