//! The same scripts on the chronicle as segments: rows, notices and changes are those of loose events.

use std::fmt::Write as _;

use attache::{Database, Error, Outcome, Query, Result};

use super::rows;
use crate::support::{files, mask_analysis, root};

/// How many events lie loose at most, and how many rows a segment has: some segments, many, many beside loose events, one.
const SIZES: [(usize, usize); 4] = [(0, 64), (0, 7), (10, 16), (0, 64_512)];

/// The chronicle as `Database::demo` enters it.
fn chronicle(newest: usize, segment_rows: usize) -> Database {
    let script = root().join("fixtures/chronicle/pakistan-russia.evq");
    let script = std::fs::read_to_string(script).unwrap();
    let db = Database::builder().sealing(newest, segment_rows).open_in_memory().unwrap();
    db.write(|tx| tx.execute(&script).map(|_| ())).unwrap();
    db
}

/// What a script gives, or what it would change and what would be there then.
fn told(db: &Database, text: &str) -> String {
    let query: Query = match text.parse() {
        Ok(query) => query,
        Err(error) => return error.to_string(),
    };
    if query.is_read_only() {
        let told = rows(db, text);
        // Leaves of plans, and what they read, are not the same.
        return match told.strip_prefix("[rows]\nplan\n") {
            Some(plan) => {
                let last = plan.lines().last().unwrap();
                if last.contains(" in ") { mask_analysis(last) } else { String::new() }
            }
            None => told,
        };
    }
    let mut out = String::new();
    let undone: Result<()> = db.write(|tx| {
        for outcome in tx.execute(text)? {
            let Outcome::Changed(changes) = outcome else { continue };
            let _ = writeln!(out, "{changes} {:?}", changes.notices);
        }
        for all in ["events", "actors", "events where year = 2018 | count by dyad"] {
            for row in tx.query_with(all, ())? {
                let row = row?;
                let _ = writeln!(out, "{:?} {:?} {:?}", row.id(), row.event(), row.values());
            }
        }
        Err(Error::Cancelled)
    });
    if !matches!(undone, Err(Error::Cancelled)) {
        let _ = writeln!(out, "{undone:?}");
    }
    out
}

/// Scripts with what they tell of loose events.
fn expected() -> Vec<(String, String)> {
    let demo = Database::demo().unwrap();
    assert_eq!(demo.info().unwrap().segments, 0);
    let scripts = files(&root().join("fixtures/scripts"), "evq");
    let expected = scripts.iter().map(|path| {
        let text = std::fs::read_to_string(path).unwrap().trim_end().to_owned();
        let told = told(&demo, &text);
        (text, told)
    });
    let expected: Vec<_> = expected.collect();
    let saying = expected.iter().filter(|(_, told)| told.lines().count() > 2).count();
    assert!(saying * 5 > expected.len() * 4, "{saying} of {} scripts tell much", expected.len());
    expected
}

fn hold(db: &Database, expected: &[(String, String)], what: &str) {
    assert_eq!(db.verify().unwrap(), [""; 0], "{what}");
    for (text, wanted) in expected {
        assert_eq!(&told(db, text), wanted, "{what}: {text}");
    }
}

#[test]
fn a_script_tells_of_segments_what_it_tells_of_loose_events() {
    let expected = expected();
    for (newest, segment_rows) in SIZES {
        let db = chronicle(newest, segment_rows);
        let (events, segments) = (db.info().unwrap().events, db.info().unwrap().segments);
        assert_eq!(segments, events.div_ceil(segment_rows as u64), "{newest} {segment_rows}");
        let what = format!("{newest} loose, {segment_rows} rows");
        hold(&db, &expected, &what);
        db.compact().unwrap();
        hold(&db, &expected, &format!("{what}, compacted"));
    }
}

/// Entered statement by statement, as by hand: small segments are joined again and again.
#[test]
fn a_chronicle_sealed_bit_by_bit_and_opened_again_tells_the_same() {
    let expected = expected();
    let script = root().join("fixtures/chronicle/pakistan-russia.evq");
    let script = std::fs::read_to_string(script).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.attache");
    let open = || Database::builder().sealing(5, 16).open(&path).unwrap();
    let db = open();
    db.execute(&script).unwrap();
    assert!(db.info().unwrap().segments > 3);
    hold(&db, &expected, "bit by bit");
    db.close().unwrap();
    let db = open();
    hold(&db, &expected, "opened again");
    db.compact().unwrap();
    db.close().unwrap();
    let reading = Database::open_read_only(&path).unwrap();
    let only_reading = |(text, _): &&(String, String)| {
        text.parse::<Query>().map_or(true, |query| query.is_read_only())
    };
    let expected: Vec<_> = expected.iter().filter(only_reading).cloned().collect();
    hold(&reading, &expected, "compacted and opened for reading");
}
