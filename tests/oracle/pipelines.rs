//! Stages: what they make of certain rows is what a few lines here make of them.

use std::collections::{BTreeMap, BTreeSet};

use attache::{Database, Date, Day, Event, Row, Value};

use super::condition::Cond;
use super::random::{Rng, Words, database};
use super::unfold;
use super::world::{K, World, fold};

/// Rows as text, a cell a column.
pub(super) fn table(db: &Database, query: &str) -> Vec<Vec<String>> {
    let rows = db.query(query).unwrap_or_else(|e| panic!("{query}: {e:?}"));
    let cells = |row: Row| row.values().iter().map(Value::to_string).collect();
    rows.map(|row| cells(row.unwrap_or_else(|e| panic!("{query}: {e:?}")))).collect()
}

fn keys(db: &Database, query: &str) -> Vec<u64> {
    let rows = db.query(query).unwrap_or_else(|e| panic!("{query}: {e:?}"));
    rows.map(|row| row.unwrap().id().unwrap().0).collect()
}

/// The events that certainly fulfil a condition.
pub(super) fn certain<'w>(world: &'w World, condition: &Cond) -> Vec<(u64, &'w Event)> {
    let all = world.events.iter().map(|(id, event)| (*id, event));
    all.filter(|(_, event)| condition.of(event, world).worst == K::T).collect()
}

/// Different values of a field as text; `None` where there is none.
pub(super) fn values(world: &World, event: &Event, field: &str) -> Vec<Option<String>> {
    let mut all: Vec<Option<String>> = match field {
        "kind" => vec![Some(event.kind.clone())],
        "status" => vec![Some(event.status.word().to_owned())],
        "code" => vec![world.code(event)],
        "place" => event.places.iter().map(|p| Some(p.name.clone())).collect(),
        "actor" | "source" => {
            world.names(event, field).into_iter().map(|n| Some(n.to_owned())).collect()
        }
        attribute => match event.attributes.get(attribute) {
            None => Vec::new(),
            Some(Value::List(list)) => list.iter().map(|v| Some(v.to_string())).collect(),
            Some(value) => vec![Some(value.to_string())],
        },
    };
    let mut seen = BTreeSet::new();
    all.retain(|value| seen.insert(value.clone()));
    if all.is_empty() {
        all.push(None);
    }
    all
}

/// Holds what stages make of the rows of a condition against the naive oracle.
pub(super) type Check = fn(&Database, &World, &Cond, &mut Rng);

/// Those that ask nothing particular of the data; `sums` needs the attribute `losses` to be a whole number.
pub(super) const CHECKS: [Check; 12] = [
    values_count,
    periods_count,
    orders,
    firsts,
    sums,
    super::filled::fills,
    super::filled::spreads,
    unfold::exploded,
    unfold::paired,
    unfold::found_in,
    unfold::sampled,
    unfold::summed,
];

/// Runs a check for random conditions on random events and on the chronicle.
pub(super) fn with_conditions(cases: usize, check: Check) {
    let demo = Database::demo().unwrap();
    let chronicle = World::load_all(&demo);
    let (db, random) = database(5, 240);
    let sets = [(&demo, &chronicle, Words::chronicle()), (&db, &random, Words::random())];
    for (db, world, words) in sets {
        let rng = &mut Rng::new(77);
        for _ in 0..cases {
            let condition = words.condition(rng, 1);
            check(db, world, &condition, rng);
        }
    }
}

#[test]
fn an_event_counts_once_for_each_value() {
    with_conditions(40, values_count);
}

fn values_count(db: &Database, world: &World, condition: &Cond, rng: &mut Rng) {
    let field = *rng.pick(&["kind", "status", "code", "place", "actor", "source"]);
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for (_, event) in certain(world, condition) {
        for value in values(world, event, field) {
            *counts.entry(value.unwrap_or_default()).or_default() += 1;
        }
    }
    let query = format!("events where {condition} | count by {field}");
    let found: BTreeMap<String, i64> = table(db, &query)
        .into_iter()
        .map(|row| (row[0].clone(), row[1].parse().unwrap()))
        .collect();
    assert_eq!(found, counts, "{query}");
}

