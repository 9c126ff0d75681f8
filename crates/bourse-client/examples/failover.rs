//! A client that goes on while its leader is stopped and a replica is promoted.
//!
//! Start a leader and a replica as docs/replication.md says, then this, with where both listen:
//!
//! ```sh
//! cargo run -p bourse-client --example failover -- 127.0.0.1:5432 127.0.0.1:5434
//! ```
//!
//! It inserts a row each half second, once by its key, reads it back on whatever node has it, and
//! says which node did what. Stop the leader and promote the replica meanwhile:
//! `psql -h 127.0.0.1 -p 5434 -U bourse bourse -c 'SELECT pg_promote()'`.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::time::Duration;

use bourse_client::{Client, Connection, Error, Once};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let mut builder = Client::builder();
    for address in std::env::args().skip(1) {
        builder = builder.node(address);
    }
    let client = builder.build()?;
    let make = async |connection: Connection| {
        connection
            .batch_execute(
                "CREATE TABLE IF NOT EXISTS ticks (id bigint PRIMARY KEY, at timestamptz)",
            )
            .await
    };
    client.write(make).await?;
    let session = client.session();
    for round in 0..120 {
        match tick(&session, round).await {
            Ok(told) => println!("{round}: {told}"),
            Err(error) if error.is_retryable() || error.is_outcome_unknown() => {
                println!("{round}: {error} ({})", error.hint().unwrap_or(""));
            }
            Err(error) if error.kind() == bourse_client::Kind::LostWrite => {
                println!("{round}: {error}");
                session.forget();
            }
            Err(error) => return Err(error),
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    for advice in client.advice() {
        println!("{advice}");
    }
    Ok(())
}

async fn tick(session: &bourse_client::Session, round: i64) -> Result<String, Error> {
    let insert = async |connection: Connection| {
        let newest = "SELECT coalesce(max(id), 0) + 1 FROM ticks";
        let id: i64 = connection.query_one(newest, &[]).await?.get(0);
        connection.execute("INSERT INTO ticks VALUES ($1, now())", &[&id]).await?;
        Ok((id, connection.node().to_owned()))
    };
    let key = format!("{}-{round}", std::process::id());
    let (id, written) = match session.call().once(&key, insert).await? {
        Once::Done(done) => done,
        Once::DoneBefore => return Ok("done before".to_owned()),
    };
    let read = async |connection: Connection| {
        let row = connection.query_one("SELECT id FROM ticks WHERE id = $1", &[&id]).await?;
        Ok((row.get::<_, i64>(0), connection.node().to_owned()))
    };
    let (id, read) = session.call().read(read).await?;
    Ok(format!("row {id} written on {written}, read on {read}"))
}
