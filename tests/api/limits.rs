//! Limits of a run.

use std::time::Duration;

use attache::{CancelToken, Database, Error, Query, RunOptions};

use super::visit;

fn many(count: usize) -> Database {
    let db = Database::open_in_memory().unwrap();
    db.write(|tx| tx.insert_all((0..count).map(|n| visit(&format!("k{n}"), "2020")))).unwrap();
    db
}

fn run(
    db: &Database,
    text: &str,
    set: impl FnOnce(&mut RunOptions),
) -> attache::Result<attache::Rows> {
    let mut options = RunOptions::default();
    set(&mut options);
    db.run(&text.parse::<Query>().unwrap(), (), options)
}

#[test]
fn a_cancelled_query_ends() {
    let db = many(5000);
    let token = CancelToken::new();
    let mut rows = run(&db, "events", |o| o.cancel = Some(token.clone())).unwrap();
    assert!(rows.next().unwrap().is_ok());
    token.cancel();
    let rest: Vec<_> = rows.collect();
    assert!(rest.len() < 3000, "{} rows came after it", rest.len());
    assert!(matches!(rest.last(), Some(Err(Error::Cancelled))));
    assert!(matches!(run(&db, "events", |o| o.cancel = Some(token)), Err(Error::Cancelled)));
    assert_eq!(db.query("events").unwrap().count(), 5000);
}

#[test]
fn a_query_ends_when_its_time_is_over() {
    let db = many(3000);
    let rows = run(&db, "events | sort key desc", |o| o.timeout = Some(Duration::ZERO));
    let error = match rows {
        Err(error) => error,
        Ok(mut rows) => rows.find_map(Result::err).expect("an error"),
    };
    assert!(matches!(error, Error::Limit(_)), "{error:?}");
    let long = |o: &mut RunOptions| o.timeout = Some(Duration::from_secs(600));
    assert_eq!(run(&db, "events", long).unwrap().count(), 3000);
}

#[test]
fn rows_that_are_left_out_are_announced() {
    let db = many(10);
    for (most, given, told) in [(9, 9, true), (10, 10, false), (11, 10, false), (0, 0, true)] {
        let mut rows = run(&db, "events", |o| o.max_rows = Some(most)).unwrap();
        assert_eq!(rows.by_ref().count(), given, "{most}");
        let announced = rows.notices().iter().any(|n| n.code == "truncated");
        assert_eq!(announced, told, "{most}");
    }
}

#[test]
fn memory_has_a_limit_that_streams_do_not_meet() {
    let db = many(2000);
    let little = |o: &mut RunOptions| o.memory = Some(64 << 10);
    for query in [
        "events | sort summary",
        "events | count by key",
        "events | tail 1500",
        "events | select key | distinct",
    ] {
        let found = run(&db, query, little).and_then(Iterator::collect::<attache::Result<Vec<_>>>);
        let Err(Error::Limit(message)) = found else {
            panic!("{query}: {:?}", found.map(|r| r.len()))
        };
        assert!(message.contains("64 KiB"), "{message}");
    }
    for query in ["events", "events | count", "events | top 5 by key"] {
        assert!(run(&db, query, little).unwrap().find_map(Result::err).is_none(), "{query}");
    }
}
