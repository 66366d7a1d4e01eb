//! Periods: what `fill` and `spread` make of certain rows is what going day by day makes of them.

#![allow(clippy::cast_precision_loss)] // small numbers

use std::collections::{BTreeMap, BTreeSet};

use attache::{Database, Date, Day, Days, Event, Row, Value};

use super::condition::{Cond, When};
use super::pipelines::{certain, values};
use super::random::{Rng, Words, database};
use super::world::World;

/// The days that are looked at one by one. Random conditions speak of none beyond.
const FIRST: Day = Day(-12_000);
const LAST: Day = Day(25_550);

/// So many periods are too many: a date that spreads over more is in the null group.
const MOST: i64 = 1000;

/// A way to group dates: how a query writes it, the number of a day's period, and what that is called.
struct Unit {
    text: &'static str,
    of: fn(Day) -> i64,
    name: fn(i64) -> String,
}

fn month(day: Day) -> i64 {
    let (year, month, _) = day.ymd();
    year * 12 + i64::from(month) - 1
}

fn month_name(at: i64) -> String {
    format!("{}-{:02}", at.div_euclid(12), at.rem_euclid(12) + 1)
}

/// 1970-01-05 was a Monday.
fn week(day: Day) -> i64 {
    (day.0 - 4).div_euclid(7)
}

const UNITS: [Unit; 6] = [
    Unit { text: "year", of: |day| day.ymd().0, name: |at| at.to_string() },
    Unit { text: "month", of: month, name: month_name },
    Unit {
        text: "quarter",
        of: |day| month(day).div_euclid(3),
        name: |at| format!("{}-Q{}", at.div_euclid(4), at.rem_euclid(4) + 1),
    },
    Unit {
        text: "bucket(date, 1 week)",
        of: week,
        name: |at| format!("{}..{}", Day(at * 7 + 4), Day(at * 7 + 10)),
    },
    Unit {
        text: "bucket(date, 6 months)",
        of: |day| month(day).div_euclid(6),
        name: |at| format!("{}..{}", month_name(at * 6), month_name(at * 6 + 5)),
    },
    Unit {
        text: "bucket(date, 5 years)",
        of: |day| day.ymd().0.div_euclid(5),
        name: |at| format!("{}..{}", at * 5, at * 5 + 4),
    },
];

/// May an event that begins on this day fulfil the condition, by what this says of the date?
fn may_begin(condition: &Cond, day: Day) -> bool {
    let test = |op: &str, days: Days| match op {
        "<" | "before" => day < days.first,
        "<=" => day <= days.last,
        ">" | "after" => day > days.last,
        ">=" => day >= days.first,
        "=" | "in" | "overlaps" | "during" => days.contains(day),
        "!=" | "not in" | "not during" => !days.contains(day),
        other => panic!("{other}"),
    };
    match condition {
        Cond::And(parts) => parts.iter().all(|part| may_begin(part, day)),
        Cond::Or(parts) => parts.iter().any(|part| may_begin(part, day)),
        Cond::Possibly(inner) | Cond::Certainly(inner) => may_begin(inner, day),
        Cond::Date(op, when) | Cond::Period(_, op, when) => test(op, when.days),
        Cond::Not(inner) => match inner.as_ref() {
            Cond::Date(op, when) | Cond::Period(_, op, when)
                if *op != "!=" && !op.starts_with("not ") =>
            {
                !test(op, when.days)
            }
            _ => true,
        },
        _ => true,
    }
}

/// The periods in which an event may have begun; none where that is open, or too much.
fn periods(date: &Date, unit: &Unit) -> Option<(i64, i64)> {
    let (first, last) = (date.start().first, date.start().last);
    if first == Day::MIN || last == Day::MAX {
        return None;
    }
    let (first, last) = ((unit.of)(first), (unit.of)(last));
    (last - first < MOST).then_some((first, last))
}

