//! Series without gaps: periods of the large file, filled, against a plain script over its rows.

use std::collections::BTreeMap;

use super::super::answer;
use super::{Icews, Row, icews};

/// The months of these years, `2005-01` and on.
fn months(first: u32, last: u32) -> Vec<String> {
    (first..=last).flat_map(|year| (1..=12).map(move |m| format!("{year}-{m:02}"))).collect()
}

fn is_pair(row: &Row, a: &str, b: &str) -> bool {
    (row.source == a && row.target == b) || (row.source == b && row.target == a)
}

/// Equal to nine digits; nothing only to nothing.
fn is_near(found: &str, wanted: Option<f64>) -> bool {
    match (found.parse::<f64>(), wanted) {
        (Ok(found), Some(wanted)) => (found - wanted).abs() < 1e-9 * wanted.abs().max(1.0),
        (Err(_), None) => found.is_empty(),
        _ => false,
    }
}

/// The file ends on 2018-10-31, so that its last two months are not known to be quiet.
#[test]
fn no_month_is_missing() {
    let Some(Icews { db, rows, .. }) = icews() else { return };
    let last = rows.iter().map(|row| row.date.as_str()).max().unwrap();
    assert_eq!(last, "2018-10-31");
    let mut quiet = 0;
    for (a, b) in [("China", "Japan"), ("Pakistan", "Russia"), ("Finland", "Norway")] {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for row in rows.iter().filter(|row| is_pair(row, a, b)) {
            *counts.entry(&row.date[..7]).or_default() += 1;
        }
        let wanted: Vec<Vec<String>> = months(2005, 2018)
            .into_iter()
            .map(|month| {
                let count = counts.get(month.as_str()).copied();
                let told = count.or_else(|| (*month <= last[..7]).then_some(0));
                let told = told.map_or(String::new(), |count| count.to_string());
                vec![month, told]
            })
            .collect();
        quiet += wanted.iter().filter(|row| row[1] == "0").count();
        let of = format!(r#"events where actor = "{a}" and actor = "{b}""#);
        let all = answer(db, &format!("{of} and year in 2005..2018 | count by month fill"));
        assert_eq!(all, wanted, "{a} and {b}");
        let told: Vec<usize> =
            (0..wanted.len()).filter(|at| counts.contains_key(wanted[*at][0].as_str())).collect();
        let (Some(first), Some(last)) = (told.first(), told.last()) else { continue };
        let between = answer(db, &format!("{of} | count by month fill"));
        assert_eq!(between, wanted[*first..=*last], "{a} and {b}, from the first to the last");
    }
    assert!(quiet > 20, "only {quiet} quiet months");
}

/// `Military (Pakistan)` is of Pakistan, as Pakistan itself is.
fn is_of(name: &str, state: &str) -> bool {
    name == state || name.strip_suffix(')').is_some_and(|n| n.ends_with(&format!("({state}")))
}

#[test]
fn the_mean_of_each_pair_of_states_and_year() {
    let Some(Icews { db, rows, .. }) = icews() else { return };
    for (a, b) in [("China", "Japan"), ("India", "Pakistan"), ("China", "Pakistan")] {
        let mut years: BTreeMap<&str, (u64, f64)> = BTreeMap::new();
        for row in rows {
            let sides = |x, y| is_of(&row.source, x) && is_of(&row.target, y);
            if sides(a, b) || sides(b, a) {
                let year = years.entry(&row.date[..4]).or_default();
                year.0 += 1;
                year.1 += row.intensity;
            }
        }
        let query = format!(
            r#"events where dyad = "{a}–{b}" | summarize count() as n, avg(goldstein) as mean by dyad, year fill"#
        );
        let found = answer(db, &query);
        assert_eq!(found.len(), years.len(), "{query}");
        for (row, (year, (count, sum))) in found.iter().zip(&years) {
            let wanted = [format!("{a}–{b}"), (*year).to_owned(), count.to_string()];
            assert_eq!(row[..3], wanted, "{query}");
            assert!(is_near(&row[3], Some(sum / *count as f64)), "{query}: {row:?}");
        }
    }
}

#[test]
fn the_share_of_material_conflict_by_month() {
    let Some(Icews { db, rows, .. }) = icews() else { return };
    let query = "events where year in 2004..2018 | summarize share(quad = 4) as conflict, count() as n, share() as part by month fill";
    let plan = db.explain(query).unwrap();
    assert!(
        plan.starts_with("Fill: each month of 2004-01-01..2018-12-31\n└─ Aggregate:"),
        "{plan}"
    );
    assert!(plan.contains("ColumnScan"), "{plan}");
    let mut counts: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for row in rows {
        let month = counts.entry(&row.date[..7]).or_default();
        month.0 += 1.0;
        month.1 += f64::from(u8::from(super::quad(row) == 4));
    }
    let found = answer(db, query);
    assert_eq!(found.len(), 15 * 12);
    for (row, month) in found.iter().zip(months(2004, 2018)) {
        assert_eq!(row[0], month);
        let told = counts.get(month.as_str()).copied();
        let all = rows.len() as f64;
        let wanted = told.map(|(n, conflict)| [conflict / n, n, n / all]);
        for (at, cell) in row[1..].iter().enumerate() {
            assert!(is_near(cell, wanted.map(|wanted| wanted[at])), "{row:?}, {wanted:?}");
        }
    }
}

#[test]
fn weeks_of_the_file_begin_on_monday() {
    let Some(Icews { db, rows, .. }) = icews() else { return };
    let found =
        answer(db, "events where date in 2014 | count by bucket(date, 1 week) as week fill");
    let all: u64 = found.iter().map(|row| row[1].parse::<u64>().unwrap()).sum();
    assert_eq!(all, rows.iter().filter(|row| row.date.starts_with("2014")).count() as u64);
    assert_eq!(found.len(), 53);
    // The year began on a Wednesday.
    assert_eq!(found[0][0], "2013-12-30..2014-01-05");
    let first = rows.iter().filter(|row| *row.date >= *"2014" && *row.date <= *"2014-01-05");
    assert_eq!(found[0][1], first.count().to_string());
}
