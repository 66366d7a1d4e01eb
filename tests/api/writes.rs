//! Transactions and snapshots.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

use attache::{Citation, Database, Event, Outcome, RunOptions};

use super::{code, count, keys, visit};

#[test]
fn a_snapshot_sees_nothing_of_later_commits() {
    let db = Database::demo().unwrap();
    let before = db.snapshot().unwrap();
    let mut running = db.query("events").unwrap();
    assert!(running.next().unwrap().is_ok());
    let id = db.write(|tx| tx.insert(visit("new", "2020"))).unwrap();
    db.execute("delete events where year = 2016").unwrap();
    assert_eq!(before.query("events | count").unwrap().scalar::<i64>().unwrap(), 78);
    assert!(before.get(id).unwrap().is_none());
    assert_eq!(running.count(), 77);
    assert_eq!(count(&db), 78);
    assert!(db.get(id).unwrap().is_some());
}

#[test]
fn a_transaction_reads_what_it_has_written() {
    let db = Database::open_in_memory().unwrap();
    db.write(|tx| {
        tx.execute("define actor \"Anna\" { state: \"Aland\" }; define actor \"Aland\" { type: \"state\" }")?;
        tx.insert(visit("a", "2020"))?;
        assert_eq!(keys(tx.query_with("events where visitor under \"Aland\"", ())?), ["a"]);
        tx.execute("delete events where key = \"a\"; insert visit { key: \"b\", host: \"Aland\" }")?;
        assert_eq!(keys(tx.query_with("visit", ())?), ["b"]);
        assert_eq!(count(&db), 0, "nobody else sees it yet");
        Ok(())
    })
    .unwrap();
    assert_eq!(keys(db.query("events").unwrap()), ["b"]);
}

