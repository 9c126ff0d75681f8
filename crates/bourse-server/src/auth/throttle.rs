//! Wrong passwords cost time: each one more than the one before, by address and by user.

use std::net::IpAddr;
use std::time::Duration;

use bourse_storage::sync::{Mutex, monotonic};
use hashbrown::HashMap;

/// Wrong passwords that cost nothing: people mistype.
const FREE: u32 = 3;

/// The most that one costs.
const DELAY_MAX: Duration = Duration::from_secs(8);

/// After so long without another one all is forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(600);

/// Who is remembered at most.
const REMEMBERED_MAX: usize = 20_000;

/// Whose attempts are counted together.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Who {
    From(IpAddr),
    For(String),
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: Duration,
}

/// Who has failed, and how often.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<HashMap<Who, Failures>>);

fn names(address: Option<IpAddr>, user: &str) -> impl Iterator<Item = Who> {
    let address = address.map(Who::From);
    address.into_iter().chain([Who::For(user.to_owned())])
}

impl Throttle {
    /// How long an attempt must wait.
    pub(crate) fn delay(&self, address: Option<IpAddr>, user: &str) -> Duration {
        let now = monotonic();
        let failures = self.0.lock();
        let delays = names(address, user).filter_map(|who| failures.get(&who)).map(|failures| {
            let doublings = failures.count.saturating_sub(FREE);
            if doublings == 0 || now.saturating_sub(failures.last) > FORGOTTEN_AFTER {
                return Duration::ZERO;
            }
            let delay = Duration::from_millis(100) * 2_u32.pow(doublings.min(10));
            delay.min(DELAY_MAX)
        });
        delays.max().unwrap_or_default()
    }

    /// An attempt has failed.
    pub(crate) fn failed(&self, address: Option<IpAddr>, user: &str) {
        let now = monotonic();
        let mut failures = self.0.lock();
        if failures.len() >= REMEMBERED_MAX {
            failures.retain(|_, failures| now.saturating_sub(failures.last) < DELAY_MAX);
        }
        if failures.len() >= REMEMBERED_MAX {
            failures.clear();
        }
        for who in names(address, user) {
            let known = failures.entry(who).or_insert(Failures { count: 0, last: now });
            known.count = known.count.saturating_add(1);
            known.last = now;
        }
    }

    /// An attempt was right: it clears its user from there, and not the address, from which others
    /// may be guessed.
    pub(crate) fn succeeded(&self, user: &str) {
        self.0.lock().remove(&Who::For(user.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    //! Guards: the first mistakes are free, later ones cost more and more, up to a limit.

    use super::*;

    #[test]
    fn mistakes_cost_more_and_more() {
        let throttle = Throttle::default();
        let address = Some(IpAddr::from([127, 0, 0, 1]));
        for _ in 0..FREE {
            throttle.failed(address, "bob");
            assert_eq!(throttle.delay(address, "bob"), Duration::ZERO);
        }
        let mut before = Duration::ZERO;
        for _ in 0..20 {
            throttle.failed(address, "bob");
            let delay = throttle.delay(None, "bob");
            assert!(delay > before || delay == DELAY_MAX);
            before = delay;
        }
        assert_eq!(before, DELAY_MAX);
        // Other names from there wait too, and so does the name from elsewhere.
        assert_eq!(throttle.delay(address, "eve"), DELAY_MAX);
        assert_eq!(throttle.delay(None, "eve"), Duration::ZERO);
        throttle.succeeded("bob");
        assert_eq!(throttle.delay(None, "bob"), Duration::ZERO);
        assert_eq!(throttle.delay(address, "bob"), DELAY_MAX);
    }
}
