//! A table with a header of one's own, and which of its columns are which fields.

use rustc_hash::FxHashMap;

use super::Layout;
use super::attribute::Attributes;
use super::columns::Columns;
use super::field::{self, Kinds, did_you_mean};
use super::holds::{Holds, members};
use super::oddities::Oddities;
use super::place::{self, Coordinates};
use crate::import::draft::Draft;
use crate::import::fingerprint::Heard;
use crate::import::record::{Record, Reject};
use crate::model::{Codebook, Event, Participant, Role, Status};
use crate::parser::phrase::DayOrder;

/// Which columns are which fields, in the order of entry: `date: "when"`, `place: ["town", "country"]`, and how the file
/// writes dates: `dates: "dmy"`. A kind or a status that is no column is that of all rows.
pub(crate) type Mapping = [(String, Vec<String>)];

/// What stands between the members of a cell.
const BETWEEN: char = ';';

/// How many words for kinds are remembered. Above that all are forgotten.
const MOST_WORDS: usize = 1 << 12;

/// A field that is no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Key,
    Date,
    Said,
    Kind,
    Code,
    Place,
    Latitude,
    Longitude,
    Status,
    Summary,
    SaidBy,
    Amount,
    Goldstein,
    Documents,
}

/// The fields that are no roles, in the order of [`Field`], with the names that columns have for them when nobody says
/// which they are.
const FIELDS: &[(Field, &str, &[&str])] = &[
    (Field::Key, "key", &["key", "event_id", "id"]),
    (Field::Date, "date", &["date", "event_date", "day", "when"]),
    (Field::Said, "said", &["said", "publication_date", "reported"]),
    (Field::Kind, "kind", &["kind", "event_type", "type"]),
    (Field::Code, "code", &["code", "cameo_code", "cameo", "event_code"]),
    (Field::Place, "place", &["place", "location", "where"]),
    (Field::Latitude, "latitude", &["latitude", "lat"]),
    (Field::Longitude, "longitude", &["longitude", "lon", "lng", "long"]),
    (Field::Status, "status", &["status"]),
    (Field::Summary, "summary", &["summary", "description", "notes", "headline", "title"]),
    (Field::SaidBy, "said_by", &["said_by"]),
    (Field::Amount, "amount", &["amount", "quantity", "quantities"]),
    (Field::Goldstein, "goldstein", &["goldstein", "goldstein_scale", "intensity"]),
    (
        Field::Documents,
        "documents",
        &["documents", "document", "url", "urls", "source_url", "link"],
    ),
];

/// Names of columns for roles, besides the role's own word.
const ROLES: &[(Role, &[&str])] = &[
    (Role::Source, &["actor1", "source_name", "actor", "from"]),
    (Role::Target, &["actor2", "target_name", "to"]),
    (Role::Party, &["parties", "participants", "actors"]),
];

const EXAMPLE: &str =
    "{ date: \"when\", source: \"who\", target: \"whom\", kind: \"visit\", dates: \"dmy\" }";

/// Reads the rows of a table.
pub(crate) struct Mapped {
    /// Columns by the place of their field in [`FIELDS`].
    fields: Vec<Vec<usize>>,
    roles: Vec<(Role, Vec<usize>)>,
    order: Option<DayOrder>,
    /// The kind of rows that name none.
    kind: Option<String>,
    status: Status,
    kinds: Kinds,
    /// What words of the file meant as kinds.
    words: FxHashMap<String, Result<String, String>>,
    coordinates: Coordinates,
    attributes: Attributes,
    oddities: Oddities,
    heard: Heard,
    /// Which columns became which fields, for the note.
    taken: Vec<String>,
}

