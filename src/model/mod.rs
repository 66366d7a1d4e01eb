//! What the world is made of: events, dates, actors, kinds, places, quantities, documents and the values of their fields.
//!
//! Nothing here knows of text, storage or queries.

mod actor;
mod country;
mod coverage;
mod date;
mod document;
mod event;
mod import;
mod kind;
mod name;
mod place;
mod quantity;
mod sector;
pub(crate) mod table;
mod truth;
mod unit;
mod value;

pub use actor::{Actor, Affiliation, Alias};
pub(crate) use country::{Countries, Country, Standing, System};
pub use coverage::Coverage;
pub use date::{Date, Day, Days, Duration, Order, Period, Precision, Qualifier, TimeOfDay};
pub(crate) use date::{
    PARTS, Part, Stretches, THIRDS_OF_MONTH, YEARS, YearText, is_third_of_month,
};
pub use document::Document;
pub use event::{
    Citation, Event, EventId, Link, Location, Participant, Relation, Role, Side, Status,
};
pub use import::{Import, ImportCounts};
pub use kind::{Codebook, Kind};
pub(crate) use name::{each_word, word_places};
pub use name::{fold, fold_name, words};
pub use place::Place;
pub use quantity::{ConvertError, Quantity};
pub(crate) use sector::{ActorCode, Sectors, split};
pub use truth::{Kleene, Truth};
pub(crate) use unit::singular;
pub use unit::{Unit, Units};
pub use value::Value;
