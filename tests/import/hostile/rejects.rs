//! The file of rejected rows, read-only databases and checks: nothing is written where nothing may be.

use std::fs;

use attache::{Database, ImportOptions};

use super::super::{attache, file, fixture, number};

const BAD: &str = "date,source,kind\n2014-03-12,Anna,visit\n2014-02-31,Berta,visit\n";

#[test]
fn a_strange_file_in_the_place_of_the_rejects_stays() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    file(place, "a.csv", BAD);
    file(place, "notes.csv", "my own notes\n");
    let args = ["import", "x.attache", "a.csv", "--rejects", "notes.csv"];
    let ran = attache(place, &args, b"");
    assert_eq!(ran.status, Some(1), "{}", ran.err);
    assert!(
        ran.err.contains("`notes.csv`: it is there, and no file of rejected rows"),
        "{}",
        ran.err
    );
    assert_eq!(fs::read_to_string(place.join("notes.csv")).unwrap(), "my own notes\n");
    // Nor does the file itself go, nor the database.
    for path in ["a.csv", "x.attache"] {
        let ran = attache(place, &["import", "x.attache", "a.csv", "--rejects", path], b"");
        assert_eq!(ran.status, Some(1), "{}", ran.err);
    }
    assert_eq!(fs::read_to_string(place.join("a.csv")).unwrap(), BAD);
    let ran = attache(place, &["check", "x.attache"], b"");
    assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
    // One of ours is written anew, and goes when nothing is rejected any more.
    for _ in 0..2 {
        let ran = attache(place, &["import", "x.attache", "a.csv", "--rejects", "r.csv"], b"");
        assert_eq!(ran.status, Some(4), "{}", ran.err);
        let text = fs::read_to_string(place.join("r.csv")).unwrap();
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.lines().last().unwrap().starts_with("a.csv,3,date,"), "{text}");
    }
    file(place, "a.csv", BAD.replace("02-31", "02-28"));
    let ran = attache(place, &["import", "x.attache", "a.csv", "--rejects", "r.csv"], b"");
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(!place.join("r.csv").exists());
}

#[test]
fn rejects_that_cannot_be_written_are_an_error_and_the_next_import_brings_all() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    file(place, "a.csv", BAD);
    let args = ["import", "x.attache", "a.csv", "--rejects", "nowhere/r.csv"];
    let ran = attache(place, &args, b"");
    assert_eq!(ran.status, Some(1), "{}", ran.err);
    assert!(ran.err.contains("write the rejected rows to `nowhere/r.csv`"), "{}", ran.err);
    let ran = attache(place, &["import", "x.attache", "a.csv", "--allow-rejects"], b"");
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    let db = Database::open_read_only(place.join("x.attache")).unwrap();
    assert_eq!(number(&db, "events | count"), 1);
}

#[test]
fn nothing_in_a_row_drives_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let name = "a\u{202e}.csv";
    file(folder.path(), name, "date,sour\u{1b}]0;ce,kind\n20\u{1b}[2J\u{202e}14,Anna,visit\n");
    let ran = attache(folder.path(), &["import", "x.attache", name], b"");
    let told = ran.out + &ran.err;
    assert_eq!(ran.status, Some(4), "{told}");
    assert!(told.contains('␛') && told.contains('�'), "{told:?}");
    assert!(!told.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{told:?}");
}

#[test]
fn a_check_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    file(place, "a.csv", BAD);
    let ran = attache(place, &["import", "x.attache", "a.csv", "--check"], b"");
    assert_eq!(ran.status, Some(4), "{}", ran.err);
    assert!(ran.out.contains("2 read = 1 loaded") && ran.out.contains("a check"), "{}", ran.out);
    let names = || fs::read_dir(place).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(names().collect::<Vec<_>>(), ["a.csv"]);

    assert_eq!(attache(place, &["import", "x.attache", "a.csv"], b"").status, Some(4));
    fs::remove_file(place.join("x.attache.a.csv.rejects.csv")).unwrap();
    let before = fs::read(place.join("x.attache")).unwrap();
    let more = file(place, "b.csv", BAD.replace("Anna", "Carla"));
    let ran = attache(place, &["import", "x.attache", "a.csv", "b.csv", "--check"], b"");
    assert_eq!(ran.status, Some(4), "{}", ran.err);
    assert!(ran.out.contains("1 duplicates") && ran.out.contains("1 loaded"), "{}", ran.out);
    assert!(fs::read(place.join("x.attache")).unwrap() == before);
    assert_eq!(names().count(), 3);

    let db = Database::open_in_memory().unwrap();
    let options = ImportOptions { check: true, ..ImportOptions::default() };
    let report = db.import(more, options).unwrap();
    assert_eq!((report.counts.loaded, report.import), (1, None));
    assert_eq!((db.info().unwrap().commits, db.info().unwrap().events), (0, 0));
}

#[test]
fn an_import_is_no_part_of_a_transaction() {
    let db = Database::open_in_memory().unwrap();
    let path = fixture("icews.tab").display().to_string();
    let error = db.write(|tx| tx.execute(&format!("import {path:?}"))).unwrap_err();
    assert_eq!(error.diagnostic().unwrap().code, "import-commits");
    assert_eq!((db.info().unwrap().commits, db.info().unwrap().events), (0, 0));
}

#[test]
fn a_database_for_reading_only_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.attache");
    Database::open(&path).unwrap().close().unwrap();
    let db = Database::open_read_only(&path).unwrap();
    let told = db.import(fixture("icews.tab"), ImportOptions::default()).unwrap_err().to_string();
    assert!(told.contains("open for reading only"), "{told}");
    let options = ImportOptions { check: true, ..ImportOptions::default() };
    assert_eq!(db.import(fixture("icews.tab"), options).unwrap().counts.loaded, 6);
}