impl Mapped {
    /// The layout of a file with these columns: of a mapping, and of the columns that are named like fields. Without a
    /// mapping, common names are known as well.
    ///
    /// `into` is the kind of rows that name none; `kinds` knows the kinds beyond the codebook.
    pub(crate) fn new(
        columns: &Columns,
        mapping: &Mapping,
        into: Option<&str>,
        kinds: Kinds,
    ) -> Result<Mapped, String> {
        let mut mapped = Mapped {
            fields: vec![Vec::new(); FIELDS.len()],
            roles: Vec::new(),
            order: None,
            kind: into.map(|word| field::kind(word, &kinds)).transpose()?,
            status: Status::default(),
            kinds,
            words: FxHashMap::default(),
            coordinates: Coordinates::default(),
            attributes: Attributes::default(),
            oddities: Oddities::default(),
            heard: Heard::default(),
            taken: Vec::new(),
        };
        for (name, values) in mapping {
            mapped.map(columns, name, values)?;
        }
        mapped.guess(columns, mapping.is_empty());
        let missing = |field: Field| mapped.columns(field).is_empty();
        if missing(Field::Date) && mapped.roles.is_empty() && missing(Field::Summary) {
            return Err(format!(
                "none of the columns is known: {}; say which is which: `{EXAMPLE}`",
                listed(columns)
            ));
        }
        if mapped.kind.is_none() && missing(Field::Kind) && missing(Field::Code) {
            return Err(format!(
                "nothing says of what kind the events are; name a column or a kind, `{{ kind: \"visit\" }}`; the columns are {}",
                listed(columns)
            ));
        }
        let all = mapped.fields.iter().chain(mapped.roles.iter().map(|(_, columns)| columns));
        let taken: Vec<Option<usize>> = all.flatten().copied().map(Some).collect();
        mapped.attributes = Attributes::rest(columns, taken, "file", |_| Holds::Any);
        let name = |field| mapped.columns(field).first().map(|at| columns.name(*at));
        let [latitude, longitude] = [name(Field::Latitude), name(Field::Longitude)];
        mapped.coordinates =
            Coordinates::find(columns, latitude.as_slice(), longitude.as_slice(), "file");
        Ok(mapped)
    }

    /// Takes one entry of the mapping.
    fn map(&mut self, columns: &Columns, name: &str, values: &[String]) -> Result<(), String> {
        let name = name.to_ascii_lowercase();
        if name == "dates" {
            self.order = match values {
                [order] if order == "dmy" => Some(DayOrder::DayFirst),
                [order] if order == "mdy" => Some(DayOrder::MonthFirst),
                [order] if order == "ymd" => None,
                _ => return Err("`dates` is `\"dmy\"`, `\"mdy\"` or `\"ymd\"`: the order of day, month and year".to_owned()),
            };
            return Ok(());
        }
        let role = Role::from_word(&name);
        let at = FIELDS.iter().position(|(_, field, names)| {
            *field == name || (*field == "amount" && names.contains(&name.as_str()))
        });
        if role.is_none() && at.is_none() {
            let known = FIELDS.iter().map(|(_, field, _)| *field);
            let known = known.chain(Role::ALL.iter().map(|role| role.word())).chain(["dates"]);
            return Err(format!("no field `{name}` can be mapped{}", did_you_mean(&name, known)));
        }
        let mut found = Vec::with_capacity(values.len());
        for value in values {
            match columns.find(&[value]) {
                Some(column) => found.push(column),
                None if name == "kind" => {
                    let kind = field::kind(value, &self.kinds)
                        .map_err(|why| format!("there is no column `{value}`, and {why}"))?;
                    self.kind = Some(kind);
                }
                None if name == "status" => {
                    self.status = field::status(value)
                        .map_err(|why| format!("there is no column `{value}`, and {why}"))?;
                }
                None => {
                    let names = columns.names();
                    return Err(format!(
                        "there is no column `{value}` for `{name}`{}; the columns are {}",
                        did_you_mean(value, names),
                        listed(columns)
                    ));
                }
            }
        }
        self.take(columns, &name, role, at, found);
        Ok(())
    }

