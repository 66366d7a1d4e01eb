//! Sealed events answer as loose ones do: conditions, stages, searches and aggregates, after every step of a history.

#![allow(clippy::cast_precision_loss)] // small numbers

use attache::{Database, Error, Notice, Result, Rows, Value, internals::run_unoptimized};

use super::answers::{fault, seed_and_cases, smallest, try_heads};
use super::history::{STEPS, Twins};
use super::random::{self, Rng, Words, fill};
use super::world::World;
use super::{pipelines, search};

/// How many events lie loose at most, and how many rows a segment has: many segments, some beside loose events, one or two.
const SIZES: [(usize, usize); 4] = [(0, 7), (10, 16), (30, 64), (0, 64_512)];

/// What events are counted by: every field that has a value, attributes of every type, and expressions.
const KEYS: [&str; 60] = [
    "kind",
    "code",
    "root",
    "quad",
    "plover",
    "goldstein",
    "status",
    "actor",
    "source",
    "target",
    "party",
    "visitor",
    "host",
    "companion",
    "supplier",
    "about",
    "states",
    "dyad",
    "pair",
    "bilateral",
    "office",
    "rank",
    "sector",
    "place",
    "place.type",
    "place.under",
    "import",
    "date",
    "year",
    "quarter",
    "month",
    "decade",
    "score",
    "losses",
    "tag",
    "mixed",
    "flag",
    "weight",
    "seen",
    "note",
    "?missing_everywhere ?? 0",
    "lower(kind)",
    "upper(status)",
    "length(actor)",
    "round(goldstein)",
    "bucket(date, 1 week)",
    "bucket(date, 6 months)",
    "month_of_year(date)",
    "day_of_week(date)",
    "precision(date)",
    "losses > 10",
    "source.state",
    "tag ?? status",
    "quad + 1",
    "if(quad > 2, status, kind)",
    "if(year >= 2015, \"late\", \"early\")",
    "least(losses, quad)",
    "year_of(date)",
    "type_of(mixed)",
    "join(sort(actor), \"+\")",
];

/// What is worked out of a group.
const AGGREGATES: [&str; 43] = [
    "count()",
    "count(losses)",
    "count(mixed)",
    "count(date)",
    "count(losses > 10)",
    "count(year = 2015)",
    "count_distinct(kind)",
    "count_distinct(actor)",
    "count_distinct(place)",
    "count_distinct(mixed)",
    "count_distinct(date)",
    "count_distinct(month)",
    "sum(losses)",
    "sum(weight)",
    "sum(goldstein)",
    "sum(losses * 2)",
    "avg(losses)",
    "avg(weight)",
    "avg(goldstein)",
    "avg(quad)",
    "min(losses)",
    "min(goldstein)",
    "min(date)",
    "min(kind)",
    "max(weight)",
    "max(date)",
    "max(seen)",
    "max(tag)",
    "first(kind)",
    "first(date)",
    "first(key)",
    "last(losses)",
    "last(actor)",
    "median(losses)",
    "median(weight)",
    "stddev(losses)",
    "stddev(goldstein)",
    "share()",
    "share(quad = 4)",
    "share(year = 2015)",
    "collect(kind)",
    "collect(mixed)",
    "collect(place)",
];

/// Those that may fail, for the values are not of one type; and what they fail with is the same.
const DOUBTFUL: [&str; 6] =
    ["sum(score)", "avg(mixed)", "min(score)", "max(mixed)", "median(score)", "stddev(tag)"];

/// Equal, but for the last digits of numbers that are sums in another order. Of a group of 3 and 3.0 either is the key.
fn is_near(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => {
            (a - b).abs() <= 1e-9 * a.abs().max(1.0) || (a.is_nan() && b.is_nan())
        }
        (Value::Int(whole), Value::Float(other)) | (Value::Float(other), Value::Int(whole)) => {
            is_near(&Value::Float(*whole as f64), &Value::Float(*other))
        }
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_near(a, b))
        }
        _ => format!("{a:?}") == format!("{b:?}"),
    }
}

/// Columns, rows with their ids, notices.
type Answer = (Vec<String>, Vec<(Option<u64>, Vec<Value>)>, Vec<Notice>);

