//! The quantity: so many of something, in a unit.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::unit::{plural, singular};
use super::{Order, Truth, Units, fold};

/// So many of something: `790 million USD`, `20 helicopters`, `3..4 billion USD`, a change of `46 percent`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// The least that it may be, in `unit`.
    pub low: f64,
    /// The most that it may be, in `unit`; equal to `low` when it is known.
    pub high: f64,
    /// The unit, or what is counted, as the units spell it.
    pub unit: Option<String>,
    /// Of what: `Mi-35M`, `investment`.
    pub of: Option<String>,
    /// True for a rise or fall by so much.
    pub change: bool,
    /// True when the teller says `about`.
    pub approx: bool,
}

/// Why a quantity cannot be told in another unit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConvertError {
    /// There is no such unit.
    #[error("there is no unit `{0}`")]
    Unknown(String),
    /// The two measure different things.
    #[error("`{from}` measures {measured}, `{to}` measures {wanted}")]
    Dimension {
        /// The unit it is in.
        from: String,
        /// What that measures.
        measured: String,
        /// The unit that was asked for.
        to: String,
        /// What that measures.
        wanted: String,
    },
}

/// Units that say nothing but that things are counted; what is counted then stands in `of`.
const ITEMS: [&str; 3] = ["item", "unit", "piece"];
/// Words for people that say nothing about them.
const PERSONS: [&str; 3] = ["people", "person", "persons"];

impl Quantity {
    /// So many, between `low` and `high`, of a unit as the units spell it.
    pub fn new(low: f64, high: f64, unit: Option<&str>) -> Quantity {
        let unit = unit.map(str::to_owned);
        let (low, high) = if low <= high { (low, high) } else { (high, low) };
        Quantity { low, high, unit, of: None, change: false, approx: false }
    }

    /// So many of what a word means: `scale` is a thousand, a million …, `measure` a unit by any of its names, or what is
    /// counted, in the singular or the plural.
    ///
    /// Words for people stay: 70 soldiers are 70 people of the soldiers.
    pub fn measured(low: f64, high: f64, scale: f64, measure: Option<&str>) -> Quantity {
        let mut quantity = Quantity::new(low * scale, high * scale, None);
        let Some(measure) = measure else { return quantity };
        if let Some(unit) = Units::builtin().get(measure) {
            quantity.unit = Some(unit.name.clone());
            if unit.dimension == "people" && !PERSONS.contains(&fold(measure).as_str()) {
                quantity.of = Some(measure.to_owned());
            }
        } else {
            quantity.unit = Some(singular(measure));
        }
        quantity
    }

    /// The same, of something.
    #[must_use]
    pub fn of(mut self, what: impl Into<String>) -> Quantity {
        self.of = Some(what.into());
        self
    }

    /// What it measures; only quantities of one dimension compare. What is counted is its own dimension, by its word in
    /// the singular.
    pub fn dimension(&self) -> String {
        match self.unit.as_deref().and_then(|unit| Units::builtin().get(unit)) {
            Some(unit) => unit.dimension.clone(),
            None => fold(&singular(self.counted())),
        }
    }

    /// What is counted: the unit, or what it is so many items of.
    fn counted(&self) -> &str {
        let unit = self.unit.as_deref().unwrap_or("");
        match self.of.as_deref() {
            Some(of) if ITEMS.contains(&fold(&singular(unit)).as_str()) => of,
            _ => unit,
        }
    }

    /// Least and most in the base unit of the dimension.
    fn base(&self) -> (f64, f64) {
        let unit = self.unit.as_deref().and_then(|unit| Units::builtin().get(unit));
        let factor = unit.map_or(1.0, |unit| unit.factor);
        (self.low * factor, self.high * factor)
    }

    /// `self < other` and so on, over all that both may be; false where the dimensions differ.
    ///
    /// `about` changes nothing, and a rise by 46 percent compares as 46 percent.
    pub fn compare(&self, order: Order, other: &Quantity) -> Truth {
        let (a, b) = (self.base(), other.base());
        if self.dimension() != other.dimension() || a.0.is_nan() || b.0.is_nan() {
            return Truth::FALSE;
        }
        let less = |a: (f64, f64), b: (f64, f64)| Truth::of(below(a.1, b.0), below(a.0, b.1));
        match order {
            Order::Less => less(a, b),
            Order::LessEqual => !less(b, a),
            Order::Greater => less(b, a),
            Order::GreaterEqual => !less(a, b),
        }
    }