    /// Takes columns by their names for fields that nothing has been said about.
    fn guess(&mut self, columns: &Columns, freely: bool) {
        let mut free: Vec<usize> = (0..columns.len()).filter(|at| !self.is_taken(*at)).collect();
        let mut find = |names: &[&str]| {
            let names = if freely { names } else { names.get(..1).unwrap_or(names) };
            let column = columns.find(names).filter(|at| free.contains(at))?;
            free.retain(|at| *at != column);
            Some(column)
        };
        let mut found = Vec::new();
        for (at, (_, name, names)) in FIELDS.iter().enumerate() {
            if self.fields.get(at).is_some_and(Vec::is_empty) {
                found.extend(find(names).map(|column| (*name, None, Some(at), column)));
            }
        }
        for role in Role::ALL {
            let more =
                ROLES.iter().find(|(known, _)| known == role).map_or(&[][..], |(_, more)| more);
            let names: Vec<&str> =
                std::iter::once(role.word()).chain(more.iter().copied()).collect();
            if !self.roles.iter().any(|(known, _)| known == role) {
                found.extend(find(&names).map(|column| (role.word(), Some(*role), None, column)));
            }
        }
        for (name, role, at, column) in found {
            self.take(columns, name, role, at, vec![column]);
        }
    }

    fn is_taken(&self, column: usize) -> bool {
        let roles = self.roles.iter().map(|(_, columns)| columns);
        self.fields.iter().chain(roles).any(|columns| columns.contains(&column))
    }

    fn take(
        &mut self,
        columns: &Columns,
        name: &str,
        role: Option<Role>,
        at: Option<usize>,
        found: Vec<usize>,
    ) {
        for column in &found {
            self.taken.push(format!("`{}` as {name}", columns.name(*column)));
        }
        if let Some(role) = role {
            self.roles.push((role, found));
        } else if let Some(field) = at.and_then(|at| self.fields.get_mut(at)) {
            field.extend(found);
        }
    }

    /// The columns of a field.
    fn columns(&self, field: Field) -> &[usize] {
        self.fields.get(field as usize).map_or(&[], Vec::as_slice)
    }

    /// The first column of a field with its cell in a record.
    fn cell<'a>(&self, record: &'a Record, field: Field) -> Option<(usize, &'a str)> {
        self.columns(field).iter().find_map(|at| Some((*at, record.get(*at)?)))
    }

    fn kind(&mut self, record: &Record, code: Option<&str>) -> Result<String, Reject> {
        if let Some((at, word)) = self.cell(record, Field::Kind) {
            return self.word(word).map_err(|why| Reject::cell(Some(at), why));
        }
        if let Some(kind) = &self.kind {
            return Ok(kind.clone());
        }
        let code = code.ok_or_else(|| Reject::row("there is no kind"))?;
        Codebook::builtin().by_code(code).map(|kind| kind.name.clone()).ok_or_else(|| {
            let at = self.columns(Field::Code).first().copied();
            Reject::cell(at, format!("`{code}` is no CAMEO code"))
        })
    }

    /// The kind of a word, which most files write again and again.
    fn word(&mut self, word: &str) -> Result<String, String> {
        if let Some(kind) = self.words.get(word) {
            return kind.clone();
        }
        let kind = field::kind(word, &self.kinds);
        if self.words.len() >= MOST_WORDS {
            self.words.clear();
        }
        self.words.insert(word.to_owned(), kind.clone());
        kind
    }
}

