//! How a store becomes a member's: the first one of a group, or one that is made of a backup of
//! the leader.

use std::path::Path;
use std::time::Duration;

use bourse::Database;
use bourse::replication::group;
use bourse_storage::vfs::os::remove_folder;
use bourse_storage::{Error, Result};

use super::super::bootstrap::{Aside, BootstrapProgress, STORE, take};
use super::super::channel::Credentials;
use super::super::fault::{Fault, Reason};
use super::super::follower::Pauses;
use super::link::{Acquaintance, Link, Way};
use super::node::name_of;
use super::types::{Answer, Base, Question, Saved};
use crate::options::Options;

/// The file that makes a store a member's.
const GROUP: &str = "GROUP";

/// How long a member may take to say who leads.
const ASKING: Duration = Duration::from_secs(5);

/// Sees to it that a folder holds the store of a member. One that is there stays as it is. With
/// `create` an empty folder, or one that holds a store alone, becomes the first of a group; else an
/// empty folder gets the state of the group's leader, which is waited for as long as it takes.
///
/// # Errors
/// A folder that holds something else; members that do not let this node in; the disk's.
pub fn prepare_member(
    folder: &Path,
    options: &Options,
    create: bool,
    progress: &mut dyn FnMut(BootstrapProgress),
) -> Result<()> {
    options.check()?;
    let Some(id) = options.node_id else {
        return Err(Error::invalid("a member of a group needs a number: --node-id"));
    };
    let founder = || Saved::of_founder(id).encode();
    if folder.join(STORE).exists() {
        if !folder.join(GROUP).exists() {
            if !create {
                return Err(Error::invalid(format!(
                    "{} holds a store of its own: say --create to begin a group with it, or name \
                     an empty folder to have it join the group",
                    folder.display()
                )));
            }
            group::found(folder, &options.of_store(), &founder()?)?;
        }
        return remove_folder(&folder.join(super::super::bootstrap::BOOTSTRAP));
    }
    let credentials = super::super::credentials(options)?;
    if create {
        let aside = Aside::claim(folder)?;
        Database::open(aside.store(), options.of_store())?.close()?;
        group::found(&aside.store(), &options.of_store(), &founder()?)?;
        return aside.put_in_place();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| Error::io("cannot start a thread for sockets", error))?;
    let mut newcomer = Newcomer { id, folder, options, credentials, progress };
    let mut pauses = Pauses::new();
    loop {
        match newcomer.try_once(&runtime) {
            Ok(()) => return Ok(()),
            Err(Fault::Store(error)) => return Err(error),
            Err(Fault::Refused(Reason::Unknown | Reason::Version | Reason::Foreign, text)) => {
                return Err(Error::invalid(format!("the group does not let this node in: {text}")));
            }
            Err(fault) => (newcomer.progress)(BootstrapProgress::Waiting(fault.to_string())),
        }
        let pause = pauses.next();
        runtime.block_on(async { tokio::time::sleep(pause).await });
    }
}

/// A node that is to become a member.
struct Newcomer<'n> {
    id: u64,
    folder: &'n Path,
    options: &'n Options,
    credentials: Credentials,
    progress: &'n mut dyn FnMut(BootstrapProgress),
}

impl Newcomer<'_> {
    fn try_once(&mut self, runtime: &tokio::runtime::Runtime) -> std::result::Result<(), Fault> {
        let aside = Aside::claim(self.folder)?;
        let own = Acquaintance::new(
            (self.id, 0),
            Way::Cluster {
                credentials: self.credentials.clone(),
                node: name_of(self.id),
                instance: rand::random(),
            },
            (String::new(), 0),
        );
        let address = runtime.block_on(self.find_leader(&own))?;
        let (backup, name) = (aside.backup(), name_of(self.id));
        let taken = take(&backup, &address, &self.credentials, &name, self.progress);
        runtime.block_on(taken)?;
        let info = aside.make_store(self.progress)?;
        let base = runtime.block_on(ask_base(&address, &own, info.ships_after.0))?;
        let state = Saved::of_newcomer(self.id, &base).encode()?;
        group::join(&aside.store(), &self.options.of_store(), base.of_store(), &state)?;
        aside.put_in_place()?;
        Ok(())
    }

    /// Where the leader is. All that the group has agreed on is there.
    async fn find_leader(&self, own: &Acquaintance) -> std::result::Result<String, Fault> {
        let mut why = Fault::lost("nobody leads the group");
        for (id, address) in self.options.peers()? {
            if id == self.id {
                continue;
            }
            match tokio::time::timeout(ASKING, Link::open(&address, own)).await {
                Ok(Ok((_, other))) if other.leader == Some(other.id) => return Ok(address),
                Ok(Ok(_)) => {}
                Ok(Err(Fault::Refused(reason, text))) => {
                    return Err(Fault::Refused(reason, format!("{address}: {text}")));
                }
                Ok(Err(fault)) => why = Fault::lost(format!("{address}: {fault}")),
                Err(_) => why = Fault::lost(format!("{address} does not answer")),
            }
        }
        Err(why)
    }
}

async fn ask_base(
    address: &str,
    own: &Acquaintance,
    behind: u64,
) -> std::result::Result<Base, Fault> {
    let (mut link, _) = Link::open(address, own).await?;
    match link.ask(&Question::Base(behind)).await? {
        Answer::Base(base) => Ok(base),
        _ => Err(Fault::malformed("something else where the store was to begin")),
    }
}