/// An answer, or the code of what goes wrong.
fn answer(rows: Result<Rows>) -> Result<Answer, &'static str> {
    let code = |error: Error| error.diagnostic().unwrap_or_else(|| panic!("{error}")).code;
    let mut rows = rows.map_err(code)?;
    let mut found = Vec::new();
    for row in &mut rows {
        let row = row.map_err(code)?;
        found.push((row.id().map(|id| id.0), row.values().to_vec()));
    }
    Ok((rows.columns().to_vec(), found, rows.notices()))
}

fn are_near(a: &Answer, b: &Answer) -> bool {
    let row = |a: &(_, Vec<Value>), b: &(_, Vec<Value>)| {
        a.0 == b.0 && a.1.len() == b.1.len() && a.1.iter().zip(&b.1).all(|(a, b)| is_near(a, b))
    };
    a.0 == b.0 && a.1.len() == b.1.len() && a.1.iter().zip(&b.1).all(|(a, b)| row(a, b))
}

/// The first rows that differ, or all there is besides.
fn difference(sealed: &Result<Answer, &str>, how: &str, other: &Result<Answer, &str>) -> String {
    let (a, b) = match (sealed, other) {
        (Ok(a), Ok(b)) => (a, b),
        (a, b) => return format!("sealed {:?}, {how} {:?}", a.as_ref().err(), b.as_ref().err()),
    };
    let told = |row: Option<&(Option<u64>, Vec<Value>)>| {
        row.map(|(id, values)| {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            format!("{id:?} {}", values.join(" | "))
        })
    };
    let rows = 0..a.1.len().max(b.1.len());
    let differing: Vec<String> = rows
        .map(|at| (told(a.1.get(at)), told(b.1.get(at))))
        .filter(|(a, b)| a != b)
        .take(3)
        .map(|(a, b)| format!("\n  sealed {a:?}\n  {how} {b:?}"))
        .collect();
    format!(
        "{} rows, {how} {}: {}\n  {:?}\n  {:?}",
        a.1.len(),
        b.1.len(),
        differing.join(""),
        (&a.0, &a.2),
        (&b.0, &b.2)
    )
}

/// What is wrong with the answer of sealed events: loose ones give another, or a walk through all events does.
fn wrong(twins: &Twins, query: &str) -> Option<String> {
    let sealed = answer(twins.sealed.query(query));
    let others = [
        ("loose", answer(twins.loose.query(query))),
        ("unoptimized", answer(run_unoptimized(&twins.sealed, query))),
    ];
    others.iter().find_map(|(how, other)| {
        let same = match (&sealed, other) {
            (Ok(a), Ok(b)) => are_near(a, b) && (*how == "unoptimized" || a.2 == b.2),
            (a, b) => a.as_ref().err() == b.as_ref().err(),
        };
        (!same).then(|| format!("{query}: {}", difference(&sealed, how, other)))
    })
}

/// The words of an aggregation: one to three aggregates by none to three keys, and what may follow.
fn aggregation(rng: &mut Rng) -> String {
    let aggregates: Vec<String> =
        (0..=rng.below(3)).map(|at| format!("{} as a{at}", rng.pick(&AGGREGATES))).collect();
    let keys: Vec<&str> =
        (0..[0, 1, 1, 1, 2, 2, 3][rng.below(7)]).map(|_| *rng.pick(&KEYS)).collect();
    let mut text = format!("summarize {}", aggregates.join(", "));
    if !keys.is_empty() {
        let named: Vec<String> =
            keys.iter().enumerate().map(|(at, key)| format!("{key} as k{at}")).collect();
        text += &format!(" by {}", named.join(", "));
    }
    let stages = ["", "", "", " | sort a0 desc", " | top 3 by a0", " | head 4", " | tail 2"];
    let stage = *rng.pick(&stages);
    // Of numbers that differ in their last digits, either is the greater.
    let is_exact = !text.contains("stddev");
    text += if is_exact { stage } else { "" };
    text
}

