//! What was acknowledged is there, whatever became of the process that wrote it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use attache::{Database, Event, EventId};

use super::visit;

/// Rounds, and the inserts that each begins.
const ROUNDS: u64 = 24;
const INSERTS: u64 = 400;

/// The number in `inserted event 7`.
fn acknowledged(line: &str) -> Option<u64> {
    line.strip_prefix("inserted event ")?.parse().ok()
}

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.attache");
    let mut total = 0;
    let mut cut_short = 0;
    let mut known: Vec<(u64, String)> = Vec::new();
    for round in 0..ROUNDS {
        let mut child = Command::new(env!("CARGO_BIN_EXE_attache"))
            .arg(&path)
            .args(["--format", "csv", "-f", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A query behind each insert has the insert told before the next one begins.
        let mut input = child.stdin.take().unwrap();
        for n in 0..INSERTS {
            let key = format!("r{round}-{n}");
            writeln!(input, "insert visit {{ key: \"{key}\", host: \"Host {n}\", date: 2015, summary: \"{key}\" }}; documents;").unwrap();
        }
        drop(input);
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut told: Vec<u64> = Vec::new();
        // Another moment each round: after so many acknowledgements and so many microseconds.
        let until = 1 + usize::try_from(round * 7 % 40).unwrap();
        while told.len() < until {
            let Some(line) = lines.next() else { break };
            told.extend(acknowledged(&line.unwrap()));
        }
        std::thread::sleep(Duration::from_micros(round * 131 % 2000));
        child.kill().unwrap();
        child.wait().unwrap();
        told.extend(lines.map_while(Result::ok).filter_map(|line| acknowledged(&line)));
        assert!(!told.is_empty(), "round {round} entered nothing");
        cut_short += u64::from(told.len() < usize::try_from(INSERTS).unwrap());
        total += told.len();

        let db = Database::open(&path).unwrap();
        assert_eq!(db.verify().unwrap(), Vec::<String>::new(), "round {round}");
        for (at, id) in (0_u64..).zip(&told) {
            let event = db
                .get(EventId(*id))
                .unwrap()
                .unwrap_or_else(|| panic!("round {round}: event {id} is lost"));
            let key = format!("r{round}-{at}");
            assert_eq!(event.key.as_deref(), Some(key.as_str()));
            known.push((*id, key));
        }
        let most = known.iter().map(|(id, _)| *id).max().unwrap();
        let events: u64 =
            db.query("visit where host = \"Host 0\" | count").unwrap().scalar().unwrap();
        assert_eq!(events, round + 1, "the index disagrees with the rows");
        assert!(db.get(EventId(most + 2)).unwrap().is_none(), "more than one insert was under way");
        db.close().unwrap();
    }
    assert!(cut_short == ROUNDS, "only {cut_short} of {ROUNDS} rounds were cut short");
    assert!(total > 100, "only {total} inserts were acknowledged");
    let db = Database::open(&path).unwrap();
    for (id, key) in known {
        assert_eq!(db.get(EventId(id)).unwrap().unwrap().key, Some(key));
    }
}

/// How many compactions are to be cut short, and how often that is tried.
const COMPACTIONS: u32 = 5;
const TRIES: u32 = 30;

/// A file of many small segments, of which many rows are gone: compacting makes one of them.
fn in_pieces(path: &Path) {
    let db = Database::builder().sealing(50, 128).open(path).unwrap();
    let event = |n: u64| Event {
        summary: Some(format!("Visit {n} of {}", n % 12)),
        ..visit(&format!("k{n}"), &format!("20{:02}-{:02}-{:02}", n / 250, 1 + n % 12, 1 + n % 28))
    };
    for some in 0..10 {
        db.write(|tx| tx.insert_all((some * 300..some * 300 + 300).map(event))).unwrap();
    }
    db.write(|tx| {
        for id in (1..3000).step_by(4) {
            assert!(tx.delete(EventId(id))?);
        }
        for id in (2..3000).step_by(8) {
            assert!(tx.update(EventId(id), event(10_000 + id))?);
        }
        Ok(())
    })
    .unwrap();
    assert!(db.info().unwrap().segments > 10, "{:?}", db.info());
    db.close().unwrap();
}

/// All events with their ids, and what a few queries say.
fn everything(path: &Path) -> Vec<String> {
    let db = Database::open(path).unwrap();
    let mut told = Vec::new();
    for query in [
        "events",
        "events | count by year",
        "events where visitor = \"Anna\" and year = 2005 | select id, key, summary",
        "events where key = \"k2499\"",
        "events where summary ~ \"\\\"of 7\\\"\" | count",
    ] {
        for row in db.query(query).unwrap() {
            let row = row.unwrap();
            told.push(format!("{:?} {:?} {:?}", row.id(), row.event(), row.values()));
        }
    }
    db.close().unwrap();
    told
}

fn compacting(path: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_attache"))
        .arg("compact")
        .arg(path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn is_sound(path: &Path) -> bool {
    let mut check = Command::new(env!("CARGO_BIN_EXE_attache"));
    check.arg("check").arg(path).stdout(Stdio::null()).status().unwrap().success()
}

#[test]
fn a_compaction_that_is_killed_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, path) = (folder.path().join("whole.attache"), folder.path().join("x.attache"));
    in_pieces(&whole);
    let wanted = everything(&whole);
    assert!(wanted.len() > 2250, "{}", wanted.len());

    std::fs::copy(&whole, &path).unwrap();
    let began = Instant::now();
    assert!(compacting(&path).wait().unwrap().success());
    let all = began.elapsed();
    assert_eq!(everything(&path), wanted);
    assert!(is_sound(&path));
    let segments = |path: &Path| Database::open(path).unwrap().info().unwrap().segments;
    assert_eq!(segments(&path), 1);

    let (mut cut_short, mut undone) = (0, 0);
    for round in 0..TRIES {
        std::fs::copy(&whole, &path).unwrap();
        let mut child = compacting(&path);
        // Another moment each round.
        std::thread::sleep(all * (1 + round % 7) / 9);
        cut_short += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(everything(&path), wanted, "round {round}");
        assert!(is_sound(&path), "round {round}");
        undone += u32::from(segments(&path) > 1);
        assert!(compacting(&path).wait().unwrap().success());
        assert_eq!(segments(&path), 1, "round {round}");
        if cut_short == COMPACTIONS {
            break;
        }
    }
    assert_eq!(everything(&path), wanted);
    assert_eq!(cut_short, COMPACTIONS, "few of {TRIES} compactions were cut short");
    assert!(undone > 0, "no compaction was killed before it was done");
}
