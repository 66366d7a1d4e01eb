//! Every combination of events that makes a match.

use std::sync::Arc;

use crate::error::Result;

use super::super::Context;
use super::super::context::Watch;
use super::super::when::{Doubt, When};
use super::found::{self, Match};
use super::timeline::{Extent, Point, Timeline};

/// Events that can fill a step, by where they can.
#[derive(Default)]
struct Fitting {
    /// Those whose day is known.
    exact: Vec<(Point, usize)>,
    /// Those in doubt, which may begin before one that stands in front of them.
    doubtful: Vec<(Point, usize)>,
}

struct Search<'t, 'p, 'g, G> {
    timeline: &'t Timeline<'p>,
    /// By step.
    fitting: Vec<Fitting>,
    chain: Vec<(usize, usize)>,
    watch: Watch,
    /// How many events it may still look at.
    looks: u64,
    give: &'g mut G,
}

/// Where a chain has got to.
#[derive(Clone, Copy)]
struct So<'c> {
    last: &'c [(usize, When)],
    first: Option<When>,
    extent: Option<Extent>,
    /// From where on others can follow.
    point: Option<Point>,
}

/// Gives every combination of a timeline, as far as they are found in so many looks at an event. Says whether these were
/// enough.
pub(super) fn matches(
    timeline: &Timeline<'_>,
    looks: u64,
    context: &Arc<Context>,
    give: &mut impl FnMut(Match) -> Result<()>,
) -> Result<bool> {
    let mut fitting: Vec<Fitting> = (0..timeline.steps()).map(|_| Fitting::default()).collect();
    for (at, event) in timeline.events.iter().enumerate() {
        let Some((fills, _)) = timeline.points(event) else { continue };
        for (step, fitting) in fitting.iter_mut().enumerate() {
            if timeline.fits(event, step) {
                let exact = event.when.is_exact();
                let list = if exact { &mut fitting.exact } else { &mut fitting.doubtful };
                list.push((fills, at));
            }
        }
    }
    for fitting in &mut fitting {
        fitting.exact.sort_unstable();
        fitting.doubtful.sort_unstable();
    }
    let mut search =
        Search { timeline, fitting, chain: Vec::new(), watch: Watch::new(context), looks, give };
    search.go(0, So { last: &[], first: None, extent: None, point: None })?;
    Ok(search.looks > 0)
}

impl<G: FnMut(Match) -> Result<()>> Search<'_, '_, '_, G> {
    /// Fills this step and all behind it in every way. Says whether there was one.
    fn go(&mut self, step: usize, so: So<'_>) -> Result<bool> {
        if step == self.timeline.steps() {
            let found = found::of_chain(self.timeline, &self.chain);
            return found.map_or(Ok(false), |found| (self.give)(found).map(|()| true));
        }
        let mut any = false;
        for exact in [true, false] {
            let list = |search: &Self| {
                let fitting = search.fitting.get(step)?;
                Some(if exact { &fitting.exact } else { &fitting.doubtful }.as_slice())
                    .map(|list| (list.len(), list.partition_point(|(at, _)| Some(*at) <= so.point)))
            };
            let Some((len, start)) = list(self) else { continue };
            for at in start..len {
                self.watch.row()?;
                self.looks = self.looks.saturating_sub(1);
                if self.looks == 0 {
                    return Ok(true);
                }
                let fitting = self.fitting.get(step);
                let list =
                    fitting.map(|fitting| if exact { &fitting.exact } else { &fitting.doubtful });
                let Some((_, event)) = list.and_then(|list| list.get(at)).copied() else { break };
                match self.with(step, event, so) {
                    Fit::Fits(extent, point, when) => {
                        self.chain.push((step, event));
                        let next = So {
                            last: &[(step, when)],
                            first: so.first.or(Some(when)),
                            extent: Some(extent),
                            point: Some(point),
                        };
                        any |= self.go(step + 1, next)?;
                        self.chain.pop();
                    }
                    Fit::TooLate if exact => break,
                    Fit::TooLate | Fit::No => {}
                }
            }
        }
        if !any && self.timeline.is_optional(step) {
            any = self.go(step + 1, so)?;
        }
        Ok(any)
    }

    /// Can an event fill a step behind what is chosen?
    fn with(&self, step: usize, event: usize, so: So<'_>) -> Fit {
        let timeline = self.timeline;
        let Some(occurrence) = timeline.events.get(event) else { return Fit::No };
        let when = occurrence.when;
        let Some((_, pends)) = timeline.points(occurrence) else { return Fit::No };
        let (Some(extent), Some(first), [last]) = (so.extent, so.first, so.last) else {
            return Fit::Fits(Extent::of(when), pends, when);
        };
        if timeline.doubt == Doubt::Possible && self.chain.iter().any(|(_, at)| *at == event) {
            return Fit::No;
        }
        let extent = extent.with(when, timeline.doubt);
        if !timeline.is_short(extent) {
            return Fit::TooLate;
        }
        if timeline.absences.is_ended(first, when) || !timeline.follows(*last, (step, when)) {
            return Fit::No;
        }
        match so.point {
            // On the first of its days that comes after the others.
            Some(point) if timeline.doubt == Doubt::Possible => timeline
                .first_after(occurrence, point)
                .map_or(Fit::No, |point| Fit::Fits(extent, point, when)),
            _ => Fit::Fits(extent, pends, when),
        }
    }
}

/// How an event fits behind others.
enum Fit {
    Fits(Extent, Point, When),
    /// It is beyond the span, and so is all that comes later.
    TooLate,
    No,
}
