//! Cells: what one place of an event says, when it is one plain value; taken out of an event, and put back.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::model::{Date, Day, Event, Location, Participant, Role, Status, Value};

/// How many participants have a column, by their place in the event. Events with more are odd in all of these.
pub const PARTICIPANTS: u8 = 4;

/// A longer text is no cell: nobody groups by it, and every segment would tell it again.
const LONGEST_TEXT: usize = 255;

/// Between the name and the code of a participant.
const CODE: char = '\0';

/// A place in an event that has a column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ColumnId {
    /// The kind as written.
    Kind,
    /// The code that the event itself has.
    Code,
    /// The word of the status.
    Status,
    /// A participant with name, code and role, by his place in the event from 0.
    Participant(u8),
    /// The only place, by name; coordinates are not told.
    Place,
    /// The date, where it is one day and says no more than that.
    Date,
    /// The score that the event itself has.
    Goldstein,
    /// The number of the import.
    Import,
    /// A free attribute.
    Attribute(String),
}

/// The number of a text, the same in all segments, never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextId(pub u32);

/// What a place says. Cells of a column sort missing, then by type, then by value; texts by their number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// Nothing is there.
    Missing,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// One day for sure.
    Day(Day),
    /// A text; a participant with code and role is one, too.
    Text(TextId),
}

/// What a place of an event says, before its texts have numbers.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::storage) enum Plain<'e> {
    /// More than a cell can say.
    Odd,
    Missing,
    Bool(bool),
    Int(i64),
    Float(f64),
    Day(Day),
    Text(Cow<'e, str>),
}

impl<'e> Plain<'e> {
    fn text(text: impl Into<Cow<'e, str>>) -> Plain<'e> {
        let text = text.into();
        if text.len() > LONGEST_TEXT { Plain::Odd } else { Plain::Text(text) }
    }

    fn date(date: &Date) -> Plain<'static> {
        date.as_plain_day().map_or(Plain::Odd, Plain::Day)
    }