type Cells = Vec<String>;

fn table(db: &Database, query: &str) -> (Vec<String>, Vec<Cells>) {
    let rows = db.query(query).unwrap_or_else(|e| panic!("{query}: {e:?}"));
    let columns = rows.columns().to_vec();
    let cells = |row: Row| row.values().iter().map(Value::to_string).collect();
    let rows = rows.map(|row| cells(row.unwrap_or_else(|e| panic!("{query}: {e:?}"))));
    (columns, rows.collect())
}

/// Period and other key to how many are certain and how many possible; null where nobody knows.
type Counts = BTreeMap<(String, String), Option<(i64, i64)>>;

fn counted(
    world: &World,
    condition: &Cond,
    unit: &Unit,
    other: Option<&str>,
    covered: Option<&[Days]>,
) -> Counts {
    let mut counts = Counts::new();
    let mut numbers: BTreeSet<i64> = BTreeSet::new();
    for (_, event) in certain(world, condition) {
        let of_other = other.map_or(vec![None], |field| values(world, event, field));
        let of_date = event.date.as_ref().map(|date| periods(date, unit));
        for value in of_other {
            let value = value.unwrap_or_default();
            let mut add = |name: String, sure: i64, possible: i64| {
                let slot = counts.entry((name, value.clone())).or_insert(Some((0, 0)));
                let (a, b) = slot.unwrap();
                *slot = Some((a + sure, b + possible));
            };
            match of_date {
                None => add(String::new(), 1, 0),
                Some(None) => add(String::new(), 0, 1),
                Some(Some((first, last))) => {
                    for at in first..=last {
                        numbers.insert(at);
                        let sure = i64::from(first == last);
                        add((unit.name)(at), sure, 1 - sure);
                    }
                }
            }
        }
    }
    let asked: Vec<Day> =
        (FIRST.0..=LAST.0).map(Day).filter(|day| may_begin(condition, *day)).collect();
    let (Some(first), Some(last)) = (asked.first(), asked.last()) else { return counts };
    let end = |day: Day, limit: Day, there: Option<&i64>| {
        if day == limit { there.copied() } else { Some((unit.of)(day)) }
    };
    let range = (end(*first, FIRST, numbers.first()), end(*last, LAST, numbers.last()));
    let (Some(first), Some(last)) = range else { return counts };
    let mut others: BTreeSet<String> = counts.keys().map(|(_, value)| value.clone()).collect();
    if other.is_none() {
        others.insert(String::new());
    }
    let mut wanted: BTreeMap<i64, bool> = BTreeMap::new();
    let is_covered =
        |day: Day| covered.is_none_or(|covered| covered.iter().any(|days| days.contains(day)));
    for day in asked {
        let all = wanted.entry((unit.of)(day)).or_insert(true);
        *all &= is_covered(day);
    }
    for (at, all) in wanted.range(first..=last.max(first)) {
        for value in &others {
            let empty = all.then_some((0, 0));
            counts.entry(((unit.name)(*at), value.clone())).or_insert(empty);
        }
    }
    counts
}

