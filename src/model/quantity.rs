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

#[cfg(test)]
mod tests {
    use super::*;

    fn of(number: f64, measure: &str) -> Quantity {
        Quantity::measured(number, number, 1.0, Some(measure))
    }

    #[test]
    fn quantities_are_shown_as_people_write_them() {
        let shown = |quantity: Quantity| quantity.to_string();
        assert_eq!(shown(of(790e6, "dollars")), "790 million USD");
        assert_eq!(shown(of(1.6e9, "USD").of("trade")), "1.6 billion USD (trade)");
        assert_eq!(shown(Quantity::measured(3.0, 4.0, 1e9, Some("USD"))), "3..4 billion USD");
        assert_eq!(shown(of(20.0, "items").of("helicopter")), "20 helicopters");
        assert_eq!(shown(of(1.0, "items").of("helicopters")), "1 helicopter");
        assert_eq!(shown(of(4.0, "Helicopters").of("Mi-35M")), "4 Helicopters (Mi-35M)");
        assert_eq!(shown(of(35.0, "countries")), "35 countries");
        assert_eq!(shown(of(70.0, "soldiers")), "70 soldiers");
        assert_eq!(shown(of(1.0, "people")), "1 person");
        assert_eq!(shown(of(12.4, "bcm/year")), "12.4 bcm/year");
        assert_eq!(shown(of(3.0, "tonne")), "3 tonnes");
        assert_eq!(shown(of(200_000.0, "barrels/day")), "200000 barrels/day");
        assert_eq!(shown(of(1_234_567.0, "PKR")), "1234567 PKR");
        assert_eq!(shown(Quantity::new(5.0, f64::INFINITY, None)), "at least 5");
        let rise = Quantity { change: true, ..of(46.0, "percent") };
        assert_eq!(shown(rise), "+46 percent");
        let climbers = Quantity { approx: true, ..of(70.0, "people").of("mountaineers") };
        assert_eq!(shown(climbers), "about 70 mountaineers");
    }

    #[test]
    fn only_one_dimension_compares() {
        let less = |a: &Quantity, b: &Quantity| a.compare(Order::Less, b);
        assert_eq!(less(&of(1.0, "USD"), &of(2.0, "PKR")), Truth::FALSE);
        assert_eq!(less(&of(1.0, "helicopter"), &of(2.0, "helicopters")), Truth::TRUE);
        assert_eq!(less(&of(1.0, "helicopter"), &of(2.0, "tanks")), Truth::FALSE);
        assert_eq!(less(&of(12.4, "bcm/year"), &of(1.6, "bcf/day")), Truth::TRUE);
        assert_eq!(of(1000.0, "kg").equals(&of(1.0, "tonne")), Truth::TRUE);
        assert_eq!(of(7.0, "soldiers").equals(&of(7.0, "people")), Truth::TRUE);
    }

    #[test]
    fn ranges_are_in_doubt_where_they_meet() {
        let range = Quantity::new(3.0, 4.0, Some("USD"));
        assert_eq!(range.compare(Order::GreaterEqual, &of(3.0, "USD")), Truth::TRUE);
        assert_eq!(range.compare(Order::Greater, &of(3.0, "USD")), Truth::POSSIBLE);
        assert_eq!(range.compare(Order::Less, &of(3.0, "USD")), Truth::FALSE);
        assert_eq!(range.equals(&of(3.5, "USD")), Truth::POSSIBLE);
        assert_eq!(of(3.5, "USD").equals(&range), Truth::TRUE);
    }

    #[test]
    fn amounts_convert_within_their_dimension() {
        let there = of(1.6, "bcf/day").convert("bcm/year").unwrap();
        assert!((there.low - 16.537).abs() < 0.001, "{there}");
        assert!(of(1.0, "USD").convert("EUR").is_err());
        assert_eq!(of(1.0, "USD").convert("Mark"), Err(ConvertError::Unknown("Mark".to_owned())));
    }
}
