use super::*;
use crate::import::format::testing::{assert_expected, fixture, headed, records, sample};
use crate::import::format::{Format, names};

#[test]
fn files_are_read_by_their_header() {
    for name in ["icews.tab", "icews_2017.tab", "icews_6.tsv"] {
        let (columns, rows) = headed(&fixture(name), '\t');
        assert_expected(name, &mut Icews::new(&columns), &rows);
    }
}

#[test]
fn the_reduced_form_has_no_header() {
    let names = names::standard(Format::Icews, 10).unwrap();
    let mut layout = Icews::new(&Columns::new(names));
    assert_expected("icews_10.tsv", &mut layout, &records(&fixture("icews_10.tsv"), '\t'));
}

#[test]
fn every_row_of_the_samples_becomes_an_event() {
    let files =
        [("icews/events.2018.sample.tab", 3_705), ("icews/icews_events_2005_2018.tsv", 350_876)];
    for (name, expected) in files {
        let Some(text) = sample(name) else { continue };
        let (columns, rows) = headed(&text, '\t');
        let mut layout = Icews::new(&columns);
        let start = std::time::Instant::now();
        for row in &rows {
            if let Err(reject) = layout.read(row) {
                panic!("{name}, line {}: {reject:?}", row.line);
            }
        }
        println!("{name}: {:?} a row", start.elapsed() / u32::try_from(rows.len()).unwrap());
        assert_eq!(rows.len(), expected);
        let notes = layout.notes();
        println!("{notes:#?}");
        if expected > 100_000 {
            assert!(notes[0].contains("of 33,946 rows, 28,354 have"), "{notes:?}");
        }
    }
}
