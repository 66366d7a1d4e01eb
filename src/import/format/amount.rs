//! Amounts as people and other programs write them: `790 million USD`, `$3-4 billion`, `about 70 soldiers`, `+46 percent`.

use crate::model::Quantity;

/// Words for *about*.
const ABOUT: [&str; 6] = ["about ", "around ", "approximately ", "approx. ", "c. ", "~"];
/// Signs of currencies in front of a number.
const SIGNS: [(&str, &str); 4] = [("US$", "USD"), ("$", "USD"), ("€", "EUR"), ("£", "GBP")];
/// Words for powers of a thousand.
const SCALES: [(&str, f64); 8] = [
    ("thousand", 1e3),
    ("million", 1e6),
    ("billion", 1e9),
    ("trillion", 1e12),
    ("mn", 1e6),
    ("mln", 1e6),
    ("bn", 1e9),
    ("tn", 1e12),
];
/// What stands between the least and the most.
const RANGES: [&str; 5] = ["..", "–", "-", "to ", "and "];

/// People killed: the unit is people, so that they add up with those of other sources.
pub(super) fn killed(low: f64, high: f64) -> Quantity {
    Quantity::new(low, high, Some("people")).of("fatalities")
}

/// The amount of a text, or what is wrong with it.
pub(super) fn amount(text: &str) -> Result<Quantity, String> {
    read(text.trim()).ok_or_else(|| {
        format!("`{text}` is no amount; amounts are written `5 billion USD`, `20 helicopters`, `3..4 million people`")
    })
}

fn read(text: &str) -> Option<Quantity> {
    let (mut rest, approx) = match ABOUT.iter().find_map(|about| after(text, about)) {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let bound = |word| after(rest, word);
    let (open_low, open_high) = (bound("at most "), bound("at least "));
    rest = open_low.or(open_high).unwrap_or(rest);
    rest = after(rest, "between ").unwrap_or(rest);
    let change = rest.starts_with('+');
    rest = rest.strip_prefix('+').unwrap_or(rest);

    let (mut rest, sign) = currency(rest);
    let low;
    (low, rest) = number(rest)?;
    let mut high = low;
    if let Some(behind) = RANGES.iter().find_map(|mark| after(rest.trim_start(), mark)) {
        (high, rest) = number(currency(behind.trim_start()).0)?;
    }
    let mut rest = rest.trim();
    let mut factor = 1.0;
    if let Some((word, scale)) = SCALES.iter().find(|(word, _)| {
        after(rest, word).is_some_and(|behind| !behind.starts_with(char::is_alphanumeric))
    }) {
        factor = *scale;
        rest = after(rest, word)?.trim();
    }
    let (measure, of) = match rest.strip_suffix(')').and_then(|rest| rest.split_once('(')) {
        Some((measure, of)) => (measure.trim(), Some(of.trim())),
        None => (rest, None),
    };
    // What is left must be a unit or what is counted, and not more numbers.
    if measure.starts_with(|c: char| c.is_ascii_digit() || ".,;:".contains(c)) {
        return None;
    }
    let measure = Some(measure).filter(|measure| !measure.is_empty()).or(sign);
    let mut quantity = Quantity::measured(low, high, factor, measure);
    if !(quantity.low.is_finite() && quantity.high.is_finite()) {
        return None;
    }
    if open_low.is_some() {
        quantity.low = f64::NEG_INFINITY;
    }
    if open_high.is_some() {
        quantity.high = f64::INFINITY;
    }
    if let Some(of) = of.filter(|of| !of.is_empty()) {
        quantity.of = Some(of.to_owned());
    }
    Some(Quantity { change, approx, ..quantity })
}

/// What comes behind a word, in any case.
fn after<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let start = text.get(..word.len())?;
    start.eq_ignore_ascii_case(word).then(|| text.get(word.len()..)).flatten()
}

/// The text behind a sign of a currency, and which it is.
fn currency(text: &str) -> (&str, Option<&'static str>) {
    let found = SIGNS.iter().find_map(|(sign, unit)| Some((text.strip_prefix(sign)?, *unit)));
    found.map_or((text, None), |(rest, unit)| (rest.trim_start(), Some(unit)))
}

/// A number and what comes behind it. Commas divide groups of three digits, so that `3,5` is no number.
fn number(text: &str) -> Option<(f64, &str)> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let bytes = digits.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = 0;
    while digit(end)
        || match bytes.get(end) {
            Some(b',') => {
                end > 0 && digit(end + 1) && digit(end + 2) && digit(end + 3) && !digit(end + 4)
            }
            Some(b'_') => end > 0 && digit(end + 1),
            _ => false,
        }
    {
        end += 1;
    }
    if bytes.get(end) == Some(&b'.') && digit(end + 1) {
        end += 1;
        while digit(end) {
            end += 1;
        }
    }
    let (written, rest) = digits.split_at_checked(end)?;
    let number: f64 = written.replace([',', '_'], "").parse().ok()?;
    Some((if negative { -number } else { number }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_they_are_shown() {
        for (text, shown) in [
            ("790 million USD", "790 million USD"),
            ("$3-4 billion", "3..4 billion USD"),
            ("US$ 5,000", "5000 USD"),
            ("3..4 billion USD", "3..4 billion USD"),
            ("between 3 and 4 billion dollars", "3..4 billion USD"),
            ("about 70 soldiers", "about 70 soldiers"),
            ("20 helicopters (Mi-35M)", "20 helicopters (Mi-35M)"),
            ("1.6 billion USD (trade)", "1.6 billion USD (trade)"),
            ("+46 percent", "+46 percent"),
            ("at least 5", "at least 5"),
            ("1_000 people", "1000 people"),
            ("12.4 bcm/year", "12.4 bcm/year"),
            ("20 millionaires", "20 millionaires"),
            ("7", "7"),
        ] {
            assert_eq!(amount(text).map(|q| q.to_string()), Ok(shown.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", "many", "3,5 million", "5 6", "1.2.3", "$", "five"] {
            assert!(amount(text).is_err(), "{text}");
        }
    }
}
