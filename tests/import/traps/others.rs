//! POLECAT and Phoenix.

use attache::Format;

use super::super::{answer, fixture, keys, number, read, read_fixture, rejected};

#[test]
fn polecat_has_tabs_too_many_and_lists() {
    let (db, report) = read_fixture("polecat.tsv");
    assert_eq!(report.formats, [Format::Polecat]);
    assert_eq!(
        rejected(&report),
        [
            "5: Event Type: `DANCE` is no type of PLOVER, such as `CONSULT` or `ASSAULT`",
            "6: Event Date: `spring` is no day of the calendar"
        ]
    );
    assert_eq!(
        keys(&db, "events"),
        ["polecat:20220301-7", "polecat:20220301-8", "polecat:20220301-9"]
    );
    // An apostrophe is no quote.
    assert_eq!(keys(&db, "events where actor = \"Jeanne d'Arc\""), ["polecat:20220301-7"]);
    // `None` is nothing.
    assert_eq!(number(&db, "events where actor like \"None\" | count"), 0);
    assert_eq!(keys(&db, "events where target is null"), ["polecat:20220301-8"]);
    // Lists have a semicolon between their members, with a blank or without.
    let two = answer(&db, "events where key = \"polecat:20220301-8\" | select actor, `Actor COW`");
    assert_eq!(two, [["X Council; Y Board", "220; 165"]]);
}

#[test]
fn polecat_tells_an_event_once_for_each_story() {
    let text = std::fs::read_to_string(fixture("polecat.tsv")).unwrap();
    let mut lines: Vec<&str> = text.lines().take(3).collect();
    lines.push(lines[1]);
    let (db, report) = read("polecat.txt", lines.join("\n"));
    assert_eq!((report.counts.loaded, report.counts.duplicates), (2, 1));
    assert_eq!(number(&db, "events | count"), 2);
}

#[test]
fn polecat_may_be_latin_1() {
    let text = std::fs::read_to_string(fixture("polecat.tsv")).unwrap();
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let (db, report) = read("polecat.txt", latin);
    assert_eq!(number(&db, "events where target = \"Ana Suárez\" | count"), 1);
    let note = "line 2 is no UTF-8 and was read as Windows-1252";
    assert!(report.notes.iter().any(|told| told == note), "{:?}", report.notes);
}

#[test]
fn phoenix_has_no_header_and_several_documents() {
    let (db, report) = read_fixture("phoenix.txt");
    assert_eq!(report.formats, [Format::Phoenix]);
    let lines: Vec<u64> = report.rejected.iter().map(|rejected| rejected.line).collect();
    assert_eq!(lines, [3, 4]);
    assert_eq!(number(&db, "events where date = 2014-06-20 | count"), 2);
    assert_eq!(
        answer(&db, "events where code = \"042\" | select source, target, place, documents"),
        [[
            "URYGOV",
            "FRAMIL",
            "Montevideo, Montevideo Department, URY",
            "http://one.example/a; http://two.example/b"
        ]]
    );
    assert_eq!(number(&db, "events where actor under \"Uruguay\" | count"), 1);
}
