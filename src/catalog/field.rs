//! The fields that every event has, whatever it came from.

use crate::model::Period;

/// What a field holds, which decides how it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum FieldType {
    /// A number of the store's own.
    Id,
    /// Text.
    Text,
    /// Names of actors, resolved through the catalogue.
    Actors,
    /// Names of places, resolved through the catalogue.
    Places,
    /// A node of the tree of kinds.
    Kind,
    /// A CAMEO code: text, whose prefixes are its parents.
    Code,
    /// A date.
    Date,
    /// A period of the date's start.
    Period(Period),
    /// A number.
    Number,
    /// Quantities.
    Quantities,
    /// One of the words for whether it happened.
    Status,
    /// True or false.
    Bool,
    /// Documents, with their own fields.
    Documents,
    /// Links to other events.
    Links,
    /// The event of a step, by its number.
    Event,
    /// Whatever the data set gave.
    Any,
}

impl FieldType {
    /// The word for it in `show fields` and in messages.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            FieldType::Id => "id",
            FieldType::Text => "text",
            FieldType::Actors => "actors",
            FieldType::Places => "places",
            FieldType::Kind => "kind",
            FieldType::Code => "code",
            FieldType::Date => "date",
            FieldType::Period(_) => "period",
            FieldType::Number => "number",
            FieldType::Quantities => "quantities",
            FieldType::Status => "status",
            FieldType::Bool => "true or false",
            FieldType::Documents => "documents",
            FieldType::Links => "links",
            FieldType::Event => "event",
            FieldType::Any => "any",
        }
    }
}

macro_rules! fields {
    ($($variant:ident $name:literal $type:expr, $doc:literal;)+) => {
        /// A field of the event.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Field {
            $(#[doc = $doc] $variant,)+
        }

        impl Field {
            /// All of them, in the order of `show fields`.
            pub(crate) const ALL: &[Field] = &[$(Field::$variant),+];

            /// Its name in queries.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Field::$variant => $name,)+ }
            }

            /// What it holds.
            pub(crate) const fn field_type(self) -> FieldType {
                match self { $(Field::$variant => $type,)+ }
            }

            /// What it means.
            pub(crate) const fn doc(self) -> &'static str {
                match self { $(Field::$variant => $doc,)+ }
            }
        }
    };
}

fields! {
    Id "id" FieldType::Id, "number of the event, given by the store";
    Key "key" FieldType::Text, "natural key: the data set's, or a word of your own; compared letter by letter";
    Date "date" FieldType::Date, "when it happened";
    Said "said" FieldType::Date, "when it was told or promised";
    Kind "kind" FieldType::Kind, "what sort of event it is; `=` includes subkinds";
    Code "code" FieldType::Code, "CAMEO code as text; `under` takes a prefix";
    Root "root" FieldType::Code, "first two digits of the code";
    Quad "quad" FieldType::Number, "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict";
    Goldstein "goldstein" FieldType::Number, "conflict (-10) to cooperation (10)";
    Plover "plover" FieldType::Text, "PLOVER type of the kind";
    Actor "actor" FieldType::Actors, "any participant, whatever the role";
    Source "source" FieldType::Actors, "who acts";
    Target "target" FieldType::Actors, "who is acted upon";
    Party "party" FieldType::Actors, "who takes part on neither side";
    Visitor "visitor" FieldType::Actors, "who visits, also where the data set tells it from the host's side";
    Host "host" FieldType::Actors, "who is visited";
    Companion "companion" FieldType::Actors, "who comes along";
    Supplier "supplier" FieldType::Actors, "who gives or sells";
    Recipient "recipient" FieldType::Actors, "who gets or buys";
    Mediator "mediator" FieldType::Actors, "who mediates";
    Guarantor "guarantor" FieldType::Actors, "who stands surety";
    Signatory "signatory" FieldType::Actors, "who signs";
    About "about" FieldType::Actors, "who is spoken of and takes no part";
    Place "place" FieldType::Places, "where";
    Amount "amount" FieldType::Quantities, "every quantity of the event";
    Status "status" FieldType::Status, "happened, planned, announced, ongoing, negotiating, cancelled or alleged";
    SaidBy "said_by" FieldType::Actors, "who asserts it, when it is not the document's own voice";
    Summary "summary" FieldType::Text, "what happened, in words";
    Documents "documents" FieldType::Documents, "which documents tell it";
    Links "links" FieldType::Links, "events that it belongs with";
    Import "import" FieldType::Number, "number of the import that brought it";
    Year "year" FieldType::Period(Period::Year), "year of the start";
    Quarter "quarter" FieldType::Period(Period::Quarter), "quarter of the start, `2014-Q3`";
    Month "month" FieldType::Period(Period::Month), "month of the start, `2014-11`";
    Decade "decade" FieldType::Period(Period::Decade), "decade of the start, `2010s`";
    States "states" FieldType::Actors, "states of the participants";
    Dyad "dyad" FieldType::Text, "pairs of states, `Pakistan–Russia`";
    Pair "pair" FieldType::Text, "pairs of participants";
    Bilateral "bilateral" FieldType::Bool, "true for exactly two states";
    Office "office" FieldType::Text, "offices that the participants held at the date";
    Rank "rank" FieldType::Number, "highest office at the date: 5 head of state or government, 4 minister, 3 deputy, 2 envoy, 1 official";
    Sector "sector" FieldType::Text, "sectors of the participants";
}

impl Field {
    /// The field of a name, in any case.
    pub(crate) fn from_name(name: &str) -> Option<Field> {
        Field::ALL.iter().copied().find(|f| f.name().eq_ignore_ascii_case(name))
    }

    /// The columns of an answer that names none.
    pub(crate) const DEFAULT: &[Field] = &[
        Field::Date,
        Field::Kind,
        Field::Source,
        Field::Target,
        Field::Party,
        Field::Place,
        Field::Amount,
        Field::Status,
        Field::SaidBy,
        Field::Summary,
        Field::Documents,
    ];

    /// The fields of each step of a pattern that an answer shows when the query names none.
    pub(crate) const DEFAULT_OF_STEPS: &[Field] = &[Field::Date, Field::Kind];

    /// The same of events of which two codes tell from both sides: by the sides alone one would not see who visits whom.
    pub(crate) const DEFAULT_OF_VISITS: &[Field] = &[
        Field::Date,
        Field::Kind,
        Field::Visitor,
        Field::Host,
        Field::Party,
        Field::Place,
        Field::Amount,
        Field::Status,
        Field::SaidBy,
        Field::Summary,
        Field::Documents,
    ];
}
