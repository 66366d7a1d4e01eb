//! Series without gaps: periods of the large file, filled, against a plain script over its rows.

#![allow(clippy::cast_precision_loss)] // small numbers

use std::collections::{BTreeMap, BTreeSet};

use attache::{Date, Day, Days};

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

/// The days on which the file is silent for four weeks or more, all of them behind its first: nobody knows what happened.
fn silence(rows: &[Row]) -> Vec<Days> {
    let day = |row: &Row| row.date.parse::<Date>().unwrap().earliest();
    let days: BTreeSet<Day> = rows.iter().map(day).collect();
    let days: Vec<Day> = days.into_iter().chain([Day::MAX]).collect();
    let gaps = days.windows(2).filter(|pair| pair[1].0 - pair[0].0 > 28);
    gaps.map(|pair| Days { first: Day(pair[0].0 + 1), last: Day(pair[1].0.saturating_sub(1)) })
        .collect()
}

/// The file has nothing from 2016 to the summer of 2018, and ends on 2018-10-31: these months are not known to be quiet.
#[test]
fn no_month_is_missing() {
    let Some(Icews { db, rows, .. }) = icews() else { return };
    let last = rows.iter().map(|row| row.date.as_str()).max().unwrap();
    assert_eq!(last, "2018-10-31");
    let silence = silence(rows);
    assert_eq!(silence.len(), 2, "{silence:?}");
    let is_told = |month: &str| {
        let days = month.parse::<Date>().unwrap().covering();
        !silence.iter().any(|silence| silence.overlaps(days))
    };
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
                let told = count.or_else(|| is_told(&month).then_some(0));
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
        assert_eq!(found.len(), 14, "{query}");
        for (row, year) in found.iter().zip(2005..2019) {
            let year = year.to_string();
            // Two years of which the file does not tell, and in others there may be nothing to tell.
            let told = years.get(year.as_str());
            let count = match told {
                Some((count, _)) => count.to_string(),
                None if year == "2016" || year == "2017" => String::new(),
                None => "0".to_owned(),
            };
            assert_eq!(row[..3], [format!("{a}–{b}"), year, count], "{query}");
            let mean = told.map(|(count, sum)| sum / *count as f64);
            assert!(is_near(&row[3], mean), "{query}: {row:?}, {mean:?}");
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
    let found = answer(db, "events where year = 2014 | count by bucket(date, 1 week) as week fill");
    let all: u64 = found.iter().map(|row| row[1].parse::<u64>().unwrap()).sum();
    assert_eq!(all, rows.iter().filter(|row| row.date.starts_with("2014")).count() as u64);
    assert_eq!(found.len(), 53);
    // The year began on a Wednesday.
    assert_eq!(found[0][0], "2013-12-30..2014-01-05");
    let first = rows.iter().filter(|row| *row.date >= *"2014" && *row.date <= *"2014-01-05");
    assert_eq!(found[0][1], first.count().to_string());
}
