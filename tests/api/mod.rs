//! The library as programs use it.

mod analyze;
mod beside;
mod crash;
mod files;
mod limits;
mod machine;
mod queries;
mod undo;
mod writes;

use attache::{Database, Event, Participant, Role, Row, Rows};

/// A visit of a day.
fn visit(key: &str, date: &str) -> Event {
    let who = |name: &str, role| Participant::new(name, role);
    Event {
        key: Some(key.to_owned()),
        kind: "visit".to_owned(),
        participants: vec![who("Anna", Role::Visitor), who("Aland", Role::Host)],
        date: Some(date.parse().unwrap()),
        ..Event::default()
    }
}

/// The keys of events, in their order.
fn keys(rows: Rows) -> Vec<String> {
    let key = |row: Row| row.event().unwrap().key.clone().unwrap_or_default();
    rows.map(|row| key(row.unwrap())).collect()
}

fn count(db: &Database) -> i64 {
    db.query("events | count").unwrap().scalar().unwrap()
}

/// The code of the diagnostic of an error.
fn code(error: &attache::Error) -> &'static str {
    error.diagnostic().unwrap_or_else(|| panic!("{error:?}")).code
}
