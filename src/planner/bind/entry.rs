//! Entries of the catalogues: what `define` enters.

use crate::error::Result;
use crate::model::{Actor, Affiliation, Alias, Coverage, Document, Kind, Place, Unit, Value, fold};
use crate::parser::ast::{self, Record};
use crate::storage::Entry;

use super::entered::{Entered, coordinates};
use super::{Binder, error};

impl Binder<'_> {
    /// The entry of a `define`.
    pub(super) fn entry(
        &mut self,
        catalog: &ast::At<ast::Catalog>,
        name: &ast::Name,
        record: &Record,
    ) -> Result<Entry> {
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
            ast::Catalog::Unit => Entry::Unit(unit(name, fields)?),
            ast::Catalog::Coverage => Entry::Coverage(self.coverage(name, fields)?),
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
            other => return Err(entered.wrong(other.describe())),
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
                                alias.from = Some(self.date(value.clone(), entered.span)?);
                            }
                            ("to", value) => {
                                alias.to = Some(self.date(value.clone(), entered.span)?);
                            }
                            _ => return Err(entered.unknown_part(field, &["name", "from", "to"])),
                        }
                    }
                    Ok(alias)
                }
                other => Err(entered.wrong(other.describe())),
            })
            .collect()
    }

    fn place_entry(&mut self, name: &ast::Name, fields: Vec<Entered>) -> Result<Place> {
        let mut place = Place { name: name.node.clone(), ..Place::default() };
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

    fn coverage(&mut self, name: &ast::Name, fields: Vec<Entered>) -> Result<Coverage> {
        let mut coverage = Coverage { name: name.node.clone(), ..Coverage::default() };
        for entered in fields {
            match fold(&entered.name).as_str() {
                "from" => coverage.from = self.date_field(&entered)?,
                "to" => coverage.to = self.date_field(&entered)?,
                "note" => coverage.note = Some(entered.text()?),
                _ => return Err(entered.unknown(&["from", "to", "note"])),
            }
        }
        let days = coverage.days();
        if days.first > days.last {
            let message = format!("`{}` would end before it begins", name.node);
            return Err(error("empty-coverage", message, name.span, "has no day")
                .help("exchange `from` and `to`")
                .evaluate());
        }
        Ok(coverage)
    }

    fn kind(&mut self, name: &ast::Name, fields: Vec<Entered>) -> Result<Kind> {
        let mut kind = Kind { name: name.node.clone(), ..Kind::default() };
        for entered in fields {
            match fold(&entered.name).as_str() {
                "under" | "parent" => {
                    kind.parent = Some(self.kind_name(&entered.text()?, entered.span)?);
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
                kind.inherit(&above);
            }
        }
        Ok(kind)
    }
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
