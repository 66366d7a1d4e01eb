//! Who stands towards whom in an event: visitors and hosts, pairs, and the tests of two sides.

use std::sync::Arc;

use crate::catalog::NameSet;
use crate::error::Result;
use crate::model::{Event, Kind, Participant, Role, Side, Truth};
use crate::planner::expression::DyadTest;

use super::{Context, Stored, field};

/// The code of hosting a visit, told from the host's side.
const HOST_A_VISIT: &str = "043";

/// One of the ends of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Visitor,
    Host,
}

/// Who visits or is visited: who is entered as such, else on a mirrored kind the side that its code makes it.
pub(super) fn end_of_visit<'e>(
    event: &'e Event,
    kind: Option<&Kind>,
    end: End,
) -> Vec<&'e Participant> {
    let with = |role: Role| event.participants.iter().filter(move |p| p.role == role);
    let (own, other) = match end {
        End::Visitor => (Role::Visitor, Role::Host),
        End::Host => (Role::Host, Role::Visitor),
    };
    let explicit: Vec<_> = with(own).collect();
    let Some(kind) = kind.filter(|kind| kind.mirrored && explicit.is_empty()) else {
        return explicit;
    };
    if with(other).next().is_some() {
        // The other end is told: whoever else stands on a side is this one.
        return with(Role::Source).chain(with(Role::Target)).collect();
    }
    let code = event.code.as_deref().or(kind.code.as_deref());
    let side = if (end == End::Host) == (code == Some(HOST_A_VISIT)) {
        Role::Source
    } else {
        Role::Target
    };
    with(side).collect()
}

/// The participants of a side.
fn side(event: &Event, side: Side) -> Vec<&Participant> {
    event.participants.iter().filter(|p| p.role.side() == Some(side)).collect()
}

/// All who take part.
fn everyone(event: &Event) -> Vec<&Participant> {
    event.participants.iter().filter(|p| p.role != Role::About).collect()
}

