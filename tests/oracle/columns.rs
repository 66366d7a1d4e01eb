//! Columns: what is asked of sealed events gives what their records give.

use attache::internals::run_unoptimized;
use attache::{Database, Result, Row, Rows, Value};

use super::random::{Rng, Words, fill};

/// The rows of an answer as text, sums to nine digits, with what its notices say of it.
fn told(rows: Result<Rows>) -> Result<(Vec<Vec<String>>, Vec<String>), String> {
    let mut rows = rows.map_err(|error| error.to_string())?;
    let cell = |value: &Value| match value {
        Value::Float(f) => format!("{f:.9}"),
        other => other.to_string(),
    };
    let cells = |row: Row| row.values().iter().map(cell).collect::<Vec<_>>();
    let mut found = Vec::new();
    for row in &mut rows {
        found.push(cells(row.map_err(|error| error.to_string())?));
    }
    let notices = rows.notices().iter().map(|notice| notice.text.clone()).collect();
    Ok((found, notices))
}

/// A grouping by chance, or the events as they are.
fn stages(rng: &mut Rng) -> String {
    let keys = [
        "kind",
        "status",
        "code",
        "root",
        "quad",
        "place",
        "actor",
        "source",
        "target",
        "party",
        "visitor",
        "host",
        "year",
        "month",
        "quarter",
        "decade",
        "date",
        "dyad",
        "pair",
        "states",
        "bilateral",
        "office",
        "rank",
        "sector",
        "losses",
        "score",
        "tag",
        "source.type",
        "actor.state",
        "place.type",
        "goldstein",
        "plover",
        "month_of_year(date)",
        "bucket(date, 2 weeks)",
        "bucket(said, 1 year)",
    ];
    let calls = [
        "count() as a",
        "count(losses) as b",
        "count(losses > 3) as c",
        "count_distinct(actor) as d",
        "count_distinct(kind) as e",
        "sum(losses) as f",
        "avg(losses) as g",
        "avg(goldstein) as h",
        "sum(goldstein) as i",
        "min(date) as j",
        "max(date) as k",
        "min(losses) as l",
        "max(place) as m",
        "median(losses) as n",
        "stddev(goldstein) as o",
        "first(place) as p",
        "collect(status) as q",
        "sum(losses + goldstein) as r",
        "count(year >= 2014 and goldstein < 3) as s",
        "max(source) as t",
        "last(kind) as u",
        "sum(score) as v",
        "max(score) as w",
        "count_distinct(tag) as x",
        "share(goldstein > 0) as y",
        "share() as z",
        "share(date >= 2015) as ab",
    ];
    let by = match rng.below(4) {
        0 => String::new(),
        1 => format!(" by {}", rng.pick(&keys)),
        2 => two(rng, &keys),
        _ => " by source, target, month".to_owned(),
    };
    let periods = ["year", "month", "quarter", "decade", "bucket"];
    let options = ["", "", "", " fill", " spread", " fill spread"];
    let has_period = periods.iter().any(|period| by.contains(period)) && !by.contains("target");
    let by = if has_period { by + *rng.pick(&options) } else { by };
    match rng.below(5) {
        0 => String::new(),
        1 => format!("| count{by}"),
        2 => format!("| count{by} | top 5 by count desc"),
        3 => format!("| summarize {}{by}", rng.pick(&calls)),
        _ => {
            let (a, b) = (rng.pick(&calls), rng.pick(&calls));
            let both = if a == b { (*a).to_owned() } else { format!("{a}, {b}") };
            format!("| summarize {both}{by}")
        }
    }
}

fn two(rng: &mut Rng, keys: &[&str]) -> String {
    let (a, b) = (rng.pick(keys), rng.pick(keys));
    if a == b { format!(" by {a}") } else { format!(" by {a}, {b}") }
}

/// Sealed, with some events that were revised or came since.
fn sealed(seed: u64) -> Database {
    let db = Database::builder().sealing(32, 64).open_in_memory().unwrap();
    fill(&db, seed, 0..400);
    fill(&db, seed + 1, 1000..1040);
    assert!(db.info().unwrap().segments > 3);
    db
}

#[test]
fn columns_say_what_records_say() {
    let (seed, cases) = super::answers::seed_and_cases(21, 400);
    let words = Words::random();
    let mut over_columns = 0;
    for seed in seed..seed + 2 {
        let db = sealed(seed);
        let rng = &mut Rng::new(seed);
        for _ in 0..cases {
            let condition = words.condition(rng, 2);
            let head = if rng.chance(20) {
                "events ".to_owned()
            } else {
                format!("events where {condition} ")
            };
            let query = head + &stages(rng);
            let plan = db.explain(&query).unwrap_or_else(|refused| refused.to_string());
            over_columns += usize::from(plan.contains("ColumnScan"));
            let by_columns = told(db.query(&query));
            let by_records = told(run_unoptimized(&db, &query));
            assert_eq!(by_columns, by_records, "seed {seed}: {query}\n{plan}");
        }
    }
    assert!(over_columns > cases, "few queries go over columns: {over_columns} of {}", 2 * cases);
}
