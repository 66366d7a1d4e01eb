//! Files, and other processes.

use std::process::Command;

use attache::{Database, Error};

use super::{count, visit};

fn attache(args: &[&str]) -> (String, String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_attache")).args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

#[test]
fn what_was_written_is_there_when_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.attache");
    let db = Database::open(&path).unwrap();
    let id = db.write(|tx| tx.insert(visit("a", "summer of 2015"))).unwrap();
    let entered = db.get(id).unwrap().unwrap();
    db.close().unwrap();
    let db = Database::open(&path).unwrap();
    assert_eq!(db.get(id).unwrap().unwrap(), entered);
    assert_eq!(entered.date.unwrap().told(), "summer of 2015");
}

#[test]
fn a_read_only_database_refuses_to_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.attache");
    for missing in [Database::open_read_only(&path), Database::builder().create(false).open(&path)]
    {
        assert!(matches!(missing, Err(Error::Format { .. })), "{missing:?}");
        assert!(missing.unwrap_err().to_string().contains("no such file"));
    }
    Database::open(&path).unwrap().write(|tx| tx.insert(visit("a", "2020"))).unwrap();
    let db = Database::open_read_only(&path).unwrap();
    assert!(db.is_read_only());
    assert_eq!(count(&db), 1);
    for error in [
        db.execute("insert visit { host: \"Aland\" }").unwrap_err(),
        db.write(|tx| tx.insert(visit("b", "2020"))).unwrap_err(),
    ] {
        assert!(error.to_string().contains("read"), "{error}");
    }
    assert_eq!(count(&db), 1);
}

#[test]
fn another_process_reads_while_this_one_writes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.attache");
    let file = path.to_str().unwrap();
    let db = Database::open(&path).unwrap();
    for n in 1..=3 {
        db.write(|tx| tx.insert(visit(&format!("k{n}"), "2020"))).unwrap();
        let (out, err, status) = attache(&[file, "-c", "events | count", "--format", "csv"]);
        assert_eq!((out.as_str(), status), (format!("count\n{n}\n").as_str(), Some(0)), "{err}");
    }
    let (_, err, status) = attache(&[file, "-c", "insert visit { host: \"Aland\" }"]);
    assert_eq!(status, Some(3), "{err}");
    assert!(err.contains("locked"), "{err}");
    let (out, err, status) = attache(&["check", file]);
    assert_eq!(status, Some(0), "{out}{err}");
    assert!(matches!(Database::open(&path), Err(Error::Locked { .. })));
    assert_eq!(count(&db), 3);
}

#[test]
fn a_chronicle_is_a_small_file_however_it_was_entered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.attache");
    let script = crate::support::root().join("fixtures/chronicle/pakistan-russia.evq");
    let db = Database::open(&path).unwrap();
    db.execute(&std::fs::read_to_string(script).unwrap()).unwrap();
    let info = db.info().unwrap();
    assert!(info.commits > 100 && info.segments == 0, "{info:?}");
    db.close().unwrap();
    // The records and indexes take 60 pages; left as it grew, the file has twice that at least.
    let len = std::fs::metadata(&path).unwrap().len();
    assert!(len < 300 << 10, "{len} bytes");
}
