//! What happens together: an event for each step within the span, in whatever order.
//!
//! Each step has a queue of the events that wait there. As soon as every step that must be filled has one, and the first of
//! all queues are near enough to each other, they are a match, and everything begins anew; while they are not, the oldest
//! gives way to the next of its queue.

use std::collections::VecDeque;

use crate::error::Result;

use super::super::when::{Doubt, When};
use super::found::{self, Match};
use super::timeline::{Extent, Timeline};

/// Gives what happens together on a timeline.
pub(super) fn matches(
    timeline: &Timeline<'_>,
    give: &mut impl FnMut(Match) -> Result<()>,
) -> Result<()> {
    let mut events: Vec<usize> = (0..timeline.events.len()).collect();
    events.sort_by_key(|at| timeline.events.get(*at).map(|event| (event.when.first, event.id)));
    let mut waiting: Vec<VecDeque<usize>> = vec![VecDeque::new(); timeline.steps()];
    for at in events {
        let Some(event) = timeline.events.get(at) else { continue };
        let fits = || (0..timeline.steps()).filter(|step| timeline.fits(event, *step));
        let is_free = |step: &usize| waiting.get(*step).is_some_and(VecDeque::is_empty);
        let Some(step) = fits().find(is_free).or_else(|| fits().next()) else { continue };
        waiting.get_mut(step).into_iter().for_each(|queue| queue.push_back(at));
        while let Some(chosen) = required(timeline, &waiting) {
            match together(timeline, chosen, &waiting) {
                Some(found) => {
                    waiting.iter_mut().for_each(VecDeque::clear);
                    give(found)?;
                }
                None => give_way(timeline, &mut waiting),
            }
        }
    }
    Ok(())
}

/// The first event of each step that must be filled; none while one has none.
fn required(timeline: &Timeline<'_>, waiting: &[VecDeque<usize>]) -> Option<Vec<(usize, usize)>> {
    let steps = waiting.iter().enumerate().filter(|(step, _)| !timeline.is_optional(*step));
    steps.map(|(step, queue)| Some((step, *queue.front()?))).collect()
}

/// The match of these events, with those that may be missing where they are near enough.
fn together(
    timeline: &Timeline<'_>,
    mut chosen: Vec<(usize, usize)>,
    waiting: &[VecDeque<usize>],
) -> Option<Match> {
    let mut spread = Spread::of(timeline, &chosen)?;
    for (step, queue) in waiting.iter().enumerate() {
        if let (true, Some(at)) = (timeline.is_optional(step), queue.front()) {
            chosen.push((step, *at));
            match Spread::of(timeline, &chosen) {
                Some(more) => spread = more,
                None => drop(chosen.pop()),
            }
        }
    }
    found::of_events(timeline, &chosen, spread.first, false)
}

/// Takes away the oldest of those that wait in front.
fn give_way(timeline: &Timeline<'_>, waiting: &mut [VecDeque<usize>]) {
    let first = |queue: &VecDeque<usize>| {
        let event = timeline.events.get(*queue.front()?)?;
        Some((event.when.first, event.id))
    };
    let oldest = waiting.iter_mut().filter(|queue| !queue.is_empty()).min_by_key(|queue| first(queue));
    oldest.map(VecDeque::pop_front);
}

/// Events that are near enough to each other.
struct Spread {
    first: When,
}

impl Spread {
    /// None where they are too far apart, or something stands between that is not to be.
    fn of(timeline: &Timeline<'_>, chosen: &[(usize, usize)]) -> Option<Spread> {
        let whens = || chosen.iter().filter_map(|(_, at)| Some(timeline.events.get(*at)?.when));
        let first = whens().min_by_key(|when| when.first)?;
        let last = whens().max_by_key(|when| when.last)?;
        // In no order, the span is reckoned from the one end to the other.
        let extent = match timeline.doubt {
            Doubt::Certain => Extent { from: first, to: last },
            Doubt::Possible => Extent {
                from: whens().min_by_key(|when| when.last)?,
                to: whens().max_by_key(|when| when.first)?,
            },
        };
        let absences = &timeline.absences;
        let stands = timeline.is_short(extent)
            && !absences.is_ended(first, last)
            && absences.none_within(first, last);
        stands.then_some(Spread { first })
    }
}
