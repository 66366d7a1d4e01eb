//! UCDP: every event is an interval, cells have line breaks, and a release came without its header.

use attache::Format;

use super::super::{answer, fixture, keys, number, read, read_fixture, rejected};

#[test]
fn events_are_intervals() {
    let (db, report) = read_fixture("ucdp.csv");
    assert_eq!(report.counts.loaded, 3);
    let found = |condition: &str| keys(&db, &format!("events where {condition}"));
    assert_eq!(found("date = 2010-03-03"), ["ucdp:9001"]);
    assert_eq!(found("month = 2010-06"), ["ucdp:9002", "ucdp:9003"]);
    assert_eq!(found("date = 2010-06-04"), [""; 0]);
    assert_eq!(found("possibly(date = 2010-06-04)"), ["ucdp:9002", "ucdp:9003"]);
    assert_eq!(found("possibly(date = 2010-06-20)"), ["ucdp:9002"]);
    assert_eq!(found("number_of_sources = -1"), [""; 0]);
}

#[test]
fn lines_are_counted_through_breaks_within_cells() {
    let (db, report) = read_fixture("ucdp.csv");
    let article = answer(&db, "events where key = \"ucdp:9001\" | select source_article");
    assert!(article[0][0].contains("2010,\n\"Fighting in the north\""), "{article:?}");
    // The first event takes lines 2 and 3, the second 4.
    let lines: Vec<u64> = report.rejected.iter().map(|rejected| rejected.line).collect();
    assert_eq!(lines, [6, 7, 8]);
    assert!(rejected(&report)[0].starts_with("6: date_end: `date_end` 2010-06-03 is before"));
}

#[test]
fn a_header_is_not_needed() {
    let text = std::fs::read_to_string(fixture("ucdp.csv")).unwrap();
    let (_, rows) = text.split_once('\n').unwrap();
    // Lines of sound rows and of one whose dates are turned round.
    let rows: Vec<&str> = rows.lines().take(4).chain(rows.lines().skip(3).take(2)).collect();
    let (db, report) = read("candidate.csv", rows.join("\n"));
    assert_eq!(report.formats, [Format::Ucdp]);
    assert_eq!(keys(&db, "events"), ["ucdp:9001", "ucdp:9002", "ucdp:9003"]);
    assert_eq!(
        rejected(&report),
        ["6: date_end: `date_end` 2010-06-03 is before `date_start` 2010-06-05"]
    );
    assert_eq!(number(&db, "events where place under \"Uruguay\" | count"), 3);
}
