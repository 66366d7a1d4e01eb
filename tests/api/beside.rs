//! A reader of one process beside a writer of another that makes the file short.

use std::path::Path;
use std::process::Command;

use attache::{Database, Rows};

use super::{count, visit};

/// Runs the command; what it says on its two streams.
fn attache(args: &[&str]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_attache")).args(args).output().unwrap();
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{args:?}: {out}{err}");
    (out, err)
}

/// The ids of the next rows, each with its whole event behind it.
fn next(rows: &mut Rows, count: usize) -> Vec<u64> {
    let row = |row: attache::Result<attache::Row>| {
        let row = row.unwrap();
        assert!(row.event().unwrap().key.is_some());
        row.id().unwrap().0
    };
    rows.by_ref().take(count).map(row).collect()
}

/// A file of many small segments, most of which are gone; its length.
fn with_gaps(path: &Path) -> u64 {
    let db = Database::builder().sealing(50, 128).open(path).unwrap();
    for some in 0..20 {
        let keys = some * 200..some * 200 + 200;
        db.write(|tx| tx.insert_all(keys.map(|n| visit(&format!("k{n}"), "2020-03-01")))).unwrap();
    }
    db.execute("delete events where id > 1000").unwrap();
    db.close().unwrap();
    std::fs::metadata(path).unwrap().len()
}

#[test]
fn a_reader_goes_on_while_another_process_compacts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.attache");
    let file = path.to_str().unwrap();
    let before = with_gaps(&path);
    let reader = Database::open_read_only(&path).unwrap();
    let segments = reader.info().unwrap().segments;
    assert!(segments > 0);
    let mut rows = reader.query("events | sort id").unwrap();
    let mut lazy = reader.query("events").unwrap();
    let (mut sorted, mut scanned) = (next(&mut rows, 10), next(&mut lazy, 10));
    for _ in 0..2 {
        attache(&["compact", file]);
        sorted.extend(next(&mut rows, 100));
        scanned.extend(next(&mut lazy, 100));
        assert_eq!(count(&reader), 1000);
    }
    sorted.extend(next(&mut rows, usize::MAX));
    scanned.extend(next(&mut lazy, usize::MAX));
    assert_eq!(sorted, (1..=1000).collect::<Vec<u64>>());
    assert_eq!(scanned, sorted);
    drop((rows, lazy));
    // What it asks next, it asks the file as it is now.
    assert_eq!(count(&reader), 1000);
    let key = reader.query("events where key = \"k999\" | select id").unwrap();
    assert_eq!(key.scalar::<i64>().unwrap(), 1000);
    assert!(reader.verify().unwrap().is_empty());
    assert_eq!(attache(&["check", file]).0, format!("`{file}` is sound\n"));
    drop(reader);
    // With nobody beside it, nothing keeps the file long.
    attache(&["compact", file]);
    let after = std::fs::metadata(&path).unwrap().len();
    assert!(after < before, "{before} bytes, then {after}");
    let again = Database::open_read_only(&path).unwrap();
    assert_eq!(count(&again), 1000);
}

#[test]
fn a_reader_goes_on_while_a_small_file_is_tidied_at_its_close() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.attache");
    let file = path.to_str().unwrap();
    Database::open(&path).unwrap().write(|tx| tx.insert(visit("first", "2020"))).unwrap();
    let script = folder.path().join("many.evq");
    let insert = |n| format!("insert visit {{ key: \"k{n}\", visitor: \"Anna\", date: 2021 }};\n");
    let mut expected: u32 = 1;
    let reader = Database::open_read_only(&path).unwrap();
    for round in 0..3 {
        let old: Vec<_> = (0..2).map(|_| reader.query("events").unwrap()).collect();
        // Each statement is a commit: more than a file may have without being tidied.
        let text: String = (round * 50..round * 50 + 50).map(insert).collect();
        std::fs::write(&script, text).unwrap();
        attache(&[file, "-f", script.to_str().unwrap()]);
        for mut rows in old {
            assert_eq!(next(&mut rows, usize::MAX).len(), expected as usize);
        }
        expected += 50;
        assert_eq!(count(&reader), i64::from(expected));
        let last = format!("events where key = \"k{}\" | count", round * 50 + 49);
        assert_eq!(reader.query(&last).unwrap().scalar::<i64>().unwrap(), 1);
        assert!(reader.verify().unwrap().is_empty());
    }
    drop(reader);
    let left = std::fs::metadata(&path).unwrap().len();
    let script = (1000..1040).map(insert).collect::<String>();
    std::fs::write(folder.path().join("many.evq"), script).unwrap();
    attache(&[file, "-f", folder.path().join("many.evq").to_str().unwrap()]);
    let tidied = std::fs::metadata(&path).unwrap().len();
    assert!(tidied < left, "{left} bytes beside a reader, {tidied} without one");
    assert_eq!(count(&Database::open(&path).unwrap()), 191);
}
