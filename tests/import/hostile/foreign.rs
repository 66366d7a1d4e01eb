//! What is no event file, or cannot be read at all.

use std::io::Write as _;
use std::path::Path;

use attache::{Database, Error, ImportOptions};

use super::super::{file, fixture};

/// The words of an import that fails, which leave nothing in the database.
fn refused(path: &Path) -> String {
    let db = Database::open_in_memory().unwrap();
    let commits = db.info().unwrap().commits;
    let error = db.import(path, ImportOptions::default()).unwrap_err();
    assert!(matches!(error, Error::Import { .. }), "{error:?}");
    let info = db.info().unwrap();
    assert_eq!((info.commits, info.events), (commits, 0), "{error}");
    error.to_string()
}

#[test]
fn what_is_no_event_file_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let table = "date,source,kind\n2014-03-12,Anna,visit\n";
    let packed = (0..4000_u32).map(|n| (n.wrapping_mul(0x9e37_79b1) >> 24) as u8);
    let png: Vec<u8> = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".iter().copied().chain(packed).collect();
    let cases: [(&str, Vec<u8>, &str); 12] = [
        ("a.csv", png, "binary"),
        ("b.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n".to_vec(), "a PDF document"),
        ("c.csv", b"<!DOCTYPE html>\n<html><body>404</body>\n".to_vec(), "a web page"),
        ("d.csv", b"PAR1\x15\x04\x15".to_vec(), "a Parquet file"),
        ("e.csv", b"SQLite format 3\0\x10\0".to_vec(), "an SQLite database"),
        ("f.csv", Vec::new(), "it is empty"),
        ("g.csv", b"\n \n\n".to_vec(), "only blank lines"),
        (
            "h.csv",
            b"Dear diary,\nnothing happened today\nnor tomorrow\n".to_vec(),
            "not an event file",
        ),
        ("i.csv", [b"\xff\xfe".to_vec(), utf16(table)].concat(), "UTF-16: save it as UTF-8"),
        ("j.csv", utf16(table), "UTF-16: save it as UTF-8"),
        ("k.json", b"[{\"date\": \"2014\"}]".to_vec(), "a JSON array"),
        ("l.json", b"{\n \"date\": \"2014\"\n}\n".to_vec(), "JSON over several lines"),
    ];
    for (name, bytes, words) in cases {
        let path = file(folder.path(), name, bytes);
        let told = refused(&path);
        assert!(told.contains(words) && told.contains(name), "{name}: {told}");
    }
}

#[test]
fn our_own_database_is_opened_and_not_imported() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.csv");
    let db = Database::open(&path).unwrap();
    super::super::import(&db, &fixture("icews.tab"));
    db.close().unwrap();
    let told = refused(&path);
    assert!(told.contains("a database of this program: open it"), "{told}");
    // Nor does an open database swallow itself.
    let db = Database::open(&path).unwrap();
    assert!(db.import(&path, ImportOptions::default()).is_err());
    assert_eq!(db.verify().unwrap(), [""; 0]);
}

#[test]
fn folders_and_files_that_are_missing_or_closed_are_told() {
    let folder = tempfile::tempdir().unwrap();
    assert!(refused(folder.path()).contains("it is a folder"));
    assert!(refused(&folder.path().join("gone.csv")).contains("there is no such file"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let path = file(folder.path(), "closed.csv", "date\n");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
        if std::fs::read(&path).is_ok() {
            println!("this user may read everything: skipped");
        } else {
            assert!(refused(&path).contains("you may not read it"));
        }
    }
}

/// A zip archive of some files.
fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn archives_without_an_event_file_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        ("a.xlsx", zipped(&[("[Content_Types].xml", b"<x/>"), ("xl/a.xml", b"<x/>")]), "workbook"),
        ("b.zip", zipped(&[("a.png", b"\x89PNG\r\n\x1a\n\0\0")]), "b.zip: a.png`: it is a binary"),
        ("c.zip", zipped(&[]), "it is empty"),
        ("d.zip", zipped(&[("x.zip", &zipped(&[("a.csv", b"date\n")]))]), "inside another file"),
    ];
    for (name, bytes, words) in cases {
        let told = refused(&file(folder.path(), name, bytes));
        assert!(told.contains(words), "{name}: {told}");
    }
}

#[test]
fn a_file_behind_a_foreign_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let rows = std::fs::read(fixture("icews_6.tsv")).unwrap();
    let bytes = zipped(&[("a.tsv", &rows), ("b.png", b"\x89PNG\r\n\x1a\n\0\0")]);
    let db = Database::open_in_memory().unwrap();
    let path = file(folder.path(), "a.zip", bytes);
    let told = db.import(&path, ImportOptions::default()).unwrap_err().to_string();
    assert!(told.contains("a.zip: b.png`: it is a binary file"), "{told}");
    assert!(told.contains("the 4 rows before it were read in"), "{told}");
    assert_eq!(super::super::number(&db, "events | count"), 3);
}

#[test]
fn what_lies_beside_the_data_in_an_archive_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let rows = std::fs::read(fixture("icews_10.tsv")).unwrap();
    let db = Database::open_in_memory().unwrap();
    let readme: &[u8] = b"How these data were made:\nby hand.\n";
    let path = file(folder.path(), "a.zip", zipped(&[("README.txt", readme), ("a.tsv", &rows)]));
    let report = db.import(&path, ImportOptions::default()).unwrap();
    assert_eq!(report.counts.loaded, 2);
    let left_out = |note: &String| note.contains("left out") && note.contains("README.txt");
    assert!(report.notes.iter().any(left_out), "{:?}", report.notes);
    let both = [("README.txt", readme), ("b.txt", readme)];
    let told = refused(&file(folder.path(), "b.zip", zipped(&both)));
    assert!(told.contains("it is not an event file"), "{told}");
}
