//! `bourse cluster`: who the members of a group are, and changes of that, while it runs.
//!
//! Each command is a function of SQL (`bourse_cluster_status()`, `bourse_cluster_add(...)`), asked
//! of a member over PostgreSQL's protocol: [`seat`] is where one is asked, [`report`] what is told.
//! Changes are the leader's, and whichever member is named tells who that is.

use std::path::PathBuf;
use std::time::Duration;

use bourse_storage::{Error, Result};

use crate::output::{Destination, Outcome};

mod report;
mod seat;
#[cfg(test)]
mod tests;

use report::Member;
use seat::{Failure, Seat, Session};

/// How often a leader is looked for, and the pause before the next time.
const ATTEMPTS: usize = 40;
const PAUSE: Duration = Duration::from_millis(250);

/// What the user asks of it.
#[derive(clap::Subcommand)]
pub(crate) enum Action {
    /// Show the members: who leads, who has a vote, how far each is, and who is away.
    Status {
        #[command(flatten)]
        group: Group,
    },
    /// Add a member, which gets the records and has no vote yet.
    ///
    /// Start it on an empty folder with its own number; it takes a backup, and waits:
    ///
    ///   bourse serve --data four --node-id 4 --peers 1=HOST:PORT,...,4=HOST:PORT ...
    ///   bourse cluster add 4 HOST:PORT --url postgresql://bourse@HOST:5432/bourse
    ///   bourse cluster promote 4 --url postgresql://bourse@HOST:5432/bourse
    #[command(verbatim_doc_comment)]
    Add {
        /// The number of the new member, which none has.
        #[arg(value_parser = clap::value_parser!(u64).range(1..))]
        id: u64,
        /// Where it lets members in, as its own --peers has it.
        #[arg(value_name = "HOST:PORT")]
        address: String,
        #[command(flatten)]
        group: Group,
    },
    /// Give a member a vote that has the records.
    Promote {
        /// Its number.
        #[arg(value_parser = clap::value_parser!(u64).range(1..))]
        id: u64,
        #[command(flatten)]
        group: Group,
    },
    /// Remove a member: it ends by itself when it hears of that, and does not come back.
    Remove {
        /// Its number.
        #[arg(value_parser = clap::value_parser!(u64).range(1..))]
        id: u64,
        #[command(flatten)]
        group: Group,
    },
    /// Have another member lead: the one named, or the one that has the most.
    ///
    /// Transactions may end, then statements wait until the other one leads; those that waited are
    /// answered 40001 and were not run, and their sessions end. Nothing that was acknowledged is
    /// lost.
    Switchover {
        /// Its number.
        #[arg(long, value_name = "ID", value_parser = clap::value_parser!(u64).range(1..))]
        to: Option<u64>,
        #[command(flatten)]
        group: Group,
    },
}

/// Which group.
#[derive(clap::Args)]
pub(crate) struct Group {
    /// A member, whichever: postgresql://USER@HOST:PORT/DATABASE; may be given more than once, and
    /// may name several hosts. The user has the access admin; its password may be in the variable
    /// BOURSE_PASSWORD. The connection is not encrypted.
    #[arg(long, value_name = "URL", required = true)]
    url: Vec<String>,
    /// Where the report in JSON goes; `-` is standard output, where it also goes when that is a
    /// pipe.
    #[arg(long, value_name = "FILE|-")]
    json: Option<PathBuf>,
}

impl Action {
    fn group(&self) -> &Group {
        match self {
            Action::Status { group }
            | Action::Add { group, .. }
            | Action::Promote { group, .. }
            | Action::Remove { group, .. }
            | Action::Switchover { group, .. } => group,
        }
    }

    /// The statement that does it; none to look only.
    fn statement(&self) -> Option<String> {
        Some(match self {
            Action::Status { .. } => return None,
            Action::Add { id, address, .. } => {
                format!("SELECT bourse_cluster_add({id}, '{}')", address.replace('\'', "''"))
            }
            Action::Promote { id, .. } => format!("SELECT bourse_cluster_promote({id})"),
            Action::Remove { id, .. } => format!("SELECT bourse_cluster_remove({id})"),
            Action::Switchover { to: Some(to), .. } => {
                format!("SELECT bourse_cluster_switchover({to})")
            }
            Action::Switchover { to: None, .. } => "SELECT bourse_cluster_switchover()".to_owned(),
        })
    }
}

