//! Transactions that stay open while an index is built: a build looks at no row lock, so what such
//! a transaction wrote is judged at its commit by how far the build has come.

use bourse::{
    Database, IndexBuildProgress, IndexDefinition, InteractiveTransaction, LoadOrder, Options,
    Table, TableDefinition, TransactionOptions, Type, Value,
};

use crate::expect::{refused, sound};

const USERS: i64 = 50;
const ROWS_OF_A_USER: i64 = 60;

struct Store {
    _folder: tempfile::TempDir,
    database: Database,
    table: Table,
}

fn open() -> Store {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { shards: 4, cache_bytes: 16 << 20, ..Options::default() };
    let database = Database::open(folder.path(), options).unwrap();
    let definition = TableDefinition::builder("trades")
        .column("user_id", Type::BigInt)
        .not_null()
        .column("id", Type::BigInt)
        .not_null()
        .column("price", Type::BigInt)
        .primary_key(["user_id", "id"])
        .shard_key(["user_id"])
        .build()
        .unwrap();
    let table = database.create_table(&definition).unwrap();
    let rows = (0..USERS).flat_map(|user| (0..ROWS_OF_A_USER).map(move |id| Ok(row(user, id))));
    database.bulk_load(&table, LoadOrder::Sorted, rows).unwrap();
    Store { _folder: folder, database, table }
}

/// Every row has another price.
fn price(user: i64, id: i64) -> i64 {
    user * 1_000 + id
}

fn row(user: i64, id: i64) -> Vec<Value> {
    vec![user.into(), id.into(), price(user, id).into()]
}

/// Builds an index while transactions are open: `write` is called in one for each user after the
/// first chunk, and they commit when nearly all rows are in. Those that `write` refuses are gone.
/// Returns how many committed, and how many were told to run again.
fn build_among_transactions(
    store: &Store,
    index: bourse::schema::IndexBuilder,
    write: impl Fn(&mut InteractiveTransaction, i64) -> bourse::Result<()>,
    after_commit: impl Fn(i64),
) -> (usize, usize) {
    let mut open: Vec<(i64, InteractiveTransaction)> = Vec::new();
    let (mut has_begun, mut committed, mut again) = (false, 0, 0);
    let mut progress = |progress: IndexBuildProgress| {
        if !has_begun {
            has_begun = true;
            for user in 0..USERS {
                let mut transaction = store.database.begin(TransactionOptions::default()).unwrap();
                if write(&mut transaction, user).is_ok() {
                    open.push((user, transaction));
                }
            }
        }
        if progress.rows_done * 10 < progress.rows_total * 9 {
            return;
        }
        for (user, transaction) in open.drain(..) {
            match transaction.commit() {
                Ok(()) => {
                    committed += 1;
                    after_commit(user);
                }
                Err(error) => {
                    refused(Err::<(), _>(error), "40001");
                    again += 1;
                }
            }
        }
    };
    store.database.create_index_with_progress("trades", index, &mut progress).unwrap();
    assert!(open.is_empty(), "the last chunks were seen");
    sound(&store.database);
    (committed, again)
}

/// The last row of each user changes. While the build has not come to it, it leaves the global
/// index alone; when the build passes it before the commit, the entry would be the old row's.
#[test]
fn rows_that_a_build_passes_before_their_commit_are_written_again() {
    let store = open();
    let change = |transaction: &mut InteractiveTransaction, user: i64| {
        let key = [user.into(), Value::from(ROWS_OF_A_USER - 1)];
        let price = Value::from(1_000_000 + user);
        assert!(transaction.update(&store.table, &key, &[("price", price)])?);
        Ok(())
    };
    let index = IndexDefinition::on("by_price", ["price"]).global();
    let (committed, again) = build_among_transactions(&store, index, change, |_| ());
    assert!(again > 0, "the build has passed some of them");
    assert_eq!(committed + again, usize::try_from(USERS).unwrap());
}

/// A row is inserted where the build has been, with the price of a row where it has not been.
/// Nobody has the entry yet, and the lock that the transaction takes on it does not keep the build
/// from putting the other row's there.
#[test]
fn a_build_and_a_transaction_do_not_both_have_a_unique_entry() {
    let store = open();
    let insert = |transaction: &mut InteractiveTransaction, user: i64| {
        let equal = price(USERS - 1 - user, ROWS_OF_A_USER - 1);
        let values = vec![user.into(), Value::from(-1), equal.into()];
        transaction.insert(&store.table, values).map(|_| ())
    };
    // A row that committed first would end the build.
    let delete = |user: i64| {
        assert!(store.database.delete(&store.table, &[user.into(), Value::from(-1)]).unwrap());
    };
    let index = IndexDefinition::on("by_price", ["price"]).unique();
    let (_, again) = build_among_transactions(&store, index, insert, delete);
    assert!(again > 0, "the build has put in the other row of some of them");
    let rows = USERS * ROWS_OF_A_USER;
    assert_eq!(store.database.cut().count(&store.table).unwrap(), rows.cast_unsigned());
}
