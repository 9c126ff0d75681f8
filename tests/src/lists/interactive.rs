//! Interactive transactions over lists: begun, used statement by statement, with thought between
//! them, at one isolation level.

use std::time::Duration;

use bourse::{
    Database, InteractiveTransaction, Isolation, LockMode, LockWait, Result, Transaction,
    TransactionOptions,
};
use bourse_storage::Error;
use bourse_storage::sync;
use bourse_storage::sync::sim::Random;

use super::Step;
use super::engine::{CHANGED_MIND, LOCK_WAIT, Tables, list_in_transaction, text_row};

/// Runs the steps in a transaction of the isolation level, each as a statement of its own.
///
/// # Errors
/// Whatever ends it; it has done nothing then, unless its commit says that nobody can tell.
pub(super) fn run(
    store: &Database,
    tables: &Tables,
    isolation: Isolation,
    (steps, random): (&[Step], &mut Random),
) -> Result<Vec<Step>> {
    let options = TransactionOptions {
        isolation,
        lock_timeout: Some(LOCK_WAIT),
        ..TransactionOptions::default()
    };
    let mut transaction = store.begin(options)?;
    let mut done = Vec::new();
    for step in steps {
        if random.one_in(2) {
            sync::sleep(Duration::from_micros(random.below(500)));
        }
        done.push(match step {
            Step::Append(list, value) => {
                let locks = isolation == Isolation::ReadCommitted || random.one_in(3);
                append(&mut transaction, tables, locks, (*list, *value))?;
                step.clone()
            }
            Step::Read(list, _) => {
                let values = transaction
                    .statement(|transaction| list_in_transaction(transaction, tables, *list))?;
                Step::Read(*list, Some(values))
            }
        });
    }
    if random.one_in(20) {
        transaction.rollback();
        return Err(Error::invalid(CHANGED_MIND));
    }
    transaction.commit()?;
    Ok(done)
}

/// Appends what follows from what is read. At READ COMMITTED only a lock makes that stay so; the
/// primary key does where every value is a row.
fn append(
    transaction: &mut InteractiveTransaction,
    tables: &Tables,
    locks: bool,
    (list, value): (i64, i64),
) -> Result<()> {
    transaction.statement(|transaction: &mut Transaction<'_>| {
        if list % 2 != 0 {
            let values = list_in_transaction(transaction, tables, list)?;
            let ordinal = i64::try_from(values.len()).unwrap_or(i64::MAX);
            let row = vec![list.into(), ordinal.into(), value.into()];
            return transaction.insert(&tables.values, row).map(drop);
        }
        if locks {
            let key = [list.into()];
            transaction.lock_row(&tables.texts, &key, LockMode::Update, LockWait::Block)?;
        }
        let values = list_in_transaction(transaction, tables, list)?;
        sync::yield_now();
        transaction.upsert(&tables.texts, text_row(list, &values, value)).map(drop)
    })
}
