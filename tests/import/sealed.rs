//! A table read into small segments holds what the same rows hold that were entered by hand and lie loose: after a second
//! file that changes some of them, an undo, and when all is compacted.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use attache::{Database, Event, Location, Participant, Role, Status, Value};

use super::{answer, assert_sum, file, import};

const ROWS: usize = 2600;

/// Row `n` as an event, as it was first told or as it was told later.
fn event(n: usize, told: usize) -> Event {
    let kinds = ["visit", "consult", "agreement", "accusation", "fight"];
    let text = |words: &[&str], n: usize| words[n % words.len()].to_owned();
    let (source, target) = (format!("Actor {}", n % 37), format!("Other {}", (n / 3 + told) % 53));
    let number = |n: usize| i64::try_from(n).unwrap();
    let day = match n % 29 {
        0 => None,
        1 => Some(format!("20{:02}-{:02}", 5 + n / 300, 1 + n % 12)),
        2 => Some(format!("20{:02}~", 5 + n / 300)),
        _ => Some(format!("20{:02}-{:02}-{:02}", 5 + n / 300, 1 + n / 25 % 12, 1 + n % 28)),
    };
    let places = ["Moscow", "Karachi", "Termez", "Gilgit"];
    let mut attributes = BTreeMap::from([("losses".to_owned(), Value::Int(number(n % 90 + told)))]);
    if !n.is_multiple_of(4) {
        attributes.insert("tag".to_owned(), Value::from(text(&["army", "navy", "trade"], n / 4)));
    }
    Event {
        key: Some(format!("k{n}")),
        kind: text(&kinds, n / 7 + told),
        participants: vec![
            Participant::new(source, Role::Source),
            Participant::new(target, Role::Target),
        ],
        date: day.map(|day| day.parse().unwrap()),
        places: (!n.is_multiple_of(5))
            .then(|| Location { name: text(&places, n), coordinates: None })
            .into_iter()
            .collect(),
        status: if n.is_multiple_of(11) { Status::Planned } else { Status::Happened },
        goldstein: (!n.is_multiple_of(3))
            .then(|| f64::from(u8::try_from(n % 40).unwrap()) / 4.0 - 5.0),
        summary: Some(format!("Row {n} of the helicopters, told {told}")),
        attributes,
        ..Event::default()
    }
}

/// Events as a table.
fn table<'e>(events: impl Iterator<Item = &'e Event>) -> String {
    let mut text =
        "key,date,kind,source,target,place,status,goldstein,summary,losses,tag\n".to_owned();
    for event in events {
        let told = |name: &str| event.attributes.get(name).map(ToString::to_string);
        let cells = [
            event.key.clone(),
            event.date.as_ref().map(ToString::to_string),
            Some(event.kind.clone()),
            Some(event.participants[0].name.clone()),
            Some(event.participants[1].name.clone()),
            event.places.first().map(|place| place.name.clone()),
            Some(event.status.word().to_owned()),
            event.goldstein.map(|score| score.to_string()),
            event.summary.as_ref().map(|summary| format!("\"{summary}\"")),
            told("losses"),
            told("tag"),
        ];
        let cells: Vec<String> = cells.into_iter().map(Option::unwrap_or_default).collect();
        let _ = writeln!(text, "{}", cells.join(","));
    }
    text
}

const QUERIES: [&str; 16] = [
    "events | select id, key, date, kind, source, target, place, goldstein, status, import, summary",
    "events | count by kind, status",
    "events | count by year",
    "events | count by pair | top 20 by count desc, pair",
    "events where source = \"Actor 7\" and year >= 2008 | select id, key",
    "events where place = \"Karachi\" and kind = \"consult\" | count by month",
    "events | summarize avg(goldstein) as mean, sum(losses) as lost, max(date) as last by place, quad",
    "events where tag in (\"army\", \"navy\") | count by tag, decade",
    "events where summary ~ \"helicopters\" | count",
    "events where summary ~ \"\\\"told 1\\\"\" | count by kind",
    "events where key = \"k717\" | select id, kind",
    "events where date during 2007-03 | sort date, id | select id, date",
    "events where possibly(date during 2007-03) | select id",
    "events | summarize median(losses) as middle, stddev(losses) as apart, count_distinct(target) as targets by import",
    "events where tag is null | summarize first(key) as first, last(key) as last by status",
    "events | sort goldstein desc, id | head 25 | select id, goldstein",
];

/// Equal, but for the last digits of a sum in another order.
fn is_near(a: &str, b: &str) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(1.0);
    a == b || a.parse().is_ok_and(|a| b.parse().is_ok_and(|b| near(a, b)))
}

/// The database that reads files and the one that is written to by hand, with the events that both must have.
struct Pair {
    sealed: Database,
    loose: Database,
    known: BTreeMap<u64, Event>,
}

