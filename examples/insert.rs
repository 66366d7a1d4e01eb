//! Writes in one transaction: a document, an actor, an event; and reads them before they are committed.
//!
//! `cargo run --example insert`

use attache::{Actor, Affiliation, Citation, Database, Document, Event, Participant, Result, Role};

/// Enters a visit, and finds it through the office of its visitor.
pub(crate) fn main() -> Result<()> {
    let db = Database::open_in_memory()?;
    let id = db.write(|tx| {
        let publisher = Some("The Daily".into());
        tx.define_document(Document { key: "daily".into(), publisher, ..Document::default() })?;
        tx.define_actor(Actor { name: "Norland".into(), ..Actor::default() })?;
        let minister = Affiliation {
            under: "Norland".into(),
            office: Some("Foreign Minister".into()),
            rank: Some(4),
            from: Some("2014-03".parse()?),
            to: None,
        };
        let affiliations = vec![minister];
        tx.define_actor(Actor { name: "Ada Varga".into(), affiliations, ..Actor::default() })?;
        let id = tx.insert(Event {
            key: Some("varga-2015".into()),
            kind: "visit".into(),
            date: Some("summer of 2015".parse()?),
            participants: vec![
                Participant::new("Ms. Ada Varga", Role::Visitor),
                Participant::new("Sudland", Role::Host),
            ],
            documents: vec![Citation { document: "daily".into(), ..Citation::default() }],
            ..Event::default()
        })?;
        // The transaction sees what it has written; nobody else does until it is committed.
        let count = "visit where actor under $state | count";
        let n: i64 = tx.query_with(count, [("state", "Norland")])?.scalar()?;
        assert_eq!(n, 1);
        Ok(id)
    })?;

    // What returns an error is rolled back: the key is taken.
    let again = Event { key: Some("varga-2015".into()), kind: "visit".into(), ..Event::default() };
    if let Err(error) = db.write(|tx| tx.insert(again)) {
        println!("{error}");
    }
    if let Some(event) = db.get(id)? {
        println!("event {id}: {} with {} participants", event.kind, event.participants.len());
    }
    let office: String = db.query("visit where visitor = \"Varga\" | select office")?.scalar()?;
    assert_eq!(office, "Foreign Minister");
    Ok(())
}
