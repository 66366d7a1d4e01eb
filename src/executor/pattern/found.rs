//! Matches that were found.

use super::super::when::When;
use super::absence::Ends;
use super::timeline::Timeline;

/// No event: the step may be missing.
pub(super) const NONE: u64 = u64::MAX;

/// A match: an event for each step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Match {
    /// The earliest and the latest day of its first event, by which matches are given.
    pub(super) begins: (i32, i32),
    /// The numbers of the events by step; [`NONE`] where there is none.
    pub(super) events: Box<[u64]>,
    /// The number of the values of the keys.
    pub(super) key: u32,
    /// Do the data end too early to say that what is not to happen did not?
    pub(super) open: bool,
    /// Is it so for all days that its events may have had?
    pub(super) certain: bool,
}

impl Match {
    /// How many bytes it takes, roughly.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Match>() + size_of_val(&*self.events)
    }
}

/// The match of these events, by step and place in the timeline, in order; none when something stands around it that is
/// not to be.
pub(super) fn of_chain(timeline: &Timeline<'_>, chain: &[(usize, usize)]) -> Option<Match> {
    let when = |at: &(usize, usize)| -> Option<(usize, When)> {
        Some((at.0, timeline.events.get(at.1)?.when))
    };
    let ends = Ends { first: when(chain.first()?)?, last: when(chain.last()?)? };
    let open = timeline.absences.none_around(ends)?;
    of_events(timeline, chain, ends.first.1, open)
}

/// The match of these events, whatever stands around it.
pub(super) fn of_events(
    timeline: &Timeline<'_>,
    chain: &[(usize, usize)],
    first: When,
    open: bool,
) -> Option<Match> {
    let mut events = vec![NONE; timeline.steps()].into_boxed_slice();
    for (step, at) in chain {
        *events.get_mut(*step)? = timeline.events.get(*at)?.id;
    }
    let key = timeline.events.first()?.key;
    Some(Match { begins: (first.first, first.last), events, key, open, certain: true })
}
