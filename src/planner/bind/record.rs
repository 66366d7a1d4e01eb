//! Records of events: what `insert` enters. A field that no event has becomes a free attribute.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::model::{
    Citation, Date, Event, Link, Location, Participant, Quantity, Relation, Role, Status, Value,
    fold,
};
use crate::parser::ast::{self, Kind, Record};

use super::super::notice::Notice;
use super::entered::{Entered, coordinates, unknown_word};
use super::{Binder, did_you_mean, error};

/// The fields that can be entered, besides roles.
const ENTERED: &[&str] = &[
    "key",
    "kind",
    "date",
    "said",
    "code",
    "goldstein",
    "place",
    "amount",
    "quantities",
    "status",
    "said_by",
    "documents",
    "links",
    "summary",
];

impl Binder<'_> {
    /// The events of an `insert`.
    pub(super) fn events(
        &mut self,
        kind: &ast::At<Kind>,
        records: &[Record],
    ) -> Result<Vec<Event>> {
        let head = match &kind.node {
            Kind::Events => None,
            Kind::Quoted(name) | Kind::Name(name) => Some(self.kind_name(name, kind.span)?),
        };
        let mut keys = BTreeSet::new();
        let mut events = Vec::with_capacity(records.len());
        for record in records {
            let event = self.event(head.as_deref(), record)?;
            if let Some(key) = &event.key
                && !keys.insert(key.clone())
            {
                let message = format!("two of these events have the key `{key}`");
                return Err(error("key-twice", message, record.span, "the second of them")
                    .help("give each a key of its own, or none")
                    .evaluate());
            }
            events.push(event);
        }
        Ok(events)
    }

    fn event(&mut self, head: Option<&str>, record: &Record) -> Result<Event> {
        let mut event = Event { kind: head.unwrap_or_default().to_owned(), ..Event::default() };
        for entered in self.entered(record)? {
            self.event_field(&mut event, entered)?;
        }
        if event.kind.is_empty() {
            return Err(error("no-kind", "the event has no kind", record.span, "what sort of event is it?")
                .help("write the kind behind `insert`, as in `insert visit { … }`, or give the field `kind`")
                .evaluate());
        }
        Ok(event)
    }

    fn event_field(&mut self, event: &mut Event, entered: Entered) -> Result<()> {
        let folded = fold(&entered.name);
        if let Some(role) = Role::from_word(&folded) {
            return add_participants(event, role, &entered);
        }
        match folded.as_str() {
            "key" => event.key = Some(entered.text()?),
            "kind" => event.kind = self.kind_name(&entered.text()?, entered.span)?,
            "date" => event.date = self.date_field(&entered)?,
            "said" => event.said = self.date_field(&entered)?,
            "code" => event.code = Some(entered.text()?),
            "goldstein" => event.goldstein = Some(entered.number()?),
            "place" => {
                for value in entered.each() {
                    event.places.push(location(value, &entered)?);
                }
            }
            "amount" | "quantities" => {
                for value in entered.each() {
                    event.quantities.push(quantity_of(value, &entered)?);
                }
            }
            "status" => {
                let word = entered.text()?;
                event.status = Status::from_word(&word).ok_or_else(|| {
                    unknown_word(
                        "status",
                        &word,
                        entered.span,
                        Status::ALL.iter().map(|s| s.word()),
                    )
                })?;
            }
            "said_by" => event.said_by = entered.texts()?,
            "documents" => {
                for value in entered.each() {
                    event.documents.push(self.citation(value, &entered)?);
                }
            }
            "links" => {
                for value in entered.each() {
                    event.links.push(link(value, &entered)?);
                }
            }
            "summary" => event.summary = Some(entered.text()?),
            "id" | "actor" | "root" | "quad" | "plover" | "import" | "year" | "month"
            | "quarter" | "decade" | "dyad" | "pair" | "states" | "bilateral" | "office"
            | "rank" | "sector" => {
                return Err(error(
                    "derived-field",
                    format!("`{}` is worked out, it cannot be entered", entered.name),
                    entered.name_span,
                    "not entered",
                )
                .help(match folded.as_str() {
                    "actor" => "enter `source`, `target`, `party`, or a role such as `visitor`",
                    "id" => "the store numbers events; a name of your own goes into `key`",
                    "year" | "month" | "quarter" | "decade" => {
                        "enter `date`: it may be as coarse as a year"
                    }
                    "root" | "quad" | "plover" => "enter `kind` or `code`",
                    "office" | "rank" | "sector" => "define the actor with its affiliations",
                    _ => "leave it out",
                })
                .evaluate());
            }
            _ => {
                self.note_near_miss(&entered.name);
                event.attributes.insert(entered.name, entered.value);
            }
        }
        Ok(())
    }

    /// A free attribute whose name is almost that of a field may be a slip.
    fn note_near_miss(&mut self, name: &str) {
        let near = ENTERED.iter().copied().chain(Role::ALL.iter().map(|role| role.word()));
        if let Some(field) = near.into_iter().find(|field| strsim::levenshtein(name, field) == 1) {
            let text =
                format!("`{name}` is kept as an attribute of its own; did you mean `{field}`?");
            self.notices.push(Notice::new("near-miss", text));
        }
    }

    pub(super) fn date_field(&self, entered: &Entered) -> Result<Option<Date>> {
        if entered.value.is_null() {
            return Ok(None);
        }
        self.date(entered.value.clone(), entered.span).map(Some)
    }

    fn citation(&mut self, value: &Value, entered: &Entered) -> Result<Citation> {
        let mut citation = Citation::default();
        match value {
            Value::Text(key) => citation.document.clone_from(key),
            Value::Record(fields) => {
                for (field, value) in fields {
                    match (fold(field).as_str(), value) {
                        ("document", Value::Text(key)) => citation.document.clone_from(key),
                        ("locator", Value::Text(text)) => citation.locator = Some(text.clone()),
                        ("date", value) => {
                            citation.claims.insert(
                                "date".into(),
                                self.date(value.clone(), entered.span)?.into(),
                            );
                        }
                        (
                            "place" | "participants" | "quantity" | "quantities" | "status"
                            | "source" | "target" | "party",
                            value,
                        ) => {
                            citation.claims.insert(fold(field), value.clone());
                        }
                        _ => {
                            return Err(entered.unknown_part(
                                field,
                                &[
                                    "document",
                                    "locator",
                                    "date",
                                    "place",
                                    "participants",
                                    "quantity",
                                    "status",
                                ],
                            ));
                        }
                    }
                }
            }
            other => return Err(entered.wrong(other.describe())),
        }
        if citation.document.is_empty() {
            return Err(entered.wrong("a citation without `document`"));
        }
        if let Some(document) = self.catalog.document(&citation.document)? {
            citation.document.clone_from(&document.key);
        } else {
            let near: Vec<String> = self
                .catalog
                .nearest_documents(&citation.document)?
                .iter()
                .map(|k| super::quote(k))
                .collect();
            return Err(did_you_mean(
                error(
                    "unknown-document",
                    format!("no document {}", super::quote(&citation.document)),
                    entered.span,
                    "unknown document",
                ),
                entered.span,
                &near,
                "enter it first: `define document key { title: \"…\" }`",
            ));
        }
        Ok(citation)
    }
}

