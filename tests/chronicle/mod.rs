//! What must hold on the chronicle of Pakistan and Russia, event by event, by their keys.

mod entries;
mod forms;
mod offices;
mod questions;
mod series;

use attache::{Database, Rows};

/// The keys of the events of an answer, in its order.
fn keys_of(rows: &mut Rows) -> Vec<String> {
    rows.map(|row| row.unwrap().event().unwrap().key.clone().unwrap()).collect()
}

/// The keys of the events of an answer, sorted.
fn keys(db: &Database, query: &str) -> Vec<String> {
    let mut rows =
        db.query(query).unwrap_or_else(|e| panic!("{}", e.render(query, "query", false)));
    let mut keys = keys_of(&mut rows);
    keys.sort();
    keys
}

/// The number of events that the notice calls possible.
fn possible(db: &Database, query: &str) -> u64 {
    let mut rows = db.query(query).unwrap();
    rows.by_ref().for_each(|row| drop(row.unwrap()));
    let notices = rows.notices();
    let notice = notices.iter().find(|n| n.code == "possible");
    notice.map_or(0, |n| n.text.split(' ').next().unwrap().parse().unwrap())
}