/// The years or months in which a date may have begun; none where that is open.
pub(super) fn begins(date: &Date, month: bool) -> Option<(i64, i64)> {
    let (first, last) = (date.start().first, date.start().last);
    if first == Day::MIN || last == Day::MAX {
        return None;
    }
    let of = |day: Day| {
        let (year, m, _) = day.ymd();
        if month { year * 12 + i64::from(m) - 1 } else { year }
    };
    Some((of(first), of(last)))
}

#[test]
fn a_period_counts_what_is_certain_and_what_is_possible() {
    with_conditions(40, periods_count);
}

fn periods_count(db: &Database, world: &World, condition: &Cond, rng: &mut Rng) {
    let unit = *rng.pick(&["year", "month"]);
    let mut counts: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for (_, event) in certain(world, condition) {
        let Some(date) = event.date.as_ref() else {
            counts.entry(String::new()).or_default().0 += 1;
            continue;
        };
        match begins(date, unit == "month") {
            // Possible in periods without end.
            None => counts.entry(String::new()).or_default().1 += 1,
            Some((first, last)) => {
                for at in first..=last {
                    let name = match unit {
                        "year" => at.to_string(),
                        _ => format!("{}-{:02}", at.div_euclid(12), at.rem_euclid(12) + 1),
                    };
                    let slot = counts.entry(name).or_default();
                    if first == last { slot.0 += 1 } else { slot.1 += 1 }
                }
            }
        }
    }
    let query = format!("events where {condition} | count by {unit}");
    let rows = db.query(&query).unwrap();
    let has_possible = rows.columns().iter().any(|c| c == "possible");
    let doubt = counts.values().any(|(_, possible)| *possible > 0);
    assert_eq!(has_possible, doubt, "the column `possible` of {query}");
    let number = |text: &String| text.parse::<i64>().unwrap();
    let found: BTreeMap<String, (i64, i64)> = table(db, &query)
        .into_iter()
        .map(|row| (row[0].clone(), (number(&row[1]), row.get(2).map_or(0, number))))
        .collect();
    assert_eq!(found, counts, "{query}");
}

/// What a field sorts by: missing last, then its value.
type SortKey = (bool, i64, i64, String, String);

fn sort_key(world: &World, event: &Event, field: &str) -> SortKey {
    let missing = (true, 0, 0, String::new(), String::new());
    match field {
        "date" => match &event.date {
            None => missing,
            Some(date) => {
                (false, date.start().first.0, date.end().last.0, String::new(), String::new())
            }
        },
        "losses" | "partner_countries" => match event.attributes.get(field) {
            Some(Value::Int(n)) => (false, *n, 0, String::new(), String::new()),
            None => missing,
            other => panic!("{other:?}"),
        },
        field => {
            let first = match field {
                "source" => world.names(event, field).first().map(|n| (*n).to_owned()),
                _ => values(world, event, field)[0].clone(),
            };
            first.map_or(missing, |text| (false, 0, 0, fold(&text), text))
        }
    }
}

#[test]
fn orders_have_ties_by_id_and_missing_values_last() {
    with_conditions(60, orders);
}

fn orders(db: &Database, world: &World, condition: &Cond, rng: &mut Rng) {
    let demo = world.events.iter().any(|(_, e)| e.key.as_deref() == Some("druzhba"));
    let number = if demo { "partner_countries" } else { "losses" };
    let fields = ["date", "kind", "status", "source", number];
    let (first, second) = (*rng.pick(&fields), *rng.pick(&fields));
    let (down, nulls_first) = (rng.chance(50), rng.chance(25));
    let mut events = certain(world, condition);
    let key = |event, field| sort_key(world, event, field);
    events.sort_by(|(id, a), (other, b)| {
        let (x, y) = (key(a, first), key(b, first));
        let order = match (x.0, y.0) {
            (false, false) if down => y.cmp(&x),
            (false, false) => x.cmp(&y),
            _ if nulls_first => y.0.cmp(&x.0),
            _ => x.0.cmp(&y.0),
        };
        order.then_with(|| key(a, second).cmp(&key(b, second))).then(id.cmp(other))
    });
    let wanted: Vec<u64> = events.iter().map(|(id, _)| *id).collect();
    let desc = if down { " desc" } else { "" };
    let nulls = if nulls_first { " nulls first" } else { "" };
    let order = format!("{first}{desc}{nulls}, {second}");
    let base = format!("events where {condition}");
    let n = rng.below(12);
    let from = |n: usize| wanted[n.min(wanted.len())..].to_vec();
    let until = |n: usize| wanted[..n.min(wanted.len())].to_vec();
    let stages = [
        (format!("sort {order}"), wanted.clone()),
        (format!("sort {order} | head {n}"), until(n)),
        (format!("top {n} by {order}"), until(n)),
        (format!("sort {order} | tail {n}"), from(wanted.len().saturating_sub(n))),
        (format!("sort {order} | skip {n}"), from(n)),
        (format!("sort {order} | skip {n} | head 3"), from(n).into_iter().take(3).collect()),
    ];
    for (stage, wanted) in stages {
        let query = format!("{base} | {stage}");
        assert_eq!(keys(db, &query), wanted, "{query}");
    }
}