/// Holds a filled count against one day by day.
fn hold(
    db: &Database,
    world: &World,
    condition: &Cond,
    rng: &mut Rng,
    covered: Option<&[Days]>,
) -> usize {
    let unit = rng.pick(&UNITS);
    let weeks = unit.text.contains("week");
    let others = ["kind", "status", "actor", "place"];
    let other = (!weeks && rng.chance(50)).then(|| *rng.pick(&others));
    let counts = counted(world, condition, unit, other, covered);
    let by = other.map_or(unit.text.to_owned(), |other| format!("{other}, {}", unit.text));
    let query = format!("events where {condition} | count by {by} fill");
    let (columns, rows) = table(db, &query);
    let doubt = counts.values().flatten().any(|(_, possible)| *possible > 0);
    assert_eq!(columns.iter().any(|c| c == "possible"), doubt, "{query}");
    let at = usize::from(other.is_some());
    let number = |text: &String| text.parse::<i64>().unwrap();
    let mut found = Counts::new();
    let mut before: Option<&[String]> = None;
    for row in &rows {
        let key = (row[at].clone(), other.map_or(String::new(), |_| row[0].clone()));
        let count = (!row[at + 1].is_empty()).then(|| {
            let possible = row.get(at + 2).map_or(0, number);
            (number(&row[at + 1]), possible)
        });
        assert!(found.insert(key, count).is_none(), "{query}: {row:?} twice");
        let new_group = before.is_none_or(|before| before[..at] != row[..at]);
        if let Some(before) = before.filter(|_| !new_group && !row[at].is_empty()) {
            assert!(before[at] < row[at], "{query}: {row:?} behind {before:?}");
        }
        before = Some(row);
    }
    assert_eq!(found, counts, "{query}");
    found.values().filter(|count| **count == Some((0, 0)) || count.is_none()).count()
}

/// Filled counts, with a stretch of days asked for or without.
pub(super) fn fills(db: &Database, world: &World, condition: &Cond, rng: &mut Rng) {
    hold(db, world, &between(condition, rng), rng, None);
}

/// Under a stretch of days besides, as often as not.
fn between(condition: &Cond, rng: &mut Rng) -> Cond {
    let year = 2011 + i64::try_from(rng.below(5)).unwrap();
    let (from, to) = (Day::from_ymd(year, 3, 5), Day::from_ymd(year + 1, 2, 28));
    let date = |text: String, days| Cond::Date("in", When { text, days });
    let also = match rng.below(4) {
        0 => date(format!("{from}..{to}"), Days { first: from, last: to }),
        1 => date(format!("{from}.."), Days { first: from, last: Day::MAX }),
        2 => date(format!("..{to}"), Days { first: Day::MIN, last: to }),
        _ => return condition.clone(),
    };
    Cond::And(vec![condition.clone(), also])
}

/// Uncertain events divided day by day: counts, sums, means and shares.
pub(super) fn spreads(db: &Database, world: &World, condition: &Cond, rng: &mut Rng) {
    let unit = rng.pick(&UNITS);
    let events = certain(world, condition);
    let losses = |event: &Event| match event.attributes.get("losses") {
        Some(Value::Int(n)) => Some(*n as f64),
        _ => None,
    };
    // Weight, weight of those with losses, losses, weight of those with more than 10.
    let mut sums: BTreeMap<String, [f64; 4]> = BTreeMap::new();
    for (_, event) in &events {
        let loss = losses(event);
        let mut add = |name: String, weight: f64| {
            let slot = sums.entry(name).or_default();
            slot[0] += weight;
            slot[1] += loss.map_or(0.0, |_| weight);
            slot[2] += loss.unwrap_or(0.0) * weight;
            slot[3] += loss.filter(|n| *n > 10.0).map_or(0.0, |_| weight);
        };
        let date = event.date.as_ref().filter(|date| periods(date, unit).is_some());
        let Some(date) = date else {
            add(String::new(), 1.0);
            continue;
        };
        let (first, last) = (date.start().first.0, date.start().last.0);
        let mut days: BTreeMap<i64, u32> = BTreeMap::new();
        for day in first..=last {
            *days.entry((unit.of)(Day(day))).or_default() += 1;
        }
        for (at, count) in days {
            add((unit.name)(at), f64::from(count) / (last - first + 1) as f64);
        }
    }
    let query = format!(
        "events where {condition} | summarize count() as n, sum(?losses) as s, avg(?losses) as m, share(?losses > 10) as h, \
         share() as a by {} spread",
        unit.text
    );
    let (columns, rows) = table(db, &query);
    assert_eq!(columns.len(), 6, "{query}");
    let number = |text: &String| if text.is_empty() { None } else { Some(text.parse().unwrap()) };
    let all = events.len() as f64;
    assert_eq!(rows.len(), sums.len(), "{query}");
    for row in rows {
        let [weight, told, sum, more] = sums[&row[0]];
        let some = |value: f64| (told > 0.0).then_some(value);
        let wanted =
            [Some(weight), some(sum), some(sum / told), Some(more / weight), Some(weight / all)];
        let found: Vec<Option<f64>> = row[1..].iter().map(number).collect();
        for (found, wanted) in found.iter().zip(wanted) {
            let near = match (found, wanted) {
                (Some(a), Some(b)) => (a - b).abs() < 1e-9 * b.abs().max(1.0),
                (a, b) => a.is_none() && b.is_none(),
            };
            assert!(near, "{query}: {row:?}, wanted {wanted:?}");
        }
    }
}

