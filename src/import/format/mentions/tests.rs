use super::*;
use crate::import::format::testing::{assert_expected, fixture, headed, records, sample};
use crate::import::format::{Format, names};

#[test]
fn mentions_tell_events() {
    let names = names::standard(Format::GdeltMentions, 16).unwrap();
    let mut layout = Mentions::new(&Columns::new(names));
    assert_expected(
        "gdelt_mentions.tsv",
        &mut layout,
        &records(&fixture("gdelt_mentions.tsv"), '\t'),
    );
}

#[test]
fn every_row_of_the_sample_tells_an_event() {
    let Some(text) = sample("gdelt/gdelt_v2_mentions_sample_headered_comma.csv") else { return };
    let (columns, rows) = headed(&text, ',');
    let mut layout = Mentions::new(&columns);
    let mut told = 0;
    for row in &rows {
        let draft = layout.read(row);
        assert!(matches!(draft, Ok(Draft::Telling { .. })), "line {}: {draft:?}", row.line);
        told += 1;
    }
    assert!(told > 1_600, "{told}");
}