fn location(value: &Value, entered: &Entered) -> Result<Location> {
    match value {
        Value::Text(name) => Ok(Location { name: entered.nonempty(name)?, coordinates: None }),
        Value::Record(fields) => {
            let mut location = Location { name: String::new(), coordinates: None };
            for (field, value) in fields {
                match (fold(field).as_str(), value) {
                    ("name" | "place", Value::Text(name)) => {
                        location.name = entered.nonempty(name)?;
                    }
                    ("coordinates", value) => {
                        location.coordinates = Some(coordinates(value, entered)?);
                    }
                    _ => return Err(entered.unknown_part(field, &["name", "coordinates"])),
                }
            }
            if location.name.is_empty() {
                Err(entered.wrong("a place without `name`"))
            } else {
                Ok(location)
            }
        }
        other => Err(entered.wrong(other.describe())),
    }
}

fn link(value: &Value, entered: &Entered) -> Result<Link> {
    let Value::Record(fields) = value else { return Err(entered.wrong(value.describe())) };
    let (mut to, mut relation) = (None, Relation::PartOf);
    for (field, value) in fields {
        match (fold(field).as_str(), value) {
            ("to", Value::Text(key)) => to = Some(entered.nonempty(key)?),
            ("as", Value::Text(word)) => {
                relation = Relation::from_word(word).ok_or_else(|| {
                    unknown_word(
                        "relation",
                        word,
                        entered.span,
                        Relation::ALL.iter().map(|r| r.word()),
                    )
                })?;
            }
            _ => return Err(entered.unknown_part(field, &["to", "as"])),
        }
    }
    to.map(|to| Link { to, relation }).ok_or_else(|| entered.wrong("a link without `to`"))
}

fn quantity_of(value: &Value, entered: &Entered) -> Result<Quantity> {
    match value {
        Value::Quantity(q) => Ok((**q).clone()),
        Value::Int(n) => Ok(Quantity::new(*n as f64, *n as f64, None)),
        Value::Float(n) => Ok(Quantity::new(*n, *n, None)),
        Value::Record(fields) => {
            let mut quantity = None;
            let (mut of, mut change, mut approx) = (None, false, false);
            for (field, value) in fields {
                match (fold(field).as_str(), value) {
                    ("value", value) => quantity = Some(quantity_of(value, entered)?),
                    ("of", Value::Text(text)) => of = Some(text.clone()),
                    ("change", Value::Bool(b)) => change = *b,
                    ("approx", Value::Bool(b)) => approx = *b,
                    _ => {
                        return Err(
                            entered.unknown_part(field, &["value", "of", "change", "approx"])
                        );
                    }
                }
            }
            let quantity = quantity.ok_or_else(|| entered.wrong("a quantity without `value`"))?;
            Ok(Quantity { of, change, approx, ..quantity })
        }
        other => Err(entered.wrong(other.describe())),
    }
}

fn add_participants(event: &mut Event, role: Role, entered: &Entered) -> Result<()> {
    for value in entered.each() {
        let participant = match value {
            Value::Text(name) => Participant::new(entered.nonempty(name)?, role),
            Value::Record(fields) => {
                let (mut name, mut code, mut role) = (None, None, role);
                for (field, value) in fields {
                    match (fold(field).as_str(), value) {
                        ("actor" | "name", Value::Text(text)) => {
                            name = Some(entered.nonempty(text)?);
                        }
                        ("code", Value::Text(text)) => code = Some(entered.nonempty(text)?),
                        ("role", Value::Text(word)) => {
                            role = Role::from_word(word).ok_or_else(|| {
                                unknown_word(
                                    "role",
                                    word,
                                    entered.span,
                                    Role::ALL.iter().map(|r| r.word()),
                                )
                            })?;
                        }
                        _ => return Err(entered.unknown_part(field, &["actor", "code", "role"])),
                    }
                }
                let name = name.ok_or_else(|| entered.wrong("a participant without `actor`"))?;
                Participant { code, ..Participant::new(name, role) }
            }
            Value::Null => continue,
            other => return Err(entered.wrong(other.describe())),
        };
        event.participants.push(participant);
    }
    Ok(())
}
