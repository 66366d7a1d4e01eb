//! Conditions: the engine's certain and possible rows are the oracle's.

use attache::{Database, Result, Rows, internals::run_unoptimized};

use super::condition::Cond;
use super::random::{Rng, Words, database};
use super::world::{K, Tri, World};

/// The ids of an answer, and how many more its notice calls possible.
pub(super) fn answer(rows: Result<Rows>) -> Result<(Vec<u64>, u64), String> {
    let mut rows = rows.map_err(|e| format!("{e:?}"))?;
    let mut ids = Vec::new();
    for row in &mut rows {
        ids.push(row.map_err(|e| format!("{e:?}"))?.id().unwrap().0);
    }
    let notices = rows.notices();
    let possible = notices.iter().find(|n| n.code == "possible");
    let number = possible.map(|n| n.text.split(' ').next().unwrap().parse::<u64>().unwrap());
    Ok((ids, number.unwrap_or(0)))
}

fn expected(condition: &Cond, world: &World) -> (Vec<u64>, u64) {
    let mut certain = Vec::new();
    let mut possible = 0;
    for (id, event) in &world.events {
        match condition.of(event, world) {
            Tri { worst: K::T, .. } => certain.push(*id),
            Tri { best: K::T, .. } => possible += 1,
            _ => {}
        }
    }
    (certain, possible)
}

/// What one answer has and the other has not.
fn difference(wanted: &(Vec<u64>, u64), found: &(Vec<u64>, u64)) -> String {
    let without = |a: &[u64], b: &[u64]| -> Vec<u64> {
        a.iter().filter(|id| !b.contains(id)).copied().collect()
    };
    let (missing, wrong) = (without(&wanted.0, &found.0), without(&found.0, &wanted.0));
    format!(
        "missing {missing:?}, wrong {wrong:?}; possible: wanted {}, found {}",
        wanted.1, found.1
    )
}

/// What is wrong with the answer to a condition.
pub(super) fn fault(condition: &Cond, db: &Database, world: &World) -> Option<String> {
    let query = format!("events where {condition}");
    let wanted = expected(condition, world);
    for (how, rows) in [("", db.query(&query)), (" unoptimized", run_unoptimized(db, &query))] {
        match answer(rows) {
            Ok(found) if found == wanted => {}
            Ok(found) => {
                return Some(format!(
                    "{query}
 {how} {}",
                    difference(&wanted, &found)
                ));
            }
            Err(error) => {
                return Some(format!(
                    "{query}
 {how} {error}"
                ));
            }
        }
    }
    None
}

/// The smallest condition within one that goes wrong that still does.
pub(super) fn smallest(condition: &Cond, db: &Database, world: &World) -> String {
    let parts: Vec<&Cond> = match condition {
        Cond::And(parts) | Cond::Or(parts) => parts.iter().collect(),
        Cond::Not(part) | Cond::Possibly(part) | Cond::Certainly(part) => vec![part],
        _ => Vec::new(),
    };
    let inner = parts.into_iter().find(|part| fault(part, db, world).is_some());
    match inner {
        Some(inner) => smallest(inner, db, world),
        None => fault(condition, db, world).unwrap_or_default(),
    }
}

/// Tries so many random conditions of a seed; tells all that go wrong, each at its smallest.
pub(super) fn try_all(db: &Database, world: &World, words: &Words, seed: u64, cases: usize) {
    let rng = &mut Rng::new(seed);
    let mut faults: Vec<String> = Vec::new();
    let mut found = [0_usize; 3];
    for _ in 0..cases {
        let condition = words.condition(rng, 3);
        if fault(&condition, db, world).is_some() {
            let told = smallest(&condition, db, world);
            if !faults.contains(&told) {
                faults.push(told);
            }
        }
        let (certain, possible) = expected(&condition, world);
        found[0] += usize::from(!certain.is_empty());
        found[1] += usize::from(possible > 0);
        found[2] += usize::from(certain.len() == world.events.len());
    }
    let shown = faults.iter().take(12).cloned().collect::<Vec<_>>().join("\n");
    assert!(faults.is_empty(), "seed {seed}: {} conditions go wrong\n{shown}", faults.len());
    // The conditions must be able to tell engines apart.
    assert!(found[0] * 3 > cases, "few conditions find anything: {found:?} of {cases}");
    assert!(found[1] * 10 > cases, "few conditions leave anything in doubt: {found:?} of {cases}");
    assert!(found[2] * 4 < cases, "many conditions find everything: {found:?} of {cases}");
}

pub(super) fn seed_and_cases(seed: u64, cases: usize) -> (u64, usize) {
    let number = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let cases = number("ATTACHE_CASES").map_or(cases, |n| usize::try_from(n).unwrap());
    (number("ATTACHE_SEED").unwrap_or(seed), cases)
}

/// Kinds and dyads in front of `where` say what they say in it.
pub(super) fn try_heads(db: &Database, world: &World, words: &Words, seed: u64, cases: usize) {
    let rng = &mut Rng::new(seed);
    for _ in 0..cases {
        let kind = rng.pick(&words.kinds).clone();
        let (dyad, condition) = (words.dyad(rng), words.condition(rng, 1));
        let query = format!("\"{kind}\" {dyad} where {condition}");
        let all = Cond::And(vec![Cond::Kind("=", vec![kind]), dyad, condition]);
        let wanted = expected(&all, world);
        assert_eq!(answer(db.query(&query)), Ok(wanted.clone()), "seed {seed}: {query}");
        let unoptimized = answer(run_unoptimized(db, &query)).map(|(rows, _)| rows);
        assert_eq!(unoptimized, Ok(wanted.0), "seed {seed}, unoptimized: {query}");
    }
}

#[test]
fn random_conditions_on_random_events() {
    let (seed, cases) = seed_and_cases(1, 250);
    for seed in seed..seed + 3 {
        let (db, world) = database(seed, 320);
        try_all(&db, &world, &Words::random(), seed, cases);
        try_heads(&db, &world, &Words::random(), seed, cases / 4);
    }
}

#[test]
fn random_conditions_on_the_chronicle() {
    let (seed, cases) = seed_and_cases(11, 700);
    let db = Database::demo().unwrap();
    let world = World::load_all(&db);
    assert!(world.events.len() > 60 && world.actors.len() > 30 && world.kinds.len() > 300);
    try_all(&db, &world, &Words::chronicle(), seed, cases);
    try_heads(&db, &world, &Words::chronicle(), seed, cases / 4);
}
