//! Headers, mappings and formats that do not fit.

use attache::{Database, Format, ImportOptions, ImportReport, Result};

use super::super::{answer, file, number, rejected};

fn with(text: &str, options: ImportOptions) -> (Database, Result<ImportReport>) {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open_in_memory().unwrap();
    let report = db.import(file(folder.path(), "a.csv", text), options);
    (db, report)
}

fn mapped(mapping: &[(&str, &str)], kind: Option<&str>) -> ImportOptions {
    let mapping =
        mapping.iter().map(|(field, column)| ((*field).to_owned(), vec![(*column).to_owned()]));
    ImportOptions {
        mapping: mapping.collect(),
        kind: kind.map(str::to_owned),
        ..ImportOptions::default()
    }
}

fn refused(text: &str, options: ImportOptions) -> String {
    let (db, report) = with(text, options);
    assert_eq!(db.info().unwrap().commits, 0);
    report.unwrap_err().to_string()
}

const GUESTS: &str = "Guest,Town,Arrival date\nAnna,Rocha,12/03/2014\nBerta,Melo,2014-03-13\n";

#[test]
fn a_header_that_says_nothing_is_told_with_its_columns() {
    let told = refused(GUESTS, ImportOptions::default());
    assert!(told.contains("`Guest`, `Town`, `Arrival date`"), "{told}");
    assert!(told.contains("say which is which"), "{told}");
    let told = refused(GUESTS, mapped(&[("visitor", "Guest"), ("date", "Arrival date")], None));
    assert!(told.contains("nothing says of what kind the events are"), "{told}");
}

#[test]
fn a_column_that_is_not_there_is_told_with_the_nearest() {
    let told = refused(GUESTS, mapped(&[("visitor", "Guests")], Some("visit")));
    assert!(told.contains("no column `Guests` for `visitor`; did you mean `Guest`?"), "{told}");
    assert!(!told.contains("line"), "{told}");
    let told = refused(GUESTS, mapped(&[("visiter", "Guest")], Some("visit")));
    assert!(told.contains("no field `visiter` can be mapped; did you mean `visitor`?"), "{told}");
    let told = refused(GUESTS, mapped(&[("visitor", "Guest")], Some("visti")));
    assert!(told.contains("no kind `visti`; did you mean `visit`"), "{told}");
}

#[test]
fn a_date_in_doubt_is_rejected_until_its_order_is_told() {
    let visits = [("visitor", "Guest"), ("date", "Arrival date")];
    let (_, report) = with(GUESTS, mapped(&visits, Some("visit")));
    let report = report.unwrap();
    assert_eq!((report.counts.loaded, report.counts.rejected), (1, 1));
    assert!(rejected(&report)[0].starts_with("2: Arrival date: "), "{:?}", rejected(&report));
    for (order, day) in [("dmy", "2014-03-12"), ("mdy", "2014-12-03")] {
        let (db, report) =
            with(GUESTS, mapped(&[&visits[..], &[("dates", order)]].concat(), Some("visit")));
        assert_eq!(report.unwrap().counts.loaded, 2);
        assert_eq!(answer(&db, &format!("events where date = {day} | select actor")), [["Anna"]]);
    }
    let told = refused(GUESTS, mapped(&[&visits[..], &[("dates", "dym")]].concat(), Some("visit")));
    assert!(told.contains("`dates` is"), "{told}");
}

#[test]
fn a_mapping_makes_a_table_of_any_columns_also_of_those_of_a_data_set() {
    let text = "Guest,Arrival\nAnna,2014-03-12\n";
    let told = refused(text, ImportOptions::default());
    assert!(told.contains("it is not an event file"), "{told}");
    let (db, report) =
        with(text, mapped(&[("visitor", "Guest"), ("date", "Arrival")], Some("visit")));
    assert_eq!(report.unwrap().formats, [Format::Table]);
    assert_eq!(answer(&db, "events where date = 2014-03-12 | select actor"), [["Anna"]]);
    let icews = super::super::rows::icews(&[&[]]);
    let (db, report) = with(&icews, mapped(&[("summary", "Event Text")], Some("visit")));
    assert_eq!(report.unwrap().formats, [Format::Table]);
    assert_eq!(number(&db, "events where summary is not null | count"), 1);
    // The order of days alone says nothing of columns.
    let (_, report) = with(&icews, mapped(&[("dates", "dmy")], None));
    assert_eq!(report.unwrap().formats, [Format::Icews]);
}

#[test]
fn a_format_that_contradicts_the_file_is_told() {
    let asked = |format| ImportOptions { format: Some(format), ..ImportOptions::default() };
    let told = refused(GUESTS, asked(Format::Gdelt2));
    assert!(told.contains("`gdelt2`") && told.contains("3 columns between commas"), "{told}");
    let icews = super::super::rows::icews(&[&[]]);
    let told = refused(&icews, asked(Format::Acled));
    assert!(told.contains("`acled`") && told.contains("`icews`"), "{told}");
    let told = refused(&icews, asked(Format::JsonLines));
    assert!(told.contains("JSON") && told.contains("20 columns"), "{told}");
    let told = refused("{\"date\":\"2014\",\"kind\":\"visit\"}\n", asked(Format::Icews));
    assert!(told.contains("this file has JSON lines"), "{told}");
}
