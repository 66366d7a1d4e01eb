//! Patterns of events against every combination of events, tried one by one on every day that they may have had.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use attache::internals::run_unoptimized;
use attache::{Database, Result, Rows, Value};

use super::answers::seed_and_cases;
use super::random::Rng;

/// Kinds of which none is under another.
const KINDS: [&str; 4] = ["visit", "threat", "agreement", "exercise"];

const NAMES: [&str; 4] = ["Pakistan", "Russia", "India", "China"];

/// Days of the world, from 2014-01-01 on.
const DAYS: i32 = 40;

/// Far away, for what has no date.
const FAR: i64 = 100_000;

/// From one day to another.
type Days = (i64, i64);

/// A place on a day: an hour, a step, a number.
type Place = (i64, usize, u64);

#[derive(Debug, Clone)]
struct Happening {
    id: u64,
    kind: &'static str,
    source: &'static str,
    target: &'static str,
    /// None where it has no date.
    days: Option<Days>,
    hour: Option<i64>,
    planned: bool,
}

/// True for sure, or only possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Certain,
    Possible,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Must,
    May,
    Not,
    Until,
}

/// What stands between brackets.
#[derive(Debug, Clone)]
struct Bracket {
    presence: Presence,
    kinds: Vec<&'static str>,
    /// `and date <= …`, which is in doubt where the days are.
    before: Option<i64>,
    times: usize,
    within: Option<i64>,
}

#[derive(Debug, Clone)]
struct Pattern {
    mode: &'static str,
    by: &'static str,
    within: Option<i64>,
    brackets: Vec<Bracket>,
}

/// A day as the query writes it.
fn written(day: i64) -> String {
    match day {
        0..31 => format!("2014-01-{:02}", day + 1),
        _ => format!("2014-02-{:02}", day - 30),
    }
}

impl Bracket {
    fn fits(&self, event: &Happening, how: How) -> bool {
        let in_time = match (self.before, event.days) {
            (None, _) => true,
            (Some(before), Some((first, last))) => match how {
                How::Certain => last <= before,
                How::Possible => first <= before,
            },
            (Some(_), None) => how == How::Possible,
        };
        in_time && self.kinds.contains(&event.kind) && !event.planned
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.mode)?;
        if !self.by.is_empty() {
            write!(f, " by {}", self.by)?;
        }
        if let Some(within) = self.within {
            write!(f, " within {within} days")?;
        }
        let mut steps = 0;
        for bracket in &self.brackets {
            f.write_str(match bracket.presence {
                Presence::Must => " ",
                Presence::May => " maybe ",
                Presence::Not => " no ",
                Presence::Until => " until ",
            })?;
            let kinds: Vec<String> = bracket.kinds.iter().map(|k| format!("{k:?}")).collect();
            write!(f, "[events where kind in ({})", kinds.join(", "))?;
            if let Some(before) = bracket.before {
                write!(f, " and date <= {}", written(before))?;
            }
            f.write_char(']')?;
            if matches!(bracket.presence, Presence::Must | Presence::May) {
                write!(f, " as s{steps}")?;
                steps += 1;
            }
            if bracket.times > 1 {
                write!(f, " times {}", bracket.times)?;
            }
            if let Some(within) = bracket.within {
                write!(f, " within {within} days")?;
            }
        }
        Ok(())
    }
}

/// A step, one event each: its bracket and its place among the columns.
type Step<'p> = (&'p Bracket, usize);

