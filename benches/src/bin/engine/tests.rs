//! All contenders answer alike, also after writes and after a reopen: what makes their figures
//! comparable.

use std::path::Path;

use crate::change::{Change, Execution, Seen, Session, Setting, Sums};
use crate::peers;
use crate::trades::{self, Arrival, BALANCE, POSITION, SYMBOLS, Trades};

const ROWS: i64 = 2_000;
const SETTING: Setting = Setting { durable: false, cache_bytes: 64 << 20, fits: true };

fn trades(folder: &Path) -> Trades {
    let places = folder.join("places");
    trades::write_places(ROWS, &folder.join("scratch"), &places).unwrap();
    Trades::new(ROWS, &places).unwrap()
}

/// The changes of a group: the second changes the row of the first once more.
fn changes(trades: &Trades) -> Vec<Change> {
    let id = trades.id(7);
    let execution = |number| Execution { trade: trades.trade_of(ROWS + number, 1), order: 3 };
    vec![
        Change::Update { id, revision: 5 },
        Change::Update { id, revision: 6 },
        Change::Execute(execution(0)),
        Change::Execute(execution(1)),
    ]
}

fn check_loaded(session: &mut dyn Session, trades: &Trades, name: &str) {
    let mut all = Seen::default();
    trades.arriving(Arrival::Sorted).for_each(|trade| all.add(trade.digest()));
    assert_eq!(session.all_rows().unwrap(), all, "{name}");
    let ids: Vec<i64> = (0..150).map(|number| trades.id(number)).collect();
    let of_ids = (0..150).fold(0_u64, |sum, n| sum.wrapping_add(trades.trade(n).digest()));
    assert_eq!(session.multi_get(&ids).unwrap(), of_ids, "{name}");
    // A user's trades of a status come by time: by number, here.
    let (mut entries, mut rows) = (Seen::default(), Seen::default());
    let of_group = |trade: &trades::Trade| trade.user == 2 && trade.status == 1;
    for trade in trades.arriving(Arrival::Sorted).filter(of_group).take(100) {
        entries.add(trade.entry_digest());
        rows.add(trade.digest());
    }
    assert_eq!(entries.count, 100);
    assert_eq!(session.scan_entries(2, 1, 100).unwrap(), entries, "{name}");
    assert_eq!(session.scan_rows(2, 1, 100).unwrap(), rows, "{name}");
    assert!(session.get(trades.id(ROWS)).is_err(), "{name} found a trade that is not there");
}

fn check_changed(session: &mut dyn Session, trades: &Trades, name: &str) {
    let mut changed = trades.trade(7);
    changed.revision = 6;
    assert_eq!(session.get(changed.id).unwrap(), changed.digest(), "{name}");
    let added = [0, 1].map(|number| trades.trade_of(ROWS + number, 1));
    for trade in added {
        assert_eq!(session.get(trade.id).unwrap(), trade.digest(), "{name}");
    }
    assert_eq!(session.all_entries().unwrap().count, (ROWS + 2).unsigned_abs(), "{name}");
    let users = trades.users();
    let positions = users * i64::try_from(SYMBOLS.len()).unwrap() * POSITION;
    let paid = added[0].price + added[1].price;
    let sums = Sums { balance: users as f64 * BALANCE - paid, quantity: positions + 2 };
    assert_eq!(session.sums().unwrap(), sums, "{name}");
}

/// One store of each contender: loaded, asked, changed by a group and one by one, reopened.
fn run(arrival: Arrival, one_by_one: bool) {
    let folder = tempfile::tempdir().unwrap();
    let trades = trades(folder.path());
    for contender in peers::ALL {
        let (name, store) = (contender.name, folder.path().join(contender.name));
        let peer = contender.open(&store, SETTING).unwrap();
        peer.load(&trades, arrival).unwrap();
        let mut session = peer.session().unwrap();
        check_loaded(&mut *session, &trades, name);
        let changes = changes(&trades);
        for group in changes.chunks(if one_by_one { 1 } else { changes.len() }) {
            session.write(group).unwrap();
        }
        check_changed(&mut *session, &trades, name);
        drop(session);
        peer.close().unwrap();
        let durable = Setting { durable: true, ..SETTING };
        let peer = contender.open(&store, durable).unwrap();
        check_changed(&mut *peer.session().unwrap(), &trades, name);
        peer.close().unwrap();
    }
}

#[test]
fn a_sorted_load_and_single_changes_give_equal_answers() {
    run(Arrival::Sorted, true);
}

#[test]
fn a_load_in_no_order_and_a_group_of_changes_give_equal_answers() {
    run(Arrival::Random, false);
}
