//! Writes in one transaction: a document, an actor, an event; and reads them before they are committed.
//!
//! `cargo run --example insert`

use attache::{
    Actor, Affiliation, Alias, Citation, Database, Document, Event, Participant, Result, Role,
};

/// Enters a visit, and finds it by another spelling of its visitor.
pub fn main() -> Result<()> {
    let db = Database::open_in_memory()?;
    let id = db.write(|tx| {
        tx.define_document(Document {
            key: "daily".into(),
            publisher: Some("The Daily".into()),
            ..Document::default()
        })?;
        tx.define_actor(Actor {
            name: "Norland".into(),
            kind: Some("state".into()),
            ..Actor::default()
        })?;
        tx.define_actor(Actor {
            name: "Ada Varga".into(),
            kind: Some("person".into()),
            aliases: vec![Alias { name: "A. Varga".into(), from: None, to: None }],
            affiliations: vec![Affiliation {
                under: "Norland".into(),
                office: Some("Foreign Minister".into()),
                rank: Some(4),
                from: Some("2014-03".parse()?),
                to: None,
            }],
            ..Actor::default()
        })?;
        let id = tx.insert(Event {
            key: Some("varga-2015".into()),
            kind: "visit".into(),
            date: Some("summer of 2015".parse()?),
            participants: vec![
                Participant { name: "A. Varga".into(), role: Role::Visitor },
                Participant { name: "Sudland".into(), role: Role::Host },
            ],
            documents: vec![Citation {
                document: "daily".into(),
                locator: Some("page 3".into()),
                ..Citation::default()
            }],
            ..Event::default()
        })?;
        // The transaction sees what it has written; nobody else does until it is committed.
        let n: i64 = tx
            .query_with("visit where actor under $state | count", [("state", "Norland")])?
            .scalar()?;
        assert_eq!(n, 1);
        Ok(id)
    })?;

    // What returns an error is rolled back: the key is taken.
    let again = db.write(|tx| {
        tx.insert(Event {
            key: Some("varga-2015".into()),
            kind: "visit".into(),
            ..Event::default()
        })
    });
    println!("{}", again.expect_err("the key is taken"));

    let event = db.get(id)?.expect("it was committed");
    println!("event {id}: {} with {} participants", event.kind, event.participants.len());
    let office: String =
        db.query(r#"visit where visitor = "Ada Varga" | select office"#)?.scalar()?;
    assert_eq!(office, "Foreign Minister");
    Ok(())
}
