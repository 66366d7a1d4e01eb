//! What was acknowledged is there, whatever became of the process that wrote it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use attache::{Database, EventId};

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