/// Pairs as `A–B`, sorted, each once.
pub(super) fn pairs(
    event: &Event,
    members: impl FnMut(&Participant) -> Result<Vec<String>>,
) -> Result<Vec<String>> {
    let all = undirected(event, members)?;
    let mut found: Vec<String> = all.iter().map(|(a, b)| joined(a, b)).collect();
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The pairs of the states of an event, those without a known state as themselves, sorted, each once.
///
/// Directed: source and target, on mirrored kinds visitor and host; none where the event does not tell which is which.
pub(super) fn of_states(
    stored: &Stored,
    directed: bool,
    context: &Context,
) -> Result<Vec<(String, String)>> {
    let event = &stored.event;
    let members = |p: &Participant| field::sides_of(p, event.date.as_ref(), context);
    let mut found = if directed {
        let kind = context.catalog.kind(&event.kind)?;
        let (sources, targets) = ends(event, kind.as_deref());
        let of = |people: Vec<&Participant>| -> Result<Vec<String>> {
            let each = people.into_iter().map(members).collect::<Result<Vec<_>>>()?;
            Ok(each.into_iter().flatten().collect())
        };
        let (sources, targets) = (of(sources)?, of(targets)?);
        let pair = |a: &String, b: &String| (a != b).then(|| (a.clone(), b.clone()));
        sources.iter().flat_map(|a| targets.iter().filter_map(move |b| pair(a, b))).collect()
    } else {
        undirected(event, members)?
    };
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Who acts and who is acted upon: visitors and hosts on mirrored kinds, else sources and targets.
fn ends<'e>(event: &'e Event, kind: Option<&Kind>) -> (Vec<&'e Participant>, Vec<&'e Participant>) {
    match kind.filter(|kind| kind.mirrored) {
        Some(kind) => (
            end_of_visit(event, Some(kind), End::Visitor),
            end_of_visit(event, Some(kind), End::Host),
        ),
        None => (side(event, Side::Source), side(event, Side::Target)),
    }
}

/// Source × target where both exist, else all pairs of participants; the lesser first, in no order.
///
/// `members` says as what a participant counts: as itself, or as its states.
fn undirected(
    event: &Event,
    mut members: impl FnMut(&Participant) -> Result<Vec<String>>,
) -> Result<Vec<(String, String)>> {
    let mut expand = |participants: Vec<&Participant>| -> Result<Vec<Vec<String>>> {
        participants.into_iter().map(&mut members).collect()
    };
    let sources = expand(side(event, Side::Source))?;
    let targets = expand(side(event, Side::Target))?;
    let mut found = Vec::new();
    let mut add = |a: &[String], b: &[String]| {
        for a in a {
            let pair = |b: &String| (a.min(b).clone(), a.max(b).clone());
            found.extend(b.iter().filter(|b| *b != a).map(pair));
        }
    };
    if sources.is_empty() || targets.is_empty() {
        let all = expand(everyone(event))?;
        for (at, a) in all.iter().enumerate() {
            all.iter().skip(at + 1).for_each(|b| add(a, b));
        }
    } else {
        for a in &sources {
            for b in &targets {
                add(a, b);
            }
        }
    }
    Ok(found)
}

/// A pair as one text, the same whichever way it goes.
pub(super) fn joined(a: &str, b: &str) -> String {
    if a <= b { format!("{a}–{b}") } else { format!("{b}–{a}") }
}

/// Does the test of two sides hold for the event?
pub(super) fn holds(test: &DyadTest, stored: &Stored, context: &Context) -> Result<Truth> {
    let event = &stored.event;
    let date = event.date.as_ref();
    let within = |set: &NameSet, p: &Participant| field::is_in(set, p, date, context);
    let involving = |sets: &[&Arc<NameSet>]| -> Result<Truth> {
        let people = distinct(everyone(event));
        let mut fits = Vec::with_capacity(sets.len());
        for set in sets {
            fits.push(people.iter().map(|p| within(set, p)).collect::<Result<Vec<_>>>()?);
        }
        Ok(assigned(people.len(), sets.len(), |party, person| {
            fits.get(party).and_then(|row| row.get(person)).copied().unwrap_or(Truth::FALSE)
        }))
    };
    match test {
        DyadTest::Between(a, b) => involving(&[a, b]),
        DyadTest::Involving(sets) => involving(&sets.iter().collect::<Vec<_>>()),
        DyadTest::Directed { from, to } => {
            let kind = context.catalog.kind(&event.kind)?;
            let (sources, targets) = ends(event, kind.as_deref());
            let any = |set: &NameSet, people: &[&Participant]| {
                people.iter().try_fold(Truth::FALSE, |truth, p| Ok(truth.or(within(set, p)?)))
            };
            match (from, to) {
                (Some(from), Some(to)) => {
                    let pairs = sources.iter().flat_map(|s| targets.iter().map(move |t| (s, t)));
                    pairs.filter(|(s, t)| !s.is_same(t)).try_fold(Truth::FALSE, |truth, (s, t)| {
                        Ok(truth.or(within(from, s)?.and(within(to, t)?)))
                    })
                }
                (Some(from), None) => any(from, &sources),
                (None, Some(to)) => any(to, &targets),
                (None, None) => Ok(Truth::TRUE),
            }
        }
    }
}

/// Each participant once: one who has two roles is still one.
fn distinct(people: Vec<&Participant>) -> Vec<&Participant> {
    let mut found: Vec<&Participant> = Vec::new();
    for person in people {
        if !found.iter().any(|p| p.is_same(person)) {
            found.push(person);
        }
    }
    found
}

/// Can every party be given a person of its own? Certainly, or only with the people who belong to it possibly.
fn assigned(people: usize, parties: usize, fits: impl Fn(usize, usize) -> Truth) -> Truth {
    if matching(people, parties, |party, person| fits(party, person).is_certain()) {
        Truth::TRUE
    } else if matching(people, parties, |party, person| fits(party, person).is_possible()) {
        Truth::POSSIBLE
    } else {
        Truth::FALSE
    }
}

/// Is there a matching of all parties to people, by augmenting paths?
fn matching(people: usize, parties: usize, fits: impl Fn(usize, usize) -> bool) -> bool {
    let mut holder: Vec<Option<usize>> = vec![None; people];
    parties <= people
        && (0..parties).all(|party| augment(party, &mut vec![false; people], &mut holder, &fits))
}

fn augment(
    party: usize,
    seen: &mut [bool],
    holder: &mut [Option<usize>],
    fits: &impl Fn(usize, usize) -> bool,
) -> bool {
    for person in 0..holder.len() {
        let Some(was_seen) = seen.get_mut(person) else { continue };
        if *was_seen || !fits(party, person) {
            continue;
        }
        *was_seen = true;
        let free = match holder.get(person).copied().flatten() {
            None => true,
            Some(other) => augment(other, seen, holder, fits),
        };
        if free {
            if let Some(slot) = holder.get_mut(person) {
                *slot = Some(party);
            }
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(code: Option<&str>, participants: &[(&str, Role)]) -> Event {
        Event {
            code: code.map(str::to_owned),
            participants: participants
                .iter()
                .map(|(name, role)| Participant::new(*name, *role))
                .collect(),
            ..Event::default()
        }
    }

    fn ends(event: &Event) -> (Vec<&str>, Vec<&str>) {
        let visit = Kind { mirrored: true, ..Kind::default() };
        let names = |end| {
            end_of_visit(event, Some(&visit), end).into_iter().map(|p| p.name.as_str()).collect()
        };
        (names(End::Visitor), names(End::Host))
    }

    #[test]
    fn visitor_and_host_are_always_the_right_way_round() {
        let sides = [("A", Role::Source), ("B", Role::Target)];
        assert_eq!(ends(&event(Some("042"), &sides)), (vec!["A"], vec!["B"]));
        assert_eq!(ends(&event(Some("043"), &sides)), (vec!["B"], vec!["A"]));
        assert_eq!(ends(&event(None, &sides)), (vec!["A"], vec!["B"]));
        let told = [("A", Role::Host), ("B", Role::Visitor)];
        assert_eq!(ends(&event(Some("042"), &told)), (vec!["B"], vec!["A"]));
        let half = [("A", Role::Visitor), ("B", Role::Target)];
        assert_eq!(ends(&event(Some("043"), &half)), (vec!["A"], vec!["B"]));
    }

    #[test]
    fn pairs_go_across_the_sides_where_there_are_two() {
        let itself = |p: &Participant| Ok(vec![p.name.clone()]);
        let sides = [("C", Role::Source), ("A", Role::Target), ("B", Role::Party)];
        assert_eq!(pairs(&event(None, &sides), itself).unwrap(), ["A–C"]);
        let parties = [("C", Role::Party), ("A", Role::Party), ("B", Role::Source)];
        assert_eq!(pairs(&event(None, &parties), itself).unwrap(), ["A–B", "A–C", "B–C"]);
        let about = [("A", Role::Party), ("B", Role::About)];
        assert!(pairs(&event(None, &about), itself).unwrap().is_empty());
    }

    #[test]
    fn equal_members_make_no_pair() {
        let state = |_: &Participant| Ok(vec!["Pakistan".to_owned()]);
        let sides = [("Bajwa", Role::Source), ("Pakistan Army", Role::Target)];
        assert!(pairs(&event(None, &sides), state).unwrap().is_empty());
    }

    #[test]
    fn every_party_needs_a_person_of_its_own() {
        // Party 0 takes either person, party 1 the first alone.
        let fits = |party: usize, person: usize| Truth::from(party == 0 || person == 0);
        assert_eq!(assigned(2, 2, fits), Truth::TRUE);
        assert_eq!(assigned(1, 2, fits), Truth::FALSE);
        let doubtful = |party: usize, person: usize| {
            if party == person { Truth::POSSIBLE } else { Truth::FALSE }
        };
        assert_eq!(assigned(2, 2, doubtful), Truth::POSSIBLE);
    }
}
