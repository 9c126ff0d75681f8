//! A transfer that waits for its user: the rows are locked while the amount is confirmed, a fee is
//! tried under a savepoint, and whoever meets a deadlock begins again.
//!
//! `cargo run --release -p bourse --example interactive_transfer -- FOLDER`
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::path::PathBuf;
use std::time::Duration;

use bourse::{
    Database, Error, Isolation, LockMode, LockWait, LockedRow, Options, Result, Table,
    TransactionOptions, TypedTable,
};

#[derive(Table, Clone, Debug)]
#[table(name = "wallets", primary_key(user_id))]
struct Wallet {
    user_id: i64,
    cents: i64,
}

fn transfer(wallets: &TypedTable<Wallet>, from: i64, to: i64, cents: i64) -> Result<()> {
    let options = TransactionOptions {
        isolation: Isolation::ReadCommitted,
        lock_timeout: Some(Duration::from_secs(2)),
        ..TransactionOptions::default()
    };
    let mut open = wallets.store().begin(options)?;
    let locked =
        open.lock_row(wallets.table(), &[from.into()], LockMode::NoKeyUpdate, LockWait::Block)?;
    let LockedRow::Row(_) = locked else { return Err(Error::invalid("no such wallet")) };
    // Nobody else changes the wallet now: here a user may be asked.
    open.statement(|transaction| {
        let mut wallets = wallets.within(transaction);
        wallets.update(from, |wallet| withdraw(wallet, cents))?;
        wallets.update(to, |wallet| {
            wallet.cents += cents;
            Ok(())
        })
    })?;
    open.savepoint("fee")?;
    let fee = open.statement(|transaction| {
        wallets.within(transaction).update(from, |wallet| withdraw(wallet, 1))
    });
    if fee.is_err() {
        // Too poor for the fee: the transfer stays.
        open.rollback_to("fee")?;
    }
    open.commit()
}

fn withdraw(wallet: &mut Wallet, cents: i64) -> Result<()> {
    if wallet.cents < cents {
        return Err(Error::invalid("the wallet has not enough"));
    }
    wallet.cents -= cents;
    Ok(())
}

fn main() -> Result<()> {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        return Err(Error::invalid("name the folder of the store, as the first argument"));
    };
    let store = Database::open(folder, Options::default())?;
    let wallets = store.typed::<Wallet>().or_else(|_| store.create::<Wallet>())?;
    for user_id in [1, 2] {
        wallets.upsert(&Wallet { user_id, cents: 1_000 })?;
    }
    loop {
        match transfer(&wallets, 1, 2, 250) {
            Err(error) if error.is_retryable() => println!("again: {error}"),
            result => break result?,
        }
    }
    for user_id in [1, 2] {
        println!("{:?}", wallets.get(user_id)?);
    }
    store.close()
}
