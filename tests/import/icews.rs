//! The large file of ICEWS: what the engine answers agrees with a plain script over the file.

mod periods;
mod sequences;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use attache::Database;

use super::{answer, assert_sum, data, import, number};

const FILE: &str = "icews/icews_events_2005_2018.tsv";
const EVENTS: usize = 350_876;

/// A row of the file as it stands.
struct Row {
    date: String,
    source: String,
    text: String,
    code: String,
    intensity: f64,
    target: String,
}

struct Icews {
    db: Database,
    rows: Vec<Row>,
    notes: Vec<String>,
}

/// The file, read in once for all tests; none when there is no data.
fn icews() -> Option<&'static Icews> {
    static ICEWS: OnceLock<Option<Icews>> = OnceLock::new();
    let read = || {
        let path = data(FILE)?;
        let db = Database::open_in_memory().unwrap();
        let report = import(&db, &path);
        assert_eq!(report.counts.loaded, EVENTS as u64, "{report}");
        assert_sum(&report);
        let text = std::fs::read_to_string(path).unwrap();
        let rows = text
            .lines()
            .skip(1)
            .map(|line| {
                let cells: Vec<String> =
                    line.split('\t').map(|cell| cell.trim().to_owned()).collect();
                let [date, source, text, code, intensity, target] = cells.try_into().unwrap();
                let intensity = intensity.parse().unwrap();
                Row { date, source, text, code, intensity, target }
            })
            .collect();
        Some(Icews { db, rows, notes: report.notes })
    };
    ICEWS.get_or_init(read).as_ref()
}

/// How many rows there are of each value, as an answer has them.
fn tally(values: impl Iterator<Item = String>) -> Vec<Vec<String>> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts.into_iter().map(|(value, count)| vec![value, count.to_string()]).collect()
}

fn quad(row: &Row) -> u8 {
    match &row.code[..2] {
        "01" | "02" | "03" | "04" | "05" => 1,
        "06" | "07" | "08" | "09" => 2,
        "10" | "11" | "12" | "13" | "14" => 3,
        _ => 4,
    }
}

#[test]
fn every_row_is_an_event() {
    let Some(icews) = icews() else { return };
    assert_eq!(icews.rows.len(), EVENTS);
    assert_eq!(number(&icews.db, "events | count"), EVENTS);
    assert_eq!(icews.db.verify().unwrap(), [""; 0]);
}

#[test]
fn bajwa_is_two_people() {
    let Some(icews) = icews() else { return };
    let mut rows =
        icews.db.query(r#"events where actor = "Bajwa" and year >= 2015 | count"#).unwrap();
    let count: i64 = rows.next().unwrap().unwrap().get("count").unwrap();
    assert_eq!(count, 26);
    let notices: String = rows.notices().iter().map(|notice| notice.text.clone() + "\n").collect();
    let bearers: std::collections::BTreeSet<&str> = icews
        .rows
        .iter()
        .flat_map(|row| [&row.source, &row.target])
        .filter(|name| name.contains("Bajwa"))
        .map(String::as_str)
        .collect();
    assert_eq!(bearers.len(), 2, "{bearers:?}");
    for bearer in bearers {
        assert!(notices.contains(bearer), "{bearer} is not in: {notices}");
    }
    assert_eq!(number(&icews.db, r#"events where actor == "Bajwa" | count"#), 0);
}

#[test]
fn counts_agree_with_the_file() {
    let Some(icews) = icews() else { return };
    let Icews { db, rows, .. } = icews;
    let by = |query: &str| answer(db, query);
    let root = tally(rows.iter().map(|row| row.code[..2].to_owned()));
    assert_eq!(by("events | count by root | sort root"), root);
    let code = tally(rows.iter().map(|row| row.code.clone()));
    assert_eq!(by("events | count by code | sort code"), code);
    let quads = tally(rows.iter().map(|row| quad(row).to_string()));
    assert_eq!(by("events | count by quad | sort quad"), quads);
    let year = tally(rows.iter().filter(|row| quad(row) == 4).map(|row| row.date[..4].to_owned()));
    assert_eq!(by("events where quad = 4 | count by year"), year);
}

#[test]
fn china_and_japan_by_month() {
    let Some(icews) = icews() else { return };
    let Icews { db, rows, .. } = icews;
    let pair = |row: &&Row| {
        let sides = (row.source.as_str(), row.target.as_str());
        sides == ("China", "Japan") || sides == ("Japan", "China")
    };
    let months = rows.iter().filter(pair).filter(|row| row.date.starts_with("2014"));
    let expected = tally(months.map(|row| row.date[..7].to_owned()));
    let query =
        r#"events where actor = "China" and actor = "Japan" and year = 2014 | count by month"#;
    assert_eq!(answer(db, query), expected);
}

#[test]
fn partners_of_china() {
    let Some(icews) = icews() else { return };
    let Icews { db, rows, .. } = icews;
    let from_china = rows.iter().filter(|row| row.source == "China");
    let mut expected = tally(from_china.map(|row| row.target.clone()));
    expected.sort_by_key(|cells| std::cmp::Reverse(cells[1].parse::<u64>().unwrap()));
    let query = r#"events where source = "China" | count by target | sort count desc, target"#;
    let found = answer(db, query);
    assert_eq!(found.len(), expected.len());
    assert_eq!(found[..20], expected[..20]);
}

#[test]
fn the_words_for_kinds_hold() {
    let Some(icews) = icews() else { return };
    let Icews { db, rows, .. } = icews;
    let visits = rows.iter().filter(|row| row.code == "042" || row.code == "043").count();
    assert_eq!(number(db, "visit | count"), visits);
    let of_china = |name: &str| name == "China" || name.ends_with("(China)");
    let chinese = rows.iter().filter(|row| {
        (row.code == "042" || row.code == "043") && (of_china(&row.source) || of_china(&row.target))
    });
    assert_eq!(number(db, r#"visit where actor under "China" | count"#), chinese.count());
    let assaults = rows.iter().filter(|row| row.code.starts_with("18")).count();
    assert_eq!(number(db, r#"events where kind under "assault" | count"#), assaults);
}

#[test]
fn visits_are_told_from_both_sides_and_answered_from_one() {
    let Some(icews) = icews() else { return };
    let Icews { db, rows, notes } = icews;
    assert!(notes.iter().any(|note| note.contains("042") && note.contains("043")), "{notes:?}");
    let made = rows.iter().filter(|row| {
        let sides = (row.code.as_str(), row.source.as_str(), row.target.as_str());
        sides == ("042", "China", "Japan") || sides == ("043", "Japan", "China")
    });
    let found = answer(db, r#"visit where from "China" to "Japan" | select visitor, host"#);
    let found_named = answer(
        db,
        r#"visit from "China" to "Japan" where visitor == "China" and host == "Japan" | count"#,
    );
    assert_eq!(found_named, [[made.count().to_string()]]);
    assert!(found.iter().all(|cells| cells[0].contains("China") && cells[1].contains("Japan")));
}

#[test]
fn the_names_of_columns_are_fields() {
    let Some(icews) = icews() else { return };
    let threats = r#"events where event_text like "Threaten*" | count"#;
    let expected = icews.rows.iter().filter(|row| row.text.starts_with("Threaten")).count();
    let found = number(&icews.db, threats);
    assert_eq!(found, expected);
    let spaced = number(&icews.db, r#"events where `Event Text` like "Threaten*" | count"#);
    assert_eq!(found, spaced);
}
