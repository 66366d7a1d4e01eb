//! JSON lines: an event of our own shape in each line, as `insert` takes it and `--format jsonl` writes it.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json};

use super::attribute::is_field;
use super::field::{self, Kinds};
use super::place::is_on_earth;
use crate::import::draft::{Draft, Hint};
use crate::import::record::Reject;
use crate::model::{
    Citation, Codebook, Date, Event, Link, Location, Participant, Quantity, Relation, Role, Value,
};

/// What goes wrong in a line, without the key at which it does.
type Taken<T> = Result<T, String>;

/// Reads JSON lines.
pub(crate) struct JsonLines {
    /// The kind of lines that name none.
    kind: Option<String>,
    kinds: Kinds,
}

impl JsonLines {
    /// A reader. `into` is the kind of lines that name none; `kinds` knows the kinds beyond the codebook.
    pub(crate) fn new(into: Option<&str>, kinds: Kinds) -> Result<JsonLines, String> {
        let kind = into.map(|word| field::kind(word, &kinds)).transpose()?;
        Ok(JsonLines { kind, kinds })
    }

    /// What a line says.
    pub(crate) fn read(&self, line: &str) -> Result<Draft, Reject> {
        let fields: Map<String, Json> = serde_json::from_str(line).map_err(|error| {
            let mut reason = error.to_string();
            if let Some(at) = reason.rfind(" at line ") {
                reason.truncate(at);
            }
            Reject::row(format!(
                "there is no JSON object: {reason} at character {}",
                error.column()
            ))
        })?;
        let mut event = Event::default();
        let mut hints = Vec::new();
        let mut point = [None, None];
        for (name, value) in &fields {
            if value.is_null() {
                continue;
            }
            self.field(&mut event, &mut hints, &mut point, name, value)
                .map_err(|why| Reject::row(format!("`{name}`: {why}")))?;
        }
        if let ([Some(lat), Some(lon)], Some(place)) = (point, event.places.first_mut()) {
            let within = within((lat, lon)).map_err(Reject::row)?;
            place.coordinates.get_or_insert(within);
        }
        if event.kind.is_empty() {
            let of_code = event.code.as_deref().and_then(|code| Codebook::builtin().by_code(code));
            event.kind =
                (self.kind.clone()).or_else(|| Some(of_code?.name.clone())).ok_or_else(|| {
                    Reject::row("there is no `kind`; name that of all lines with `--kind visit` or `into visit`")
                })?;
        }
        Ok(Draft::Event { event, hints })
    }

    fn field(
        &self,
        event: &mut Event,
        hints: &mut Vec<Hint>,
        point: &mut [Option<f64>; 2],
        name: &str,
        value: &Json,
    ) -> Taken<()> {
        let folded = name.to_ascii_lowercase();
        if let Some(role) = Role::from_word(&folded) {
            for one in each(value) {
                event.participants.push(participant(one, role)?);
            }
            return Ok(());
        }
        match folded.as_str() {
            "key" => event.key = Some(scalar(value)?),
            "kind" => event.kind = field::kind(text(value)?, &self.kinds)?,
            "date" => event.date = Some(date(value)?),
            "said" => event.said = Some(date(value)?),
            "code" => event.code = Some(text(value)?.to_owned()),
            "goldstein" => event.goldstein = Some(number(value)?),
            "summary" => event.summary = Some(text(value)?.to_owned()),
            "status" => event.status = field::status(text(value)?)?,
            "said_by" => {
                for one in each(value) {
                    event.said_by.push(text(one)?.to_owned());
                }
            }
            "place" => {
                for one in each(value) {
                    event.places.push(location(one)?);
                }
            }
            "latitude" => point[0] = Some(number(value)?),
            "longitude" => point[1] = Some(number(value)?),
            "amount" | "quantities" => {
                for one in each(value) {
                    event.quantities.push(quantity(one)?);
                }
            }
            "documents" => {
                for one in each(value) {
                    let (citation, hint) = citation(one)?;
                    event.documents.push(citation);
                    hints.push(hint);
                }
            }
            "links" => {
                for one in each(value) {
                    event.links.push(link(one)?);
                }
            }
            "attributes" => {
                let Json::Object(fields) = value else { return Err(wrong(value, "an object")) };
                for (name, value) in fields {
                    insert(event, name, value)?;
                }
            }
            // What is worked out is not entered, so that what was exported with it can be read again.
            _ if is_field(&folded) => {}
            _ => insert(event, name, value)?,
        }
        Ok(())
    }
}

