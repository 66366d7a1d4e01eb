//! Rows out of one row, and queries within conditions: `explode`, `dyads`, `in (query)`, `sample`, against a few lines here.

use std::collections::{BTreeMap, BTreeSet};

use attache::{
    Database, Event, Outcome, Participant, Quantity, RunOptions, Value, internals::run_unoptimized,
};

use super::condition::Cond;
use super::pipelines::{begins, certain, table, values, with_conditions};
use super::random::Rng;
use super::world::{K, World, fold, fold_name};

/// Every value of a field in its order: a name once, of other values each.
fn each(world: &World, event: &Event, field: &str) -> Vec<Option<String>> {
    let attribute = |name: &str| match event.attributes.get(name) {
        None => Vec::new(),
        Some(Value::List(list)) => list.iter().map(|v| Some(v.to_string())).collect(),
        Some(value) => vec![Some(value.to_string())],
    };
    let mut all = match field {
        "tag" | "score" | "losses" => attribute(field),
        "amount" => event.quantities.iter().map(|q| Some(q.to_string())).collect(),
        field => return values(world, event, field),
    };
    if all.is_empty() {
        all.push(None);
    }
    all
}

#[test]
fn each_value_has_a_row_of_its_own() {
    with_conditions(40, exploded);
}

pub(super) fn exploded(db: &Database, world: &World, condition: &Cond, rng: &mut Rng) {
    let random = world.events.iter().all(|(_, e)| e.key.as_deref() != Some("druzhba-2016"));
    let attributes = ["tag", "score", "losses"];
    let fields = ["actor", "source", "place", "kind", "amount"];
    let field = if random && rng.chance(40) { *rng.pick(&attributes) } else { *rng.pick(&fields) };
    let mut wanted = Vec::new();
    for (id, event) in certain(world, condition) {
        let rows = each(world, event, field).into_iter();
        wanted.extend(rows.map(|value| vec![id.to_string(), value.unwrap_or_default()]));
    }
    let query = format!("events where {condition} | explode {field} as it");
    assert_eq!(table(db, &format!("{query} | select id, it")), wanted, "{query}");
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &wanted {
        *counts.entry(&row[1]).or_default() += 1;
    }
    if !matches!(field, "amount" | "score") {
        let mut found = table(db, &format!("{query} | count by it"));
        found.sort();
        let counted: Vec<Vec<String>> =
            counts.into_iter().map(|(value, n)| vec![value.to_owned(), n.to_string()]).collect();
        assert_eq!(found, counted, "{query} | count by it");
    }
    // A column of names is compared as the field is.
    if matches!(field, "actor" | "source") {
        let (under, name) = (rng.chance(50), *rng.pick(&["Russia", "Aland", "Stone", "Pakistan"]));
        let known = world.actors.iter().any(|a| fold_name(&a.name).contains(&fold_name(name)));
        if !known {
            return;
        }
        let op = if under { "under" } else { "=" };
        let date = |id: &str| {
            let event = world.events.iter().find(|(other, _)| other.to_string() == id);
            event.and_then(|(_, event)| event.date.as_ref())
        };
        wanted.retain(|row| {
            !row[1].is_empty()
                && world.fits_any(&row[1], &[name.to_owned()], under, date(&row[0])).worst == K::T
        });
        let query = format!("{query} | where it {op} \"{name}\" | select id, it");
        assert_eq!(table(db, &query), wanted, "{query}");
    }
}

/// As what somebody counts in a pair.
fn sides(world: &World, event: &Event, p: &Participant) -> BTreeSet<String> {
    let of = |written: &str| world.states(written, event.date.as_ref());
    let by_code = p.code.as_deref().map(of).unwrap_or_default();
    let states = if by_code.is_empty() { of(&p.name) } else { by_code };
    if states.is_empty() { BTreeSet::from([p.name.clone()]) } else { states }
}

/// The pairs of an event, in order.
fn pairs(world: &World, event: &Event, directed: bool) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let mut add = |a: &Participant, b: &Participant| {
        for a in sides(world, event, a) {
            for b in sides(world, event, b) {
                let pair = (a.clone(), b);
                match (pair.0.cmp(&pair.1), directed) {
                    (std::cmp::Ordering::Equal, _) => {}
                    (std::cmp::Ordering::Greater, false) => {
                        found.insert((pair.1, pair.0));
                    }
                    _ => {
                        found.insert(pair);
                    }
                }
            }
        }
    };
    let (sources, targets) = if directed {
        world.directed(event)
    } else {
        (world.people(event, "source"), world.people(event, "target"))
    };
    if directed || (!sources.is_empty() && !targets.is_empty()) {
        for a in &sources {
            for b in &targets {
                add(a, b);
            }
        }
        return found;
    }
    let all = world.people(event, "actor");
    for (at, a) in all.iter().enumerate() {
        for b in all.iter().skip(at + 1) {
            add(a, b);
        }
    }
    found
}

