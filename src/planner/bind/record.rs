//! Records: what `insert` and `define` enter.
//!
//! A record is read field by field from the tables here; what no table knows becomes a free attribute of an event,
//! and an error in a catalogue.

use std::collections::BTreeMap;

use crate::catalog::nearest;
use crate::error::{Error, Result, Span};
use crate::model::{
    Actor, Affiliation, Alias, Citation, Date, Document, Event, Kind as KindEntry, Link, Location,
    Participant, Place as PlaceEntry, Quantity, Relation, Role, Status, Unit, Value, fold,
};
use crate::parser::ast::{self, Kind, Record, ValueKind};
use crate::storage::Entry;

use super::constant::what;
use super::{Binder, did_you_mean, error};

/// A field of a record: its value, and where it stands.
struct Entered {
    name: String,
    value: Value,
    name_span: Span,
    span: Span,
}

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
        records.iter().map(|record| self.event(head.as_deref(), record)).collect()
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
            return self.participants(event, role, entered);
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
                    event.quantities.push(self.quantity_of(value, &entered)?);
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
                event.attributes.insert(entered.name, entered.value);
            }
        }
        Ok(())
    }

    fn participants(&mut self, event: &mut Event, role: Role, entered: Entered) -> Result<()> {
        for value in entered.each() {
            let participant = match value {
                Value::Text(name) => Participant { name: entered.nonempty(name)?, role },
                Value::Record(fields) => {
                    let (mut name, mut role) = (None, role);
                    for (field, value) in fields {
                        match (fold(field).as_str(), value) {
                            ("actor" | "name", Value::Text(text)) => {
                                name = Some(entered.nonempty(text)?)
                            }
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
                            _ => return Err(entered.unknown_part(field, &["actor", "role"])),
                        }
                    }
                    let name =
                        name.ok_or_else(|| entered.wrong("a participant without `actor`"))?;
                    Participant { name, role }
                }
                Value::Null => continue,
                other => return Err(entered.wrong(what(other))),
            };
            event.participants.push(participant);
        }
        Ok(())
    }

    fn date_field(&self, entered: &Entered) -> Result<Option<Date>> {
        if entered.value.is_null() {
            return Ok(None);
        }
        self.date(entered.value.clone(), entered.span).map(Some)
    }

    fn quantity_of(&mut self, value: &Value, entered: &Entered) -> Result<Quantity> {
        match value {
            Value::Quantity(q) => Ok((**q).clone()),
            Value::Int(n) => Ok(Quantity::new(*n as f64, *n as f64, None)),
            Value::Float(n) => Ok(Quantity::new(*n, *n, None)),
            Value::Record(fields) => {
                let mut quantity = None;
                let (mut of, mut change, mut approx) = (None, false, false);
                for (field, value) in fields {
                    match (fold(field).as_str(), value) {
                        ("value", value) => quantity = Some(self.quantity_of(value, entered)?),
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
                let quantity =
                    quantity.ok_or_else(|| entered.wrong("a quantity without `value`"))?;
                Ok(Quantity { of, change, approx, ..quantity })
            }
            other => Err(entered.wrong(what(other))),
        }
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
            other => return Err(entered.wrong(what(other))),
        }
        if citation.document.is_empty() {
            return Err(entered.wrong("a citation without `document`"));
        }
        match self.catalog.document(&citation.document)? {
            Some(document) => citation.document.clone_from(&document.key),
            None => {
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
        }
        Ok(citation)
    }

    /// The entry of a `define`.
    pub(super) fn entry(
        &mut self,
        catalog: &ast::At<ast::Catalog>,
        name: &ast::Name,
        record: &Record,
    ) -> Result<Entry> {
        super::statement::entry_kind(catalog)?;
        if name.trim().is_empty() {
            return Err(error(
                "empty-name",
                "the name is empty",
                name.span,
                "a name is wanted here",
            )
            .help("write at least one letter")
            .evaluate());
        }
        let fields = self.entered(record)?;
        Ok(match catalog.node {
            ast::Catalog::Actor => Entry::Actor(self.actor(name, fields)?),
            ast::Catalog::Place => Entry::Place(self.place_entry(name, fields)?),
            ast::Catalog::Document => Entry::Document(self.document(name, fields)?),
            ast::Catalog::Kind => Entry::Kind(self.kind(name, fields)?),
            ast::Catalog::Unit | ast::Catalog::Coverage => Entry::Unit(unit(name, fields)?),
        })
    }

    fn actor(&mut self, name: &ast::Name, fields: Vec<Entered>) -> Result<Actor> {
        let mut actor = Actor { name: name.node.clone(), ..Actor::default() };
        for entered in fields {
            match fold(&entered.name).as_str() {
                "type" => actor.kind = Some(entered.text()?),
                "codes" => actor.codes = entered.codes()?,
                "state" => actor.state = Some(self.tie(&entered.value, &entered)?),
                "aliases" => actor.aliases = self.aliases(&entered)?,
                "affiliations" => {
                    actor.affiliations = entered
                        .each()
                        .iter()
                        .map(|v| self.tie(v, &entered))
                        .collect::<Result<_>>()?;
                }
                "sectors" => actor.sectors = entered.texts()?,
                _ => {
                    actor.attributes.insert(entered.name, entered.value);
                }
            }
        }
        Ok(actor)
    }

    fn tie(&self, value: &Value, entered: &Entered) -> Result<Affiliation> {
        let mut tie = Affiliation::default();
        match value {
            Value::Text(name) => tie.under.clone_from(name),
            Value::Record(fields) => {
                for (field, value) in fields {
                    match (fold(field).as_str(), value) {
                        ("under" | "state", Value::Text(name)) => tie.under.clone_from(name),
                        ("as", Value::Text(office)) => tie.office = Some(office.clone()),
                        ("rank", Value::Int(rank @ 1..=5)) => tie.rank = u8::try_from(*rank).ok(),
                        ("rank", _) => return Err(entered.wrong("a rank that is not 1 to 5")),
                        ("from", value) => tie.from = Some(self.date(value.clone(), entered.span)?),
                        ("to", value) => tie.to = Some(self.date(value.clone(), entered.span)?),
                        _ => {
                            return Err(
                                entered.unknown_part(field, &["under", "as", "rank", "from", "to"])
                            );
                        }
                    }
                }
            }
            other => return Err(entered.wrong(what(other))),
        }
        if tie.under.is_empty() {
            return Err(entered.wrong("a tie without `under`"));
        }
        Ok(tie)
    }

    fn aliases(&self, entered: &Entered) -> Result<Vec<Alias>> {
        entered
            .each()
            .iter()
            .map(|value| match value {
                Value::Text(name) => {
                    Ok(Alias { name: entered.nonempty(name)?, from: None, to: None })
                }
                Value::Record(fields) => {
                    let mut alias = Alias { name: String::new(), from: None, to: None };
                    for (field, value) in fields {
                        match (fold(field).as_str(), value) {
                            ("name", Value::Text(name)) => alias.name = entered.nonempty(name)?,
                            ("from", value) => {
                                alias.from = Some(self.date(value.clone(), entered.span)?)
                            }
                            ("to", value) => {
                                alias.to = Some(self.date(value.clone(), entered.span)?)
                            }
                            _ => return Err(entered.unknown_part(field, &["name", "from", "to"])),
                        }
                    }
                    Ok(alias)
                }
                other => Err(entered.wrong(what(other))),
            })
            .collect()
    }

    fn place_entry(&mut self, name: &ast::Name, fields: Vec<Entered>) -> Result<PlaceEntry> {
        let mut place = PlaceEntry { name: name.node.clone(), ..PlaceEntry::default() };
        for entered in fields {
            match fold(&entered.name).as_str() {
                "type" => place.kind = Some(entered.text()?),
                "under" => place.under = Some(entered.text()?),
                "aliases" => place.aliases = self.aliases(&entered)?,
                "codes" => place.codes = entered.codes()?,
                "coordinates" => place.coordinates = Some(coordinates(&entered.value, &entered)?),
                _ => {
                    place.attributes.insert(entered.name, entered.value);
                }
            }
        }
        Ok(place)
    }

    fn document(&mut self, name: &ast::Name, fields: Vec<Entered>) -> Result<Document> {
        let mut document = Document { key: name.node.clone(), ..Document::default() };
        for entered in fields {
            match fold(&entered.name).as_str() {
                "title" => document.title = Some(entered.text()?),
                "authors" | "author" => document.authors = entered.texts()?,
                "publisher" => document.publisher = Some(entered.text()?),
                "published" => document.published = self.date_field(&entered)?,
                "accessed" => document.accessed = self.date_field(&entered)?,
                "language" => document.language = Some(entered.text()?),
                "url" => document.url = Some(entered.text()?),
                _ => {
                    document.attributes.insert(entered.name, entered.value);
                }
            }
        }
        Ok(document)
    }

    fn kind(&mut self, name: &ast::Name, fields: Vec<Entered>) -> Result<KindEntry> {
        let mut kind = KindEntry { name: name.node.clone(), ..KindEntry::default() };
        for entered in fields {
            match fold(&entered.name).as_str() {
                "under" | "parent" => {
                    kind.parent = Some(self.kind_name(&entered.text()?, entered.span)?)
                }
                "code" => kind.code = Some(entered.text()?),
                "title" => kind.title = Some(entered.text()?),
                "quad" => match entered.value {
                    Value::Int(quad @ 1..=4) => kind.quad = u8::try_from(quad).ok(),
                    _ => return Err(entered.wrong("a quad class that is not 1 to 4")),
                },
                "goldstein" => kind.goldstein = Some(entered.number()?),
                "plover" => kind.plover = Some(entered.text()?),
                "mode" => kind.mode = Some(entered.text()?),
                "mirrored" => kind.mirrored = entered.value == Value::Bool(true),
                "aliases" => kind.aliases = entered.texts()?,
                _ => {
                    return Err(entered.unknown(&[
                        "under",
                        "code",
                        "title",
                        "quad",
                        "goldstein",
                        "plover",
                        "mode",
                        "mirrored",
                        "aliases",
                    ]));
                }
            }
        }
        if let Some(parent) = kind.parent.clone() {
            if self.catalog.kind(name)?.is_some() && self.catalog.subkinds(name)?.contains(&parent)
            {
                return Err(error(
                    "kind-cycle",
                    format!("`{parent}` is itself a kind of `{}`", name.node),
                    name.span,
                    "would go round in a circle",
                )
                .help("choose another parent")
                .evaluate());
            }
            // What the parent says holds for its kinds too, unless they say otherwise.
            if let Some(above) = self.catalog.kind(&parent)? {
                kind.quad = kind.quad.or(above.quad);
                kind.goldstein = kind.goldstein.or(above.goldstein);
                kind.plover = kind.plover.or_else(|| above.plover.clone());
            }
        }
        Ok(kind)
    }

    fn entered(&mut self, record: &Record) -> Result<Vec<Entered>> {
        let mut fields: Vec<Entered> = Vec::with_capacity(record.fields.len());
        for (name, value) in &record.fields {
            if fields.iter().any(|f| fold(&f.name) == fold(name)) {
                return Err(error(
                    "field-twice",
                    format!("`{}` is there twice", name.node),
                    name.span,
                    "the second time",
                )
                .help("leave one out")
                .evaluate());
            }
            let entered = match &value.node {
                // A bare name where a value belongs is text without its quotes.
                ValueKind::Expr(ast::At { node: ast::ExprKind::Path(path), .. })
                    if path.steps.is_empty() =>
                {
                    return Err(error(
                        "not-quoted",
                        format!("`{}` stands without quotes", path.head.node),
                        value.span,
                        "a value is wanted here",
                    )
                    .help("text stands in quotes")
                    .fix(value.span, super::quote(&path.head.node))
                    .bind());
                }
                _ => self.value(value)?,
            };
            fields.push(Entered {
                name: name.node.clone(),
                value: entered,
                name_span: name.span,
                span: value.span,
            });
        }
        Ok(fields)
    }
}

impl Entered {
    /// The values of a list, or the one value; none for null.
    fn each(&self) -> &[Value] {
        match &self.value {
            Value::List(values) => values,
            Value::Null => &[],
            one => std::slice::from_ref(one),
        }
    }

    fn text(&self) -> Result<String> {
        match &self.value {
            Value::Text(text) => self.nonempty(text),
            other => Err(self.wrong(what(other))),
        }
    }

    fn nonempty(&self, text: &str) -> Result<String> {
        if text.trim().is_empty() { Err(self.wrong("an empty text")) } else { Ok(text.to_owned()) }
    }

    fn texts(&self) -> Result<Vec<String>> {
        self.each()
            .iter()
            .map(|value| match value {
                Value::Text(text) => self.nonempty(text),
                other => Err(self.wrong(what(other))),
            })
            .collect()
    }

    fn number(&self) -> Result<f64> {
        match self.value {
            Value::Int(n) => Ok(n as f64),
            Value::Float(n) => Ok(n),
            ref other => Err(self.wrong(what(other))),
        }
    }

    fn codes(&self) -> Result<BTreeMap<String, String>> {
        let Value::Record(fields) = &self.value else { return Err(self.wrong(what(&self.value))) };
        fields
            .iter()
            .map(|(system, code)| match code {
                Value::Text(code) => Ok((fold(system), self.nonempty(code)?)),
                Value::Int(code) => Ok((fold(system), code.to_string())),
                other => Err(self.wrong(what(other))),
            })
            .collect()
    }

    fn wrong(&self, found: &str) -> Error {
        error("wrong-value", format!("`{}` cannot be {found}", self.name), self.span, "does not fit")
            .help(match fold(&self.name).as_str() {
                "documents" => "write the key of a document, or `{ document: \"key\", locator: \"page 3\" }`",
                "quantities" | "amount" => "write a quantity, `5 billion USD`, or `{ value: 20 helicopters, of: \"Mi-35M\" }`",
                "links" => "write `{ to: \"key\", as: \"part_of\" }`",
                "affiliations" | "state" => "write a name, or `{ under: \"Pakistan Army\", as: \"Chief of Army Staff\", rank: 4, from: 2016-11-29 }`",
                "place" => "write a name, or `{ name: \"Moscow\", coordinates: [55.75, 37.62] }`",
                "codes" => "write `{ iso3: \"PAK\" }`",
                "code" => "codes are text: `\"042\"`",
                _ => "write text in quotes, or a list of texts",
            })
            .evaluate()
    }

    fn unknown_part(&self, part: &str, known: &[&str]) -> Error {
        let near: Vec<String> =
            nearest(part, known.iter().copied()).into_iter().map(str::to_owned).collect();
        did_you_mean(
            error(
                "unknown-field",
                format!("`{}` has no `{part}` like this", self.name),
                self.span,
                "does not fit",
            ),
            self.span,
            &near,
            &format!(
                "it has {}",
                known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ")
            ),
        )
    }

    fn unknown(&self, known: &[&str]) -> Error {
        unknown_word("field", &self.name, self.name_span, known.iter().copied())
    }
}

fn unknown_word<'a>(
    what: &str,
    word: &str,
    span: Span,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Error {
    let near: Vec<String> = nearest(word, known.clone()).into_iter().map(str::to_owned).collect();
    did_you_mean(
        error("unknown-word", format!("no {what} `{word}`"), span, &format!("unknown {what}")),
        span,
        &near,
        &format!("it is one of {}", known.map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ")),
    )
}

fn location(value: &Value, entered: &Entered) -> Result<Location> {
    match value {
        Value::Text(name) => Ok(Location { name: entered.nonempty(name)?, coordinates: None }),
        Value::Record(fields) => {
            let mut location = Location { name: String::new(), coordinates: None };
            for (field, value) in fields {
                match (fold(field).as_str(), value) {
                    ("name" | "place", Value::Text(name)) => {
                        location.name = entered.nonempty(name)?
                    }
                    ("coordinates", value) => {
                        location.coordinates = Some(coordinates(value, entered)?)
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
        other => Err(entered.wrong(what(other))),
    }
}

fn coordinates(value: &Value, entered: &Entered) -> Result<(f64, f64)> {
    let degrees = |v: &Value| match v {
        Value::Int(n) => Some(*n as f64),
        Value::Float(n) => Some(*n),
        _ => None,
    };
    let Value::List(pair) = value else {
        return Err(entered.wrong("coordinates that are no pair of degrees"));
    };
    match pair.as_slice() {
        [lat, lon] => match (degrees(lat), degrees(lon)) {
            (Some(lat), Some(lon)) if lat.abs() <= 90.0 && lon.abs() <= 180.0 => Ok((lat, lon)),
            _ => {
                Err(entered.wrong("coordinates beyond 90 degrees of latitude or 180 of longitude"))
            }
        },
        _ => Err(entered.wrong("coordinates that are no pair of degrees")),
    }
}

fn link(value: &Value, entered: &Entered) -> Result<Link> {
    let Value::Record(fields) = value else { return Err(entered.wrong(what(value))) };
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

fn unit(name: &ast::Name, fields: Vec<Entered>) -> Result<Unit> {
    let mut unit = Unit {
        name: name.node.clone(),
        dimension: String::new(),
        factor: 1.0,
        aliases: Vec::new(),
    };
    for entered in fields {
        match fold(&entered.name).as_str() {
            "dimension" => unit.dimension = entered.text()?,
            "factor" => {
                unit.factor = entered.number()?;
                if !unit.factor.is_finite() || unit.factor <= 0.0 {
                    return Err(entered.wrong("a factor that is not above zero"));
                }
            }
            "aliases" => unit.aliases = entered.texts()?,
            _ => return Err(entered.unknown(&["dimension", "factor", "aliases"])),
        }
    }
    if unit.dimension.is_empty() {
        unit.dimension.clone_from(&unit.name);
    }
    Ok(unit)
}
