//! What is not to happen, or ends what has begun: days on which it did, to be asked for between two points of time.

use crate::catalog::Covered;
use crate::model::{Day, Days};
use crate::planner::pattern::{Absence, Pattern};

use super::super::when::{Doubt, Span, When, day_of, start_of};
use super::occurrence::Occurrence;

/// Stretches of time of one key, so that it is quickly known whether one lies between two points.
///
/// Of each there are the point before which it must begin, and the point after which it must end, to be in between: for a
/// match that is to be certain it is enough that it may lie there, for one that is possible it must lie there for sure.
#[derive(Debug)]
struct Stretches {
    /// Of which the day is known.
    exact: Ordered,
    /// Of which it is not.
    doubtful: Ordered,
    /// Does one on the day of a point count that it must be after?
    from_start: bool,
}

/// Beginnings and ends in order.
#[derive(Debug, Default)]
struct Ordered {
    /// By beginning; with the last of the ends so far.
    begins: Vec<(i64, i64)>,
    /// By end; with the first of the beginnings from there on.
    ends: Vec<(i64, i64)>,
}

impl Stretches {
    /// Of the events of a bracket.
    fn new(events: &[Occurrence], bracket: usize, doubt: Doubt, from_start: bool) -> Stretches {
        let bit = 1 << bracket;
        let stretch =
            |event: &Occurrence| {
                let when = event.when;
                let after = |day| if from_start { when.ends(day) } else { when.starts(day) };
                match doubt {
                    Doubt::Certain => (event.possible & bit != 0)
                        .then(|| (when.ends(when.first), after(when.last))),
                    Doubt::Possible => (event.certain & bit != 0)
                        .then(|| (when.ends(when.last), after(when.first))),
                }
            };
        let of = |exact: bool| {
            let events = events.iter().filter(|event| event.when.is_exact() == exact);
            Ordered::new(events.filter_map(stretch).collect())
        };
        Stretches { exact: of(true), doubtful: of(false), from_start }
    }

    /// May one lie between two points? Of one in doubt, there must be a day for it.
    fn any(&self, after: i64, before: i64) -> bool {
        let day = |day: i64| if self.from_start { start_of(day + 1) - 1 } else { start_of(day) };
        let first = day_of(after);
        let first = if day(first) > after { first } else { first.saturating_add(1) };
        let has_day = start_of(first.saturating_add(1)).saturating_sub(1) < before;
        self.exact.any(after, before) || has_day && self.doubtful.any(after, before)
    }

    /// The last end of those that begin before a point.
    fn last_before(&self, point: i64) -> Option<i64> {
        self.exact.last_before(point).max(self.doubtful.last_before(point))
    }

    /// The first beginning of those that end after a point.
    fn first_after(&self, point: i64) -> Option<i64> {
        let both = [self.exact.first_after(point), self.doubtful.first_after(point)];
        both.into_iter().flatten().min()
    }
}

impl Ordered {
    fn new(mut begins: Vec<(i64, i64)>) -> Ordered {
        let mut ends: Vec<(i64, i64)> = begins.iter().map(|(begin, end)| (*end, *begin)).collect();
        begins.sort_unstable();
        ends.sort_unstable();
        let mut last = i64::MIN;
        for (_, end) in &mut begins {
            last = last.max(*end);
            *end = last;
        }
        let mut first = i64::MAX;
        for (_, begin) in ends.iter_mut().rev() {
            first = first.min(*begin);
            *begin = first;
        }
        Ordered { begins, ends }
    }

    /// The last end of those that begin before a point.
    fn last_before(&self, point: i64) -> Option<i64> {
        let count = self.begins.partition_point(|(begin, _)| *begin < point);
        self.begins.get(count.checked_sub(1)?).map(|(_, end)| *end)
    }

    /// The first beginning of those that end after a point.
    fn first_after(&self, point: i64) -> Option<i64> {
        let count = self.ends.partition_point(|(end, _)| *end <= point);
        self.ends.get(count).map(|(_, begin)| *begin)
    }

    /// Does one lie between two points?
    fn any(&self, after: i64, before: i64) -> bool {
        self.last_before(before).is_some_and(|end| end > after)
    }
}

/// The days of which the data tell.
#[derive(Debug)]
pub(super) enum Recorded {
    /// Those that somebody has recorded as covered.
    Covered(Covered),
    /// Those from the first event to the last, where nobody has; none where there are no events.
    Between(Option<(i64, i64)>),
}

impl Recorded {
    /// Do the data tell of all days from one to another?
    fn tells(&self, first: i64, last: i64) -> bool {
        match self {
            Recorded::Covered(covered) => {
                first > last || covered.covers(Days { first: Day(first), last: Day(last) })
            }
            Recorded::Between(days) => {
                days.is_none_or(|(start, end)| start <= first && last <= end)
            }
        }
    }
}

