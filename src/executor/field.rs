//! The fields of an event, derived ones among them.

use crate::catalog::{Field, NameSet};
use crate::error::Result;
use crate::model::{
    Date, Days, Event, Link, Participant, Period, Precision, Role, Side, Truth, Value,
};

use super::dyad::{self, End};
use super::{Context, Stored};

/// The value of a field. What may have several is a list, empty where the event has none.
pub(super) fn value(field: Field, stored: &Stored, context: &Context) -> Result<Value> {
    let event = &stored.event;
    Ok(match field {
        Field::Id => Value::Int(i64::try_from(stored.id.0).unwrap_or(i64::MAX)),
        Field::Key => event.key.clone().into(),
        Field::Date => event.date.clone().into(),
        Field::Said => event.said.clone().into(),
        Field::Kind => event.kind.clone().into(),
        Field::Code => code(event, context)?.into(),
        Field::Root => code(event, context)?.and_then(root).into(),
        Field::Quad => {
            let quad = context.catalog.kind(&event.kind)?.and_then(|kind| kind.quad);
            quad.map(i64::from).into()
        }
        Field::Goldstein => match event.goldstein {
            Some(score) => score.into(),
            None => context.catalog.kind(&event.kind)?.and_then(|kind| kind.goldstein).into(),
        },
        Field::Plover => {
            context.catalog.kind(&event.kind)?.and_then(|kind| kind.plover.clone()).into()
        }
        Field::Amount => event.quantities.clone().into(),
        Field::Status => event.status.word().into(),
        Field::Summary => event.summary.clone().into(),
        Field::Documents => {
            let keys = event.documents.iter().map(|citation| citation.document.as_str());
            keys.collect::<Vec<_>>().into()
        }
        Field::Links => Value::List(event.links.iter().map(link).collect()),
        Field::Import => event.import.and_then(|n| i64::try_from(n).ok()).into(),
        Field::Year => period(event, Period::Year),
        Field::Quarter => period(event, Period::Quarter),
        Field::Month => period(event, Period::Month),
        Field::Decade => period(event, Period::Decade),
        Field::Dyad => dyad::pairs(event, |p| sides_of(p, event.date.as_ref(), context))?.into(),
        Field::Pair => dyad::pairs(event, |p| Ok(vec![p.name.clone()]))?.into(),
        Field::States => states(event, context)?.into(),
        Field::Bilateral => (states(event, context)?.len() == 2).into(),
        Field::Office => super::property::value(Field::Actor, "office", stored, context)?,
        Field::Rank => super::property::value(Field::Actor, "rank", stored, context)?,
        Field::Sector => super::property::value(Field::Actor, "sector", stored, context)?,
        Field::Actor
        | Field::Source
        | Field::Target
        | Field::Party
        | Field::Visitor
        | Field::Host
        | Field::Companion
        | Field::Supplier
        | Field::Recipient
        | Field::Mediator
        | Field::Guarantor
        | Field::Signatory
        | Field::About
        | Field::Place
        | Field::SaidBy => {
            let mut names: Vec<Value> = Vec::new();
            each_name(field, stored, context, &mut |name| names.push(name.into()))?;
            Value::List(names)
        }
    })
}

/// Visits the names of a field of actors or places, without a copy of any that the event holds.
pub(super) fn each_name(
    field: Field,
    stored: &Stored,
    context: &Context,
    visit: &mut dyn FnMut(&str),
) -> Result<()> {
    let event = &stored.event;
    match field {
        Field::Place => event.places.iter().for_each(|place| visit(&place.name)),
        Field::SaidBy => event.said_by.iter().for_each(|name| visit(name)),
        Field::States => states(event, context)?.iter().for_each(|name| visit(name)),
        _ => each_participant(field, event, context, &mut |p| visit(&p.name))?,
    }
    Ok(())
}

/// Is it, by name or by code, one of a set of names at the date of the event?
pub(super) fn is_in(
    set: &NameSet,
    participant: &Participant,
    date: Option<&Date>,
    context: &Context,
) -> Result<Truth> {
    let named =
        participant.written().fold(Truth::FALSE, |truth, name| truth.or(set.contains(name, date)));
    if named == Truth::TRUE || !set.has_stateless() {
        return Ok(named);
    }
    for name in participant.written() {
        if !context.catalog.is_stateless(name)? {
            return Ok(named);
        }
    }
    Ok(Truth::TRUE)
}

/// Is one of those of a field one of a set of names at the date of the event?
pub(super) fn any_in(
    field: Field,
    set: &NameSet,
    stored: &Stored,
    context: &Context,
) -> Result<Truth> {
    let date = stored.event.date.as_ref();
    let mut any = Truth::FALSE;
    if matches!(field, Field::Place | Field::SaidBy | Field::States) {
        each_name(field, stored, context, &mut |name| any = any.or(set.contains(name, date)))?;
        return Ok(any);
    }
    let mut failed = None;
    each_participant(field, &stored.event, context, &mut |p| match is_in(set, p, date, context) {
        Ok(truth) => any = any.or(truth),
        Err(error) => failed = Some(error),
    })?;
    failed.map_or(Ok(any), Err)
}

/// Visits everything by which those of a field are compared with names: their names, and the codes beside these.
pub(super) fn each_written(
    field: Field,
    stored: &Stored,
    context: &Context,
    visit: &mut dyn FnMut(&str),
) -> Result<()> {
    match field {
        Field::Place | Field::SaidBy | Field::States => each_name(field, stored, context, visit),
        _ => each_participant(field, &stored.event, context, &mut |p| {
            p.written().for_each(&mut *visit);
        }),
    }
}

