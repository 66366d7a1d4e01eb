//! Undoing an import.

use attache::{Database, Event, EventId, Outcome};

use super::{count, keys, visit};

fn from(import: Option<u64>, key: &str, summary: &str) -> Event {
    Event { import, summary: Some(summary.to_owned()), ..visit(key, "2020") }
}

/// Runs a statement that changes something and gives its words.
fn change(db: &Database, text: &str) -> String {
    match db.execute(text).unwrap().pop() {
        Some(Outcome::Changed(changes)) => changes.to_string(),
        other => panic!("{other:?}"),
    }
}

fn summary(db: &Database, id: EventId) -> Option<String> {
    db.get(id).unwrap().and_then(|event| event.summary)
}

/// Four events: by hand; of import 2, revised by 3 twice; new in 3; revised by 3 and then by 4.
fn database() -> (Database, Vec<EventId>) {
    let db = Database::open_in_memory().unwrap();
    let enter = |event: Event| db.write(|tx| tx.insert(event)).unwrap();
    let ids = vec![
        enter(from(None, "hand", "by hand")),
        enter(from(Some(2), "revised", "second")),
        enter(from(Some(3), "new", "third")),
        enter(from(Some(2), "later", "second")),
    ];
    for (at, import, summary) in
        [(1, 3, "third"), (1, 3, "third again"), (3, 3, "third"), (3, 4, "fourth")]
    {
        let key = if at == 1 { "revised" } else { "later" };
        assert!(db.write(|tx| tx.update(ids[at], from(Some(import), key, summary))).unwrap());
    }
    (db, ids)
}

#[test]
fn an_import_is_undone_as_a_whole() {
    let (db, ids) = database();
    assert_eq!(keys(db.query("events where import = 3").unwrap()), ["revised", "new"]);
    assert_eq!(
        change(&db, "delete events where import = 3 because \"the wrong file\""),
        "deleted 1 event, put 1 back as it was before import 3"
    );
    let left: Vec<_> = ids.iter().map(|id| summary(&db, *id)).collect();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(left, [text("by hand"), text("second"), None, text("fourth")]);
    assert_eq!(db.get(ids[1]).unwrap().unwrap().import, Some(2));
    assert_eq!(db.query("events where import = 3").unwrap().count(), 0);
    assert_eq!(change(&db, "delete events where import = 3"), "nothing changed");
    assert_eq!(db.verify().unwrap(), Vec::<String>::new());
    // What import 4 recorded goes back to what 3 had made of it.
    assert_eq!(
        change(&db, "delete events where 4 = import"),
        "put 1 event back as it was before import 4"
    );
    assert_eq!(summary(&db, ids[3]).as_deref(), Some("third"));
}

#[test]
fn a_narrower_condition_deletes() {
    for text in [
        "delete events where import = 3 and key is not null",
        "delete visit where import = 3",
        "delete events involving \"Anna\" where import = 3",
        "delete events where import >= 3 and import < 4",
    ] {
        let (db, ids) = database();
        assert_eq!(change(&db, text), "deleted 2 events", "{text}");
        assert_eq!(summary(&db, ids[1]), None, "{text}");
    }
}

#[test]
fn the_plan_says_that_it_undoes() {
    let (db, _) = database();
    let plan = db.explain("delete events where import = 3").unwrap();
    assert!(plan.starts_with("Undo: import 3\n"), "{plan}");
    let with = db.query_with("explain delete events where import = $n", [("n", 3)]).unwrap();
    assert_eq!(with.count(), 3);
    assert!(db.explain("delete visit where import = 3").unwrap().starts_with("Delete\n"));
    assert_eq!(count(&db), 4);
}

#[test]
fn keys_that_new_events_took_are_free_again() {
    let db = Database::open_in_memory().unwrap();
    let id = db.write(|tx| tx.insert(from(None, "a", "first"))).unwrap();
    db.write(|tx| {
        tx.update(id, from(Some(1), "b", "moved"))?;
        tx.insert(from(Some(1), "a", "new"))
    })
    .unwrap();
    assert_eq!(
        change(&db, "delete events where import = 1"),
        "deleted 1 event, put 1 back as it was before import 1"
    );
    assert_eq!(keys(db.query("events").unwrap()), ["a"]);
    assert_eq!(db.verify().unwrap(), Vec::<String>::new());
}