/// What is not to happen around the events of one key.
#[derive(Debug)]
pub(super) struct Absences<'r> {
    all: Vec<(Absence, Stretches)>,
    until: Option<Stretches>,
    within: Option<Span>,
    doubt: Doubt,
    recorded: &'r Recorded,
}

/// A match as far as absences look at it: its first and last event, and the steps that they fill.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    pub(super) first: (usize, When),
    pub(super) last: (usize, When),
}

impl<'r> Absences<'r> {
    pub(super) fn new(
        pattern: &Pattern,
        events: &[Occurrence],
        doubt: Doubt,
        recorded: &'r Recorded,
    ) -> Absences<'r> {
        let absence =
            |absence: &Absence| (*absence, Stretches::new(events, absence.bracket, doubt, false));
        Absences {
            all: pattern.absences.iter().map(absence).collect(),
            until: pattern.until.map(|until| Stretches::new(events, until, doubt, true)),
            within: pattern.within.map(Span),
            doubt,
            recorded,
        }
    }

    /// Is nothing between two events, that fill these steps one after the other, that is not to be?
    pub(super) fn none_between(&self, before: (usize, When), after: (usize, When)) -> bool {
        let (from, to) = self.between(before.1, after.1);
        self.all.iter().all(|(absence, stretches)| {
            !(before.0 + 1..=after.0).contains(&absence.before) || !stretches.any(from, to)
        })
    }

    /// Has what began with one event ended before another?
    pub(super) fn is_ended(&self, first: When, last: When) -> bool {
        let Some(until) = &self.until else { return false };
        let (from, to) = match self.doubt {
            Doubt::Certain => (first.starts(first.first), last.starts(last.last)),
            Doubt::Possible => (first.starts(first.last), last.starts(last.first)),
        };
        until.any(from.saturating_sub(1), to)
    }

    /// Is nothing from the first event to the last that is not to be?
    pub(super) fn none_within(&self, first: When, last: When) -> bool {
        let (from, to) = match self.doubt {
            Doubt::Certain => (first.first, last.last),
            Doubt::Possible => (first.last, last.first),
        };
        let after = start_of(from.into()).saturating_sub(1);
        let before = start_of(i64::from(to) + 1);
        !self.all.iter().any(|(_, stretches)| stretches.any(after, before))
    }

    /// Is there nothing before and behind a match that is not to be? With it, whether the data end too early to say so.
    pub(super) fn none_around(&self, ends: Ends) -> Option<bool> {
        let leading = || self.all.iter().filter(|(a, _)| a.before <= ends.first.0);
        let trailing = || self.all.iter().filter(|(a, _)| a.before > ends.last.0);
        let (first, last) = (ends.first.1, ends.last.1);
        let Some(within) = self.within else { return Some(false) };
        let (from, to) = self.between(last, first);
        if leading().next().is_some() && trailing().next().is_some() {
            // One in doubt counts as far as it may lie before the match, or behind it.
            let before = leading().filter_map(|(_, all)| all.last_before(to)).max();
            let behind = trailing().filter_map(|(_, all)| all.first_after(from)).min();
            let quiet_from = before.map(|point| day_of(point).min(day_of(to.saturating_sub(1))));
            let quiet_to = behind.map(|point| day_of(point).max(day_of(from.saturating_add(1))));
            let is_quiet = |from: Option<i64>, to: Option<i64>| match (from, to) {
                (Some(from), Some(to)) => within.end_of(from) < to,
                _ => true,
            };
            if !is_quiet(quiet_from, quiet_to) {
                return None;
            }
            // The days that must be quiet: from where it last was not, or until it is not again, or as long as it may take.
            let from = match (quiet_from, quiet_to) {
                (Some(from), _) => from + 1,
                (None, Some(to)) => within.start_of(to - 1),
                (None, None) => within.start(last.first),
            };
            let to = quiet_to.map_or(within.end(first.last).max(within.end_of(from)), |to| to - 1);
            return Some(!self.recorded.tells(from, to));
        }
        let (early, late) = match self.doubt {
            Doubt::Certain => (last.first, first.last),
            Doubt::Possible => (last.last, first.first),
        };
        let mut open = false;
        if leading().next().is_some() {
            let since = within.start(early);
            if leading().any(|(_, all)| all.any(start_of(since).saturating_sub(1), to)) {
                return None;
            }
            open |= !self.recorded.tells(since, i64::from(early) - 1);
        }
        if trailing().next().is_some() {
            let until = within.end(late);
            if trailing().any(|(_, all)| all.any(from, start_of(until.saturating_add(1)))) {
                return None;
            }
            open |= !self.recorded.tells(i64::from(late) + 1, until);
        }
        Some(open)
    }

    /// The points strictly after one event and before another.
    fn between(&self, before: When, after: When) -> (i64, i64) {
        match self.doubt {
            Doubt::Certain => (before.ends(before.first), after.starts(after.last)),
            Doubt::Possible => (before.ends(before.last), after.starts(after.first)),
        }
    }
}
