//! The closest matches of a sequence: one pending match for each state, the newer in place of the older.
//!
//! The state of a match is the last step that is filled. An event is tried at the last step first, so that it fills one
//! step of one match; what it fills goes on from there, and what was pending in that state before is given up.

use rustc_hash::FxHashMap;

use crate::error::Result;

use super::super::context::Watch;
use super::super::when::{Doubt, When};
use super::found::{self, Match};
use super::timeline::{Act, Extent, Timeline};

/// No link before this one.
const NONE: usize = usize::MAX;

/// An event in a chain, with the one before it.
#[derive(Debug, Clone, Copy)]
struct Link {
    step: usize,
    event: usize,
    before: usize,
}

/// A match that is not complete yet.
#[derive(Debug, Clone, Copy)]
struct Pending {
    /// Its last event.
    link: usize,
    step: usize,
    last: When,
    first: When,
    extent: Extent,
}

/// What an event has done.
enum Filled {
    /// Nothing.
    Nothing,
    /// It completed a match.
    Completed,
    /// It began one, or went on with one.
    Pending(Pending),
}

impl Filled {
    fn pending(self) -> Option<Pending> {
        match self {
            Filled::Pending(pending) => Some(pending),
            Filled::Nothing | Filled::Completed => None,
        }
    }
}

struct Sweep<'t, 'p> {
    timeline: &'t Timeline<'p>,
    links: Vec<Link>,
    /// By the last step that is filled.
    pending: Vec<Option<Pending>>,
}

/// Gives the closest matches of a timeline.
pub(super) fn matches(
    timeline: &Timeline<'_>,
    watch: &mut Watch,
    give: &mut impl FnMut(Match) -> Result<()>,
) -> Result<()> {
    let mut sweep = Sweep { timeline, links: Vec::new(), pending: vec![None; timeline.steps()] };
    // What an event in doubt has filled and nobody can follow yet; for a possible match, that it has filled something.
    let mut waiting: FxHashMap<usize, Option<Pending>> = FxHashMap::default();
    for moment in timeline.moments() {
        watch.row()?;
        match moment.act {
            Act::Both => {
                if let Filled::Pending(filled) = sweep.fill(moment.event, true, give)? {
                    sweep.pend(filled, give)?;
                }
            }
            Act::Fill => {
                let filled = sweep.fill(moment.event, true, give)?.pending();
                waiting.insert(moment.event, filled);
            }
            Act::Pend => {
                if let Some(filled) = waiting.remove(&moment.event).flatten() {
                    sweep.pend(filled, give)?;
                }
            }
            Act::Early => {
                let filled = sweep.fill(moment.event, true, give)?;
                // One that has only begun a match may still go on with another.
                let begins = |filled: &Pending| sweep.chain(*filled).nth(1).is_none();
                if !matches!(&filled, Filled::Nothing)
                    && !matches!(&filled, Filled::Pending(filled) if begins(filled))
                {
                    waiting.insert(moment.event, None);
                }
                if let Some(filled) = filled.pending() {
                    sweep.pend(filled, give)?;
                }
            }
            Act::Late => {
                if waiting.remove(&moment.event).is_none()
                    && let Filled::Pending(filled) = sweep.fill(moment.event, false, give)?
                {
                    sweep.pend(filled, give)?;
                }
            }
        }
    }
    for step in 0..timeline.steps() {
        if let Some(pending) = sweep.take(step) {
            sweep.close(pending, give)?;
        }
    }
    Ok(())
}

impl Sweep<'_, '_> {
    /// Fills the last step that an event can fill. What is complete is given away.
    fn fill(
        &mut self,
        event: usize,
        may_begin: bool,
        give: &mut impl FnMut(Match) -> Result<()>,
    ) -> Result<Filled> {
        let Some(occurrence) = self.timeline.events.get(event) else { return Ok(Filled::Nothing) };
        let when = occurrence.when;
        for step in (0..self.timeline.steps()).rev() {
            if !self.timeline.fits(occurrence, step) {
                continue;
            }
            let Some(filled) = self.at(step, event, when, may_begin, give)? else { continue };
            if step + 1 == self.timeline.steps() {
                self.close(filled, give)?;
                return Ok(Filled::Completed);
            }
            return Ok(Filled::Pending(filled));
        }
        Ok(Filled::Nothing)
    }

    /// Fills a step, behind the nearest step that is filled, or as the first of a match.
    fn at(
        &mut self,
        step: usize,
        event: usize,
        when: When,
        may_begin: bool,
        give: &mut impl FnMut(Match) -> Result<()>,
    ) -> Result<Option<Pending>> {
        for before in (0..step).rev() {
            if let Some(pending) = self.pending.get(before).copied().flatten() {
                if self.timeline.absences.is_ended(pending.first, when) {
                    self.take(before);
                    self.close(pending, give)?;
                } else if let Some(filled) = self.behind(pending, step, event, when) {
                    self.take(before);
                    return Ok(Some(filled));
                }
            }
            if !self.timeline.is_optional(before) {
                return Ok(None);
            }
        }
        if !may_begin {
            return Ok(None);
        }
        let link = self.link(step, event, NONE);
        Ok(Some(Pending { link, step, last: when, first: when, extent: Extent::of(when) }))
    }

    /// What is pending, with an event behind it; none where it cannot stand there.
    fn behind(
        &mut self,
        pending: Pending,
        step: usize,
        event: usize,
        when: When,
    ) -> Option<Pending> {
        let extent = pending.extent.with(when, self.timeline.doubt);
        let fits = self.timeline.is_short(extent)
            && self.timeline.follows((pending.step, pending.last), (step, when))
            && (self.timeline.doubt == Doubt::Certain || !self.has(pending, event));
        if !fits {
            return None;
        }
        let link = self.link(step, event, pending.link);
        Some(Pending { link, step, last: when, first: pending.first, extent })
    }

    /// Lets others follow what is filled, in place of what was pending there.
    fn pend(&mut self, filled: Pending, give: &mut impl FnMut(Match) -> Result<()>) -> Result<()> {
        let older = self.take(filled.step);
        if let Some(place) = self.pending.get_mut(filled.step) {
            *place = Some(filled);
        }
        older.map_or(Ok(()), |older| self.close(older, give))
    }

    /// Gives a match away that goes on no more, if all that is missing may be missing.
    fn close(&self, pending: Pending, give: &mut impl FnMut(Match) -> Result<()>) -> Result<()> {
        if !self.timeline.are_optional(pending.step + 1..self.timeline.steps()) {
            return Ok(());
        }
        let mut chain: Vec<(usize, usize)> =
            self.chain(pending).map(|link| (link.step, link.event)).collect();
        chain.reverse();
        found::of_chain(self.timeline, &chain).map_or(Ok(()), give)
    }

    fn take(&mut self, step: usize) -> Option<Pending> {
        self.pending.get_mut(step).and_then(Option::take)
    }

    fn link(&mut self, step: usize, event: usize, before: usize) -> usize {
        self.links.push(Link { step, event, before });
        self.links.len() - 1
    }

    fn has(&self, pending: Pending, event: usize) -> bool {
        self.chain(pending).any(|link| link.event == event)
    }

    /// The events of a match, the last first.
    fn chain(&self, pending: Pending) -> impl Iterator<Item = Link> + '_ {
        let link = |at: usize| self.links.get(at).copied();
        std::iter::successors(link(pending.link), move |last| link(last.before))
    }
}