#[test]
fn the_first_of_each_stays() {
    with_conditions(30, firsts);
}

fn firsts(db: &Database, world: &World, condition: &Cond, _: &mut Rng) {
    let events = certain(world, condition);
    let mut seen = BTreeSet::new();
    let firsts: Vec<u64> = events
        .iter()
        .filter(|(_, e)| seen.insert((e.kind.clone(), e.status)))
        .map(|(id, _)| *id)
        .collect();
    let base = format!("events where {condition}");
    assert_eq!(keys(db, &format!("{base} | unique kind, status")), firsts, "{base}");
    let pairs = |id: &u64| {
        let event = &world.events.iter().find(|(other, _)| other == id).unwrap().1;
        vec![event.kind.clone(), event.status.word().to_owned()]
    };
    let distinct: Vec<Vec<String>> = firsts.iter().map(pairs).collect();
    for stage in ["select kind, status | distinct", "distinct kind, status"] {
        assert_eq!(table(db, &format!("{base} | {stage}")), distinct, "{base} | {stage}");
    }
}

#[test]
fn sums_and_means_leave_out_what_is_missing() {
    let (db, world) = database(6, 240);
    let words = Words::random();
    let rng = &mut Rng::new(3);
    for _ in 0..40 {
        sums(&db, &world, &words.condition(rng, 1), rng);
    }
}

fn sums(db: &Database, world: &World, condition: &Cond, _: &mut Rng) {
    let mut groups: BTreeMap<&str, (usize, Vec<i64>, BTreeSet<&str>)> = BTreeMap::new();
    for (_, event) in certain(world, condition) {
        let group = groups.entry(event.status.word()).or_default();
        group.0 += 1;
        if let Some(Value::Int(n)) = event.attributes.get("losses") {
            group.1.push(*n);
        }
        group.2.insert(&event.kind);
    }
    let wanted: Vec<Vec<String>> = groups
        .into_iter()
        .map(|(status, (count, mut losses, kinds))| {
            losses.sort_unstable();
            let sum: i64 = losses.iter().sum();
            let n = losses.len();
            let or_nothing = |text: String| if n == 0 { String::new() } else { text };
            let middle = |at: usize| losses.get(at).copied().unwrap_or_default() as f64;
            let median = if n % 2 == 1 {
                middle(n / 2)
            } else {
                f64::midpoint(middle(n / 2), middle((n / 2).saturating_sub(1)))
            };
            vec![
                status.to_owned(),
                count.to_string(),
                n.to_string(),
                or_nothing(sum.to_string()),
                or_nothing((sum as f64 / n as f64).to_string()),
                losses.first().map(i64::to_string).unwrap_or_default(),
                losses.last().map(i64::to_string).unwrap_or_default(),
                or_nothing(median.to_string()),
                kinds.len().to_string(),
            ]
        })
        .collect();
    let query = format!(
        "events where {condition} | summarize count() as n, count(losses) as told, sum(losses) as sum, avg(losses) as mean, \
         min(losses) as least, max(losses) as most, median(losses) as middle, count_distinct(kind) as kinds by status"
    );
    assert_eq!(table(db, &query), wanted, "{query}");
}
