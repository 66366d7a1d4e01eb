//! Searches of summaries: the engine's rows, with its word list and without, are those of a naive reader of words.

#![allow(clippy::cast_precision_loss)] // small numbers

use attache::{Database, Event, internals::run_unoptimized};
use rust_stemmers::{Algorithm, Stemmer};

use super::answers::{answer, seed_and_cases};
use super::random::Rng;
use super::world::World;

const VOCABULARY: [&str; 30] = [
    "helicopter",
    "Helicopters",
    "helicoptering",
    "Delivered",
    "delivers",
    "delivery",
    "flying",
    "flies",
    "fly",
    "dying",
    "died",
    "die",
    "crash",
    "CRASHED",
    "joint",
    "exercise",
    "exercises",
    "exercised",
    "Mi-35M",
    "naïve",
    "Ankara's",
    "Ankara",
    "war",
    "wars",
    "warn",
    "3.5",
    "Łódź",
    "only",
    "skies",
    "sky",
];

const STARTS: [&str; 12] =
    ["heli", "deliver", "fl", "flies", "d", "crash", "exerc", "mi", "35", "nai", "lod", "x"];

/// A text as the naive reader sees it: the words of the vocabulary are known.
fn words(text: &str) -> Vec<String> {
    let plain =
        text.to_lowercase().replace('ï', "i").replace('ł', "l").replace('ó', "o").replace('ź', "z");
    plain.split([' ', '-']).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

fn stem(word: &str) -> String {
    Stemmer::create(Algorithm::English).stem(word).into_owned()
}

/// A term of a search: excluded, its text, whether it is a prefix.
struct Term {
    excluded: bool,
    text: String,
    prefix: bool,
}

impl Term {
    fn random(rng: &mut Rng) -> Term {
        let excluded = rng.chance(20);
        let count = if rng.chance(25) { 2 } else { 1 };
        let mut words: Vec<&str> = (0..count).map(|_| *rng.pick(&VOCABULARY)).collect();
        let prefix = rng.chance(30);
        if prefix {
            words.pop();
            words.push(*rng.pick(&STARTS));
        }
        Term { excluded, text: words.join(" "), prefix }
    }

    fn written(&self) -> String {
        let (minus, star) =
            (if self.excluded { "-" } else { "" }, if self.prefix { "*" } else { "" });
        format!("{minus}\\\"{}\\\"{star}", self.text)
    }

    fn is_met(&self, text: &[String]) -> bool {
        let wanted = words(&self.text);
        let met = text.windows(wanted.len()).any(|window| {
            window.iter().zip(&wanted).enumerate().all(|(at, (word, wanted))| {
                let last = at + 1 == window.len();
                if self.prefix && last {
                    word.starts_with(wanted)
                } else {
                    stem(word) == stem(wanted)
                }
            })
        });
        met != self.excluded
    }
}

fn summary(rng: &mut Rng) -> Option<String> {
    let count = rng.below(7);
    let words: Vec<&str> = (0..count).map(|_| *rng.pick(&VOCABULARY)).collect();
    rng.chance(85).then(|| words.join(" "))
}

fn database(seed: u64) -> (Database, World) {
    let db = Database::open_in_memory().unwrap();
    let world = fill(&db, seed);
    (db, world)
}

/// Enters random events, and gives what is there then.
pub(super) fn fill(db: &Database, seed: u64) -> World {
    let rng = &mut Rng::new(seed);
    let event = |rng: &mut Rng, number: usize| Event {
        key: Some(format!("s{number}")),
        kind: "visit".into(),
        summary: summary(rng),
        ..Event::default()
    };
    let mut ids = Vec::new();
    db.write(|tx| {
        for number in 0..300 {
            ids.push(tx.insert(event(rng, number))?);
        }
        Ok(())
    })
    .unwrap();
    for number in 300..330 {
        let (id, other) = (*rng.pick(&ids), event(rng, number));
        db.write(|tx| tx.update(id, other)).unwrap();
    }
    World::load(db, Vec::new(), Vec::new())
}

fn hold(db: &Database, world: &World, query: &str, fits: impl Fn(&str) -> bool) -> usize {
    let summaries = world.events.iter().map(|(id, event)| (*id, event.summary.as_deref()));
    let wanted: Vec<u64> =
        summaries.filter(|(_, text)| text.is_some_and(&fits)).map(|(id, _)| id).collect();
    let wanted = (wanted, 0);
    assert_eq!(answer(db.query(query)).as_ref(), Ok(&wanted), "{query}");
    assert_eq!(answer(run_unoptimized(db, query)).as_ref(), Ok(&wanted), "{query} unoptimized");
    wanted.0.len()
}

#[test]
fn searches_find_what_a_naive_reader_finds() {
    let (seed, cases) = seed_and_cases(11, 400);
    let (db, world) = database(seed);
    search(&db, &world, seed, cases);
}

/// Tries so many random searches of a seed.
pub(super) fn search(db: &Database, world: &World, seed: u64, cases: usize) {
    let rng = &mut Rng::new(seed);
    let mut finding = 0;
    for _ in 0..cases {
        let alternatives: Vec<Vec<Term>> = (0..=rng.below(2))
            .map(|_| (0..=rng.below(3)).map(|_| Term::random(rng)).collect())
            .collect();
        let texts = alternatives
            .iter()
            .map(|terms| terms.iter().map(Term::written).collect::<Vec<_>>().join(" "));
        let text = texts.collect::<Vec<_>>().join(" OR ");
        let found = hold(db, world, &format!("events where summary ~ \"{text}\""), |summary| {
            let words = words(summary);
            alternatives.iter().any(|terms| terms.iter().all(|term| term.is_met(&words)))
        });
        finding += usize::from(found > 0);
    }
    assert!(finding * 3 > cases, "few searches find anything: {finding} of {cases}");
}

/// Scores of random searches, worked out word by word.
pub(super) fn scores(db: &Database, world: &World, seed: u64, cases: usize) {
    let rng = &mut Rng::new(seed);
    let all = world.events.len() as f64;
    let summaries: Vec<(u64, Vec<String>)> = world
        .events
        .iter()
        .map(|(id, event)| (*id, words(event.summary.as_deref().unwrap_or_default())))
        .collect();
    let mut ranked = 0;
    for _ in 0..cases {
        let mut terms: Vec<Term> = (0..=rng.below(3)).map(|_| Term::random(rng)).collect();
        let or = rng.chance(50);
        let text = terms.iter().map(Term::written).collect::<Vec<_>>();
        let text = text.join(if or { " OR " } else { " " });
        // What is said twice in the same stems counts once.
        let mut before = std::collections::BTreeSet::new();
        terms.retain(|term| {
            let parts = words(&term.text);
            let last = parts.len() - 1;
            let stems = parts.iter().enumerate().map(|(at, word)| {
                if term.prefix && at == last { word.clone() } else { stem(word) }
            });
            !term.excluded && before.insert((stems.collect::<Vec<_>>(), term.prefix))
        });
        let score = |summary: &[String]| -> f64 {
            let of_term = |term: &Term| {
                let parts = words(&term.text);
                let last = parts.len() - 1;
                let is = |at: usize, word: &String| {
                    if term.prefix && at == last {
                        word.starts_with(&parts[at])
                    } else {
                        stem(word) == stem(&parts[at])
                    }
                };
                let windows = summary.windows(parts.len());
                let met = windows.filter(|w| w.iter().enumerate().all(|(at, word)| is(at, word)));
                let met = met.count() as f64;
                let weight: f64 = (0..parts.len())
                    .map(|at| {
                        let with = summaries.iter().filter(|(_, s)| s.iter().any(|w| is(at, w)));
                        let n = with.count() as f64;
                        (1.0 + (all - n + 0.5) / (n + 0.5)).ln()
                    })
                    .sum();
                weight * met * 2.2 / (met + 1.2)
            };
            terms.iter().map(of_term).sum()
        };
        let source = format!("events where summary ~ \"{text}\"");
        let query = format!("{source} | sort score() desc | head 20 | select id, score() as score");
        if terms.is_empty() {
            assert_eq!(db.query(&query).err().unwrap().diagnostic().unwrap().code, "no-search");
            continue;
        }
        let Ok(fitting) = answer(db.query(&source)) else { panic!("{source}") };
        let of = |id: u64| &summaries.iter().find(|(other, _)| *other == id).unwrap().1;
        let mut wanted: Vec<(u64, f64)> =
            fitting.0.into_iter().map(|id| (id, score(of(id)))).collect();
        wanted.sort_by(|a, b| {
            // Alike but for the order of the sum.
            if (a.1 - b.1).abs() < 1e-9 { a.0.cmp(&b.0) } else { b.1.total_cmp(&a.1) }
        });
        wanted.truncate(20);
        let found: Vec<(u64, f64)> = db
            .query(&query.replace("sort score()", "sort round(score(), 8)"))
            .unwrap()
            .map(|row| {
                let row = row.unwrap();
                (row.id().unwrap().0, row.get::<f64>("score").unwrap())
            })
            .collect();
        assert_eq!(found.len(), wanted.len(), "{query}");
        for (found, wanted) in found.iter().zip(&wanted) {
            assert_eq!(found.0, wanted.0, "{query}");
            assert!((found.1 - wanted.1).abs() < 1e-9, "{query}: {found:?} {wanted:?}");
        }
        ranked += usize::from(found.len() > 2);
    }
    assert!(ranked * 4 > cases, "few searches rank anything: {ranked} of {cases}");
}

#[test]
fn searches_are_ranked_by_how_well_they_are_met() {
    let (seed, cases) = seed_and_cases(14, 100);
    let (db, world) = database(seed);
    scores(&db, &world, seed, cases);
}

#[test]
fn globs_find_what_a_naive_reader_finds() {
    let (seed, _) = seed_and_cases(12, 0);
    let (db, world) = database(seed);
    for part in
        ["copter", "liver", "eliver", "ies", "a w", "mi-35m", "x-x", "exercise exer", "aïve", "zzz"]
    {
        let plain = part.replace('ï', "i");
        hold(&db, &world, &format!("events where summary like \"*{part}*\""), |summary| {
            let text = summary.to_lowercase().replace('ï', "i");
            text.contains(&plain)
        });
    }
}

#[test]
fn a_search_reads_only_events_with_its_words() {
    let (db, _) = database(13);
    let plan = db.explain("events where summary ~ \"helicopters flies* -crash\"").unwrap();
    assert!(plan.contains("word helicopt") && plan.contains("word flies*"), "{plan}");
    assert!(!plan.contains("word crash"), "{plan}");
    for all in ["~ \"-crash\"", "~ \"crash OR -war\"", "like \"*a*\"", "matches \"crash\""] {
        let plan = db.explain(&format!("events where summary {all}")).unwrap();
        assert!(plan.contains("Scan: all events"), "{plan}");
    }
}