impl Pattern {
    fn steps(&self) -> Vec<Step<'_>> {
        let events =
            self.brackets.iter().filter(|b| matches!(b.presence, Presence::Must | Presence::May));
        events.enumerate().flat_map(|(at, b)| std::iter::repeat_n((b, at), b.times)).collect()
    }

    /// What is not to be before a step of a number.
    fn absences(&self) -> Vec<(&Bracket, usize)> {
        let mut steps = 0;
        let mut found = Vec::new();
        for bracket in &self.brackets {
            match bracket.presence {
                Presence::Must | Presence::May => steps += bracket.times,
                Presence::Not => found.push((bracket, steps)),
                Presence::Until => {}
            }
        }
        found
    }

    fn until(&self) -> Option<&Bracket> {
        self.brackets.iter().find(|bracket| bracket.presence == Presence::Until)
    }

    /// By which values an event joins others.
    fn keys(&self, event: &Happening) -> Vec<String> {
        let pair = [event.source.min(event.target), event.source.max(event.target)].join("–");
        match self.by {
            "" => vec![String::new()],
            "source" => vec![event.source.to_owned()],
            "actor" => vec![event.source.to_owned(), event.target.to_owned()],
            "source, target" => vec![format!("{}→{}", event.source, event.target)],
            "pair" => vec![pair],
            other => panic!("{other}"),
        }
    }
}

/// The days that an event may have had.
fn choices(event: &Happening) -> Vec<i64> {
    match event.days {
        Some((first, last)) => (first..=last).collect(),
        None => std::iter::once(-FAR).chain(-30..i64::from(DAYS) + 30).chain([FAR]).collect(),
    }
}

/// An event of a chain on one of its days.
#[derive(Clone, Copy)]
struct On<'e> {
    event: &'e Happening,
    day: i64,
}

/// The world as one key sees it.
struct Oracle<'w> {
    pattern: &'w Pattern,
    events: Vec<&'w Happening>,
    how: How,
}

impl<'w> Oracle<'w> {
    fn fits(&self, event: &Happening, step: usize) -> bool {
        self.pattern.steps()[step].0.fits(event, self.how)
    }

    /// Where an event stands on a day: by its hour; else what can begin first, and everything else last; then by the step
    /// that it can fill, and by its number.
    fn place(&self, event: &Happening) -> Place {
        let steps = self.pattern.steps();
        let rank = steps.iter().position(|(b, _)| b.fits(event, self.how)).unwrap();
        let hour = event.hour.unwrap_or(if rank == 0 { -1 } else { 100 });
        (hour, rank, event.id)
    }