impl Pair {
    /// Enters by hand what the file of an import told, and holds both databases against each other.
    fn enter(&mut self, import: u64, events: &[Event]) {
        let ids: BTreeMap<Option<String>, u64> =
            self.known.iter().map(|(id, event)| (event.key.clone(), *id)).collect();
        for events in events.chunks(200) {
            self.loose
                .write(|tx| {
                    for event in events {
                        let event = Event { import: Some(import), ..event.clone() };
                        let known = ids.get(&event.key).map(|id| (*id, &self.known[id]));
                        let id = match known {
                            Some((_, old))
                                if Event { import: old.import, ..event.clone() } == *old =>
                            {
                                continue;
                            }
                            Some((id, _)) => {
                                assert!(tx.update(attache::EventId(id), event.clone())?);
                                id
                            }
                            None => tx.insert(event.clone())?.0,
                        };
                        self.known.insert(id, event);
                    }
                    Ok(())
                })
                .unwrap();
        }
        self.hold(&format!("import {import}"));
    }

    fn hold(&self, what: &str) {
        assert_eq!(self.sealed.verify().unwrap(), [""; 0], "{what}");
        let rows = self.sealed.query("events").unwrap().map(|row| {
            let row = row.unwrap();
            (row.id().unwrap().0, row.event().unwrap().clone())
        });
        let found: BTreeMap<u64, Event> = rows.collect();
        for (id, event) in &self.known {
            assert_eq!(found.get(id), Some(event), "{what}: event {id}");
        }
        assert_eq!(found.len(), self.known.len(), "{what}");
        let mut empty = Vec::new();
        for query in QUERIES {
            let (sealed, loose) = (answer(&self.sealed, query), answer(&self.loose, query));
            if loose.is_empty() {
                empty.push(query);
            }
            let near = |(a, b): (&Vec<String>, &Vec<String>)| {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_near(a, b))
            };
            if sealed.len() != loose.len() || !sealed.iter().zip(&loose).all(near) {
                let at = sealed.iter().zip(&loose).find(|pair| !near(*pair));
                panic!("{what}: {query}: {} rows, {}: {at:?}", sealed.len(), loose.len());
            }
        }
        assert!(empty.len() <= 1, "{what}: these find nothing: {empty:?}");
    }

    /// Undoes an import in both.
    fn undo(&mut self, import: u64, before: &BTreeMap<u64, Event>) {
        let undo = format!("delete events where import = {import}");
        let told =
            [&self.sealed, &self.loose].map(|db| format!("{:?}", db.execute(&undo).unwrap()));
        assert_eq!(told[0], told[1]);
        self.known.clone_from(before);
        self.hold(&format!("import {import} undone"));
    }
}

#[test]
fn a_table_in_small_segments_is_what_was_entered_by_hand() {
    for (newest, segment_rows) in [(0, 64), (150, 200)] {
        let folder = tempfile::tempdir().unwrap();
        let read = |db: &Database, name: &str, events: &[Event]| {
            let report = import(db, &file(folder.path(), name, table(events.iter())));
            assert_sum(&report);
            assert_eq!(report.counts.rejected, 0, "{report}");
            report.counts
        };
        let path = folder.path().join("x.attache");
        let mut pair = Pair {
            sealed: Database::builder().sealing(newest, segment_rows).open(&path).unwrap(),
            loose: Database::builder().sealing(usize::MAX, 1).open_in_memory().unwrap(),
            known: BTreeMap::new(),
        };
        let first: Vec<Event> = (300..ROWS).map(|n| event(n, 0)).collect();
        assert_eq!(read(&pair.sealed, "a.csv", &first).loaded, 2300);
        assert!(pair.sealed.info().unwrap().segments >= 2300 / segment_rows as u64);
        pair.enter(1, &first);

        // Some rows changed, some the same, some new and of days before all others.
        let second: Vec<Event> = (0..1200).map(|n| event(n, usize::from(n % 3 == 0))).collect();
        let before = pair.known.clone();
        let counts = read(&pair.sealed, "b.csv", &second);
        assert_eq!((counts.loaded, counts.updated, counts.duplicates), (300, 300, 600));
        pair.enter(2, &second);

        pair.undo(2, &before);
        pair.sealed.compact().unwrap();
        pair.hold("compacted");

        let third: Vec<Event> = (1000..1400).map(|n| event(n, 1)).collect();
        let counts = read(&pair.sealed, "c.csv", &third);
        assert_eq!((counts.loaded, counts.updated), (0, 400));
        pair.enter(3, &third);
        pair.sealed.close().unwrap();
        pair.sealed = Database::open_read_only(&path).unwrap();
        assert_eq!(pair.loose.info().unwrap().segments, 0);
        pair.hold("opened again");
    }
}
