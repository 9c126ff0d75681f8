//! What happens to members.

use std::time::Duration;

use bourse_storage::sync;
use bourse_storage::sync::sim::Random;

use super::MEMBERS;
use super::cluster::Cluster;

/// What happens to a group.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fault {
    /// SIGKILL of the leader; it is started again.
    KillLeader,
    /// SIGKILL of another member.
    KillFollower,
    /// SIGKILL of all of them at once.
    KillAll,
    /// SIGSTOP of the leader; it goes on while another one leads.
    PauseLeader,
    /// The leader's cable is pulled.
    IsolateLeader,
    /// Another member's cable is pulled.
    IsolateFollower,
    /// What the leader sends to one of the others is lost.
    CutFromLeader,
    /// What one of the others sends to the leader is lost.
    CutToLeader,
    /// An operator has another one lead.
    SwitchOver,
}

/// All of them, those that are drawn more often more than once.
const DRAWN: [Fault; 14] = [
    Fault::KillLeader,
    Fault::KillLeader,
    Fault::KillLeader,
    Fault::KillLeader,
    Fault::KillFollower,
    Fault::KillFollower,
    Fault::KillAll,
    Fault::PauseLeader,
    Fault::IsolateLeader,
    Fault::IsolateLeader,
    Fault::IsolateFollower,
    Fault::CutFromLeader,
    Fault::CutToLeader,
    Fault::SwitchOver,
];

impl Fault {
    pub(super) fn draw(random: &mut Random) -> Fault {
        let at = random.below(DRAWN.len() as u64);
        DRAWN[usize::try_from(at).unwrap_or(0)]
    }

    /// The fault of a name.
    ///
    /// # Errors
    /// There is none of it; those that there are.
    pub fn of_name(name: &str) -> Result<Fault, String> {
        DRAWN.into_iter().find(|fault| fault.name() == name).ok_or_else(|| {
            let mut names = DRAWN.map(Fault::name).to_vec();
            names.dedup();
            format!("there is no fault \"{name}\", but {}", names.join(", "))
        })
    }

    /// Its name, in figures.
    pub fn name(self) -> &'static str {
        match self {
            Fault::KillLeader => "kill leader",
            Fault::KillFollower => "kill follower",
            Fault::KillAll => "kill all",
            Fault::PauseLeader => "pause leader",
            Fault::IsolateLeader => "isolate leader",
            Fault::IsolateFollower => "isolate follower",
            Fault::CutFromLeader => "cut from leader",
            Fault::CutToLeader => "cut to leader",
            Fault::SwitchOver => "switchover",
        }
    }

    /// Does it, lets it last, and mends it. Returns when it began.
    pub(super) fn happen(
        self,
        cluster: &mut Cluster,
        leader: usize,
        random: &mut Random,
    ) -> Result<Duration, String> {
        let other = (leader + usize::try_from(random.below(2)).unwrap_or(0)) % MEMBERS + 1;
        let lasts = Duration::from_millis(500 + random.below(3_000));
        let began = sync::monotonic();
        let last = || sync::sleep(lasts);
        match self {
            Fault::KillLeader => kill(cluster, &[leader], last)?,
            Fault::KillFollower => kill(cluster, &[other], last)?,
            Fault::KillAll => kill(cluster, &[1, 2, 3], last)?,
            Fault::PauseLeader => {
                cluster.signal(leader, "STOP")?;
                last();
                cluster.signal(leader, "CONT")?;
            }
            Fault::IsolateLeader | Fault::IsolateFollower => {
                let member = if self == Fault::IsolateLeader { leader } else { other };
                cluster.network.unplug(member)?;
                last();
                cluster.network.plug(member)?;
            }
            Fault::CutFromLeader | Fault::CutToLeader => {
                let (from, to) =
                    if self == Fault::CutFromLeader { (leader, other) } else { (other, leader) };
                cluster.network.cut(from, to)?;
                last();
                cluster.network.mend(from, to)?;
            }
            Fault::SwitchOver => {
                cluster.switch_over(leader, other)?;
            }
        }
        Ok(began)
    }
}

fn kill(cluster: &mut Cluster, members: &[usize], last: impl Fn()) -> Result<(), String> {
    members.iter().try_for_each(|member| cluster.signal(*member, "KILL"))?;
    last();
    members.iter().try_for_each(|member| cluster.run(*member))
}