impl Layout for Mapped {
    fn read(&mut self, record: &Record) -> Result<Draft, Reject> {
        let code = self.cell(record, Field::Code).map(|(_, cell)| cell);
        let kind = self.kind(record, code)?;
        let text = |field| self.cell(record, field).map(|(_, cell)| cell.to_owned());
        let date = |field| match self.cell(record, field) {
            Some((at, cell)) => {
                field::date(cell, self.order).map(Some).map_err(|why| Reject::cell(Some(at), why))
            }
            None => Ok(None),
        };
        let parts = |field| {
            let columns = self.columns(field).iter();
            columns.flat_map(|at| members(record.get(*at), BETWEEN).map(|cell| (*at, cell)))
        };

        let mut event = Event {
            kind,
            key: text(Field::Key),
            date: date(Field::Date)?,
            said: date(Field::Said)?,
            code: code.map(str::to_owned),
            participants: Vec::with_capacity(self.roles.len()),
            summary: text(Field::Summary),
            said_by: parts(Field::SaidBy).map(|(_, name)| name.to_owned()).collect(),
            status: match self.cell(record, Field::Status) {
                Some((at, word)) => {
                    field::status(word).map_err(|why| Reject::cell(Some(at), why))?
                }
                None => self.status,
            },
            ..Event::default()
        };
        let mut hints = Vec::new();
        for (role, columns) in &self.roles {
            for name in columns.iter().flat_map(|at| members(record.get(*at), BETWEEN)) {
                event.participants.push(Participant::new(name, *role));
            }
        }
        for (at, amount) in parts(Field::Amount) {
            let amount = field::quantity(amount).map_err(|why| Reject::cell(Some(at), why))?;
            event.quantities.push(amount);
        }
        for (_, key) in parts(Field::Documents) {
            let (citation, hint) = field::document(key);
            event.documents.push(citation);
            hints.push(hint);
        }
        let score = self.columns(Field::Goldstein).first().copied();
        let Mapped { fields, coordinates, attributes, oddities, heard, .. } = self;
        event.goldstein = oddities.numbers.cell(record, score)?;
        let places = fields.get(Field::Place as usize).into_iter().flatten();
        let path = places.map(|at| (record.get(*at), "place"));
        hints.extend(place::locate(path, coordinates, record, &mut event, oddities, Some(heard))?);
        attributes.fill(record, &mut event, &mut oddities.numbers)?;
        Ok(Draft::Event { event, hints })
    }

    fn heard(&mut self, hints: &[u64]) {
        self.heard.add(hints);
    }

    fn notes(&self) -> Vec<String> {
        let taken = format!("read {}; all other columns are attributes", self.taken.join(", "));
        std::iter::once(taken).chain(self.oddities.notes()).collect()
    }
}

