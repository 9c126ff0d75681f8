//! Jobs in simulated time, run on the test's own thread.

use std::time::Duration;

use bourse_storage::sync;
use bourse_storage::sync::sim;
use bourse_storage::vfs::sim::SimVfs;

use super::{JobDefinition, JobFunctions, JobOutcome, JobRunner, JobWork, Schedule};
use crate::queue::tests::options_on;
use crate::schema::{IndexDefinition, TableDefinition};
use crate::{Database, Error, Type, Value};

mod threads;

fn in_world(body: impl FnOnce(&Database) + Send + 'static) {
    let world = move || {
        body(&Database::open("/store", options_on(&SimVfs::new(1))).unwrap());
    };
    sim::run(1, &sim::Options::default(), world).finished();
}

fn job(name: &str, work: JobWork) -> JobDefinition {
    let schedule = Schedule::Every(Duration::from_secs(60));
    JobDefinition { name: name.to_owned(), schedule, work }
}

#[test]
fn a_job_runs_by_its_schedule_until_it_is_paused() {
    in_world(|store| {
        let count = TableDefinition::builder("count")
            .column("id", Type::BigInt)
            .not_null()
            .column("value", Type::BigInt)
            .primary_key(["id"])
            .build();
        let count = store.create_table(&count.unwrap()).unwrap();
        store.insert(&count, vec![1.into(), 0.into()]).unwrap();
        let table = count.clone();
        let functions = JobFunctions::new()
            .with("add", move |run| {
                run.finish(|t| {
                    let row = t.get(&table, &[1.into()])?;
                    let Some(Value::Integer(value)) = row.map(|row| row.get(1).to_value()) else {
                        return Err(Error::invalid("no row"));
                    };
                    t.update(&table, &[1.into()], &[("value", (value + 1).into())]).map(drop)
                })
            })
            .with("fail", |_| Err(Error::invalid("it is meant to fail")));
        store.create_job(&job("add", JobWork::Function("add".into()))).unwrap();
        store.create_job(&job("fail", JobWork::Function("fail".into()))).unwrap();
        let twice = store.create_job(&job("add", JobWork::Statistics));
        assert_eq!(twice.unwrap_err().sqlstate(), "42710");
        assert_eq!(JobRunner::run_due(store, &functions).unwrap(), 0);
        for _ in 0..3 {
            sync::sleep(Duration::from_secs(60));
            assert_eq!(JobRunner::run_due(store, &functions).unwrap(), 2);
            assert_eq!(JobRunner::run_due(store, &functions).unwrap(), 0);
        }
        let value = store.get(&count, &[1.into()]).unwrap().unwrap().get(1).to_value();
        assert_eq!(value, Value::Integer(3));
        let state = store.job("add").unwrap();
        assert_eq!((state.runs, state.failures, state.paused), (3, 0, false));
        assert_eq!(state.last_outcome, Some(JobOutcome::Succeeded));
        let failed = store.job("fail").unwrap();
        assert_eq!((failed.runs, failed.failures), (3, 3));
        assert!(matches!(failed.last_outcome, Some(JobOutcome::Failed(text))
            if text.contains("meant to fail")));
        store.drop_job("fail").unwrap();
        store.pause_job("add").unwrap();
        sync::sleep(Duration::from_secs(300));
        assert_eq!(JobRunner::run_due(store, &functions).unwrap(), 0);
        assert!(store.run_job_now("add").unwrap());
        assert_eq!(JobRunner::run_due(store, &functions).unwrap(), 1);
        store.resume_job("add").unwrap();
        sync::sleep(Duration::from_secs(61));
        assert_eq!(JobRunner::run_due(store, &functions).unwrap(), 1);
        assert_eq!(store.job("add").unwrap().runs, 5);
    });
}

#[test]
fn retention_deletes_what_is_older() {
    in_world(|store| {
        let events = TableDefinition::builder("events")
            .column("id", Type::BigInt)
            .not_null()
            .column("at", Type::Timestamp { precision: 9 })
            .primary_key(["id"])
            .index(IndexDefinition::on("by_time", ["at"]))
            .build();
        let events = store.create_table(&events.unwrap()).unwrap();
        let retention = JobWork::Retention {
            table: "events".into(),
            index: "by_time".into(),
            age: Duration::from_secs(600),
            rows_at_once: 7,
        };
        store.create_job(&job("retention", retention)).unwrap();
        store.create_job(&job("statistics", JobWork::Statistics)).unwrap();
        for id in 0..40_i64 {
            let at = Value::Timestamp(crate::datetime::wall_clock_ns());
            store.insert(&events, vec![id.into(), at]).unwrap();
            sync::sleep(Duration::from_secs(30));
        }
        JobRunner::run_due(store, &JobFunctions::new()).unwrap();
        let left = store.cut().count(&events).unwrap();
        assert!((19..=21).contains(&left), "{left} are left");
        assert!(store.get(&events, &[39.into()]).unwrap().is_some());
        assert_eq!(store.job("retention").unwrap().failures, 0);
        let statistics = store.table("bourse_table_statistics").unwrap();
        assert!(store.get(&statistics, &["events".into()]).unwrap().is_some());
    });
}
