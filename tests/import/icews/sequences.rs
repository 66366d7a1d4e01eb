//! What follows what in the large file: each match against a plain script over its rows.

use std::collections::BTreeMap;

use attache::Date;

use super::super::{answer, number};
use super::{Icews, Row, icews};

/// Who acted, on whom, and the day, counted from some day.
type Told<'a> = (&'a Row, i64);

fn day(row: &Row) -> i64 {
    row.date.parse::<Date>().unwrap().earliest().0
}

/// The rows that fit, in the order of their days, of one day in that of the file; those of one pair together.
fn by_pair<'a, K: Ord>(
    rows: &'a [Row],
    fits: impl Fn(&Row) -> bool,
    key: impl Fn(&'a Row) -> K,
) -> BTreeMap<K, Vec<Told<'a>>> {
    let mut pairs: BTreeMap<K, Vec<Told<'a>>> = BTreeMap::new();
    for row in rows.iter().filter(|row| fits(row)) {
        pairs.entry(key(row)).or_default().push((row, day(row)));
    }
    for rows in pairs.values_mut() {
        rows.sort_by_key(|(_, day)| *day);
    }
    pairs
}

/// Two participants in any order.
fn pair(row: &Row) -> (&str, &str) {
    (row.source.as_str().min(&row.target), row.source.as_str().max(&row.target))
}

fn sides(row: &Row) -> (&str, &str) {
    (&row.source, &row.target)
}

/// Visits and agreements of each pair that has both. Nobody makes a pair with himself.
fn visits_and_agreements(rows: &[Row]) -> Vec<(Vec<Told<'_>>, Vec<Told<'_>>)> {
    let of = |code| by_pair(rows, move |r| r.code == code && r.source != r.target, pair);
    let mut agreements = of("057");
    let visits = of("042").into_iter();
    visits.filter_map(|(pair, visits)| Some((visits, agreements.remove(&pair)?))).collect()
}

/// A match as the answers show it.
fn shown(first: Told, second: Told) -> Vec<String> {
    [first.0, second.0]
        .iter()
        .flat_map(|row| [&row.date, &row.source, &row.target])
        .map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

/// Holds all matches of a query against those wanted, in any order.
fn assert_matches(icews: &Icews, query: &str, mut wanted: Vec<Vec<String>>, count: usize) {
    wanted.sort();
    let mut found = answer(&icews.db, query);
    found.sort();
    assert_eq!(found.len(), wanted.len(), "{query}");
    for (found, wanted) in found.iter().zip(&wanted) {
        let found: Vec<String> =
            found.iter().map(|c| c.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(found, *wanted, "{query}");
    }
    // The number keeps the script honest: one that finds nothing agrees with an engine that finds nothing.
    assert_eq!(wanted.len(), count, "{query}");
}

const VISITS: &str = r#"by pair within 30 days [events where code = "042"] as v [events where code = "057"] as a
    | select v.date, v.source, v.target, a.date, a.source, a.target"#;

/// One row for each visit, with the first agreement from its day to the thirtieth behind it.
#[test]
fn each_visit_that_an_agreement_followed() {
    let Some(icews) = icews() else { return };
    let mut wanted = Vec::new();
    for (visits, agreements) in visits_and_agreements(&icews.rows) {
        for visit in visits {
            let follows = |a: &&Told| (visit.1..=visit.1 + 30).contains(&a.1);
            wanted.extend(agreements.iter().find(follows).map(|a| shown(visit, *a)));
        }
    }
    assert_matches(icews, &format!("sequence each {VISITS}"), wanted, 630);
}

/// Every visit with every agreement of the thirty days.
#[test]
fn all_visits_with_all_agreements() {
    let Some(icews) = icews() else { return };
    let mut wanted = Vec::new();
    for (visits, agreements) in visits_and_agreements(&icews.rows) {
        for visit in visits {
            let follows = |a: &&Told| (visit.1..=visit.1 + 30).contains(&a.1);
            wanted.extend(agreements.iter().filter(follows).map(|a| shown(visit, *a)));
        }
    }
    assert_matches(icews, &format!("sequence all {VISITS}"), wanted, 2110);
}

/// An agreement takes the latest visit before it that no other agreement has taken; a newer visit hides the older.
#[test]
fn the_closest_visit_and_agreement() {
    let Some(icews) = icews() else { return };
    let mut wanted = Vec::new();
    for (visits, agreements) in visits_and_agreements(&icews.rows) {
        let mut last: Option<usize> = None; // the visit that was taken last
        for agreement in agreements {
            let Some(visit) = visits.iter().rposition(|v| v.1 <= agreement.1) else { continue };
            if last.is_none_or(|last| last < visit) && agreement.1 - visits[visit].1 <= 30 {
                wanted.push(shown(visits[visit], agreement));
                last = Some(visit);
            }
        }
    }
    assert_matches(icews, &format!("sequence {VISITS}"), wanted, 323);
}

/// The part of the visits of each year that an agreement followed: those that none followed count as well.
#[test]
fn the_share_of_visits_that_led_to_something() {
    let Some(Icews { db, rows, .. }) = icews() else { return };
    let mut years: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let agreements = by_pair(rows, |r| r.code == "057" && r.source != r.target, pair);
    for row in rows.iter().filter(|r| r.code == "042" && r.source != r.target) {
        let follows = |a: &Told| (day(row)..=day(row) + 30).contains(&a.1);
        let year = years.entry(&row.date[..4]).or_default();
        year.0 += 1;
        year.1 += usize::from(agreements.get(&pair(row)).is_some_and(|a| a.iter().any(follows)));
    }
    let wanted: Vec<Vec<String>> = years
        .into_iter()
        .map(|(year, (all, led))| vec![year.to_owned(), all.to_string(), led.to_string()])
        .collect();
    let query = r#"sequence each by pair within 30 days [events where code = "042"] as v maybe [events where code = "057"] as a
        | summarize count() as visits, count(a is not null) as led by v.year"#;
    assert_eq!(answer(db, query), wanted);
}

const THREATS: &str = r#"by source, target within 14 days
    [events where event_text like "Threaten*"] as t [events where root in ("18", "19", "20")] as f
    | where f.date - t.date >= 1 day"#;

/// Threats and what force the same side used against the same other, one to fourteen days later.
#[test]
fn force_that_followed_a_threat() {
    let Some(icews) = icews() else { return };
    let forces = by_pair(&icews.rows, |r| matches!(&r.code[..2], "18" | "19" | "20"), sides);
    let threats = by_pair(&icews.rows, |r| r.text.starts_with("Threaten"), sides);
    let mut wanted = Vec::new();
    let mut threats_meant = 0;
    for (sides, threats) in threats {
        for threat in threats {
            let follows = |f: &&Told| (threat.1 + 1..=threat.1 + 14).contains(&f.1);
            let forces = forces.get(&sides).into_iter().flatten().filter(follows);
            let before = wanted.len();
            wanted.extend(forces.map(|force| shown(threat, *force)));
            threats_meant += usize::from(wanted.len() > before);
        }
    }
    let select = "select t.date, t.source, t.target, f.date, f.source, f.target";
    assert_matches(icews, &format!("sequence all {THREATS} | {select}"), wanted, 1361);
    // Each such threat once. (`each` would take force of the same day, and the condition would drop the threat.)
    let once = format!("sequence all {THREATS} | unique t.id | count");
    assert_eq!(number(&icews.db, &once), threats_meant);
}
