use super::*;
use crate::import::format::testing::{assert_expected, event, fixture, headed, records, sample};
use crate::import::record::Record;

#[test]
fn raw_files_are_read_by_width() {
    for name in ["gdelt2.tsv", "gdelt1_mixed.tsv"] {
        assert_expected(name, &mut Gdelt::new(None), &records(&fixture(name), '\t'));
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
        let (columns, rows) = headed(&fixture(name), between);
        assert_expected(name, &mut Gdelt::new(Some(&columns)), &rows);
    }
}

/// How many rows of a sample become events, and the notes.
fn sampled(name: &str, between: char, header: bool) -> Option<(usize, Vec<String>)> {
    let text = sample(name)?;
    let (mut layout, rows) = if header {
        let (columns, rows) = headed(&text, between);
        (Gdelt::new(Some(&columns)), rows)
    } else {
        (Gdelt::new(None), records(&text, between))
    };
    let start = std::time::Instant::now();
    for row in &rows {
        if let Err(reject) = layout.read(row) {
            panic!("{name}, line {}: {reject:?}", row.line);
        }
    }
    println!("{name}: {:?} a row", start.elapsed() / u32::try_from(rows.len()).unwrap());
    println!("{:#?}", layout.notes());
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

#[test]
fn decimal_commas_are_read_where_the_file_writes_them() {
    let plain = records(&fixture("gdelt2.tsv"), '\t').remove(0);
    let mut commas = Record::default();
    for (at, cell) in plain.cells().enumerate() {
        let decimal = cell.parse::<f64>().is_ok();
        commas.push(&if decimal { cell.replace('.', ",") } else { cell.to_owned() });
        assert!(at < 61);
    }
    let mut layout = Gdelt::new(None);
    let (expected, _) = event(&mut Gdelt::new(None), &plain);
    let (found, _) = event(&mut layout, &commas);
    assert!(expected.goldstein.is_some() && expected.places[0].coordinates.is_some());
    assert_eq!(found, expected);
    assert!(layout.notes().iter().any(|note| note.contains("decimal mark")));
    assert!(layout.read(&plain).is_err());
}
