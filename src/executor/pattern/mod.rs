//! Patterns of events: what follows what, what happens together, and what does not happen meanwhile.
//!
//! ```text
//! sequence by dyad within 90 days [visit] as v [agreement] as a
//!
//! occurrence   the events of each bracket, with their days and the numbers of their keys; columns tell, or records
//! timeline     those of one key, in order
//! closest, each, all, together     matches of a timeline
//! found        numbers of events; a record is read when the query asks for more of it
//! ```
//!
//! A timeline is gone through twice. First for matches that are certain: they hold for all days that their events may have
//! had. Then, where anything is in doubt, for those that are possible: less the first, these are counted for the notice.

mod absence;
mod all;
mod closest;
mod each;
mod found;
mod occurrence;
mod timeline;
mod together;

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::error::Result;
use crate::model::Value;
use crate::parser::ast::{Matches, PatternMode};
use crate::planner::pattern::Pattern;

use super::context::{Holding, Watch};
use super::pipe::deferred;
use super::when::Doubt;
use super::{Context, Tuple, Tuples, columnar};

use absence::Recorded;
use found::{Match, NONE};
use occurrence::{Occurrence, Occurrences};
use timeline::Timeline;

/// So many events of a key are looked at for combinations that are only counted.
const MOST_LOOKS: u64 = 1_000_000;

/// The matches of a pattern, by the day on which they begin.
pub(super) fn pattern(pattern: &Arc<Pattern>, context: &Arc<Context>) -> Tuples {
    let (pattern, context) = (Arc::clone(pattern), Arc::clone(context));
    deferred(move || {
        let occurrences = occurrence::gather(&pattern, &context)?;
        let open_ended = pattern.is_open_ended();
        let recorded = if open_ended { recorded(&context)? } else { Recorded::Between(None) };
        let mut found = Vec::new();
        let mut holding = Holding::new(&context, "sequence");
        let by_key = occurrences.all.chunk_by(|one, other| one.key == other.key);
        for events in by_key {
            context.check()?;
            search(&pattern, events, &recorded, &context, &mut |found_one| {
                holding.add(found_one.bytes())?;
                found.push(found_one);
                Ok(())
            })?;
        }
        found.sort_unstable();
        Ok(found.into_iter().map(move |found| {
            let _held = &holding;
            Ok(tuple(&pattern, &occurrences, &found))
        }))
    })
}

/// Gives the matches of one key: those that are certain, and those that are only possible if they are asked for; else
/// these are counted.
fn search(
    pattern: &Pattern,
    events: &[Occurrence],
    recorded: &Recorded,
    context: &Arc<Context>,
    give: &mut impl FnMut(Match) -> Result<()>,
) -> Result<()> {
    if !timeline::can_be_filled(pattern, events) {
        return Ok(());
    }
    // What goes through the events of one key holds a moment and a link for each.
    let mut holding = Holding::new(context, "sequence");
    holding.add(size_of_val(events).saturating_mul(2))?;
    let in_doubt = |event: &Occurrence| event.certain != event.possible || !event.when.is_exact();
    let doubtful = events.iter().any(in_doubt);
    let mut certain: FxHashSet<Box<[u64]>> = FxHashSet::default();
    let timeline = Timeline::new(pattern, events, Doubt::Certain, recorded);
    matches(&timeline, u64::MAX, context, &mut |found| {
        if doubtful {
            holding.add(found.bytes())?;
            certain.insert(found.events.clone());
        }
        give(found)
    })?;
    if !doubtful {
        return Ok(());
    }
    let timeline = Timeline::new(pattern, events, Doubt::Possible, recorded);
    let looks = if pattern.gives_possible() { u64::MAX } else { MOST_LOOKS };
    let through = matches(&timeline, looks, context, &mut |found| {
        if certain.contains(&found.events) {
            Ok(())
        } else if pattern.gives_possible() {
            give(Match { certain: false, ..found })
        } else {
            context.tally.count_possible_match();
            Ok(())
        }
    })?;
    if !through {
        context.tally.count_no_more_matches();
    }
    Ok(())
}

/// Gives the matches of a timeline. Of combinations, of which there may be very many, those that so many looks find; says
/// whether these were enough.
fn matches(
    timeline: &Timeline<'_>,
    looks: u64,
    context: &Arc<Context>,
    give: &mut impl FnMut(Match) -> Result<()>,
) -> Result<bool> {
    let mut watch = Watch::new(context);
    match timeline.pattern.mode {
        PatternMode::Sequence { matches: Matches::All, .. } => {
            return all::matches(timeline, looks, context, give);
        }
        PatternMode::Sequence { matches: Matches::Closest, .. } => {
            closest::matches(timeline, &mut watch, give)
        }
        PatternMode::Sequence { matches: Matches::Each, .. } => {
            each::matches(timeline, &mut watch, give)
        }
        PatternMode::Together { .. } => together::matches(timeline, &mut watch, give),
    }?;
    Ok(true)
}

/// A match as a tuple: keys, numbers of events, `open`, `certain`.
fn tuple(pattern: &Pattern, occurrences: &Occurrences, found: &Match) -> Tuple {
    let mut values = occurrences.key(found.key);
    let number = |id: u64| i64::try_from(id).map_or(Value::Null, Value::Int);
    for column in 0..pattern.columns {
        let steps = pattern.steps.iter().zip(&found.events);
        let mut events = steps.filter(|(step, _)| step.column == column).peekable();
        let repeated = events.peek().is_some_and(|(step, _)| step.repeated);
        let mut events = events.filter(|(_, id)| **id != NONE).map(|(_, id)| number(*id));
        values.push(if repeated {
            Value::List(events.collect())
        } else {
            events.next().unwrap_or_default()
        });
    }
    if pattern.is_open_ended() {
        values.push(found.open.into());
    }
    if pattern.gives_possible() {
        values.push(found.certain.into());
    }
    Tuple::of(values)
}

/// The days of which the data tell.
fn recorded(context: &Arc<Context>) -> Result<Recorded> {
    let covered = context.catalog.covered()?;
    if covered.is_recorded() {
        return Ok(Recorded::Covered(covered));
    }
    columnar::recorded_days(context).map(Recorded::Between)
}