#[test]
fn each_pair_of_states_has_a_row_of_its_own() {
    with_conditions(40, paired);
}

pub(super) fn paired(db: &Database, world: &World, condition: &Cond, rng: &mut Rng) {
    let directed = rng.chance(50);
    let (stage, a, b) = if directed {
        ("dyads directed", "source", "target")
    } else {
        ("dyads", "side_a", "side_b")
    };
    let mut rows = Vec::new();
    let mut counts: BTreeMap<(String, String, String), (i64, i64)> = BTreeMap::new();
    for (id, event) in certain(world, condition) {
        for (a, b) in pairs(world, event, directed) {
            let dyad = if a < b { format!("{a}–{b}") } else { format!("{b}–{a}") };
            rows.push(vec![id.to_string(), dyad, a.clone(), b.clone()]);
            let mut count = |year: String, certain: bool| {
                let slot = counts.entry((a.clone(), b.clone(), year)).or_default();
                if certain { slot.0 += 1 } else { slot.1 += 1 }
            };
            match event.date.as_ref().map(|date| begins(date, false)) {
                None => count(String::new(), true),
                Some(None) => count(String::new(), false),
                Some(Some((first, last))) => {
                    (first..=last).for_each(|year| count(year.to_string(), first == last));
                }
            }
        }
    }
    let query = format!("events where {condition} | {stage}");
    assert_eq!(table(db, &format!("{query} | select id, dyad, {a}, {b}")), rows, "{query}");
    let by = if rng.chance(50) { format!("{a}, {b}, year") } else { format!("{b}, year, {a}") };
    let by_year = format!("{query} | count by {by} | select {a}, {b}, year, count, ?possible ?? 0");
    let counted: Vec<Vec<String>> = counts
        .into_iter()
        .map(|((a, b, year), (n, possible))| vec![a, b, year, n.to_string(), possible.to_string()])
        .collect();
    let mut found = table(db, &by_year);
    found.sort();
    let mut counted: Vec<Vec<String>> = counted;
    counted.sort();
    assert_eq!(found, counted, "{by_year}");
    // The order is that of the keys, whichever way they are grouped.
    let ordered = table(db, &format!("{query} | count by {by}"));
    let plain: Vec<Vec<String>> = run_unoptimized(db, &format!("{query} | count by {by}"))
        .unwrap()
        .map(|row| row.unwrap().values().iter().map(Value::to_string).collect())
        .collect();
    assert_eq!(ordered, plain, "{query} | count by {by}");
}

#[test]
fn values_are_found_among_those_of_another_query() {
    with_conditions(60, found_in);
}

pub(super) fn found_in(db: &Database, world: &World, condition: &Cond, rng: &mut Rng) {
    let demo = world.events.iter().any(|(_, e)| e.key.as_deref() == Some("druzhba-2016"));
    let number = if demo { "partner_countries" } else { "losses" };
    let field = *rng.pick(&["kind", "actor", "source", number]);
    // The queries within look at events of their own.
    let limit = rng.below(400);
    let inner = format!("events where id < {limit} | select {field}");
    let mut set = BTreeSet::new();
    for (_, event) in world.events.iter().filter(|(id, _)| *id < limit as u64) {
        set.extend(values(world, event, field).into_iter().flatten().map(|v| fold(&v)));
    }
    let bears = |written: &str| {
        let wanted = fold_name(written);
        world.actors.iter().any(|actor| {
            let aliases = || actor.aliases.iter().map(|alias| &alias.name);
            let codes = actor.codes.values();
            let is_he = [&actor.name].into_iter().chain(aliases()).chain(codes);
            is_he.clone().any(|name| fold_name(name) == wanted)
                && [&actor.name].into_iter().chain(aliases()).any(|name| set.contains(&fold(name)))
        })
    };
    let holds = |event: &Event| -> Option<bool> {
        if matches!(field, "actor" | "source") {
            let people = world.people(event, field);
            let mut written = people.iter().flat_map(|p| super::world::called(p));
            return Some(written.any(|name| set.contains(&fold(name)) || bears(name)));
        }
        match values(world, event, field).as_slice() {
            [None] if set.is_empty() => Some(false),
            [None] => None,
            all => Some(all.iter().flatten().any(|v| set.contains(&fold(v)))),
        }
    };
    for (op, wanted) in [("in", true), ("not in", false)] {
        let fitting = certain(world, condition).into_iter();
        let fitting: Vec<Vec<String>> = fitting
            .filter(|(_, event)| holds(event) == Some(wanted))
            .map(|(id, _)| vec![id.to_string()])
            .collect();
        for query in [
            format!("events where ({condition}) and {field} {op} ({inner}) | select id"),
            format!(
                "let inner = {inner}; events where ({condition}) and {field} {op} (inner) | select id"
            ),
        ] {
            let found = match query.split_once("; ") {
                None => table(db, &query),
                Some((first, then)) => {
                    let mut session = db.session();
                    let mut run = |text: &str| {
                        session.run(&text.parse().unwrap(), RunOptions::default()).unwrap()
                    };
                    run(first);
                    rows_of(run(then))
                }
            };
            assert_eq!(found, fitting, "{query}");
        }
    }
}