/// Visits the participants of a field; none when the field is not one of participants.
pub(super) fn each_participant<'e>(
    field: Field,
    event: &'e Event,
    context: &Context,
    visit: &mut dyn FnMut(&'e Participant),
) -> Result<()> {
    let side = |side: Side| move |p: &&Participant| p.role.side() == Some(side);
    let role = |role: Role| move |p: &&Participant| p.role == role;
    let all = event.participants.iter();
    match field {
        Field::Actor => all.filter(|p| p.role != Role::About).for_each(visit),
        Field::Source => all.filter(side(Side::Source)).for_each(visit),
        Field::Target => all.filter(side(Side::Target)).for_each(visit),
        Field::Party => all.filter(side(Side::Party)).for_each(visit),
        Field::Companion => all.filter(role(Role::Companion)).for_each(visit),
        Field::Supplier => all.filter(role(Role::Supplier)).for_each(visit),
        Field::Recipient => all.filter(role(Role::Recipient)).for_each(visit),
        Field::Mediator => all.filter(role(Role::Mediator)).for_each(visit),
        Field::Guarantor => all.filter(role(Role::Guarantor)).for_each(visit),
        Field::Signatory => all.filter(role(Role::Signatory)).for_each(visit),
        Field::About => all.filter(role(Role::About)).for_each(visit),
        Field::Visitor | Field::Host => {
            let end = if field == Field::Visitor { End::Visitor } else { End::Host };
            let kind = context.catalog.kind(&event.kind)?;
            dyad::end_of_visit(event, kind.as_deref(), end).into_iter().for_each(visit);
        }
        _ => {}
    }
    Ok(())
}

/// Is the field the event's date or a period of it, so that an undated event is possibly anything there?
pub(super) const fn is_of_date(field: Field) -> bool {
    matches!(field, Field::Date | Field::Year | Field::Quarter | Field::Month | Field::Decade)
}

/// The period in which the event began; where that may be several, one unknown day of all of them.
fn period(event: &Event, unit: Period) -> Value {
    event.date.as_ref().map_or(Value::Null, |date| Value::from(period_date(date, unit)))
}

/// The period in which a date begins, as a date.
pub(super) fn period_date(date: &Date, unit: Period) -> Date {
    let (first, last) = date.periods(unit);
    if first == last {
        return Date::period(unit, first);
    }
    let days = Days { first: unit.days(first).first, last: unit.days(last).last };
    Date::within(days, Precision::Interval)
}

/// The code that the data set gives, else that of the kind.
fn code(event: &Event, context: &Context) -> Result<Option<String>> {
    match &event.code {
        Some(code) => Ok(Some(code.clone())),
        None => Ok(context.catalog.kind(&event.kind)?.and_then(|kind| kind.code.clone())),
    }
}

/// The first two digits of a code.
fn root(mut code: String) -> Option<String> {
    let end = code.char_indices().nth(2).map_or(code.len(), |(at, _)| at);
    code.truncate(end);
    (!code.is_empty()).then_some(code)
}

/// The states of all who take part, sorted, each once.
fn states(event: &Event, context: &Context) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for participant in event.participants.iter().filter(|p| p.role != Role::About) {
        found.extend(states_of(participant, event.date.as_ref(), context)?);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// As what a participant counts in a pair: as its states, or as itself where none is known.
pub(super) fn sides_of(
    participant: &Participant,
    date: Option<&Date>,
    context: &Context,
) -> Result<Vec<String>> {
    let states = states_of(participant, date, context)?;
    Ok(if states.is_empty() { vec![participant.name.clone()] } else { states })
}

/// The states of a participant: those that the code leads to; where it leads to none, those of the name.
fn states_of(
    participant: &Participant,
    date: Option<&Date>,
    context: &Context,
) -> Result<Vec<String>> {
    if let Some(code) = &participant.code {
        let states = context.catalog.states(code, date)?;
        if !states.is_empty() {
            return Ok(states);
        }
    }
    context.catalog.states(&participant.name, date)
}

fn link(link: &Link) -> Value {
    Value::Record(vec![
        ("to".to_owned(), link.to.as_str().into()),
        ("as".to_owned(), link.relation.word().into()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Day;

    #[test]
    fn a_root_is_two_digits() {
        assert_eq!(root("0431".to_owned()).as_deref(), Some("04"));
        assert_eq!(root("4".to_owned()).as_deref(), Some("4"));
        assert_eq!(root(String::new()), None);
    }

    #[test]
    fn a_period_is_that_of_the_start() {
        let lasted = Date::lasting(Days::year(2014), Days::year(2016));
        assert_eq!(period_date(&lasted, Period::Year).told(), "2014");
        assert_eq!(period_date(&Date::month(2015, 8), Period::Quarter).told(), "2015-Q3");
    }

    #[test]
    fn several_periods_are_a_range() {
        let turn = Days::new(Day::from_ymd(2014, 12, 30), Day::from_ymd(2015, 1, 2));
        let years = period_date(&Date::within(turn, Precision::Interval), Period::Year);
        assert_eq!(years.start(), Days::year(2014).hull(Days::year(2015)));
        let since_ever = Date::lasting(Days { first: Day::MIN, last: Day::MIN }, Days::year(2015));
        assert_eq!(period_date(&since_ever, Period::Year).start().first, Day::MIN);
    }
}