/// Does it.
pub(crate) fn run(action: &Action) -> Result<Outcome> {
    let group = action.group();
    let password = std::env::var("BOURSE_PASSWORD").ok();
    let seats = seat::seats_of(&group.url, password.as_deref())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::io("cannot start a thread for sockets", error))?;
    let members = runtime.block_on(async {
        match action.statement() {
            None => Ok(look(&seats).await?.1),
            Some(statement) => change(&seats, action, &statement).await,
        }
    })?;
    eprintln!("{}", report::table(&members));
    Destination::new(group.json.as_deref()).write(&report::json(&members))?;
    Ok(Outcome::Good)
}

/// A session with whichever member answers, best with one that knows who leads, and what it says.
async fn look(seats: &[Seat]) -> Result<(Session, Vec<Member>)> {
    let (mut known, mut failures) = (None, Vec::new());
    for seat in seats {
        let answer = async {
            let session = Session::open(seat).await?;
            let members = session.members().await?;
            Ok::<_, Failure>((session, members))
        };
        match answer.await {
            Ok((session, members)) if members.iter().any(Member::leads) => {
                return Ok((session, members));
            }
            Ok(other) => known = Some(other),
            Err(failure) => failures.push(format!("{seat}: {}", failure.text)),
        }
    }
    known.ok_or_else(|| Error::invalid(format!("no member answers: {}", failures.join("; "))))
}

/// A session with the leader, and its number.
async fn leader(seats: &[Seat]) -> Result<(Session, u64)> {
    let mut why = String::new();
    for attempt in 0..ATTEMPTS {
        if attempt > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        let (session, members) = match look(seats).await {
            Ok(found) => found,
            Err(error) if attempt == 0 => return Err(error),
            Err(error) => {
                why = error.to_string();
                continue;
            }
        };
        let Some(leader) = members.iter().find(|member| member.leads()) else {
            "nobody leads the group".clone_into(&mut why);
            continue;
        };
        if leader.is_self {
            return Ok((session, leader.id));
        }
        let seat = leader.clients.as_deref().and_then(|clients| seats[0].moved_to(clients));
        match seat {
            Some(seat) => match Session::open(&seat).await {
                Ok(session) => return Ok((session, leader.id)),
                Err(failure) => why = format!("the leader, at {seat}: {}", failure.text),
            },
            None => why = format!("where clients of member {}, the leader, connect", leader.id),
        }
    }
    Err(Error::invalid(format!("the leader is not found: {why}")))
}

/// Has the leader make a change. Returns what the group is then.
async fn change(seats: &[Seat], action: &Action, statement: &str) -> Result<Vec<Member>> {
    for _ in 0..ATTEMPTS {
        let (session, before) = leader(seats).await?;
        match session.run(statement).await {
            Ok(()) => break,
            // Another one leads meanwhile.
            Err(failure) if failure.code.as_deref() == Some("25006") => {
                tokio::time::sleep(PAUSE).await;
            }
            // Its sessions end when another one leads: whether that is so is looked at.
            Err(failure) if failure.is_lost() && matches!(action, Action::Switchover { .. }) => {
                let (_, after) = leader(seats).await?;
                match after == before {
                    true => return Err(failure.told()),
                    false => break,
                }
            }
            Err(failure) => return Err(failure.told()),
        }
    }
    let after = settled(seats).await?;
    if let Action::Switchover { to: Some(to), .. } = action
        && let Some(leader) = after.iter().find(|member| member.leads())
        && leader.id != *to
    {
        let text = format!("member {} leads the group, and not {to}", leader.id);
        return Err(Error::invalid(text));
    }
    Ok(after)
}

/// What the group is once somebody leads it.
async fn settled(seats: &[Seat]) -> Result<Vec<Member>> {
    let (session, _) = leader(seats).await?;
    session.members().await.map_err(Failure::told)
}