/// A free attribute. The name of a field would hide it.
fn insert(event: &mut Event, name: &str, value: &Json) -> Taken<()> {
    let name = if is_field(name) { format!("file_{name}") } else { name.to_owned() };
    let value = free(value)?;
    if !value.is_null() {
        event.attributes.insert(name, value);
    }
    Ok(())
}

/// The members of a list, or the one value.
fn each(value: &Json) -> &[Json] {
    match value {
        Json::Array(values) => values,
        one => std::slice::from_ref(one),
    }
}

fn text(value: &Json) -> Taken<&str> {
    match value {
        Json::String(text) if !text.trim().is_empty() => Ok(text),
        other => Err(wrong(other, "text")),
    }
}

fn scalar(value: &Json) -> Taken<String> {
    match value {
        Json::Number(number) => Ok(number.to_string()),
        other => text(other).map(str::to_owned),
    }
}

fn number(value: &Json) -> Taken<f64> {
    value.as_f64().filter(|n| n.is_finite()).ok_or_else(|| wrong(value, "a number"))
}

fn date(value: &Json) -> Taken<Date> {
    field::date(scalar(value)?.as_str(), None)
}

/// `found …, expected …`, with no more of the value than fits.
fn wrong(value: &Json, wanted: &str) -> String {
    let mut shown = String::new();
    let _ = write!(shown, "{value}");
    if shown.chars().count() > 40 {
        shown = shown.chars().take(40).chain(['…']).collect();
    }
    format!("found `{shown}`, expected {wanted}")
}

fn participant(value: &Json, role: Role) -> Taken<Participant> {
    let Json::Object(fields) = value else { return Ok(Participant::new(text(value)?, role)) };
    let mut participant = Participant::new("", role);
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        match name.as_str() {
            "actor" | "name" => text(value)?.clone_into(&mut participant.name),
            "code" => participant.code = Some(text(value)?.to_owned()),
            "role" => {
                participant.role =
                    Role::from_word(text(value)?).ok_or_else(|| wrong(value, "a role"))?;
            }
            other => {
                return Err(format!("a participant has no `{other}`: it has actor, role, code"));
            }
        }
    }
    if participant.name.is_empty() {
        Err("a participant without `actor`".to_owned())
    } else {
        Ok(participant)
    }
}

fn location(value: &Json) -> Taken<Location> {
    let Json::Object(fields) = value else {
        return Ok(Location { name: text(value)?.to_owned(), coordinates: None });
    };
    let mut location = Location { name: String::new(), coordinates: None };
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        match (name.as_str(), value) {
            ("name" | "place", value) => text(value)?.clone_into(&mut location.name),
            ("coordinates", Json::Array(pair)) if pair.len() == 2 => {
                let mut degrees = pair.iter().map(number);
                if let (Some(lat), Some(lon)) = (degrees.next(), degrees.next()) {
                    location.coordinates = Some(within((lat?, lon?))?);
                }
            }
            ("coordinates", other) => return Err(wrong(other, "latitude and longitude")),
            (other, _) => {
                return Err(format!("a place has no `{other}`: it has name, coordinates"));
            }
        }
    }
    if location.name.is_empty() { Err("a place without `name`".to_owned()) } else { Ok(location) }
}

