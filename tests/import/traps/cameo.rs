//! Codes: strings with zeros in front, roots and quad classes, and codes that the look-ups miss.

use super::super::rows::{coded, gdelt, icews};
use super::super::{answer, keys, number, read};

#[test]
fn a_statement_is_no_demand() {
    let codes = [("010", "1"), ("10", "3"), ("100", "3"), ("106", "3"), ("1056", "3")];
    let rows: String =
        (1..).zip(codes).map(|(id, (code, quad))| gdelt(61, id, &coded(code, quad))).collect();
    let (db, report) = read("codes.CSV", rows);
    assert_eq!(report.counts.loaded, 5, "{:?}", report.rejected);
    assert_eq!(keys(&db, "events where code = \"010\""), ["gdelt:1"]);
    assert_eq!(
        keys(&db, "events where root = \"10\""),
        ["gdelt:2", "gdelt:3", "gdelt:4", "gdelt:5"]
    );
    assert_eq!(keys(&db, "events where root = \"01\""), ["gdelt:1"]);
    assert_eq!(keys(&db, "events where code = \"106\""), ["gdelt:4"]);
    assert_eq!(keys(&db, "events where kind under \"demand\""), keys(&db, "events where quad = 3"));
}

#[test]
fn a_quad_class_is_told_by_the_root() {
    let rows: String = (1..=20)
        .map(|root| {
            let code = format!("{root:02}0");
            // What the row says of it is not asked.
            gdelt(61, root, &coded(&code, "1"))
        })
        .collect();
    let (db, report) = read("roots.CSV", rows);
    assert_eq!(report.counts.loaded, 20, "{:?}", report.rejected);
    for (quad, roots) in [(1, 1..=5), (2, 6..=9), (3, 10..=14), (4, 15..=20)] {
        let found = answer(&db, &format!("events where quad = {quad} | sort root | select root"));
        let wanted: Vec<_> = roots.map(|root: u8| vec![format!("{root:02}")]).collect();
        assert_eq!(found, wanted);
    }
    assert_eq!(number(&db, "events where kind under \"protest\" and quad = 3 | count"), 1);
}

#[test]
fn roots_and_bases_are_words() {
    let rows = icews(&[
        &[("Event ID", "1"), ("CAMEO Code", "1712"), ("Event Text", "Destroy property")],
        &[("Event ID", "2"), ("CAMEO Code", "171"), ("Event Text", "Seize or damage property")],
        &[("Event ID", "3"), ("CAMEO Code", "190"), ("Event Text", "Use conventional force")],
        &[("Event ID", "4"), ("CAMEO Code", "193"), ("Event Text", "Fight with small arms")],
        &[("Event ID", "5"), ("CAMEO Code", "20"), ("Event Text", "Mass violence")],
        &[("Event ID", "6"), ("CAMEO Code", "204"), ("Event Text", "Weapons of mass destruction")],
    ]);
    let (db, report) = read("roots.tab", rows);
    assert_eq!(report.counts.loaded, 6, "{:?}", report.rejected);
    let count = |condition: &str| number(&db, &format!("events where {condition} | count"));
    assert_eq!(count("root = \"17\""), 2);
    assert_eq!(count("root = \"20\""), 2);
    assert_eq!(count("kind under \"fight\""), 2);
    assert_eq!(count("code = \"171\""), 1);
    assert_eq!(count("code like \"171*\""), 2);
    assert_eq!(count("quad = 4"), 6);
}
