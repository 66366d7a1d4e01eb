//! Units and their dimensions, and the number of nouns.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{fold, table};

/// A unit of a dimension.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Unit {
    /// The unit.
    pub name: String,
    /// What it measures. Only quantities of one dimension compare.
    pub dimension: String,
    /// How many base units of the dimension one of it is.
    pub factor: f64,
    /// Other spellings.
    pub aliases: Vec<String>,
}

impl Unit {
    /// The unit as it is written after an amount: symbols as they are, words in the plural that they have.
    pub(super) fn spelled(&self, one: bool) -> &str {
        let plural = plural(&self.name);
        let known = self.aliases.iter().find(|alias| !one && **alias == plural);
        match known {
            Some(plural) => plural,
            None if one && self.name == "people" => "person",
            None => &self.name,
        }
    }
}

/// The built-in units.
#[derive(Debug, Default)]
pub struct Units {
    units: Vec<Unit>,
    /// By folded name and alias.
    by_name: FxHashMap<String, usize>,
}

impl Units {
    /// The table that is built into the crate.
    pub fn builtin() -> &'static Units {
        static BUILTIN: LazyLock<Units> =
            LazyLock::new(|| Units::read(include_str!("../../fixtures/codebook/units.tsv")).0);
        &BUILTIN
    }

    /// The units of a table, and what is wrong with it. Rows that cannot be understood are left out.
    fn read(text: &str) -> (Units, Vec<String>) {
        let mut problems = Vec::new();
        let mut units = Units::default();
        for row in table::rows(text) {
            let factor = row.number::<f64>("factor", &mut problems).filter(|f| *f > 0.0);
            let (Some(name), Some(dimension), Some(factor)) =
                (row.text("unit"), row.text("dimension"), factor)
            else {
                problems.push(format!("line {}: a unit needs name, dimension, factor", row.line));
                continue;
            };
            let unit = Unit { name, dimension, factor, aliases: row.list("aliases") };
            let at = units.units.len();
            for name in std::iter::once(&unit.name).chain(&unit.aliases) {
                if *units.by_name.entry(fold(name)).or_insert(at) != at {
                    problems.push(format!("line {}: `{name}` is told twice", row.line));
                }
            }
            units.units.push(unit);
        }
        (units, problems)
    }

    /// All units.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The unit of a name or alias, folded.
    pub fn get(&self, name: &str) -> Option<&Unit> {
        self.by_name.get(&fold(name)).and_then(|&at| self.units.get(at))
    }
}

/// Nouns that are the same in the singular and the plural, or whose last letter only looks like a plural's.
const INVARIABLE: [&str; 9] = [
    "aircraft",
    "spacecraft",
    "hovercraft",
    "watercraft",
    "personnel",
    "staff",
    "series",
    "species",
    "gas",
];

/// Nouns with a plural of their own.
const IRREGULAR: [(&str, &str); 5] = [
    ("man", "men"),
    ("woman", "women"),
    ("child", "children"),
    ("serviceman", "servicemen"),
    ("crisis", "crises"),
];

/// Endings of the plural, with that of the singular; the first that fits.
const ENDINGS: [(&str, &str); 8] = [
    ("ies", "y"),
    ("sses", "ss"),
    ("xes", "x"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("ss", "ss"),
    ("us", "us"),
    ("s", ""),
];

/// A noun, or words that end in one, in the singular: `vaccine doses` becomes `vaccine dose`.
pub(crate) fn singular(words: &str) -> String {
    let (before, noun) = split_noun(words);
    let lower = noun.to_lowercase();
    if let Some((one, _)) = IRREGULAR.iter().find(|(_, many)| *many == lower) {
        return format!("{before}{one}");
    }
    if INVARIABLE.contains(&lower.as_str()) || lower.len() < 4 || is_designation(noun) {
        return words.to_owned();
    }
    ENDINGS
        .iter()
        .find_map(|(many, one)| noun.strip_suffix(many).map(|stem| format!("{before}{stem}{one}")))
        .unwrap_or_else(|| words.to_owned())
}

/// A noun in the singular, or words that end in one, in the plural.
pub(super) fn plural(words: &str) -> String {
    let (before, noun) = split_noun(words);
    let lower = noun.to_lowercase();
    if let Some((_, many)) = IRREGULAR.iter().find(|(one, _)| *one == lower) {
        return format!("{before}{many}");
    }
    if noun.is_empty() || INVARIABLE.contains(&lower.as_str()) || is_designation(noun) {
        return words.to_owned();
    }
    if let Some(stem) = noun.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'i', 'o', 'u'])
    {
        return format!("{before}{stem}ies");
    }
    let es = ["s", "x", "z", "ch", "sh"].iter().any(|end| noun.ends_with(end));
    format!("{words}{}", if es { "es" } else { "s" })
}

/// The last word, and all before it.
fn split_noun(words: &str) -> (&str, &str) {
    words.split_at(words.rfind(' ').map_or(0, |at| at + 1))
}

/// Names of types, `Mi-35M`, and symbols have no plural.
fn is_designation(noun: &str) -> bool {
    noun.chars().any(|c| c.is_ascii_digit()) || noun.ends_with(|c: char| !c.is_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_table_is_whole() {
        let (units, problems) = Units::read(include_str!("../../fixtures/codebook/units.tsv"));
        assert_eq!(problems, Vec::<String>::new());
        for unit in units.units() {
            let base = units
                .units()
                .iter()
                .any(|u| u.dimension == unit.dimension && u.factor.total_cmp(&1.0).is_eq());
            assert!(base, "{} has no base unit", unit.dimension);
        }
    }

    #[test]
    fn nouns_have_two_numbers() {
        for (one, many) in [
            ("helicopter", "helicopters"),
            ("country", "countries"),
            ("vaccine dose", "vaccine doses"),
            ("aircraft", "aircraft"),
            ("box", "boxes"),
            ("Mi-35M", "Mi-35M"),
            ("serviceman", "servicemen"),
            ("virus", "viruses"),
        ] {
            assert_eq!(plural(one), many);
            if one != "virus" {
                assert_eq!(singular(many), one);
            }
            assert_eq!(singular(one), one);
        }
    }
}