    /// `=` and `in`: it is one of the amounts from the least to the most of the other; false where the dimensions differ.
    pub fn equals(&self, range: &Quantity) -> Truth {
        let (a, b) = (self.base(), range.base());
        if self.dimension() != range.dimension() || a.0.is_nan() || b.0.is_nan() {
            return Truth::FALSE;
        }
        let within = !below(a.0, b.0) && !below(b.1, a.1);
        Truth::of(within, !below(a.1, b.0) && !below(b.1, a.0))
    }

    /// The same amount in another unit of its dimension. Money does not convert.
    pub fn convert(&self, to: &str) -> Result<Quantity, ConvertError> {
        let target =
            Units::builtin().get(to).ok_or_else(|| ConvertError::Unknown(to.to_owned()))?;
        let from = self.unit.as_deref().unwrap_or("");
        match Units::builtin().get(from) {
            Some(unit) if unit.dimension == target.dimension => {
                let factor = unit.factor / target.factor;
                Ok(Quantity {
                    low: self.low * factor,
                    high: self.high * factor,
                    unit: Some(target.name.clone()),
                    ..self.clone()
                })
            }
            _ => Err(ConvertError::Dimension {
                from: from.to_owned(),
                measured: self.dimension(),
                to: to.to_owned(),
                wanted: target.dimension.clone(),
            }),
        }
    }
}

/// Less, by more than conversions round.
fn below(a: f64, b: f64) -> bool {
    a < b && (b - a) > 1e-9 * a.abs().max(b.abs())
}

impl fmt::Display for Quantity {
    /// As people write it: `790 million USD (trade)`, `about 70 mountaineers`, `20 helicopters`, `+46 percent`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.approx {
            f.write_str("about ")?;
        }
        let (scale, word) = scale(self.low, self.high);
        let number = |n: f64| {
            let sign = if self.change && n > 0.0 { "+" } else { "" };
            format!("{sign}{}", n / scale)
        };
        match (self.low.is_finite(), self.high.is_finite()) {
            _ if same(self.low, self.high) => f.write_str(&number(self.low))?,
            (true, false) => write!(f, "at least {}", number(self.low))?,
            (false, true) => write!(f, "at most {}", number(self.high))?,
            _ => write!(f, "{}..{}", number(self.low), number(self.high))?,
        }
        f.write_str(word)?;
        let Some(unit) = &self.unit else {
            return self.of.as_ref().map_or(Ok(()), |of| write!(f, " ({of})"));
        };
        let one = same(self.low, 1.0) && same(self.high, 1.0);
        let known = Units::builtin().get(unit);
        match (&self.of, known) {
            (Some(of), Some(unit)) if unit.dimension == "people" => write!(f, " {of}"),
            (Some(of), None) if self.counted() == of => write!(f, " {}", number_of(of, one)),
            (of, known) => {
                match known {
                    Some(unit) => write!(f, " {}", unit.spelled(one))?,
                    None => write!(f, " {}", number_of(unit, one))?,
                }
                of.as_ref().map_or(Ok(()), |of| write!(f, " ({of})"))
            }
        }
    }
}

/// What is counted, in the number that goes with the amount.
fn number_of(word: &str, one: bool) -> String {
    let word = singular(word);
    if one { word } else { plural(&word) }
}

fn same(a: f64, b: f64) -> bool {
    a.total_cmp(&b).is_eq()
}

/// The greatest word for a power of a thousand in which both ends are short, from a million on.
fn scale(low: f64, high: f64) -> (f64, &'static str) {
    let scales = [(1e12, " trillion"), (1e9, " billion"), (1e6, " million")];
    let short = |n: f64, scale: f64| {
        !n.is_finite() || ((n / scale).to_string().len() <= 7 && same(n / scale * scale, n))
    };
    let largest =
        [low, high].into_iter().filter(|n| n.is_finite()).map(f64::abs).fold(0.0, f64::max);
    scales
        .into_iter()
        .find(|&(scale, _)| largest >= scale && short(low, scale) && short(high, scale))
        .unwrap_or((1.0, ""))
}