#[test]
fn all_keys_and_aggregates_of_sealed_events_are_those_of_loose_ones() {
    let (seed, _) = seed_and_cases(31, 0);
    for sizes in [SIZES[1], SIZES[3]] {
        let mut twins = Twins::new(sizes, seed);
        for (_, step) in STEPS {
            step(&mut twins);
        }
        twins.world();
        let (mut faults, mut over_columns) = (Vec::new(), 0);
        let mut hold = |query: &str| {
            faults.extend(wrong(&twins, query));
            let plan = twins.sealed.explain(query).unwrap();
            over_columns += usize::from(plan.contains("ColumnScan"));
            answer(twins.sealed.query(query))
        };
        for key in KEYS {
            for rest in ["", " where date >= 2014 and date < 2016-03"] {
                let found = hold(&format!("events{rest} | count by {key}"));
                let rows = found.map(|found| found.1.len());
                assert!(rows.is_ok_and(|rows| rows > 0), "{sizes:?}: by {key}{rest}: {rows:?}");
            }
        }
        for aggregate in AGGREGATES {
            for by in ["", " by year", " by year fill", " by status, import", " by mixed"] {
                let found = hold(&format!("events | summarize {aggregate}{by}"));
                let rows = found.map(|found| found.1.len());
                assert!(rows.is_ok_and(|rows| rows > 0), "{sizes:?}: {aggregate}{by}: {rows:?}");
            }
        }
        let failing = DOUBTFUL
            .iter()
            .filter(|aggregate| hold(&format!("events | summarize {aggregate}")).is_err());
        assert!(failing.count() >= 3, "little goes wrong");
        assert!(over_columns > 150, "only {over_columns} go over columns");
        assert!(
            faults.is_empty(),
            "{sizes:?}, seed {seed}: {}\n{}",
            faults.len(),
            faults.join("\n")
        );
    }
}

#[test]
fn a_history_of_sealed_events_answers_as_one_of_loose_events() {
    let (seed, cases) = seed_and_cases(41, 8);
    let words = Words::random();
    let mut full = 0;
    for (seed, sizes) in (seed..).zip(SIZES) {
        let mut twins = Twins::new(sizes, seed);
        let rng = &mut Rng::new(seed);
        for (step, make) in STEPS {
            make(&mut twins);
            let what = format!("{sizes:?}, seed {seed}, {step}");
            let world = twins.world();
            assert!(twins.sealed.info().unwrap().segments > 0, "{what}");
            for _ in 0..cases {
                let condition = words.condition(rng, 2);
                let is_right = fault(&condition, &twins.sealed, &world).is_none();
                assert!(is_right, "{what}: {}", smallest(&condition, &twins.sealed, &world));
                for check in pipelines::CHECKS {
                    if rng.chance(30) {
                        check(&twins.sealed, &world, &condition, rng);
                    }
                }
                let source = if rng.chance(50) {
                    "events".to_owned()
                } else {
                    format!("events where {condition}")
                };
                let query = format!("{source} | {}", aggregation(rng));
                let wrong = wrong(&twins, &query);
                assert_eq!(wrong, None, "{what}");
                full +=
                    usize::from(answer(twins.sealed.query(&query)).is_ok_and(|a| a.1.len() > 2));
            }
            try_heads(&twins.sealed, &world, &words, seed, 2);
            for _ in 0..cases / 3 {
                let query =
                    format!("events where {} | {}", words.condition(rng, 1), aggregation(rng));
                let [sealed, loose] = twins.in_the_midst(|tx| answer(tx.query_with(&query, ())));
                let same = match (&sealed, &loose) {
                    (Ok(a), Ok(b)) => are_near(a, b) && a.2 == b.2,
                    (a, b) => a.as_ref().err() == b.as_ref().err(),
                };
                let differing = || difference(&sealed, "loose", &loose);
                assert!(same, "{what}, in the midst: {query}: {}", differing());
            }
        }
    }
    assert!(full > cases * 7, "{full} aggregations gave three rows or more");
}

