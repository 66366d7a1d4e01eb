//! The same file again, revised files, mentions, and imports that are undone.

use std::path::Path;

use attache::{Database, ImportOptions, Outcome};

use super::rows::{gdelt, icews};
use super::{answer, assert_sum, file, fixture, import, number, rejected};

/// Everything that is in a database: events with all their fields, and the catalogues.
fn all(db: &Database) -> Vec<Vec<Vec<String>>> {
    let mut found = vec![
        answer(
            db,
            "events | sort key, id | select id, key, kind, code, date, actor, place, import",
        ),
        answer(db, "imports | select import, file, read, loaded, updated, duplicates, rejected"),
    ];
    found.extend(catalogues(db));
    found
}

/// The catalogues alone.
fn catalogues(db: &Database) -> Vec<Vec<Vec<String>>> {
    ["actors | sort name", "places | sort name", "documents | sort key"]
        .map(|query| answer(db, query))
        .to_vec()
}

/// The events without their ids and imports.
fn events(db: &Database) -> Vec<String> {
    let rows = db.query("events | sort key").unwrap();
    let told = |row: attache::Row| {
        let event = attache::Event { import: None, ..row.event().unwrap().clone() };
        format!("{event:?}")
    };
    rows.map(|row| told(row.unwrap())).collect()
}

/// Undoes an import and gives its words.
fn undo(db: &Database, import: u64) -> String {
    match db.execute(&format!("delete events where import = {import}")).unwrap().pop() {
        Some(Outcome::Changed(changes)) => changes.to_string(),
        other => panic!("{other:?}"),
    }
}

fn three(folder: &Path) -> std::path::PathBuf {
    file(folder, "a.CSV", gdelt(61, 1, &[]) + &gdelt(61, 2, &[]) + &gdelt(61, 3, &[]))
}

#[test]
fn every_format_changes_nothing_the_second_time() {
    for name in [
        "acled.csv",
        "acled_old.csv",
        "dictionary.actors.txt",
        "events.jsonl",
        "gdelt1_mixed.tsv",
        "gdelt2.tsv",
        "gdelt_r.tsv",
        "gdelt_reduced.tsv",
        "gdelt_reduced_12.tsv",
        "gdelt_spreadsheet.csv",
        "icews.tab",
        "icews_10.tsv",
        "icews_2017.tab",
        "icews_6.tsv",
        "phoenix.txt",
        "polecat.tsv",
        "ucdp.csv",
    ] {
        let db = Database::open_in_memory().unwrap();
        let path = fixture(name);
        let first = import(&db, &path);
        assert_sum(&first);
        assert!(first.counts.loaded > 0, "{name}: {first}");
        assert_eq!((first.import, first.counts.duplicates), (Some(1), 0), "{name}: {first}");
        let (before, commits) = (all(&db), db.info().unwrap().commits);
        let second = import(&db, &path);
        assert_sum(&second);
        assert_eq!(
            (second.import, second.counts.loaded, second.counts.updated),
            (None, 0, 0),
            "{name}"
        );
        assert_eq!(second.counts.rejected, first.counts.rejected, "{name}");
        assert_eq!(second.rejected, first.rejected, "{name}");
        assert_eq!(db.info().unwrap().commits, commits, "{name}");
        assert!(all(&db) == before, "{name}");
    }
}

#[test]
fn a_revised_row_takes_the_place_of_the_old_one_and_can_be_put_back() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open_in_memory().unwrap();
    import(&db, &three(folder.path()));
    let before = events(&db);
    let revised = gdelt(61, 2, &[(17, "KARACHI")]) + &gdelt(61, 3, &[]) + &gdelt(61, 4, &[]);
    let report = import(&db, &file(folder.path(), "b.CSV", revised));
    assert_sum(&report);
    let counts = report.counts;
    assert_eq!((counts.loaded, counts.updated, counts.duplicates), (1, 1, 1), "{report}");
    assert_eq!(
        answer(&db, "events | sort key | select key, target, import"),
        [
            ["gdelt:1", "ISLAMABAD", "1"],
            ["gdelt:2", "KARACHI", "2"],
            ["gdelt:3", "ISLAMABAD", "1"],
            ["gdelt:4", "ISLAMABAD", "2"]
        ]
    );
    assert_eq!(undo(&db, 2), "deleted 1 event, put 1 back as it was before import 2");
    assert_eq!(events(&db), before);
    assert_eq!(db.verify().unwrap(), [""; 0]);
    // And the other way: the file is read anew.
    let again = import(&db, &folder.path().join("b.CSV"));
    assert_eq!((again.counts.loaded, again.counts.updated, again.import), (1, 1, Some(3)));
    assert_eq!(number(&db, "events where target = \"KARACHI\" | count"), 1);
}

