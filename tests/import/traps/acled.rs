//! ACLED: precision, three ways to write a date, ids that are none, and rows that are revised.

use attache::{Database, Format};

use super::super::{answer, file, import, keys, number, read, read_fixture, rejected};

const HEADER: &str = "event_id_cnty,event_date,time_precision,event_type,sub_event_type,actor1,actor2,country,location,notes,fatalities,timestamp\n";

fn row(id: &str, date: &str, precision: u8, notes: &str, fatalities: u8) -> String {
    format!(
        "{id},{date},{precision},Protests,Peaceful protest,Protesters (Uruguay),,Uruguay,Melo,\"{notes}\",{fatalities},1620086400\n"
    )
}

#[test]
fn a_week_and_a_month_are_possible_days() {
    let rows = [
        row("URY1", "2022-03-15", 1, "", 0),
        row("URY2", "2022-03-15", 2, "", 0),
        row("URY3", "2022-03-15", 3, "", 0),
    ];
    let (db, report) = read("acled.csv", HEADER.to_owned() + &rows.concat());
    assert_eq!(report.formats, [Format::Acled]);
    let found = |condition: &str| keys(&db, &format!("events where {condition}"));
    assert_eq!(found("date = 2022-03-15"), ["acled:URY1"]);
    assert_eq!(found("month = 2022-03"), ["acled:URY1", "acled:URY2", "acled:URY3"]);
    assert_eq!(found("possibly(date = 2022-03-18)"), ["acled:URY2", "acled:URY3"]);
    assert_eq!(found("possibly(date = 2022-03-20)"), ["acled:URY3"]);
}

#[test]
fn dates_have_three_forms() {
    let rows = [
        row("URY1", "2022-03-05", 1, "", 0),
        row("URY2", "05 March 2022", 1, "", 0),
        row("URY3", "05-03-2022", 1, "", 0),
        row("URY4", "03/14/2022", 1, "", 0),
    ];
    let (db, report) = read("acled.csv", HEADER.to_owned() + &rows.concat());
    assert_eq!(number(&db, "events where date = 2022-03-05 | count"), 3);
    assert_eq!(rejected(&report).len(), 1);
    assert!(rejected(&report)[0].starts_with("5: event_date: `03/14/2022` is no day"));
}

#[test]
fn an_undefined_id_is_no_id() {
    let rows = [
        row("acled-undefined", "2022-03-05", 1, "one", 0),
        row("acled-undefined", "2022-03-06", 1, "two", 0),
        row("", "2022-03-07", 1, "three", 0),
    ];
    let (db, report) = read("acled.csv", HEADER.to_owned() + &rows.concat());
    assert_eq!((report.counts.loaded, report.counts.updated), (3, 0));
    assert_eq!(number(&db, "events where key = \"acled:acled-undefined\" | count"), 0);
    assert_eq!(answer(&db, "events | sort date | select summary"), [["one"], ["two"], ["three"]]);
}

#[test]
fn rows_are_revised_later() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open_in_memory().unwrap();
    let first = HEADER.to_owned() + &row("URY1", "2022-03-05", 1, "A march.", 0);
    let later = HEADER.to_owned() + &row("URY1", "2022-03-06", 1, "A march, with dead.", 2);
    import(&db, &file(folder.path(), "may.csv", first));
    let report = import(&db, &file(folder.path(), "june.csv", later));
    assert_eq!((report.counts.loaded, report.counts.updated), (0, 1));
    let found = answer(&db, "events | select key, date, summary, fatalities");
    assert_eq!(found, [["acled:URY1", "2022-03-06", "A march, with dead.", "2"]]);
}

#[test]
fn actors_have_no_direction_and_companions() {
    let (db, report) = read_fixture("acled.csv");
    assert_eq!(report.counts.rejected, 3);
    assert_eq!(
        answer(&db, "events where key = \"acled:URY101\" | select source, party"),
        [["", "Protesters (Uruguay); Dockers Union; Labour Group (Uruguay)"]]
    );
    assert_eq!(number(&db, "events where actor = \"Dockers Union\" | count"), 1);
    assert_eq!(number(&db, "events where disorder_type = \"Demonstrations\" | count"), 2);
    // Protesters who are shot at are targets.
    assert_eq!(keys(&db, "events where kind under \"protest\""), ["acled:URY101", "acled:URY108"]);
    assert_eq!(number(&db, "events where target = \"Protesters (Uruguay)\" | count"), 1);
}

#[test]
fn the_old_columns_are_known() {
    let (db, report) = read_fixture("acled_old.csv");
    assert_eq!(report.formats, [Format::Acled]);
    assert_eq!(keys(&db, "events where date = 2016-07-04"), ["acled:URY9"]);
}