    /// Are there days for all of them, or is every choice of days such, that the condition holds?
    fn chosen(&self, events: &[&'w Happening], holds: &mut dyn FnMut(&[i64]) -> bool) -> bool {
        fn go(
            left: &[&Happening],
            days: &mut Vec<i64>,
            wanted: bool,
            holds: &mut dyn FnMut(&[i64]) -> bool,
        ) -> bool {
            let Some((event, rest)) = left.split_first() else { return holds(days) == wanted };
            choices(event).into_iter().any(|day| {
                days.push(day);
                let found = go(rest, days, wanted, holds);
                days.pop();
                found
            })
        }
        match self.how {
            How::Certain => !go(events, &mut Vec::new(), false, holds),
            How::Possible => go(events, &mut Vec::new(), true, holds),
        }
    }

    /// Does one stand before another on these days?
    fn precedes(&self, a: On<'_>, b: On<'_>) -> bool {
        (a.day, self.place(a.event)) < (b.day, self.place(b.event))
    }

    /// Can these events, by step, be a match, or the beginning of one?
    fn stands(&self, chain: &[(usize, &'w Happening)]) -> bool {
        let on = |days: &[i64]| -> Vec<On<'w>> {
            let each = chain.iter().zip(days);
            each.map(|((_, event), day)| On { event, day: *day }).collect()
        };
        let events: Vec<&Happening> = chain.iter().map(|(_, event)| *event).collect();
        let ids: std::collections::BTreeSet<u64> = events.iter().map(|event| event.id).collect();
        if ids.len() < events.len() {
            return false;
        }
        let in_order = self.chosen(&events, &mut |days| {
            on(days).windows(2).all(|two| self.precedes(two[0], two[1]))
        });
        // The span is reckoned in days, whatever the order within a day.
        let short = self.chosen(&events, &mut |days| {
            self.pattern
                .within
                .is_none_or(|within| days.is_sorted() && days[days.len() - 1] - days[0] <= within)
        });
        if !in_order || !short {
            return false;
        }
        let steps = self.pattern.steps();
        let near = chain.windows(2).all(|two| {
            steps[two[1].0].0.within.is_none_or(|within| {
                self.chosen(&[two[0].1, two[1].1], &mut |days| days[1] - days[0] <= within)
            })
        });
        near && self.nothing_between(chain) && self.is_not_ended(chain)
    }

    /// Others that are not to be, with those of whom it is enough that they may be.
    fn others(&self, bracket: &'w Bracket) -> Vec<&'w Happening> {
        let how = match self.how {
            How::Certain => How::Possible,
            How::Possible => How::Certain,
        };
        self.events.iter().copied().filter(|event| bracket.fits(event, how)).collect()
    }

    fn nothing_between(&self, chain: &[(usize, &'w Happening)]) -> bool {
        self.pattern.absences().into_iter().all(|(bracket, before)| {
            chain.windows(2).all(|two| {
                !(two[0].0 < before && before <= two[1].0)
                    || self.others(bracket).into_iter().all(|other| {
                        self.chosen(&[two[0].1, two[1].1, other], &mut |days| {
                            !(after(other, days[2], two[0].1, days[0])
                                && after(two[1].1, days[1], other, days[2]))
                        })
                    })
            })
        })
    }

    fn is_not_ended(&self, chain: &[(usize, &'w Happening)]) -> bool {
        let Some(until) = self.pattern.until() else { return true };
        let first = chain[0].1;
        self.others(until).into_iter().all(|other| {
            chain[1..].iter().all(|(_, last)| {
                self.chosen(&[first, last, other], &mut |days| {
                    let begun = !after(first, days[0], other, days[2]);
                    !(begun && after(last, days[1], other, days[2]))
                })
            })
        })
    }

    /// Is nothing around a match that is not to be?
    fn nothing_around(&self, chain: &[(usize, &'w Happening)]) -> bool {
        let within = self.pattern.within.unwrap_or(0);
        let ((first_step, first), (last_step, last)) = (chain[0], chain[chain.len() - 1]);
        let all = |leading: bool| -> Vec<&'w Happening> {
            let absences = self.pattern.absences().into_iter();
            absences
                .filter(|(_, b)| if leading { *b <= first_step } else { *b > last_step })
                .flat_map(|(bracket, _)| self.others(bracket))
                .collect()
        };
        let has = |leading: bool| {
            self.pattern
                .absences()
                .iter()
                .any(|(_, b)| if leading { *b <= first_step } else { *b > last_step })
        };
        if has(true) && has(false) {
            return all(true).iter().all(|a| {
                all(false).iter().all(|b| {
                    self.chosen(&[first, last, a, b], &mut |days| {
                        let before = after(first, days[0], a, days[2]);
                        let behind = after(b, days[3], last, days[1]);
                        !(before && behind) || days[3] - days[2] > within
                    })
                })
            });
        }
        let clear_before = all(true).into_iter().all(|other| {
            self.chosen(&[first, last, other], &mut |days| {
                !(after(first, days[0], other, days[2]) && days[2] >= days[1] - within)
            })
        });
        clear_before
            && all(false).into_iter().all(|other| {
                self.chosen(&[first, last, other], &mut |days| {
                    !(after(other, days[2], last, days[1]) && days[2] <= days[0] + within)
                })
            })
    }

    /// Every combination; a step that may be missing is where nothing fits, or, if it is `free` to, wherever it likes.
    fn all(&self, free: bool) -> Vec<Vec<(usize, &'w Happening)>> {
        let mut found = Vec::new();
        self.go(0, free, &mut Vec::new(), &mut found);
        found
    }

    fn go(
        &self,
        step: usize,
        free: bool,
        chain: &mut Vec<(usize, &'w Happening)>,
        found: &mut Vec<Vec<(usize, &'w Happening)>>,
    ) -> bool {
        if step == self.pattern.steps().len() {
            let stands = self.nothing_around(chain);
            if stands {
                found.push(chain.clone());
            }
            return stands;
        }
        let mut any = false;
        for event in &self.events {
            if !self.fits(event, step) {
                continue;
            }
            chain.push((step, event));
            any |= self.stands(chain) && self.go(step + 1, free, chain, found);
            chain.pop();
        }
        if (free || !any) && self.pattern.steps()[step].0.presence == Presence::May {
            any |= self.go(step + 1, free, chain, found);
        }
        any
    }

    /// The closest matches where all days are known: event by event, with one pending match a state.
    fn closest(&self) -> Vec<Vec<(usize, &'w Happening)>> {
        let steps = self.pattern.steps();
        let mut order: Vec<&Happening> = self.events.clone();
        order.retain(|event| (0..steps.len()).any(|step| self.fits(event, step)));
        order.sort_by_key(|event| (event.days, self.place(event)));
        let may = |step: usize| steps[step].0.presence == Presence::May;
        let complete = |step: usize| (step + 1..steps.len()).all(may);
        let mut pending: BTreeMap<usize, Vec<(usize, &Happening)>> = BTreeMap::new();
        let mut found = Vec::new();
        for event in order {
            // Who is ended before this event is so for good.
            let ended: Vec<usize> = pending
                .iter()
                .filter(|(_, chain)| {
                    let mut with: Vec<_> = (*chain).clone();
                    with.push((0, event));
                    !self.is_not_ended(&[with[0], (0, event)])
                })
                .map(|(state, _)| *state)
                .collect();
            for state in ended {
                let chain = pending.remove(&state).unwrap();
                found.extend(complete(state).then_some(chain));
            }
            'steps: for step in (0..steps.len()).rev().filter(|step| self.fits(event, *step)) {
                for state in (0..step).rev() {
                    if let Some(chain) = pending.get(&state) {
                        let mut with = chain.clone();
                        with.push((step, event));
                        if self.stands(&with) {
                            pending.remove(&state);
                            if let Some(old) = pending.insert(step, with) {
                                found.extend(complete(step).then_some(old));
                            }
                            break 'steps;
                        }
                    }
                    if !may(state) {
                        continue 'steps;
                    }
                }
                if let Some(old) = pending.insert(step, vec![(step, event)]) {
                    found.extend(complete(step).then_some(old));
                }
                break;
            }
        }
        for (state, chain) in pending {
            found.extend(complete(state).then_some(chain));
        }
        found.retain(|chain| self.nothing_around(chain));
        found
    }
}

/// Is one strictly after another on these days? Of one day only where the hours of both say so.
fn after(a: &Happening, a_day: i64, b: &Happening, b_day: i64) -> bool {
    match a_day.cmp(&b_day) {
        std::cmp::Ordering::Equal => matches!((a.hour, b.hour), (Some(a), Some(b)) if a > b),
        order => order.is_gt(),
    }
}

/// A match as an answer shows it: for each step its events.
type Shown = Vec<Vec<u64>>;

fn shown(pattern: &Pattern, chain: &[(usize, &Happening)]) -> Shown {
    let steps = pattern.steps();
    let columns = steps.last().map_or(0, |(_, column)| column + 1);
    let of = |column: usize| -> Vec<u64> {
        let events = chain.iter().filter(|(step, _)| steps[*step].1 == column);
        events.map(|(_, event)| event.id).collect()
    };
    (0..columns).map(of).collect()
}

/// The matches of an answer, and how many more its notice calls possible.
fn answer(rows: Result<Rows>) -> Result<(Vec<Shown>, u64), String> {
    let mut rows = rows.map_err(|e| e.to_string())?;
    let ids = |value: &Value| match value {
        Value::Null => Vec::new(),
        Value::Int(id) => vec![id.unsigned_abs()],
        Value::List(ids) => ids.iter().map(|id| format!("{id}").parse().unwrap()).collect(),
        other => panic!("{other}"),
    };
    let mut found = Vec::new();
    for row in &mut rows {
        found.push(row.map_err(|e| e.to_string())?.values().iter().map(ids).collect());
    }
    found.sort();
    let notices = rows.notices();
    let possible = notices.iter().find(|notice| notice.code == "possible");
    let number = possible.map(|n| n.text.split(' ').next().unwrap().parse().unwrap());
    Ok((found, number.unwrap_or(0)))
}

/// Events by chance; `doubt`: some with days in doubt, some without any.
fn world(rng: &mut Rng, count: u64, doubt: bool) -> Vec<Happening> {
    let undated = rng.below(2) == 0;
    let event = |id: u64| {
        let first = up_to(rng, DAYS - 4);
        let days = match rng.below(8) {
            0 if doubt && undated => None,
            1 | 2 if doubt => Some((first, first + 1 + up_to(rng, 3))),
            _ => Some((first, first)),
        };
        let exact = days.is_some_and(|(first, last)| first == last);
        let source = *rng.pick(&NAMES);
        let others: Vec<&'static str> = NAMES.into_iter().filter(|name| *name != source).collect();
        Happening {
            id,
            kind: rng.pick::<&str>(&KINDS),
            source,
            target: others[rng.below(others.len())],
            days,
            hour: (exact && rng.below(4) == 0).then(|| 8 + up_to(rng, 4)),
            planned: rng.below(12) == 0,
        }
    };
    (1..=count).map(event).collect()
}

fn enter(db: &Database, world: &[Happening]) {
    let mut records = String::new();
    for event in world {
        let date = match (event.days, event.hour) {
            (None, _) => String::new(),
            (Some((day, _)), Some(hour)) => format!("date: @{}T{hour:02}:00:00, ", written(day)),
            (Some((first, last)), None) if first == last => format!("date: {}, ", written(first)),
            (Some((first, last)), None) => {
                format!("date: @[{}..{}], ", written(first), written(last))
            }
        };
        let status = if event.planned { "status: \"planned\", " } else { "" };
        let Happening { kind, source, target, .. } = event;
        writeln!(
            records,
            "insert {kind:?} {{ {date}{status}source: {source:?}, target: {target:?} }};"
        )
        .unwrap();
    }
    db.execute(&records).unwrap();
}

fn up_to(rng: &mut Rng, most: i32) -> i64 {
    i64::try_from(rng.below(usize::try_from(most).unwrap())).unwrap()
}

/// What a pattern by chance may hold.
#[derive(Clone, Copy)]
struct Wanted {
    mode: &'static str,
    /// Absences before the first step and behind the last.
    around: bool,
}

fn pattern(rng: &mut Rng, wanted: Wanted) -> Pattern {
    let together = wanted.mode == "together";
    let mut brackets = Vec::new();
    let steps = 2 + rng.below(2);
    let within = (wanted.mode.ends_with("all") || rng.below(3) > 0).then(|| 2 + up_to(rng, 25));
    let absent = |rng: &mut Rng| within.is_some() && rng.below(5) == 0;
    if wanted.around && within.is_some() && rng.below(2) == 0 {
        brackets.push(bracket(rng, Presence::Not));
    }
    for step in 0..steps {
        if step > 0 && !together && absent(rng) {
            brackets.push(bracket(rng, Presence::Not));
        }
        let may = rng.below(5) == 0
            && (step > 0 || steps > 2)
            && !(step == 0 && wanted.mode.ends_with("each"));
        let mut one = bracket(rng, if may { Presence::May } else { Presence::Must });
        one.times = if !may && rng.below(8) == 0 { 2 } else { 1 };
        if step > 0 && !together && rng.below(5) == 0 {
            one.within = Some(up_to(rng, 12));
        }
        brackets.push(one);
    }
    if brackets.iter().all(|bracket| bracket.presence != Presence::Must) {
        brackets.push(bracket(rng, Presence::Must));
    }
    if wanted.around && within.is_some() && rng.below(2) == 0 {
        brackets.push(bracket(rng, Presence::Not));
    }
    if rng.below(6) == 0 {
        brackets.push(bracket(rng, Presence::Until));
    }
    let by = *rng.pick(&["", "source", "actor", "source, target", "pair"]);
    Pattern { mode: wanted.mode, by, within, brackets }
}

fn bracket(rng: &mut Rng, presence: Presence) -> Bracket {
    let (first, second) = (*rng.pick(&KINDS), *rng.pick(&KINDS));
    Bracket {
        presence,
        kinds: if rng.below(3) == 0 && first != second { vec![first, second] } else { vec![first] },
        before: (rng.below(5) == 0).then(|| up_to(rng, DAYS)),
        times: 1,
        within: None,
    }
}

/// The events by the values that they join by, as the oracle sees them.
fn by_key<'w>(pattern: &'w Pattern, world: &'w [Happening], how: How) -> Vec<Oracle<'w>> {
    let mut keys: BTreeMap<String, Vec<&Happening>> = BTreeMap::new();
    for event in world {
        for key in pattern.keys(event) {
            keys.entry(key).or_default().push(event);
        }
    }
    keys.into_values().map(|events| Oracle { pattern, events, how }).collect()
}

/// The answer of the engine to a pattern: of sealed events, and the same of a walk through all.
fn asked(db: &Database, pattern: &Pattern) -> Result<(Vec<Shown>, u64), String> {
    let columns = pattern.steps().last().map_or(0, |(_, column)| column + 1);
    let select: Vec<String> = (0..columns).map(|at| format!("s{at}.id as s{at}")).collect();
    let query = format!("{pattern} | select {}", select.join(", "));
    let found = answer(db.query(&query)).map_err(|e| format!("{query}: {e}"))?;
    let walked = answer(run_unoptimized(db, &query)).map_err(|e| format!("{query}: {e}"))?;
    if found == walked {
        Ok(found)
    } else {
        Err(format!("{query}: columns give {found:?}, records {walked:?}"))
    }
}

/// Tries patterns by chance, and counts matches and possible ones.
fn try_all(
    name: &str,
    wanted: Wanted,
    doubt: bool,
    (seed, cases): (u64, usize),
    check: impl Fn(&Pattern, &[Happening], &(Vec<Shown>, u64)) -> Result<(), String>,
) {
    let rng = &mut Rng::new(seed);
    let mut faults = Vec::new();
    let (mut matches, mut possible) = (0, 0);
    for case in 0..cases {
        let size = [(4, 8), (usize::MAX, 1), (0, 5)][case % 3];
        let db = Database::builder().sealing(size.0, size.1).open_in_memory().unwrap();
        let world = world(rng, 18, doubt);
        enter(&db, &world);
        for _ in 0..6 {
            let pattern = pattern(rng, wanted);
            let answer = asked(&db, &pattern);
            let fault = answer.and_then(|answer| {
                matches += answer.0.len();
                possible += answer.1;
                check(&pattern, &world, &answer).map_err(|e| format!("{pattern}: {e}"))
            });
            if let Err(fault) = fault {
                let world: Vec<String> = world.iter().map(|event| format!("{event:?}")).collect();
                faults.push(format!("{fault}\n  {}", world.join("\n  ")));
            }
        }
    }
    let shown = faults.iter().take(3).cloned().collect::<Vec<_>>().join("\n");
    assert!(faults.is_empty(), "{name}, seed {seed}: {} go wrong\n{shown}", faults.len());
    assert!(matches > cases, "few matches: {matches} of {cases} worlds");
    assert!(!doubt || possible > cases as u64, "few in doubt: {possible} of {cases} worlds");
}

fn is(wanted: &[Shown], found: &[Shown]) -> Result<(), String> {
    let mut wanted = wanted.to_vec();
    wanted.sort();
    if wanted == found { Ok(()) } else { Err(format!("wanted {wanted:?}, found {found:?}")) }
}

/// All combinations, certain ones, and how many more are possible.
fn combinations(pattern: &Pattern, world: &[Happening]) -> (Vec<Shown>, u64) {
    let mut certain = Vec::new();
    let mut more = 0;
    let keys =
        by_key(pattern, world, How::Certain).into_iter().zip(by_key(pattern, world, How::Possible));
    for (sure, maybe) in keys {
        let of = |oracle: &Oracle<'_>| -> Vec<Shown> {
            oracle.all(false).iter().map(|chain| shown(pattern, chain)).collect()
        };
        let sure = of(&sure);
        more += of(&maybe).iter().filter(|one| !sure.contains(one)).count() as u64;
        certain.extend(sure);
    }
    (certain, more)
}

#[test]
fn every_combination_is_found() {
    let wanted = Wanted { mode: "sequence all", around: false };
    try_all("all", wanted, true, seed_and_cases(21, 24), |pattern, world, answer| {
        let (certain, more) = combinations(pattern, world);
        is(&certain, &answer.0)?;
        if more == answer.1 { Ok(()) } else { Err(format!("{more} possible, told {}", answer.1)) }
    });
}

#[test]
fn every_combination_is_found_without_what_is_not_to_be_around_it() {
    let wanted = Wanted { mode: "sequence all", around: true };
    try_all("around", wanted, false, seed_and_cases(22, 24), |pattern, world, answer| {
        is(&combinations(pattern, world).0, &answer.0)
    });
}

#[test]
fn what_is_around_in_doubt_counts_where_it_may_be() {
    let wanted = Wanted { mode: "sequence all", around: true };
    try_all("around in doubt", wanted, true, seed_and_cases(27, 24), |pattern, world, answer| {
        // Four events without a date have a hundred million choices of days.
        if world.iter().any(|event| event.days.is_none()) {
            return Ok(());
        }
        let (certain, more) = combinations(pattern, world);
        is(&certain, &answer.0)?;
        if more == answer.1 { Ok(()) } else { Err(format!("{more} possible, told {}", answer.1)) }
    });
}

#[test]
fn the_closest_matches_are_those_of_one_pending_match_a_state() {
    let wanted = Wanted { mode: "sequence", around: true };
    try_all("closest", wanted, false, seed_and_cases(23, 40), |pattern, world, answer| {
        let found = by_key(pattern, world, How::Certain);
        let found = found.iter().flat_map(Oracle::closest);
        is(&found.map(|chain| shown(pattern, &chain)).collect::<Vec<_>>(), &answer.0)
    });
}

#[test]
fn the_closest_matches_in_doubt_are_among_all_combinations() {
    let wanted = Wanted { mode: "sequence", around: false };
    try_all("closest in doubt", wanted, true, seed_and_cases(24, 20), |pattern, world, answer| {
        // A step that may be missing is left out more freely than where every combination is wanted.
        if pattern.brackets.iter().any(|bracket| bracket.presence == Presence::May) {
            return Ok(());
        }
        let (all, _) = combinations(pattern, world);
        match answer.0.iter().find(|one| !all.contains(one)) {
            Some(one) => Err(format!("{one:?} is not among {all:?}")),
            None => Ok(()),
        }
    });
}

/// Where the last step that must be filled is filled, for events whose days are known.
fn complete(oracle: &Oracle<'_>, chain: &[(usize, &Happening)]) -> Option<(Days, Place)> {
    let steps = oracle.pattern.steps();
    let must = chain.iter().rev().find(|(step, _)| steps[*step].0.presence == Presence::Must);
    must.map(|(_, event)| (event.days.unwrap(), oracle.place(event)))
}

#[test]
fn each_first_event_has_its_earliest_completion() {
    let wanted = Wanted { mode: "sequence each", around: false };
    try_all("each", wanted, false, seed_and_cases(25, 40), |pattern, world, answer| {
        if pattern.by == "actor" {
            return Ok(()); // one event has rows for two keys, and the rows do not say which is whose
        }
        // An absence before a last step that is missing stands behind the match, and is judged when that is chosen.
        let has = |presence| pattern.brackets.iter().any(|bracket| bracket.presence == presence);
        if has(Presence::Not) && has(Presence::May) {
            return Ok(());
        }
        let mut left = answer.0.clone();
        for oracle in by_key(pattern, world, How::Certain) {
            let mut firsts: BTreeMap<u64, Vec<Vec<(usize, &Happening)>>> = BTreeMap::new();
            for chain in oracle.all(true) {
                firsts.entry(chain[0].1.id).or_default().push(chain);
            }
            for chains in firsts.into_values() {
                let earliest = chains.iter().filter_map(|chain| complete(&oracle, chain)).min();
                let mut best = chains;
                best.retain(|chain| complete(&oracle, chain) == earliest);
                // What lies on the way is taken along.
                let may = |b: &&Bracket| b.presence == Presence::May;
                if pattern.brackets.iter().filter(may).count() == 1 {
                    let most = best.iter().map(Vec::len).max();
                    best.retain(|chain| Some(chain.len()) == most);
                }
                best.sort_by_key(|chain| std::cmp::Reverse(chain.len()));
                let best: Vec<Shown> = best.iter().map(|chain| shown(pattern, chain)).collect();
                let at = best.iter().find_map(|one| left.iter().position(|other| one == other));
                left.remove(at.ok_or_else(|| format!("none of {best:?} in {:?}", answer.0))?);
            }
        }
        if left.is_empty() { Ok(()) } else { Err(format!("{left:?} besides")) }
    });
}

#[test]
fn what_happens_together_is_near_enough() {
    let wanted = Wanted { mode: "together", around: false };
    try_all("together", wanted, false, seed_and_cases(26, 40), |pattern, world, answer| {
        let day = |id: u64| world.iter().find(|event| event.id == id).unwrap();
        let steps = pattern.steps();
        for one in &answer.0 {
            let ids: Vec<u64> = one.iter().flatten().copied().collect();
            let days: Vec<i64> = ids.iter().map(|id| day(*id).days.unwrap().0).collect();
            let far = days.iter().max().unwrap() - days.iter().min().unwrap();
            let fits = one.iter().enumerate().all(|(column, ids)| {
                let (bracket, _) = steps.iter().find(|(_, at)| *at == column).unwrap();
                let count =
                    if bracket.presence == Presence::May { ids.len() } else { bracket.times };
                ids.len() == count && ids.iter().all(|id| bracket.fits(day(*id), How::Certain))
            });
            if !fits || pattern.within.is_some_and(|within| far > within) {
                return Err(format!("{one:?} is none"));
            }
        }
        // Whoever finds none says that there is none.
        for oracle in by_key(pattern, world, How::Certain) {
            let ids: Vec<u64> = oracle.events.iter().map(|event| event.id).collect();
            let has = answer.0.iter().any(|one| one.iter().flatten().all(|id| ids.contains(id)));
            if !has && pattern.until().is_none() && any_together(&oracle) {
                return Err("nothing is found where something is".to_owned());
            }
        }
        Ok(())
    });
}

/// Can every step that must be filled have an event of its own, near enough to the others?
fn any_together(oracle: &Oracle<'_>) -> bool {
    fn go(oracle: &Oracle<'_>, step: usize, chosen: &mut Vec<(u64, i64)>) -> bool {
        let steps = oracle.pattern.steps();
        let Some((bracket, _)) = steps.get(step) else { return true };
        if bracket.presence == Presence::May {
            return go(oracle, step + 1, chosen);
        }
        oracle.events.iter().any(|event| {
            let Some((day, _)) = event.days else { return false };
            let near = oracle
                .pattern
                .within
                .is_none_or(|within| chosen.iter().all(|(_, other)| (day - other).abs() <= within));
            if !oracle.fits(event, step) || !near || chosen.iter().any(|(id, _)| *id == event.id) {
                return false;
            }
            chosen.push((event.id, day));
            let found = go(oracle, step + 1, chosen);
            chosen.pop();
            found
        })
    }
    go(oracle, 0, &mut Vec::new())
}

/// A visit of some day of the year lies on the day before the exercise at the latest, 121 days before the threat.
#[test]
fn what_is_in_doubt_counts_as_far_as_it_may_lie_around() {
    let db = Database::builder().open_in_memory().unwrap();
    let sides = "source: \"Russia\", target: \"India\"";
    for (kind, date) in [("visit", "2014"), ("exercise", "2014-02-01"), ("threat", "2014-06-01")] {
        db.execute(&format!("insert {kind} {{ date: @{date}, {sides} }}")).unwrap();
    }
    for (within, found) in [(120, 1), (121, 0)] {
        let query = format!("sequence within {within} days no [visit] [exercise] no [threat]");
        assert_eq!(db.query(&query).unwrap().count(), found, "{query}");
    }
}
