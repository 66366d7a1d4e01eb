//! The timeline of one key: its events in order, as moments on which they may fill a step or be followed.
//!
//! An event whose day is known has one moment. Of one in doubt, a certain match asks that it fill a step on its earliest
//! day and be followed from its latest on; a possible one lets it fill a step on either.

use crate::planner::pattern::Pattern;

use super::super::when::{Doubt, Span, When};
use super::absence::{Absences, Recorded};
use super::occurrence::Occurrence;

/// A place in the order of events: day, place on the day, first step that it can fill, number.
///
/// Of one day, what can fill an earlier step comes first, whichever was entered first: nobody knows their order, and the
/// same day satisfies.
pub(super) type Point = (i32, u32, u8, u64);

/// What an event does at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// Its day is known: it fills a step and can be followed.
    Both,
    /// It fills a step; others follow later.
    Fill,
    /// Others can follow what it has filled.
    Pend,
    /// Its first day: it may fill a step and be followed.
    Early,
    /// Its last day: it may fill a step if it has not on the first.
    Late,
}

/// A moment of an event, by its place among those of the key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) point: Point,
    pub(super) act: Act,
    pub(super) event: usize,
}

/// The events of one key, and what holds for all of its matches.
pub(super) struct Timeline<'p> {
    pub(super) pattern: &'p Pattern,
    pub(super) events: &'p [Occurrence],
    pub(super) doubt: Doubt,
    pub(super) absences: Absences<'p>,
    within: Option<Span>,
}

/// The days between which all events of a match lie, as its span is reckoned: from the earliest to the latest for a
/// certain one, from the latest that may be first to the earliest that may be last for a possible one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    pub(super) from: When,
    pub(super) to: When,
}

impl Extent {
    pub(super) fn of(when: When) -> Extent {
        Extent { from: when, to: when }
    }

    /// With another event, before or behind.
    pub(super) fn with(self, when: When, doubt: Doubt) -> Extent {
        let (earlier, later) = match doubt {
            Doubt::Certain => (when.first < self.from.first, when.last >= self.to.last),
            Doubt::Possible => (when.last < self.from.last, when.first >= self.to.first),
        };
        Extent {
            from: if earlier { when } else { self.from },
            to: if later { when } else { self.to },
        }
    }
}

/// Is there an event for each step that must be filled?
pub(super) fn can_be_filled(pattern: &Pattern, events: &[Occurrence]) -> bool {
    let found = events.iter().fold(0, |found, event| found | event.possible);
    let mut steps = pattern.steps.iter().filter(|step| !step.optional);
    steps.all(|step| found & (1 << step.bracket) != 0)
}

impl<'p> Timeline<'p> {
    pub(super) fn new(
        pattern: &'p Pattern,
        events: &'p [Occurrence],
        doubt: Doubt,
        recorded: &'p Recorded,
    ) -> Timeline<'p> {
        Timeline {
            pattern,
            events,
            doubt,
            absences: Absences::new(pattern, events, doubt, recorded),
            within: pattern.within.map(Span),
        }
    }

    /// How many steps there are.
    pub(super) fn steps(&self) -> usize {
        self.pattern.steps.len()
    }

    /// Need a step not be filled?
    pub(super) fn is_optional(&self, step: usize) -> bool {
        self.pattern.steps.get(step).is_some_and(|step| step.optional)
    }

    /// Need none of these steps be filled?
    pub(super) fn are_optional(&self, mut steps: std::ops::Range<usize>) -> bool {
        steps.all(|step| self.is_optional(step))
    }

    /// Can an event fill a step?
    pub(super) fn fits(&self, event: &Occurrence, step: usize) -> bool {
        let bits = match self.doubt {
            Doubt::Certain => event.certain,
            Doubt::Possible => event.possible,
        };
        self.pattern.steps.get(step).is_some_and(|step| bits & (1 << step.bracket) != 0)
    }

    /// The first step that an event can fill; none that fills none.
    fn rank(&self, event: &Occurrence) -> Option<u8> {
        (0..self.steps()).find(|step| self.fits(event, *step)).and_then(|step| step.try_into().ok())
    }

    /// Where an event stands on a day.
    fn point(event: &Occurrence, rank: u8, day: i32) -> Point {
        (day, event.when.place(rank == 0), rank, event.id)
    }

    /// From where on an event can fill a step, and from where on others can follow it.
    pub(super) fn points(&self, event: &Occurrence) -> Option<(Point, Point)> {
        let rank = self.rank(event)?;
        let point = |day| Timeline::point(event, rank, day);
        Some((point(event.when.fills(self.doubt)), point(event.when.pends(self.doubt))))
    }

    /// The first point after another that an event may stand at.
    pub(super) fn first_after(&self, event: &Occurrence, point: Point) -> Option<Point> {
        let rank = self.rank(event)?;
        let days = event.when.first..=event.when.last;
        let day = point.0.max(event.when.first);
        [Some(day), day.checked_add(1)]
            .into_iter()
            .flatten()
            .filter(|day| days.contains(day))
            .map(|day| Timeline::point(event, rank, day))
            .find(|at| *at > point)
    }

    /// The moments of the events that can fill a step, in order.
    pub(super) fn moments(&self) -> Vec<Moment> {
        let mut moments = Vec::with_capacity(self.events.len());
        for (at, event) in self.events.iter().enumerate() {
            let Some(rank) = self.rank(event) else { continue };
            let when = event.when;
            let mut add = |day, act| {
                moments.push(Moment { point: Timeline::point(event, rank, day), act, event: at });
            };
            let (first, last) = match self.doubt {
                _ if when.is_exact() => {
                    add(when.first, Act::Both);
                    continue;
                }
                Doubt::Certain => (Act::Fill, Act::Pend),
                Doubt::Possible => (Act::Early, Act::Late),
            };
            add(when.first, first);
            add(when.last, last);
        }
        moments.sort_unstable_by_key(|moment| moment.point);
        moments
    }

    /// Does a match not last too long?
    pub(super) fn is_short(&self, extent: Extent) -> bool {
        self.within.is_none_or(|span| span.reaches(extent.from, extent.to, self.doubt))
    }

    /// Can an event that fills a step follow one that fills a step before it?
    pub(super) fn follows(&self, before: (usize, When), after: (usize, When)) -> bool {
        let span = self.pattern.steps.get(after.0).and_then(|step| step.within).map(Span);
        span.is_none_or(|span| span.reaches(before.1, after.1, self.doubt))
            && self.absences.none_between(before, after)
    }
}