#[test]
fn records_are_read_where_columns_do_not_suffice() {
    let (seed, _) = seed_and_cases(81, 0);
    let db = Database::builder().sealing(10, 64).open_in_memory().unwrap();
    fill(&db, seed, 0..300);
    for (query, rows, fetch) in [
        ("events | select date, kind, source", true, false),
        ("events where quad = 4 | select id, losses | sort losses", true, false),
        ("events | explode actor as who | select who, year", true, false),
        ("events | unique kind, place | select kind, place | head 3", true, false),
        ("events | derive a = kind | summarize first(place) by a", true, false),
        ("events | select date, summary", false, false),
        ("events where summary ~ \"visit\" | select date", false, false),
        ("events", false, false),
        ("events | sort date desc", false, false),
        ("events | sort date desc | head 3", true, true),
        ("events where quad = 4 | top 5 by goldstein | select summary", true, true),
        ("events | sample 3 seed 1", true, true),
        ("events | top 5 by length(summary)", false, false),
        ("events | top 5 by goldstein | count by kind", true, false),
        ("events | count by kind | top 5 by count", false, false),
    ] {
        let plan = db.explain(query).unwrap();
        assert_eq!(
            (plan.contains("ColumnScan: rows"), plan.contains("Fetch: ")),
            (rows, fetch),
            "{query}\n{plan}"
        );
        let columns = answer(db.query(query)).unwrap_or_else(|code| panic!("{query}: {code}"));
        let records = answer(run_unoptimized(&db, query)).unwrap();
        assert!(are_near(&columns, &records), "{query}");
    }
    let latest = db.query("events | sort date desc | head 1").unwrap().one().unwrap();
    assert_eq!(latest.event(), db.get(latest.id().unwrap()).unwrap().as_ref());
    let named = db.query("events | select date | head 1").unwrap().one().unwrap();
    assert!(named.event().is_none() && named.id().is_some());
}

/// Every field of the events of a match, whether columns tell it or records do.
#[test]
fn matches_of_sealed_events_are_those_of_loose_ones() {
    let (seed, _) = seed_and_cases(71, 0);
    let is_path = |key: &&str| key.chars().all(|c| c.is_alphanumeric() || "._".contains(c));
    for sizes in [SIZES[1], SIZES[3]] {
        let mut twins = Twins::new(sizes, seed);
        for (_, step) in STEPS {
            step(&mut twins);
        }
        twins.world();
        let mut rows = 0;
        for (at, key) in KEYS.into_iter().filter(is_path).enumerate() {
            let by = ["", "by source ", "by dyad ", "by actor, quad "][at % 4];
            let mode = ["sequence each", "sequence", "sequence all", "together"][at / 4 % 4];
            let pattern = format!(
                "{mode} {by}within 200 days [events where quad <= 2] as a maybe [events where place is not null] as b \
                 no [events where losses > 90] [events where quad >= 2] as c"
            );
            for rest in [
                format!("select a.id, b.id, c.id, a.{key} as x, b.{key} as y, c.{key} as z"),
                format!("summarize count() as n, count_distinct(c.{key}) as m by a.{key} as x"),
            ] {
                let query = format!("{pattern} | {rest}");
                assert_eq!(wrong(&twins, &query), None, "{sizes:?}, seed {seed}");
                rows += answer(twins.sealed.query(&query)).map_or(0, |found| found.1.len());
            }
        }
        assert!(rows > 500, "{sizes:?}: {rows} rows");
    }
}

/// A commit an event, as by hand.
#[test]
fn conditions_on_events_sealed_one_by_one() {
    let (seed, cases) = seed_and_cases(51, 40);
    for (seed, (newest, segment_rows)) in (seed..).zip([(0, 7), (10, 16)]) {
        let db = Database::builder().sealing(newest, segment_rows).open_in_memory().unwrap();
        fill(&db, seed, 0..120);
        let world = World::load(&db, random::actors(), random::places());
        assert!(db.info().unwrap().segments > 3);
        super::answers::try_all(&db, &world, &Words::random(), seed, cases);
    }
}

#[test]
fn searches_of_sealed_summaries() {
    let (seed, cases) = seed_and_cases(61, 100);
    let db = Database::builder().sealing(10, 32).open_in_memory().unwrap();
    let world = search::fill(&db, seed);
    assert!(db.info().unwrap().segments > 3);
    search::search(&db, &world, seed, cases);
    search::scores(&db, &world, seed, cases / 4);
    db.compact().unwrap();
    search::search(&db, &world, seed + 1, cases);
}
