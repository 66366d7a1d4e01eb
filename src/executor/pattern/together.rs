//! What happens together: an event for each step within the span, in whatever order.
//!
//! Every step has a seat for one event; the others wait in the order of their days. As soon as each step that must be filled
//! is, and those who sit there are near enough to each other, they are a match, and everything begins anew; while they are
//! not, the oldest gives up its seat.

use std::collections::{BTreeMap, VecDeque};

use crate::error::Result;

use super::super::context::Watch;
use super::super::when::{Doubt, When};
use super::found::{self, Match};
use super::timeline::{Extent, Timeline};

struct Room<'t, 'p> {
    timeline: &'t Timeline<'p>,
    /// By step; nobody sits where nobody need.
    seats: Vec<Option<usize>>,
    /// Who has no seat, by the steps that they can fill.
    waiting: BTreeMap<Vec<usize>, VecDeque<usize>>,
}

/// Gives what happens together on a timeline.
pub(super) fn matches(
    timeline: &Timeline<'_>,
    watch: &mut Watch,
    give: &mut impl FnMut(Match) -> Result<()>,
) -> Result<()> {
    let mut events: Vec<usize> = (0..timeline.events.len()).collect();
    events.sort_by_key(|at| timeline.events.get(*at).map(|event| (event.when.first, event.id)));
    let seats = vec![None; timeline.steps()];
    let mut room = Room { timeline, seats, waiting: BTreeMap::new() };
    for event in events {
        watch.row()?;
        if room.seat(event, &mut Vec::new()) {
            while let Some(chosen) = room.required() {
                if let Some(found) = room.together(chosen) {
                    room.seats.fill(None);
                    room.waiting.clear();
                    give(found)?;
                } else {
                    room.give_way();
                }
            }
        } else if let fits = room.fits(event)
            && !fits.is_empty()
        {
            room.waiting.entry(fits).or_default().push_back(event);
        }
    }
    Ok(())
}

impl Room<'_, '_> {
    /// The steps that an event can fill.
    fn fits(&self, event: usize) -> Vec<usize> {
        let Some(event) = self.timeline.events.get(event) else { return Vec::new() };
        let fits = |step: &usize| self.timeline.fits(event, *step);
        (0..self.timeline.steps()).filter(fits).collect()
    }

    /// Gives an event a seat, if need be by letting another go on to one that suits it as well.
    fn seat(&mut self, event: usize, tried: &mut Vec<usize>) -> bool {
        for step in self.fits(event) {
            if tried.contains(&step) || self.timeline.is_optional(step) {
                continue;
            }
            tried.push(step);
            let other = self.seats.get(step).copied().flatten();
            if other.is_none_or(|other| self.seat(other, tried)) {
                self.seats.get_mut(step).map(|seat| seat.replace(event));
                return true;
            }
        }
        false
    }

    /// Who fills the steps that must be filled; none while one is not.
    fn required(&self) -> Option<Vec<(usize, usize)>> {
        let seats = self.seats.iter().enumerate();
        let required = seats.filter(|(step, _)| !self.timeline.is_optional(*step));
        required.map(|(step, seat)| Some((step, (*seat)?))).collect()
    }

    /// The match of these events, with the first of those who wait and are near enough where one may be missing.
    fn together(&self, mut chosen: Vec<(usize, usize)>) -> Option<Match> {
        let mut first = self.first_of(&chosen)?;
        for step in (0..self.timeline.steps()).filter(|step| self.timeline.is_optional(*step)) {
            let fitting = self.waiting.iter().filter(|(fits, _)| fits.contains(&step));
            let mut events: Vec<usize> =
                fitting.flat_map(|(_, queue)| queue.iter().copied()).collect();
            events.sort_by_key(|event| self.order(*event));
            for event in events {
                chosen.push((step, event));
                let taken = chosen.iter().filter(|(_, other)| *other == event).count() > 1;
                match self.first_of(&chosen).filter(|_| !taken) {
                    Some(earlier) => {
                        first = earlier;
                        break;
                    }
                    None => drop(chosen.pop()),
                }
            }
        }
        found::of_events(self.timeline, &chosen, first, false)
    }

    fn order(&self, event: usize) -> Option<(i32, u64)> {
        self.timeline.events.get(event).map(|event| (event.when.first, event.id))
    }

    /// The first of some events; none where they are too far apart, or something is between that is not to be.
    fn first_of(&self, chosen: &[(usize, usize)]) -> Option<When> {
        let timeline = self.timeline;
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
        let stands = timeline.is_short(extent)
            && !timeline.absences.is_ended(first, last)
            && timeline.absences.none_within(first, last);
        stands.then_some(first)
    }

    /// Takes its seat from the oldest, and gives it to who has waited longest.
    fn give_way(&mut self) {
        let taken = self.seats.iter().enumerate().filter_map(|(step, seat)| Some((step, (*seat)?)));
        let Some((oldest, _)) = taken.min_by_key(|(_, event)| self.order(*event)) else { return };
        self.seats.get_mut(oldest).map(Option::take);
        loop {
            let mut fronts: Vec<(usize, Vec<usize>)> = self
                .waiting
                .iter()
                .filter_map(|(fits, queue)| Some((*queue.front()?, fits.clone())))
                .collect();
            fronts.sort_by_key(|(event, _)| self.order(*event));
            let seated = fronts.into_iter().find(|(event, _)| self.seat(*event, &mut Vec::new()));
            let Some((_, fits)) = seated else { return };
            self.waiting.get_mut(&fits).map(VecDeque::pop_front);
        }
    }
}
