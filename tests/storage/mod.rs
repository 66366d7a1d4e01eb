//! Claims about the storage layer.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_possible_truncation)]
#![allow(clippy::cast_possible_wrap, clippy::cast_sign_loss)]

mod files;
mod loads;
mod model;
mod transactions;

use attache::internals::storage::*;

/// A participant.
fn who(name: &str, role: Role) -> Participant {
    Participant::new(name, role)
}

/// A visit of a day.
fn visit(key: &str, visitor: &str, host: &str, day: i64) -> Event {
    Event {
        key: Some(key.to_owned()),
        kind: "visit".to_owned(),
        participants: vec![who(visitor, Role::Visitor), who(host, Role::Host)],
        date: Some(Date::day(Day(day))),
        places: vec![Location { name: "Moscow".to_owned(), coordinates: None }],
        ..Event::default()
    }
}

/// Options of opening.
fn options(access: Access) -> StoreOptions {
    StoreOptions { access, ..StoreOptions::default() }
}

/// The id of an event just inserted.
fn new(inserted: Inserted) -> EventId {
    match inserted {
        Inserted::New(id) => id,
        Inserted::KeyTaken(id) => panic!("its key belongs to {id}"),
    }
}

/// Fails with all that the store finds wrong with itself.
fn assert_sound(store: &Store) {
    assert_eq!(store.verify().unwrap(), Vec::<String>::new());
}
