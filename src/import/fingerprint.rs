//! Fingerprints of hints: what tells one from others, found from the cells of a row before any of it is copied.
//!
//! Nearly every hint has come before: the same names stand in every row. The store's thread tells which hints it has
//! taken, and a layout makes none of these again.

use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::draft::Hint;

/// How many fingerprints a layout remembers. Above that all are forgotten, and their hints are told again.
const MOST: usize = 1 << 18;

/// Between two lists of words.
const LIST: u64 = 0x9e37_79b9_7f4a_7c15;

/// Hints that the catalogues have taken: a layout needs not tell them again.
#[derive(Debug, Default)]
pub(crate) struct Heard(FxHashSet<u64>);

impl Heard {
    /// Remembers hints by their fingerprints.
    pub(crate) fn add(&mut self, hints: &[u64]) {
        if self.0.len() >= MOST {
            self.0.clear();
        }
        self.0.extend(hints);
    }

    /// Is the hint of a fingerprint among them?
    pub(crate) fn has(&self, hint: u64) -> bool {
        self.0.contains(&hint)
    }
}

/// What tells a hint from others. Two that share it by chance are one in many millions, and lose a hint at worst.
pub(crate) fn of(hint: &Hint) -> u64 {
    match hint {
        Hint::Actor { name, country, sectors, kind, codes } => {
            let sectors = sectors.iter().map(String::as_str);
            let codes = codes.iter().map(|(system, code)| (*system, code.as_str()));
            of_actor(name, country.as_deref(), sectors, *kind, codes)
        }
        Hint::Code(code) => of_code(code),
        Hint::Place { path, codes, coordinates } => {
            let path = path.iter().map(|(name, kind)| (name.as_str(), *kind));
            let codes = codes.iter().map(|(system, code)| (*system, code.as_str()));
            of_place(path, codes, *coordinates)
        }
        Hint::Document(document) => of_document(&document.key),
    }
}

/// The fingerprint of [`Hint::Actor`].
pub(crate) fn of_actor<'a, 'b>(
    name: &str,
    country: Option<&str>,
    sectors: impl Iterator<Item = &'a str>,
    kind: Option<&str>,
    codes: impl Iterator<Item = (&'static str, &'b str)>,
) -> u64 {
    let print = optional(optional(text(1, name), country), kind);
    let print = list(sectors.fold(print, text));
    codes.fold(print, |print, (system, code)| text(text(print, system), code))
}

/// The fingerprint of [`Hint::Code`].
pub(crate) fn of_code(code: &str) -> u64 {
    text(2, code)
}

/// The fingerprint of [`Hint::Place`].
pub(crate) fn of_place<'a, 'b>(
    path: impl Iterator<Item = (&'a str, &'static str)>,
    codes: impl Iterator<Item = (&'static str, &'b str)>,
    coordinates: Option<(f64, f64)>,
) -> u64 {
    let print = path.fold(3, |print, (name, kind)| text(text(print, name), kind));
    let print = codes.fold(list(print), |print, (system, code)| text(text(print, system), code));
    match coordinates {
        None => print,
        Some((latitude, longitude)) => {
            let number = |print, number: f64| xxh3_64_with_seed(&number.to_le_bytes(), print);
            number(number(list(print), latitude), longitude)
        }
    }
}

/// The fingerprint of [`Hint::Document`].
pub(crate) fn of_document(key: &str) -> u64 {
    text(4, key)
}

fn text(print: u64, text: &str) -> u64 {
    xxh3_64_with_seed(text.as_bytes(), print)
}

fn optional(print: u64, word: Option<&str>) -> u64 {
    word.map_or(list(print), |word| text(print, word))
}

fn list(print: u64) -> u64 {
    print.rotate_left(17) ^ LIST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_elsewhere_is_another_fingerprint() {
        let actor = |name: &str, country: Option<&str>, sectors: &[&str], kind| Hint::Actor {
            name: name.to_owned(),
            country: country.map(str::to_owned),
            sectors: sectors.iter().map(|&sector| sector.to_owned()).collect(),
            kind,
            codes: Vec::new(),
        };
        let place = |path: &[(&str, &'static str)], codes: &[(&'static str, &str)], coordinates| {
            let path = path.iter().map(|&(name, kind)| (name.to_owned(), kind)).collect();
            let codes = codes.iter().map(|&(system, code)| (system, code.to_owned())).collect();
            Hint::Place { path, codes, coordinates }
        };
        let hints = [
            actor("a", None, &[], None),
            actor("a", Some("b"), &[], None),
            actor("a", None, &["b"], None),
            actor("a", None, &[], Some("b")),
            actor("ab", None, &[], None),
            actor("a", None, &["b", "c"], None),
            actor("a", Some("b"), &["c"], None),
            Hint::Code("a".to_owned()),
            place(&[("a", "city")], &[], None),
            place(&[], &[("a", "city")], None),
            place(&[("a", "city")], &[], Some((0.0, 1.0))),
            place(&[("a", "city")], &[], Some((1.0, 0.0))),
            place(&[("a", "city"), ("b", "country")], &[], None),
        ];
        let prints: FxHashSet<u64> = hints.iter().map(of).collect();
        assert_eq!(prints.len(), hints.len());
        assert_eq!(of(&hints[0]), of(&hints[0].clone()));
    }

    #[test]
    fn what_was_heard_is_known_and_memory_does_not_grow() {
        let mut heard = Heard::default();
        assert!(!heard.has(7));
        heard.add(&[7, 8]);
        assert!(heard.has(7) && heard.has(8));
        for at in 0..3 * MOST as u64 {
            heard.add(&[at]);
        }
        assert!(heard.0.len() <= MOST);
    }
}