fn within((lat, lon): (f64, f64)) -> Taken<(f64, f64)> {
    if is_on_earth((lat, lon)) {
        return Ok((lat, lon));
    }
    Err(format!(
        "the coordinates `{lat}, {lon}` lie beyond 90 degrees of latitude or 180 of longitude"
    ))
}

/// `"5 billion USD"`, a number, what an answer writes (`low`, `high`, `unit`, `of`), or what `insert` takes (`value`, `of`).
fn quantity(value: &Json) -> Taken<Quantity> {
    let fields = match value {
        Json::Object(fields) => fields,
        Json::String(text) => return field::quantity(text),
        other => return number(other).map(|n| Quantity::new(n, n, None)),
    };
    let known = |name: &str| fields.get(name).filter(|value| !value.is_null());
    let mut quantity = if let Some(value) = known("value") {
        quantity(value)?
    } else {
        // An end that is not known is not written, for JSON has no infinity.
        let (low, high) = (known("low").map(number), known("high").map(number));
        if low.is_none() && high.is_none() {
            return Err("a quantity without `value`, `low` or `high`".to_owned());
        }
        let low = low.unwrap_or(Ok(f64::NEG_INFINITY))?;
        Quantity::new(low, high.unwrap_or(Ok(f64::INFINITY))?, None)
    };
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        match (name.as_str(), value) {
            ("value" | "low" | "high", _) => {}
            ("unit", unit) => quantity.unit = Some(text(unit)?.to_owned()),
            ("of", of) => quantity.of = Some(text(of)?.to_owned()),
            ("change", Json::Bool(change)) => quantity.change = *change,
            ("approx", Json::Bool(approx)) => quantity.approx = *approx,
            (other, value) => return Err(format!("a quantity has no `{other}` like `{value}`")),
        }
    }
    Ok(quantity)
}

fn citation(value: &Json) -> Taken<(Citation, Hint)> {
    let Json::Object(fields) = value else { return Ok(field::document(text(value)?)) };
    let key = fields.get("document").ok_or("a citation without `document`")?;
    let (mut citation, hint) = field::document(text(key)?);
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        match name.as_str() {
            "document" => {}
            "locator" => citation.locator = Some(text(value)?.to_owned()),
            "date" => {
                citation.claims.insert("date".to_owned(), Value::from(date(value)?));
            }
            "place" | "participants" | "quantity" | "quantities" | "status" | "source"
            | "target" | "party" => {
                citation.claims.insert(name.clone(), free(value)?);
            }
            other => {
                return Err(format!(
                    "a citation has no `{other}`: it has document, locator, and the date, place, participants, quantity, status that the document tells"
                ));
            }
        }
    }
    Ok((citation, hint))
}

fn link(value: &Json) -> Taken<Link> {
    let Json::Object(fields) = value else {
        return Err(wrong(value, "an object with `to` and `as`"));
    };
    let to = fields.get("to").ok_or("a link without `to`")?;
    let relation = match fields.get("as").or_else(|| fields.get("relation")) {
        None | Some(Json::Null) => Relation::PartOf,
        Some(word) => Relation::from_word(text(word)?)
            .ok_or_else(|| wrong(word, "a relation such as `follows`"))?,
    };
    Ok(Link { to: scalar(to)?, relation })
}

