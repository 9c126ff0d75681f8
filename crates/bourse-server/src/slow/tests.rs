//! Guards: a slow statement is a line of JSON, which shows nobody's values unless they are asked
//! for.

use std::time::Duration;

use bourse_sql::connection::Canceler;
use bourse_sql::error::SqlError;

use super::line;
use crate::registry::Registry;

#[test]
fn values_are_hidden_unless_they_are_asked_for() {
    let entry = Registry::default().add("ann", "127.0.0.1:4000", Canceler::default());
    let text = "select *\n from users where name = 'Eve' and id = 42";
    let took = Duration::from_millis(1_500);
    let error = SqlError::new("57014", "canceling statement due to statement timeout");
    let hidden = line(&entry, text, took, 3, Some(&error), false);
    assert!(!hidden.to_string().contains('\n'));
    assert_eq!(hidden["statement"], "select * from users where name = $1 and id = $2");
    assert_eq!((&hidden["user"], &hidden["sqlstate"]), (&"ann".into(), &"57014".into()));
    assert_eq!((&hidden["milliseconds"], &hidden["rows"]), (&1_500.0.into(), &3.into()));
    let shown = line(&entry, text, took, 3, None, true);
    assert_eq!(shown["statement"], text);
    assert!(shown["sqlstate"].is_null());
    assert!(!shown.to_string().contains('\n'));
}