    fn value(value: &'e Value) -> Plain<'e> {
        match value {
            Value::Bool(b) => Plain::Bool(*b),
            Value::Int(i) => Plain::Int(*i),
            Value::Float(f) => Plain::Float(*f),
            Value::Text(text) => Plain::text(text.as_str()),
            Value::Date(date) => Plain::date(date),
            Value::Null
            | Value::Duration(_)
            | Value::Quantity(_)
            | Value::List(_)
            | Value::Record(_) => Plain::Odd,
        }
    }
}

/// The columns that every event has, in the order in which [`each_plain`] hands them out.
pub(in crate::storage) const FIXED: [ColumnId; 11] = [
    ColumnId::Kind,
    ColumnId::Code,
    ColumnId::Status,
    ColumnId::Place,
    ColumnId::Date,
    ColumnId::Goldstein,
    ColumnId::Import,
    ColumnId::Participant(0),
    ColumnId::Participant(1),
    ColumnId::Participant(2),
    ColumnId::Participant(3),
];

/// What an event says in each of the [`FIXED`] columns, by its place there, and in each of its attributes, by name.
pub(in crate::storage) fn each_plain(
    event: &Event,
    mut fixed: impl FnMut(usize, Plain<'_>),
    mut attribute: impl FnMut(&str, Plain<'_>),
) {
    let code = event.code.as_deref().map_or(Plain::Missing, Plain::text);
    fixed(0, Plain::text(event.kind.as_str()));
    fixed(1, code);
    fixed(2, Plain::text(event.status.word()));
    fixed(
        3,
        match event.places.as_slice() {
            [] => Plain::Missing,
            [place] => Plain::text(place.name.as_str()),
            _ => Plain::Odd,
        },
    );
    fixed(4, event.date.as_ref().map_or(Plain::Missing, Plain::date));
    fixed(5, event.goldstein.map_or(Plain::Missing, Plain::Float));
    let import = event.import.map(|number| i64::try_from(number).map_or(Plain::Odd, Plain::Int));
    fixed(6, import.unwrap_or(Plain::Missing));
    let many = event.participants.len() > usize::from(PARTICIPANTS);
    let mut text = String::new();
    for at in 0..usize::from(PARTICIPANTS) {
        let plain = match event.participants.get(at) {
            _ if many => Plain::Odd,
            None => Plain::Missing,
            Some(participant) if write_participant(participant, &mut text) => {
                Plain::text(text.as_str())
            }
            Some(_) => Plain::Odd,
        };
        fixed(7 + at, plain);
    }
    for (name, value) in &event.attributes {
        attribute(name, Plain::value(value));
    }
}

/// Writes a participant as one text: a letter for the role, the name, the code. False where the name itself has the
/// character between name and code.
fn write_participant(participant: &Participant, text: &mut String) -> bool {
    text.clear();
    let role = Role::ALL.iter().zip('a'..).find(|(role, _)| **role == participant.role);
    let Some((_, letter)) = role.filter(|_| !participant.name.contains(CODE)) else { return false };
    text.push(letter);
    text.push_str(&participant.name);
    if let Some(code) = &participant.code {
        text.push(CODE);
        text.push_str(code);
    }
    true
}

/// The participant of a text.
pub(in crate::storage) fn participant_of(text: &str) -> Option<Participant> {
    let mut letters = text.chars();
    let role = u8::try_from(letters.next()?).ok()?.checked_sub(b'a')?;
    let role = *Role::ALL.get(usize::from(role))?;
    let (name, code) = match letters.as_str().split_once(CODE) {
        Some((name, code)) => (name, Some(code.to_owned())),
        None => (letters.as_str(), None),
    };
    Some(Participant { name: name.to_owned(), code, role })
}

/// Puts what a cell says into an event that says nothing there; false where the column has no such cells.
pub(in crate::storage) fn restore(column: &ColumnId, plain: Plain<'_>, event: &mut Event) -> bool {
    match (column, plain) {
        (_, Plain::Missing) => {}
        (ColumnId::Kind, Plain::Text(text)) => event.kind = text.into_owned(),
        (ColumnId::Code, Plain::Text(text)) => event.code = Some(text.into_owned()),
        (ColumnId::Status, Plain::Text(text)) => match Status::from_word(&text) {
            Some(status) => event.status = status,
            None => return false,
        },
        (ColumnId::Participant(_), Plain::Text(text)) => match participant_of(&text) {
            Some(participant) => event.participants.push(participant),
            None => return false,
        },
        (ColumnId::Place, Plain::Text(name)) => {
            event.places.push(Location { name: name.into_owned(), coordinates: None });
        }
        (ColumnId::Date, Plain::Day(day)) => event.date = Some(Date::day(day)),
        (ColumnId::Goldstein, Plain::Float(score)) => event.goldstein = Some(score),
        (ColumnId::Import, Plain::Int(number)) => event.import = u64::try_from(number).ok(),
        (ColumnId::Attribute(name), plain) => {
            let value = match plain {
                Plain::Bool(b) => Value::Bool(b),
                Plain::Int(i) => Value::Int(i),
                Plain::Float(f) => Value::Float(f),
                Plain::Day(day) => Date::day(day).into(),
                Plain::Text(text) => Value::Text(text.into_owned()),
                Plain::Odd | Plain::Missing => return false,
            };
            event.attributes.insert(name.clone(), value);
        }
        _ => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Days, Precision};

    fn owned(plain: Plain<'_>) -> Plain<'static> {
        match plain {
            Plain::Text(text) => Plain::Text(text.into_owned().into()),
            Plain::Odd => Plain::Odd,
            Plain::Missing => Plain::Missing,
            Plain::Bool(b) => Plain::Bool(b),
            Plain::Int(i) => Plain::Int(i),
            Plain::Float(f) => Plain::Float(f),
            Plain::Day(day) => Plain::Day(day),
        }
    }

    fn told(event: &Event) -> Vec<(ColumnId, Plain<'static>)> {
        let mut told = Vec::new();
        let mut attributes = Vec::new();
        each_plain(
            event,
            |at, plain| told.push((FIXED[at].clone(), owned(plain))),
            |name, plain| attributes.push((ColumnId::Attribute(name.to_owned()), owned(plain))),
        );
        told.extend(attributes);
        told
    }

    #[test]
    fn what_cells_say_makes_the_event_again() {
        let event = Event {
            kind: "visit".to_owned(),
            code: Some("042".to_owned()),
            participants: vec![
                Participant {
                    code: Some("PAK".to_owned()),
                    ..Participant::new("Bajwa", Role::Visitor)
                },
                Participant::new("Russia", Role::Host),
                Participant { code: Some(String::new()), ..Participant::new("", Role::About) },
            ],
            date: Some(Date::day(Day(16_000))),
            places: vec![Location { name: "Moscow".to_owned(), coordinates: None }],
            status: Status::Alleged,
            goldstein: Some(1.5),
            import: Some(7),
            attributes: [
                ("a".to_owned(), Value::Int(-1)),
                ("b".to_owned(), Value::Bool(true)),
                ("c".to_owned(), Value::from("c")),
                ("d".to_owned(), Value::Float(0.5)),
                ("e".to_owned(), Date::day(Day(1)).into()),
            ]
            .into(),
            ..Event::default()
        };
        let mut again = Event::default();
        for (column, plain) in told(&event) {
            assert!(restore(&column, plain, &mut again));
        }
        assert_eq!(again, event);
    }

    #[test]
    fn what_no_cell_can_say_is_odd() {
        let place = Location { name: "Moscow".to_owned(), coordinates: None };
        let dates = [
            Date::month(2015, 2),
            Date::within(Days::one(Day(5)), Precision::Interval),
            Date::day(Day(5)).told_as("that day"),
        ];
        for date in dates {
            let event = Event { date: Some(date), ..Event::default() };
            assert!(told(&event).contains(&(ColumnId::Date, Plain::Odd)));
        }
        let event = Event {
            kind: "k".repeat(LONGEST_TEXT + 1),
            places: vec![place.clone(), place],
            participants: vec![Participant::new("a", Role::Party); 5],
            attributes: [("list".to_owned(), Value::from(vec![1]))].into(),
            ..Event::default()
        };
        let odd: Vec<_> = told(&event)
            .into_iter()
            .filter(|(_, plain)| *plain == Plain::Odd)
            .map(|(c, _)| c)
            .collect();
        let list = ColumnId::Attribute("list".to_owned());
        let participants = (0..PARTICIPANTS).map(ColumnId::Participant);
        let expected: Vec<_> = [ColumnId::Kind, ColumnId::Place]
            .into_iter()
            .chain(participants)
            .chain([list])
            .collect();
        assert_eq!(odd, expected);
        let event =
            Event { participants: vec![Participant::new("a\0b", Role::Party)], ..Event::default() };
        assert!(told(&event).contains(&(ColumnId::Participant(0), Plain::Odd)));
    }
}