/// A value that is nothing in particular. An object with `low` and `high` is a quantity, as answers write it.
fn free(value: &Json) -> Taken<Value> {
    Ok(match value {
        Json::Null => Value::Null,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => match n.as_i64() {
            Some(whole) => Value::Int(whole),
            None => Value::Float(number(value)?),
        },
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(values) => Value::List(values.iter().map(free).collect::<Taken<_>>()?),
        Json::Object(fields) if fields.contains_key("low") && fields.contains_key("high") => {
            quantity(value)?.into()
        }
        Json::Object(fields) => Value::Record(
            fields
                .iter()
                .map(|(name, value)| Ok((name.clone(), free(value)?)))
                .collect::<Taken<_>>()?,
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Status;

    const LINES: &str = include_str!("../../../fixtures/formats/events.jsonl");

    fn reader() -> JsonLines {
        JsonLines::new(None, std::sync::Arc::new(|_| None)).unwrap()
    }

    fn event(line: &str) -> (Event, Vec<Hint>) {
        match reader().read(line) {
            Ok(Draft::Event { event, hints }) => (event, hints),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_line_is_what_insert_takes() {
        let (visit, hints) = event(LINES.lines().next().unwrap());
        assert_eq!((visit.key.as_deref(), visit.kind.as_str()), (Some("m-1"), "visit"));
        assert_eq!(visit.date.as_ref().unwrap().edtf(), "2015-22");
        assert_eq!(visit.said.as_ref().unwrap().edtf(), "2016");
        let roles: Vec<Role> = visit.participants.iter().map(|p| p.role).collect();
        assert_eq!(roles, [Role::Host, Role::Host, Role::Visitor]);
        assert_eq!(visit.places[0].coordinates, Some((-34.48, -54.33)));
        assert_eq!(visit.quantities[0].to_string(), "5 billion USD");
        assert_eq!((visit.status, visit.said_by.len()), (Status::Planned, 1));
        assert_eq!(visit.documents[0].locator.as_deref(), Some("p. 3"));
        assert!(matches!(visit.documents[0].claims.get("date"), Some(Value::Date(_))));
        assert_eq!(visit.links[0].relation, Relation::Follows);
        let attributes: Vec<_> = visit.attributes.keys().map(String::as_str).collect();
        assert_eq!(attributes, ["file_goldstein", "mood", "weather"]);
        assert_eq!(hints.len(), 2);
    }

    #[test]
    fn what_an_answer_writes_is_read_back() {
        let (deal, _) = event(LINES.lines().nth(1).unwrap());
        assert_eq!((deal.kind.as_str(), deal.participants.len()), ("arms deal", 2));
        let mut shown = deal.quantities.iter().map(ToString::to_string);
        assert_eq!(shown.next().as_deref(), Some("3.5..4 USD"));
        assert_eq!(shown.next().as_deref(), Some("about at least 5"));
        assert!(deal.attributes.is_empty() && deal.said_by.is_empty());
        assert_eq!(event(LINES.lines().nth(2).unwrap()).0.kind, "military force");
    }

    #[test]
    fn bad_lines_name_the_key_and_the_reason() {
        for (line, part) in [
            ("[1, 2]", "no JSON object"),
            ("{\"kind\": \"visit\"", "no JSON object"),
            ("{}", "there is no `kind`"),
            ("{\"kind\":\"vissit\"}", "`kind`: no kind `vissit`; did you mean `visit`"),
            ("{\"kind\":\"visit\",\"date\":\"12/03/2014\"}", "`date`: "),
            ("{\"kind\":\"visit\",\"date\":true}", "`date`: found `true`"),
            ("{\"kind\":\"visit\",\"amount\":\"lots\"}", "`amount`: `lots` is no amount"),
            ("{\"kind\":\"visit\",\"amount\":{\"unit\":\"USD\"}}", "without `value`"),
            ("{\"kind\":\"visit\",\"status\":\"maybe\"}", "`status`: no status `maybe`"),
            ("{\"kind\":\"visit\",\"host\":[1]}", "`host`: found `1`, expected text"),
            ("{\"kind\":\"visit\",\"place\":{\"coordinates\":[1,2]}}", "without `name`"),
            ("{\"kind\":\"visit\",\"place\":{\"name\":\"X\",\"coordinates\":[99,2]}}", "beyond 90"),
            ("{\"kind\":\"visit\",\"documents\":{\"locator\":\"p\"}}", "without `document`"),
            ("{\"kind\":\"visit\",\"links\":[{\"to\":\"a\",\"as\":\"like\"}]}", "a relation"),
        ] {
            let reason = reader().read(line).unwrap_err().reason;
            assert!(reason.contains(part), "{line}: {reason}");
        }
    }
}