fn rows_of(outcome: Outcome) -> Vec<Vec<String>> {
    let Outcome::Rows(rows) = outcome else { panic!("no rows") };
    rows.map(|row| row.unwrap().values().iter().map(Value::to_string).collect()).collect()
}

#[test]
fn a_sample_is_some_of_the_rows_and_the_same_again() {
    with_conditions(30, sampled);
}

pub(super) fn sampled(db: &Database, world: &World, condition: &Cond, rng: &mut Rng) {
    let (count, seed) = (rng.below(30), rng.below(5));
    let all: Vec<String> =
        certain(world, condition).into_iter().map(|(id, _)| id.to_string()).collect();
    // A reservoir of Algorithm R, by SplitMix64.
    let mut state = seed as u64;
    let mut below = |limit: u64| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        usize::try_from((u128::from(z) * u128::from(limit)) >> 64).unwrap()
    };
    let mut kept: Vec<usize> = Vec::new();
    for at in 0..all.len() {
        if at < count {
            kept.push(at);
        } else {
            let slot = below(at as u64 + 1);
            if let Some(place) = kept.get_mut(slot) {
                *place = at;
            }
        }
    }
    kept.sort_unstable();
    let wanted: Vec<Vec<String>> = kept.into_iter().map(|at| vec![all[at].clone()]).collect();
    let query = format!("events where {condition} | sample {count} seed {seed} | select id");
    assert_eq!(table(db, &query), wanted, "{query}");
}

#[test]
fn amounts_add_up_unit_by_unit() {
    with_conditions(40, summed);
}

pub(super) fn summed(db: &Database, world: &World, condition: &Cond, _: &mut Rng) {
    let mut sums: BTreeMap<(String, String), (f64, f64, usize)> = BTreeMap::new();
    for (_, event) in certain(world, condition) {
        for q in event.quantities.iter().filter(|q: &&Quantity| !q.change) {
            let key = (q.unit.clone().unwrap_or_default(), q.of.clone().unwrap_or_default());
            let slot = sums.entry(key).or_default();
            *slot = (slot.0 + q.low, slot.1 + q.high, slot.2 + 1);
        }
    }
    let query = format!(
        "events where {condition} | explode amount | where amount is not null and not amount.change \
         | summarize sum(amount) as sum, count() as n by amount.unit as unit, amount.of as what \
         | select unit, what, low(sum), high(sum), n"
    );
    let mut found = table(db, &query);
    found.sort();
    let mut wanted: Vec<Vec<String>> = sums
        .into_iter()
        .map(|((unit, of), (low, high, n))| {
            vec![
                unit,
                of,
                Value::Float(low).to_string(),
                Value::Float(high).to_string(),
                n.to_string(),
            ]
        })
        .collect();
    wanted.sort();
    assert_eq!(found, wanted, "{query}");
}

#[test]
fn pairs_and_names_of_sealed_events_are_grouped_by_columns() {
    let db = Database::builder().sealing(0, 64).open_in_memory().unwrap();
    super::random::fill(&db, 8, 0..300);
    let plan = |query: &str| db.explain(query).unwrap();
    for (by, told) in [
        ("dyads directed | count by source, target, year", true),
        ("dyads directed | summarize avg(goldstein) by target, source, month", true),
        ("dyads | count by dyad", true),
        ("dyads | count by side_b, kind, side_a", true),
        ("explode actor as who | count by who, year", true),
        ("explode tag as it | count by it", false),
        ("dyads | where side_a = \"Aland\" | count by dyad", false),
        ("dyads directed | count by source", false),
        ("dyads directed | count by dyad, year", false),
        ("dyads directed | count by source, target, summary", false),
        ("derive a = kind | dyads | count by dyad, a", false),
    ] {
        let plan = plan(&format!("events where year >= 2013 | {by}"));
        assert_eq!(plan.contains("Dyads:") || plan.contains("Explode:"), !told, "{by}\n{plan}");
        assert!(!told || plan.contains("ColumnScan: "), "{by}\n{plan}");
    }
    // What stands within a condition is optimized as what stands alone.
    let plan = plan("events where place in (visit where year = 2014 | select place)");
    assert!(
        plan.contains("ColumnScan: rows (") && plan.contains("of kind visit ∩ year 2014"),
        "{plan}"
    );
}
