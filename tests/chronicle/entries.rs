//! What every entry of it must be.

use std::collections::BTreeSet;

use attache::{Database, Event, Role, Status, Value};

use super::keys;

fn events(db: &Database) -> Vec<Event> {
    db.query("events").unwrap().map(|row| row.unwrap().event().unwrap().clone()).collect()
}

#[test]
fn every_event_has_a_key_a_summary_and_documents_that_exist() {
    let db = Database::demo().unwrap();
    let documents: BTreeSet<String> = db
        .query("documents | select key")
        .unwrap()
        .map(|row| row.unwrap().get("key").unwrap())
        .collect();
    assert_eq!(documents.len(), 2);
    let mut seen = BTreeSet::new();
    for event in events(&db) {
        let key = event.key.clone().expect("a key");
        assert!(event.summary.is_some(), "{key}");
        assert!(!event.documents.is_empty(), "{key}");
        for citation in &event.documents {
            assert!(documents.contains(&citation.document), "{key}: {}", citation.document);
        }
        assert!(seen.insert(key.clone()), "{key} is there twice");
    }
    assert_eq!(seen.len(), 78);
}

#[test]
fn links_point_to_events() {
    let db = Database::demo().unwrap();
    let events = events(&db);
    let known: BTreeSet<&str> = events.iter().filter_map(|e| e.key.as_deref()).collect();
    let mut links = 0;
    for event in &events {
        for link in &event.links {
            assert!(known.contains(link.to.as_str()), "{:?} points to {}", event.key, link.to);
            assert_ne!(event.key.as_deref(), Some(link.to.as_str()));
            links += 1;
        }
    }
    assert_eq!(links, 35);
}

#[test]
fn whoever_takes_part_is_in_the_catalogue() {
    let db = Database::demo().unwrap();
    for event in events(&db) {
        for participant in &event.participants {
            let query = format!("actors where name = \"{}\"", participant.name);
            assert!(db.query(&query).unwrap().count() > 0, "{}: {:?}", participant.name, event.key);
        }
        for place in &event.places {
            let query = format!("places where name = \"{}\"", place.name);
            assert_eq!(db.query(&query).unwrap().count(), 1, "{}", place.name);
        }
    }
}

#[test]
fn each_document_keeps_its_own_word() {
    let db = Database::demo().unwrap();
    let claims = |key: &str, field: &str| -> Vec<String> {
        let event = events(&db).into_iter().find(|e| e.key.as_deref() == Some(key)).unwrap();
        let claims = event.documents.iter().filter_map(|c| c.claims.get(field));
        claims.map(Value::to_string).collect()
    };
    let men = claims("foreign-minister-moscow-2018", "participants");
    assert!(men[0].contains("Khawaja Asif") && men[1].contains("Shah Mehmood Qureshi"), "{men:?}");
    assert_eq!(claims("north-south-pipeline", "quantity"), ["12.4 bcm/year", "1.6 bcf/day"]);
    assert_eq!(claims("aman-2017", "date"), ["2017"]);
    assert_eq!(claims("mi35-delivery-2017", "date"), ["by April 2018"]);
    assert_eq!(claims("us-pakistan-strain", "date").len(), 2);
}

#[test]
fn what_is_not_a_fact_says_so() {
    let db = Database::demo().unwrap();
    assert_eq!(keys(&db, "events where status = \"alleged\""), ["fatf-blacklist", "india-proxies"]);
    assert_eq!(
        keys(&db, "events where status = \"planned\""),
        ["india-s400", "mi35-twenty", "nato-exit-2021"]
    );
    let said: Vec<Event> =
        events(&db).into_iter().filter(|e| e.status == Status::Alleged).collect();
    assert!(said.iter().any(|e| e.said_by == ["Pakistan"]));
}

#[test]
fn who_is_only_spoken_of_takes_no_part() {
    let db = Database::demo().unwrap();
    let about =
        events(&db).into_iter().filter(|e| e.participants.iter().any(|p| p.role == Role::About));
    assert!(about.count() > 10);
    assert_eq!(keys(&db, "events where about = \"NATO\""), ["four-on-exit-2021"]);
    assert_eq!(
        keys(&db, "events where actor = \"NATO\""),
        ["black-sea-fleet-2021", "nato-exit-2021"]
    );
}
