//! Feeds of views: of which there are none, what stays while there is one, and what is told of a
//! group that cannot be shown. That they tell what is there is `feed_model`'s.

use bourse::expression::{column, constant};
use bourse::view::{AggregateFunction as F, Fraction, Lookup};
use bourse::{
    Alteration, Database, Error, ErrorKind, FeedDefinition, LoadOrder, Table, TableDefinition,
    Type, Value, ViewDefinition,
};

use crate::expect::refused;
use crate::views::open;

fn sales(store: &Database) -> Table {
    let table = TableDefinition::builder("sales")
        .column("id", Type::BigInt)
        .column("shop", Type::BigInt)
        .column("amount", Type::BigInt)
        .column("discount", Type::BigInt)
        .primary_key(["id"]);
    store.create_table(&table.build().unwrap()).unwrap()
}

fn by_shop(name: &str) -> bourse::view::ViewBuilder {
    ViewDefinition::builder(name, "sales")
        .group("shop", column("shop"))
        .aggregate("amount", F::Sum(column("amount").times(column("amount"))))
        .aggregate("discounts", F::Count(column("discount")))
}

#[test]
fn what_has_no_feed_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    sales(&store);
    let create = |view: &bourse::view::ViewBuilder| drop(store.create_view(view).unwrap());
    let since = store.cut().lsn();
    create(&by_shop("partial"));
    create(&by_shop("owned").owned());
    create(&ViewDefinition::rollup("above", "owned").group("shop", column("shop")));
    let median = F::PercentileDiscrete(Fraction::HALF, column("amount"));
    create(&by_shop("median").owned().aggregate("median", median));
    let lookup = Lookup::of("sales", ["shop"]).column("sold", "amount");
    create(&by_shop("joined").owned().lookup(lookup));
    let refuse = |feed: FeedDefinition, sqlstate: &str, told: &str| {
        let message = refused(store.create_feed("f", &feed), sqlstate);
        assert!(message.contains(told), "{message}");
    };
    refuse(FeedDefinition::of_view("partial"), "0A000", "let it be owned");
    refuse(FeedDefinition::of_view("above"), "0A000", "roll-up");
    refuse(FeedDefinition::of_view("median"), "0A000", "percentile");
    refuse(FeedDefinition::of_view("joined"), "0A000", "looked up");
    refuse(FeedDefinition::of_view("sales"), "42P01", "sales");
    refuse(FeedDefinition::of_table("owned"), "42809", "of_view");
    refuse(FeedDefinition::of_view("owned").after(since), "55000", "begin now");
}

#[test]
fn a_view_stays_while_it_has_a_feed() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    sales(&store);
    store.create_view(&by_shop("owned").owned()).unwrap();
    store.create_feed("f", &FeedDefinition::of_view("owned")).unwrap();
    let info = store.feed("f").unwrap();
    assert_eq!((info.table.as_str(), info.view.as_deref()), ("sales", Some("owned")));
    let message = refused(store.drop_view("owned"), "2BP01");
    assert!(message.contains("feed f"), "{message}");
    let gone = [Alteration::DropColumnCascade("discount".into())];
    refused(store.alter_table("sales", &gone), "2BP01");
    drop(store);
    let store = open(folder.path());
    refused(store.alter_table("sales", &gone), "2BP01");
    store.drop_feed("f").unwrap();
    store.alter_table("sales", &gone).unwrap();
    refused(store.view("owned").map(drop), "42P01");
}

/// Guards F7: what a record has of groups cannot refuse a commit.
#[test]
fn a_group_that_cannot_be_shown_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let table = sales(&store);
    let small = ViewDefinition::builder("small", "sales")
        .group("shop", column("shop"))
        .aggregate("most", F::Sum(column("amount").cast(Type::Decimal { precision: 38, scale: 0 })))
        .owned();
    // Twice 1.6e308 is beyond all doubles.
    let large = column("amount").cast(Type::Double).times(constant(8e307));
    let small = small.aggregate("large", F::Sum(large));
    store.create_view(&small).unwrap();
    store.create_feed("f", &FeedDefinition::of_view("small")).unwrap();
    let insert = |id: i64, amount: i64| {
        store
            .transaction(|t| {
                t.insert(&table, vec![id.into(), 1.into(), amount.into(), Value::Null]).map(drop)
            })
            .unwrap();
    };
    let mut subscription = store.subscribe("f").unwrap();
    let mut next = || {
        let changes = subscription.try_next().unwrap().unwrap();
        let [change] = changes.groups().collect::<Vec<_>>()[..] else { panic!("{changes:?}") };
        change.clone()
    };
    insert(1, 2);
    let first = next();
    assert!(first.before().unwrap().is_none());
    assert_eq!(first.after().unwrap().unwrap().get("most").unwrap(), &Value::Decimal(2.into()));
    insert(2, 2);
    let beyond = next();
    assert!(beyond.before().unwrap().is_some());
    refused(beyond.after(), "22003");
    assert_eq!(beyond.key().unwrap(), [1.into()]);
    store.transaction(|t| t.delete(&table, &[2.into()]).map(drop)).unwrap();
    let back = next();
    refused(back.before(), "22003");
    assert_eq!(back.after().unwrap().unwrap().get("most").unwrap(), &Value::Decimal(2.into()));
}

/// Guards the version that making a feed raises: the pieces of a load that began before have
/// nothing for it.
#[test]
fn a_load_that_began_before_the_feed_ends() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let table = sales(&store);
    let view = ViewDefinition::builder("each", "sales")
        .group("id", column("id"))
        .aggregate("sales", F::CountRows);
    store.create_view(&view.owned()).unwrap();
    let load = |meanwhile: &dyn Fn(i64)| {
        let rows = (1..=100_i64).map(|id| {
            meanwhile(id);
            Ok::<_, Error>(vec![id.into(), 1.into(), id.into(), Value::Null])
        });
        store.bulk_load(&table, LoadOrder::Sorted, rows)
    };
    let ended = load(&|id| {
        if id == 50 {
            store.create_feed("f", &FeedDefinition::of_view("each")).unwrap();
        }
    });
    assert_eq!(ended.unwrap_err().kind(), ErrorKind::Conflict);
    load(&|_| {}).unwrap();
    let changes = store.subscribe("f").unwrap().try_next().unwrap().unwrap();
    assert_eq!(changes.groups().count(), 100);
    assert!(changes.is_last());
}
