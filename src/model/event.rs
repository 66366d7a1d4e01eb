//! The event: who did what to whom, when, where, and who says so.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Date, Quantity, Value};

/// The number of an event: given by the store, ascending, never reused, kept by updates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EventId(pub u64);

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An event, as the record that is the truth of the store.
///
/// Names of participants and places stand as they were written; the catalogue says whom they mean.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Event {
    /// The natural key: a data set's own, or a person's own word.
    pub key: Option<String>,
    /// The kind, as the codebook or `define kind` spells it.
    pub kind: String,
    /// The CAMEO code that the data set gives; else the kind's own is meant.
    pub code: Option<String>,
    /// Who takes part, in the order of entry.
    pub participants: Vec<Participant>,
    /// When it happened; none when that is not known at all.
    pub date: Option<Date>,
    /// When it was told or promised.
    pub said: Option<Date>,
    /// Where.
    pub places: Vec<Location>,
    /// How much.
    pub quantities: Vec<Quantity>,
    /// Whether it happened.
    pub status: Status,
    /// Who asserts it, when it is not the document's own voice.
    pub said_by: Vec<String>,
    /// Which documents tell it.
    pub documents: Vec<Citation>,
    /// Other events that it belongs with.
    pub links: Vec<Link>,
    /// What happened, in words.
    pub summary: Option<String>,
    /// The conflict–cooperation score that the data set gives; else the kind's own is meant.
    pub goldstein: Option<f64>,
    /// The import that brought it.
    pub import: Option<u64>,
    /// Whatever else a data set brings.
    pub attributes: BTreeMap<String, Value>,
}

/// Somebody who takes part, or is spoken of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// The name as written.
    pub name: String,
    /// The code that the data set gives beside the name, `PAKGOVMIL`: another name of whom is meant in this event.
    pub code: Option<String>,
    /// As what.
    pub role: Role,
}

impl Participant {
    /// Somebody by the name as written, without a code.
    pub fn new(name: impl Into<String>, role: Role) -> Participant {
        Participant { name: name.into(), code: None, role }
    }

    /// What the event calls him: the name, and the code where there is one. Both are looked up as names.
    pub(crate) fn written(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.code.as_deref())
    }

    /// Is it one and the same who is named twice? A name with two codes are two: the police of two countries.
    pub(crate) fn is_same(&self, other: &Participant) -> bool {
        self.name == other.name && self.code == other.code
    }
}

/// The side on which a participant stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Side {
    /// Who acts.
    Source,
    /// Who is acted upon.
    Target,
    /// Who takes part on neither side.
    Party,
}

macro_rules! words {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$inner])* $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The word for it.
            pub const fn word(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)+
                }
            }

            /// What a word means.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.word().eq_ignore_ascii_case(word))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

words! {
    /// As what somebody takes part.
    Role {
        /// Who acts.
        Source = "source",
        /// Who is acted upon.
        Target = "target",
        /// Who takes part on neither side.
        Party = "party",
        /// Who visits: a source.
        Visitor = "visitor",
        /// Who is visited: a target.
        Host = "host",
        /// Who comes along: a party.
        Companion = "companion",
        /// Who gives or sells: a source.
        Supplier = "supplier",
        /// Who gets or buys: a target.
        Recipient = "recipient",
        /// Who mediates: a party.
        Mediator = "mediator",
        /// Who stands surety: a party.
        Guarantor = "guarantor",
        /// Who signs: a party.
        Signatory = "signatory",
        /// Who is spoken of and takes no part.
        About = "about",
    }
}

impl Role {
    /// The side of the role; none for those who are only spoken of.
    pub const fn side(self) -> Option<Side> {
        match self {
            Role::Source | Role::Visitor | Role::Supplier => Some(Side::Source),
            Role::Target | Role::Host | Role::Recipient => Some(Side::Target),
            Role::Party | Role::Companion | Role::Mediator | Role::Guarantor | Role::Signatory => {
                Some(Side::Party)
            }
            Role::About => None,
        }
    }
}

words! {
    /// Whether an event happened.
    Status {
        /// It happened.
        Happened = "happened",
        /// It is meant to happen.
        Planned = "planned",
        /// Somebody said that it will.
        Announced = "announced",
        /// It goes on.
        Ongoing = "ongoing",
        /// It is being negotiated.
        Negotiating = "negotiating",
        /// It was called off.
        Cancelled = "cancelled",
        /// Somebody claims it.
        Alleged = "alleged",
    }
}

#[allow(clippy::derivable_impls)] // the variants come out of a macro
impl Default for Status {
    fn default() -> Self {
        Status::Happened
    }
}

/// Where something happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// The name as written.
    pub name: String,
    /// Latitude and longitude in degrees.
    pub coordinates: Option<(f64, f64)>,
}

/// That a document tells an event, and what it says differently.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Citation {
    /// The key of the document.
    pub document: String,
    /// Where in it: a page, a paragraph.
    pub locator: Option<String>,
    /// The document's own date, place, participants, quantity, status, by field.
    pub claims: BTreeMap<String, Value>,
}

/// That an event belongs with another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The other's key.
    pub to: String,
    /// How they belong together.
    pub relation: Relation,
}

words! {
    /// How two events belong together.
    Relation {
        /// One is a part of the other.
        PartOf = "part_of",
        /// One comes out of the other.
        Follows = "follows",
        /// One answers the other.
        RespondsTo = "responds_to",
        /// One carries out the other.
        Implements = "implements",
        /// They may be one and the same.
        MaybeSame = "maybe_same",
    }
}