/// The names of the columns, for messages.
fn listed(columns: &Columns) -> String {
    let names = columns.names().filter(|name| !name.is_empty());
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{event, headed, reject};
    use super::*;
    use crate::model::Value;

    fn mapping(pairs: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
        let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        pairs.iter().map(|(name, values)| ((*name).to_owned(), owned(values))).collect()
    }

    fn kinds() -> Kinds {
        std::sync::Arc::new(|word| (word == "tour").then(|| "tour of duty".to_owned()))
    }

    fn refused(columns: &Columns, pairs: &[(&str, &[&str])]) -> String {
        Mapped::new(columns, &mapping(pairs), None, kinds()).err().unwrap()
    }

    const OURS: &[(&str, &[&str])] = &[
        ("key", &["nr"]),
        ("date", &["when"]),
        ("visitor", &["who"]),
        ("host", &["whom"]),
        ("kind", &["what"]),
        ("place", &["town", "land"]),
        ("amount", &["worth"]),
        ("documents", &["web"]),
        ("dates", &["dmy"]),
    ];

    #[test]
    fn fields_stand_in_their_order() {
        let found: Vec<usize> = FIELDS.iter().map(|(field, ..)| *field as usize).collect();
        assert_eq!(found, (0..FIELDS.len()).collect::<Vec<_>>());
    }

    #[test]
    fn a_mapping_says_which_is_which() {
        let (columns, rows) = headed(include_str!("../../../fixtures/formats/table.csv"), ',');
        let mut table = Mapped::new(&columns, &mapping(OURS), None, kinds()).unwrap();
        let (visit, hints) = event(&mut table, &rows[0]);
        assert_eq!((visit.key.as_deref(), visit.kind.as_str()), (Some("7"), "visit"));
        assert_eq!(visit.date.as_ref().unwrap().edtf(), "2014-03-12");
        assert_eq!(
            visit.participants,
            [
                Participant::new("Jeanne Martin", Role::Visitor),
                Participant::new("Ana Suárez", Role::Host),
                Participant::new("Uruguay", Role::Host),
            ]
        );
        assert_eq!(visit.places[0].name, "Rocha, Uruguay");
        assert_eq!(visit.quantities[0].to_string(), "5000 USD");
        assert_eq!(visit.documents[1].document, "https://two.example/b");
        assert_eq!(visit.attributes.get("remark"), Some(&Value::from("007")));
        assert_eq!(visit.attributes.get("file_year"), Some(&Value::Int(2014)));
        assert_eq!(hints.len(), 3);
        let (tour, _) = event(&mut table, &rows[1]);
        assert_eq!(tour.kind, "tour of duty");
        assert_eq!(tour.date.unwrap().edtf(), "2015-22");
        assert!(reject(&mut table, &rows[2]).reason.contains("31/31/2014"));
        assert!(table.notes()[0].contains("`when` as date"));
    }

    #[test]
    fn an_order_of_day_and_month_must_be_named() {
        let (columns, rows) = headed(include_str!("../../../fixtures/formats/table.csv"), ',');
        let mut table = Mapped::new(&columns, &mapping(&OURS[..8]), None, kinds()).unwrap();
        let reject = reject(&mut table, &rows[0]);
        assert_eq!(reject.column, Some(1));
        assert!(reject.reason.contains("dates: \"dmy\""), "{}", reject.reason);
        let american = [&OURS[..8], &[("dates", &["mdy"])]].concat();
        let mut table = Mapped::new(&columns, &mapping(&american), None, kinds()).unwrap();
        assert_eq!(event(&mut table, &rows[0]).0.date.unwrap().edtf(), "2014-12-03");
    }

    #[test]
    fn columns_named_like_fields_need_no_mapping() {
        let (columns, rows) =
            headed("id,Event Date,actor1,actor2,location,notes\n3,2014,A,B,C,D\n", ',');
        assert!(Mapped::new(&columns, &[], None, kinds()).is_err());
        let mut table = Mapped::new(&columns, &[], Some("visits"), kinds()).unwrap();
        let (visit, _) = event(&mut table, &rows[0]);
        assert_eq!((visit.key.as_deref(), visit.kind.as_str()), (Some("3"), "visit"));
        assert_eq!(visit.participants[1], Participant::new("B", Role::Target));
        assert_eq!(visit.summary.as_deref(), Some("D"));
        assert!(visit.attributes.is_empty());
    }

    #[test]
    fn a_kind_or_a_status_may_be_that_of_all_rows() {
        let (columns, rows) = headed("date,party\n2014,A; B\n,\n", ',');
        let all = mapping(&[("kind", &["tour"]), ("status", &["planned"])]);
        let mut table = Mapped::new(&columns, &all, None, kinds()).unwrap();
        let (tour, _) = event(&mut table, &rows[0]);
        assert_eq!((tour.kind.as_str(), tour.status), ("tour of duty", Status::Planned));
        assert_eq!(tour.participants.len(), 2);
        assert_eq!(event(&mut table, &rows[1]).0.date, None);
    }

    #[test]
    fn what_cannot_be_mapped_is_said_with_what_is_near() {
        let columns = Columns::new(["when", "who", "what"]);
        for (pairs, part) in [
            (&[("date", &["wen"][..])][..], "did you mean `when`"),
            (&[("datte", &["when"])], "did you mean `date`"),
            (&[("kind", &["vissit"])], "no kind `vissit`; did you mean `visit`"),
            (&[("dates", &["dym"])], "`dates` is"),
            (&[("date", &["when"])], "of what kind"),
            (&[], "none of the columns"),
        ] {
            let reason = if pairs.is_empty() {
                refused(&Columns::new(["foo", "bar"]), pairs)
            } else {
                refused(&columns, pairs)
            };
            assert!(reason.contains(part), "{reason}");
        }
    }
}