#[test]
fn a_file_that_grew_adds_what_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open_in_memory().unwrap();
    import(&db, &three(folder.path()));
    let text = std::fs::read_to_string(folder.path().join("a.CSV")).unwrap();
    let path = file(folder.path(), "a.CSV", gdelt(61, 9, &[]) + &text);
    let report = import(&db, &path);
    assert_eq!((report.counts.loaded, report.counts.duplicates, report.import), (1, 3, Some(2)));
    assert_eq!(
        answer(&db, "imports | select import, read, loaded, duplicates, finished"),
        [["1", "3", "3", "0", "true"], ["2", "4", "1", "3", "true"]]
    );
}

#[test]
fn equal_rows_without_ids_are_all_kept_and_none_is_added_later() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open_in_memory().unwrap();
    let row = "2016-11-29\tPakistan\tDemand\t100\t-5\tRussia\n";
    let text = format!(
        "Event Date\tSource Name\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\n{row}{row}2016-11-30{}{row}",
        &row[10..]
    );
    let path = file(folder.path(), "six.tsv", text);
    let report = import(&db, &path);
    assert_eq!((report.counts.loaded, report.counts.duplicates), (4, 0));
    let again = import(&db, &path);
    assert_eq!((again.counts.loaded, again.counts.duplicates, again.import), (0, 4, None));
    assert_eq!(number(&db, "events where date = 2016-11-29 | count"), 3);
}

#[test]
fn rows_with_one_id_in_one_file_are_one_event() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open_in_memory().unwrap();
    let text = icews(&[&[], &[], &[("Intensity", "2")]]);
    let path = file(folder.path(), "a.tab", text);
    let report = import(&db, &path);
    let counts = report.counts;
    assert_eq!((counts.loaded, counts.duplicates, counts.rejected), (1, 1, 1), "{report}");
    assert_eq!(
        rejected(&report),
        ["4: an earlier row of this file tells `icews:33000001:2018-03-12` differently"]
    );
    // Else each import of the file would revise the one by the other.
    let again = import(&db, &path);
    assert_eq!((again.counts.duplicates, again.counts.rejected), (2, 1), "{again}");
    assert_eq!(number(&db, "events | count"), 1);
    assert_eq!(undo(&db, 1), "deleted 1 event");
    assert_eq!(number(&db, "events | count"), 0);
}

#[test]
fn two_files_have_two_numbers_and_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open_in_memory().unwrap();
    import(&db, &three(folder.path()));
    let bad = [("Event ID", "7"), ("Event Date", "2018-02-30")];
    let path = file(folder.path(), "b.tab", icews(&[&[], &bad]));
    assert_eq!(import(&db, &path).import, Some(2));
    let name = |name: &str| folder.path().join(name).display().to_string();
    assert_eq!(
        answer(
            &db,
            "imports | select import, file, format, finished, read, loaded, rejected, covers"
        ),
        [
            ["1", &name("a.CSV"), "gdelt2", "true", "3", "3", "0", "2018-03-12"],
            ["2", &name("b.tab"), "icews", "true", "2", "1", "1", "2018-03-12"]
        ]
    );
    assert_eq!(number(&db, "events where import = 2 | count"), 1);
}

/// A row of the mentions, in a document and at a sentence of it.
fn mention(id: u64, document: &str, sentence: u8) -> String {
    format!(
        "{id}\t20180312101500\t20180312103000\t1\texample.org\t{document}\t{sentence}\t-1\t996\t988\t1\t100\t2579\t0.8\t\t\n"
    )
}

