//! One match for each event of the first step: its earliest completion.
//!
//! The timeline is gone through backwards. For each step the best chain from it to the end is known, which is the one
//! whose event comes next; an event before it either stands in front of it or cannot stand anywhere.

use crate::error::Result;

use super::super::context::Watch;
use super::super::when::When;
use super::found::{self, Match};
use super::timeline::{Act, Extent, Point, Timeline};

/// No link behind this one.
const NONE: usize = usize::MAX;

/// An event in a chain, with the one behind it.
#[derive(Debug, Clone, Copy)]
struct Link {
    step: usize,
    event: usize,
    behind: usize,
}

/// A chain from a step to the end.
#[derive(Debug, Clone, Copy)]
struct Tail {
    link: usize,
    step: usize,
    when: When,
    /// Where the last step that must be filled is filled; none where there is none.
    complete: Option<Point>,
}

struct Sweep<'t, 'p> {
    timeline: &'t Timeline<'p>,
    links: Vec<Link>,
    /// By its first step.
    best: Vec<Option<Tail>>,
}

/// Gives the earliest completion of each event of the first step.
pub(super) fn matches(
    timeline: &Timeline<'_>,
    watch: &mut Watch,
    give: &mut impl FnMut(Match) -> Result<()>,
) -> Result<()> {
    let mut sweep = Sweep { timeline, links: Vec::new(), best: vec![None; timeline.steps()] };
    // What an event in doubt is in front of, until it can be behind others itself.
    let mut waiting = rustc_hash::FxHashMap::default();
    for moment in timeline.moments().into_iter().rev() {
        watch.row()?;
        let Some(event) = timeline.events.get(moment.event) else { continue };
        let stands = |sweep: &mut Sweep<'_, '_>| -> Vec<Tail> {
            let steps = (0..timeline.steps()).filter(|step| timeline.fits(event, *step));
            steps
                .filter_map(|step| sweep.front(step, moment.event, event.when, moment.point))
                .collect()
        };
        let tails = match moment.act {
            Act::Both | Act::Early | Act::Late => stands(&mut sweep),
            Act::Pend => {
                let tails = stands(&mut sweep);
                waiting.insert(moment.event, tails);
                continue;
            }
            Act::Fill => waiting.remove(&moment.event).unwrap_or_default(),
        };
        for tail in tails {
            if tail.step > 0 {
                sweep.best.get_mut(tail.step).map(|best| best.replace(tail));
            } else if moment.act != Act::Late
                && let Some(found) = sweep.give(tail)
            {
                give(found)?;
            }
        }
    }
    Ok(())
}

impl Sweep<'_, '_> {
    /// The chain with an event in front, at a step; none where none can follow and some must.
    fn front(&mut self, step: usize, event: usize, when: When, point: Point) -> Option<Tail> {
        let timeline = self.timeline;
        let mut chosen: Option<(Option<Point>, usize)> = None;
        let mut may_be_last = true;
        for next in step + 1..timeline.steps() {
            if let Some(tail) = self.best.get(next).copied().flatten()
                && timeline.follows((step, when), (next, tail.when))
                && !self.has(tail, event)
                && chosen.is_none_or(|(complete, _)| tail.complete < complete)
            {
                chosen = Some((tail.complete, next));
            }
            if !timeline.is_optional(next) {
                may_be_last = false;
                break;
            }
        }
        let behind = chosen.and_then(|(_, next)| self.best.get(next).copied().flatten());
        if behind.is_none() && !may_be_last {
            return None;
        }
        self.links.push(Link { step, event, behind: behind.map_or(NONE, |tail| tail.link) });
        let own = Some(point).filter(|_| !timeline.is_optional(step));
        Some(Tail {
            link: self.links.len() - 1,
            step,
            when,
            complete: behind.and_then(|tail| tail.complete).or(own),
        })
    }

    /// The match of a chain; without the last events, which may be missing, where these come too late.
    fn give(&self, tail: Tail) -> Option<Match> {
        let timeline = self.timeline;
        let mut chain: Vec<(usize, usize)> =
            self.chain(tail).map(|link| (link.step, link.event)).collect();
        loop {
            let whens = chain.iter().filter_map(|(_, at)| Some(timeline.events.get(*at)?.when));
            let whens: Vec<When> = whens.collect();
            let (first, last) = (*whens.first()?, *whens.last()?);
            let extent = whens
                .iter()
                .fold(Extent::of(first), |extent, when| extent.with(*when, timeline.doubt));
            if timeline.is_short(extent) && !timeline.absences.is_ended(first, last) {
                return found::of_chain(timeline, &chain);
            }
            let (step, _) = chain.pop()?;
            if chain.is_empty() || !timeline.is_optional(step) {
                return None;
            }
        }
    }

    fn has(&self, tail: Tail, event: usize) -> bool {
        self.chain(tail).any(|link| link.event == event)
    }

    /// The events of a chain, the first first.
    fn chain(&self, tail: Tail) -> impl Iterator<Item = Link> + '_ {
        let link = |at: usize| self.links.get(at).copied();
        std::iter::successors(link(tail.link), move |first| link(first.behind))
    }
}