#[test]
fn every_period_that_is_asked_for_has_its_row() {
    let demo = Database::demo().unwrap();
    let chronicle = World::load_all(&demo);
    let (db, random) = database(8, 240);
    let sets = [(&demo, &chronicle, Words::chronicle()), (&db, &random, Words::random())];
    let mut filled = 0;
    for (db, world, words) in sets {
        let rng = &mut Rng::new(9);
        for _ in 0..60 {
            let condition = between(&words.condition(rng, 1), rng);
            filled += hold(db, world, &condition, rng, None);
        }
    }
    assert!(filled > 500, "only {filled} rows were filled in");
}

#[test]
fn what_is_not_covered_is_not_nothing() {
    let (db, world) = database(9, 160);
    let words = Words::random();
    let script = "define coverage early { from: 2013-05, to: 2014-08-17 };
        define coverage late { from: 2015-01-01, to: 2015 };
        define coverage spring { from: 2015-03-10, to: 2015-04 }";
    db.execute(script).unwrap();
    let covered = [
        Days { first: Day::from_ymd(2013, 5, 1), last: Day::from_ymd(2014, 8, 17) },
        Days::year(2015),
    ];
    let rng = &mut Rng::new(10);
    for _ in 0..60 {
        let condition = between(&words.condition(rng, 1), rng);
        hold(&db, &world, &condition, rng, Some(&covered));
    }
    let count = |query: &str| table(&db, query).1.iter().filter(|row| row[1].is_empty()).count();
    let all = r#"events where kind = "fight" and year in 2013..2016 and losses > 100"#;
    assert_eq!(count(&format!("{all} | count by month fill")), 4 + 5 + 12);
    db.execute("drop coverage early; drop coverage late; drop coverage spring").unwrap();
    assert_eq!(count(&format!("{all} | count by month fill")), 0);
}

#[test]
fn uncertain_events_are_divided_by_their_days() {
    let demo = Database::demo().unwrap();
    let chronicle = World::load_all(&demo);
    let (db, random) = database(10, 200);
    let sets = [(&demo, &chronicle, Words::chronicle()), (&db, &random, Words::random())];
    for (db, world, words) in sets {
        let rng = &mut Rng::new(11);
        for _ in 0..40 {
            let condition = words.condition(rng, 1);
            spreads(db, world, &condition, rng);
        }
    }
}

#[test]
fn parts_of_an_event_are_divided_among_all_its_keys_at_once() {
    let (db, _) = database(11, 200);
    let total = |query: &str| -> f64 {
        let sum = |row: &Cells| row.last().unwrap().parse::<f64>().unwrap();
        table(&db, query).1.iter().map(sum).sum()
    };
    let all = total("events | count");
    for by in ["year, month", "month, year", "bucket(date, 1 week), month", "quarter, status"] {
        let found = total(&format!("events | count by {by} spread"));
        assert!((found - all).abs() < 1e-6, "{by}: {found} of {all}");
        let months = format!("events | count by {by} fill spread");
        assert!((total(&months) - all).abs() < 1e-6, "{months}");
    }
}