#[test]
fn what_fails_or_panics_leaves_everything_as_it_was() {
    let db = Database::demo().unwrap();
    let error = db.write(|tx| {
        tx.insert(visit("x", "2020"))?;
        tx.execute("define actor \"X\" { type: \"person\" }; delete events where year = 2016; events where nonsense = 1").map(|_| ())
    });
    assert_eq!(code(&error.unwrap_err()), "unknown-field");
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        db.write(|tx| -> attache::Result<()> {
            tx.insert(visit("x", "2020"))?;
            panic!("in the middle");
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(count(&db), 78);
    assert_eq!(db.query("actors where name == \"X\"").unwrap().count(), 0);
    assert_eq!(db.verify().unwrap(), Vec::<String>::new());
    db.write(|tx| tx.insert(visit("x", "2020"))).unwrap();
    assert_eq!(count(&db), 79);
}

#[test]
fn a_row_is_the_same_however_it_was_entered() {
    let text = r#"insert visit { key: "k", date: "early 2016", visitor: "Anna", host: ["Aland", "Berland"], place: "Port",
        quantities: [{ value: 3..4 billion USD, of: "investment", approx: true }], status: "planned", said_by: "Anna", said: @2015-06~,
        documents: [{ document: "doc", locator: "page 3", date: 2016 }], links: [{ to: "other", as: "follows" }],
        summary: "A visit.", goldstein: 2.5, code: "042", ships: 3, tags: ["a", "b"] }"#;
    let fresh = || {
        let db = Database::open_in_memory().unwrap();
        db.execute("define document doc { title: \"Doc\" }").unwrap();
        db
    };
    let first = |db: &Database| -> Event {
        db.query("events").unwrap().one().unwrap().event().unwrap().clone()
    };
    let script = fresh();
    script.execute(text).unwrap();
    let entered = first(&script);
    let session = fresh();
    let outcome = session.session().run(&text.parse().unwrap(), RunOptions::default()).unwrap();
    assert!(matches!(outcome, Outcome::Changed(ref c) if c.inserted.len() == 1));
    assert_eq!(first(&session), entered);
    let printed = fresh();
    printed.execute(&text.parse::<attache::Query>().unwrap().to_string()).unwrap();
    assert_eq!(first(&printed), entered);
    let api = fresh();
    api.write(|tx| {
        let quantity = attache::Quantity {
            approx: true,
            ..attache::Quantity::new(3e9, 4e9, Some("USD")).of("investment")
        };
        let who = |name: &str, role| attache::Participant::new(name, role);
        tx.insert(Event {
            key: Some("k".into()),
            kind: "visits".into(),
            code: Some("042".into()),
            participants: vec![
                who("Anna", attache::Role::Visitor),
                who("Aland", attache::Role::Host),
                who("Berland", attache::Role::Host),
            ],
            date: Some("early 2016".parse()?),
            said: Some("2015-06~".parse()?),
            places: vec![attache::Location { name: "Port".into(), coordinates: None }],
            quantities: vec![quantity],
            status: attache::Status::Planned,
            said_by: vec!["Anna".into()],
            documents: vec![Citation {
                document: "doc".into(),
                locator: Some("page 3".into()),
                claims: [("date".to_owned(), attache::Date::year(2016).into())].into(),
            }],
            links: vec![attache::Link { to: "other".into(), relation: attache::Relation::Follows }],
            summary: Some("A visit.".into()),
            goldstein: Some(2.5),
            attributes: [
                ("ships".to_owned(), 3.into()),
                ("tags".to_owned(), vec!["a", "b"].into()),
            ]
            .into(),
            ..Event::default()
        })
    })
    .unwrap();
    assert_eq!(first(&api), entered);
}

#[test]
fn what_cannot_be_entered_is_refused() {
    let db = Database::open_in_memory().unwrap();
    let id = db.write(|tx| tx.insert(visit("a", "2020"))).unwrap();
    let taken = db.write(|tx| tx.insert(visit("a", "2021"))).unwrap_err();
    assert_eq!(code(&taken), "key-taken");
    assert!(taken.to_string().contains(&format!("belongs to event {id}")), "{taken}");
    let kind = db.write(|tx| tx.insert(Event { kind: "nonsense".into(), ..Event::default() }));
    assert_eq!(code(&kind.unwrap_err()), "unknown-kind");
    let cites = vec![Citation { document: "none".into(), ..Citation::default() }];
    let document = db.write(|tx| tx.insert(Event { documents: cites, ..visit("b", "2020") }));
    assert_eq!(code(&document.unwrap_err()), "unknown-document");
    assert_eq!(
        code(&db.execute("insert visit { documents: [\"none\"] }").unwrap_err()),
        "unknown-document"
    );
    let other = db.write(|tx| tx.insert(visit("b", "2020"))).unwrap();
    assert_eq!(
        code(&db.write(|tx| tx.update(other, visit("a", "2022"))).unwrap_err()),
        "key-taken"
    );
    assert!(db.write(|tx| tx.update(id, visit("a", "2022"))).unwrap());
    assert!(!db.write(|tx| tx.delete(attache::EventId(999))).unwrap());
    assert_eq!(keys(db.query("events where year = 2022").unwrap()), ["a"]);
}

#[test]
fn readers_see_whole_transactions_while_a_writer_writes() {
    let db = Database::open_in_memory().unwrap();
    db.write(|tx| tx.insert_all([visit("0a", "2020"), visit("0b", "2020")])).unwrap();
    let done = AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        let read = || {
            let mut most = 0;
            while !done.load(Ordering::Relaxed) {
                let n = count(&db);
                assert_eq!(n % 2, 0, "half of a transaction");
                assert!(n >= most, "the past came back");
                most = n;
                let mut all = keys(db.query("visit where host = \"Aland\" | sort key").unwrap());
                all.dedup();
                assert!(i64::try_from(all.len()).unwrap() >= n, "postings lag behind the rows");
            }
            most
        };
        let readers: Vec<_> = (0..3).map(|_| scope.spawn(read)).collect();
        for n in 1..60 {
            let pair = ["a", "b"].map(|side| visit(&format!("{n}{side}"), "2020"));
            db.write(|tx| tx.insert_all(pair)).unwrap();
        }
        done.store(true, Ordering::Relaxed);
        readers.into_iter().map(|r| r.join().unwrap()).max()
    });
    assert!(seen.unwrap() > 2, "no reader saw anything of it");
    assert_eq!(count(&db), 120);
    assert_eq!(db.verify().unwrap(), Vec::<String>::new());
}
