use super::*;
use crate::import::format::testing::{assert_expected, fixture_records, headed, records, sample};

#[test]
fn raw_files_are_read_by_width() {
    for name in ["gdelt2.tsv", "gdelt1_mixed.tsv"] {
        assert_expected(name, &mut Gdelt::new(None), &fixture_records(name, '\t'));
    }
}

#[test]
fn saved_files_are_read_by_their_header() {
    for (name, between) in [
        ("gdelt_reduced.tsv", '\t'),
        ("gdelt_reduced_12.tsv", '\t'),
        ("gdelt_spreadsheet.csv", ';'),
        ("gdelt_r.tsv", '\t'),
    ] {
        let records = fixture_records(name, between);
        let (columns, rows) = headed(&records);
        assert_expected(name, &mut Gdelt::new(Some(&columns)), rows);
    }
}

/// How many rows of a sample become events, and the notes.
fn sampled(name: &str, between: char, header: bool) -> Option<(usize, Vec<String>)> {
    let text = sample(name)?;
    let records = records(&text, between);
    let (columns, rows) = headed(&records);
    let (mut layout, rows) = if header {
        (Gdelt::new(Some(&columns)), rows)
    } else {
        (Gdelt::new(None), records.as_slice())
    };
    for row in rows {
        if let Err(reject) = layout.read(row) {
            panic!("{name}, line {}: {reject:?}", row.line);
        }
    }
    println!("{name}: {:#?}", layout.notes());
    Some((rows.len(), layout.notes()))
}

#[test]
fn every_row_of_the_samples_becomes_an_event() {
    for (name, between, header, rows) in [
        ("gdelt/gdelt_v2_20180101000000.export.CSV", '\t', false, 2414),
        ("gdelt/gdelt_v1_sample_2016_57_58cols.tsv", '\t', false, 710),
        ("gdelt/gdelt_v1_masterreduced_sample_1979.tsv", '\t', true, 999),
        ("gdelt/gdelt_v2_20190121220000.excel_mangled_semicolon.CSV", ';', true, 1629),
    ] {
        if let Some((read, _)) = sampled(name, between, header) {
            assert_eq!(read, rows, "{name}");
        }
    }
}