#[test]
fn mentions_attach_documents_once_and_events_keep_them() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open_in_memory().unwrap();
    let told = [
        mention(1, "http://www.example.org/a", 4),
        mention(1, "http://www.example.org/b", 1),
        mention(99, "http://www.example.org/c", 1),
    ];
    let mentions = file(folder.path(), "a.mentions.CSV", told.concat());
    let early = import(&db, &mentions);
    assert_eq!((early.counts.rejected, early.import), (3, None));
    assert!(early.rejected[0].reason.contains("import the events first"), "{early:?}");

    let path = three(folder.path());
    import(&db, &path);
    let before = events(&db);
    let report = import(&db, &mentions);
    assert_sum(&report);
    assert_eq!((report.counts.updated, report.counts.rejected), (2, 1), "{report}");
    let documents =
        |key: &str| answer(&db, &format!("events where key = \"gdelt:{key}\" | select documents"));
    let b = "http://www.example.org/b";
    assert!(documents("1")[0][0].contains(b), "{:?}", documents("1"));
    assert_eq!(number(&db, &format!("events where documents = \"{b}\" | count")), 1);
    let after = events(&db);

    let again = import(&db, &mentions);
    assert_eq!((again.counts.duplicates, again.import), (2, None), "{again}");
    let again = import(&db, &path);
    assert_eq!((again.counts.duplicates, again.import), (3, None), "{again}");
    assert_eq!(events(&db), after);

    assert_eq!(undo(&db, 2), "put 1 event back as it was before import 2");
    assert_eq!(events(&db), before);
}

#[test]
fn what_was_undone_comes_back_with_the_next_import() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open_in_memory().unwrap();
    let path = three(folder.path());
    import(&db, &path);
    let before = events(&db);
    assert_eq!(undo(&db, 1), "deleted 3 events");
    assert_eq!(number(&db, "events | count"), 0);
    let report = import(&db, &path);
    assert_eq!((report.counts.loaded, report.import, report.resumed), (3, Some(2), 0), "{report}");
    assert_eq!(events(&db), before);
    assert_eq!(db.verify().unwrap(), [""; 0]);
}

#[test]
fn imports_are_undone_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open_in_memory().unwrap();
    import(&db, &three(folder.path()));
    let path = file(folder.path(), "b.CSV", gdelt(61, 2, &[(17, "KARACHI")]));
    for number in [2, 3] {
        assert_eq!(import(&db, &path).import, Some(number));
        undo(&db, number);
    }
    assert_eq!(undo(&db, 1), "deleted 3 events");
    assert_eq!(number(&db, "events | count"), 0);
}

/// Reads in until so many rows are through, and then no further.
fn until(db: &Database, path: &Path, rows: u64) -> attache::ImportReport {
    let mut options = ImportOptions::default();
    let cancel = options.cancel.clone();
    options.progress = Some(Box::new(move |progress| {
        if progress.rows >= rows {
            cancel.cancel();
        }
    }));
    db.import(path, options).unwrap()
}

#[test]
fn what_was_cut_off_and_undone_comes_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open_in_memory().unwrap();
    let text: String = (1..=2000).map(|id| gdelt(61, id, &[])).collect();
    let path = file(folder.path(), "a.CSV", text);
    let cut = until(&db, &path, 1);
    assert!(cut.cancelled && cut.counts.loaded > 0 && cut.counts.loaded < 2000, "{cut}");
    undo(&db, 1);
    assert_eq!(number(&db, "events | count"), 0);
    let report = import(&db, &path);
    assert_eq!(number(&db, "events | count"), 2000, "{report}");
    assert_eq!(events(&db).len(), 2000);
}

#[test]
fn an_import_that_was_cut_off_has_one_number() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open_in_memory().unwrap();
    let text: String = (1..=2000).map(|id| gdelt(61, id, &[])).collect();
    let path = file(folder.path(), "a.CSV", text);
    let cut = until(&db, &path, 1);
    assert_eq!(answer(&db, "imports | select import, finished"), [["1", "false"]]);
    let other = file(folder.path(), "b.tab", icews(&[&[]]));
    assert_eq!(import(&db, &other).import, Some(2));
    let report = import(&db, &path);
    assert_eq!((report.import, report.resumed), (Some(1), cut.counts.read));
    assert_eq!((report.counts.read, report.counts.loaded), (2000, 2000), "{report}");
}

#[test]
fn imports_are_undone_in_any_order() {
    for order in [[1, 2, 3], [3, 2, 1], [2, 3, 1], [2, 1, 3], [1, 3, 2], [3, 1, 2]] {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open_in_memory().unwrap();
        for (at, score) in ["1", "2", "3"].iter().enumerate() {
            let text = icews(&[&[("Intensity", *score)]]);
            import(&db, &file(folder.path(), &format!("{at}.tab"), text));
        }
        for (undone, import) in order.iter().enumerate() {
            undo(&db, *import);
            let left = order[undone + 1..].iter().max();
            let expected: Vec<Vec<String>> = left.iter().map(|n| vec![n.to_string()]).collect();
            assert_eq!(answer(&db, "events | select goldstein"), expected, "{order:?}");
        }
        assert_eq!(number(&db, "imports where undone | count"), 3);
    }
}
