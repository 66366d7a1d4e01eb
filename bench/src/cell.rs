//! Answers as all engines can give them, and whether two are the same.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A value. Dates are whole numbers of eight, months of six, years of four digits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Cell {
    Null,
    Int(i64),
    Float(f64),
    Text(String),
}

impl Cell {
    /// As a number, if it is one.
    fn number(&self) -> Option<f64> {
        match self {
            Cell::Int(n) => Some(*n as f64),
            Cell::Float(n) => Some(*n),
            Cell::Null | Cell::Text(_) => None,
        }
    }

    /// The same text, or numbers as near as sums in another order may be.
    fn is(&self, other: &Cell) -> bool {
        match (self.number(), other.number()) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0),
            _ => self == other,
        }
    }

    /// A total order: nothing, numbers, texts. What groups are called stands before what is computed of them, so that
    /// equal rows of two engines come to the same place.
    fn order(&self, other: &Cell) -> Ordering {
        match (self, other) {
            (Cell::Text(a), Cell::Text(b)) => a.cmp(b),
            _ => match (self.number(), other.number()) {
                (Some(a), Some(b)) => a.total_cmp(&b),
                _ => self.class().cmp(&other.class()),
            },
        }
    }

    fn class(&self) -> u8 {
        match self {
            Cell::Null => 0,
            Cell::Int(_) | Cell::Float(_) => 1,
            Cell::Text(_) => 2,
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Null => f.write_str("null"),
            Cell::Int(n) => n.fmt(f),
            Cell::Float(n) => n.fmt(f),
            Cell::Text(text) => text.fmt(f),
        }
    }
}

/// The rows of an answer.
pub(crate) type Answer = Vec<Vec<Cell>>;

/// Puts the rows into the order in which answers are compared.
pub(crate) fn sort(answer: &mut Answer) {
    answer.sort_by(|a, b| {
        a.iter().zip(b).map(|(a, b)| a.order(b)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    });
}

/// What is different in two sorted answers; none when they are the same.
pub(crate) fn difference(one: &Answer, other: &Answer) -> Option<String> {
    if one.len() != other.len() {
        let at = one.iter().zip(other).position(|(a, b)| !same(a, b));
        let at = at.unwrap_or(one.len().min(other.len()));
        return Some(format!(
            "{} rows and {} rows, the first that differs is {at}:\n  {}\n  {}",
            one.len(),
            other.len(),
            shown(one.get(at)),
            shown(other.get(at))
        ));
    }
    let at = one.iter().zip(other).position(|(a, b)| !same(a, b))?;
    Some(format!("row {at}:\n  {}\n  {}", shown(one.get(at)), shown(other.get(at))))
}

fn same(one: &[Cell], other: &[Cell]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a.is(b))
}

fn shown(row: Option<&Vec<Cell>>) -> String {
    row.map_or_else(
        || "no row".to_owned(),
        |row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | "),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_compared_whatever_their_order() {
        let row = |text: &str, n: f64| vec![Cell::Text(text.into()), Cell::Float(n)];
        let mut one = vec![row("b", 1.0), row("a", 0.1 + 0.2)];
        let mut other = vec![row("a", 0.3), vec![Cell::Text("b".into()), Cell::Int(1)]];
        sort(&mut one);
        sort(&mut other);
        assert_eq!(difference(&one, &other), None);
        other[1][1] = Cell::Float(1.000_001);
        assert!(difference(&one, &other).unwrap().starts_with("row 1"));
        other.pop();
        assert!(difference(&one, &other).unwrap().starts_with("2 rows and 1 rows"));
    }
}
