//! The places of values in their order, as numbers, which compare faster than ranks. Each different value is ranked once.

use rustc_hash::FxHashMap;

use super::key;
use super::order::Rank;
use crate::model::Value;

/// The place of each value among all of them; those that sort alike share one.
pub(super) fn places<'v>(values: impl Iterator<Item = &'v Value>) -> Vec<usize> {
    let mut numbers: FxHashMap<Vec<u8>, usize> = FxHashMap::default();
    let mut ranks = Vec::new();
    let mut bytes = Vec::new();
    let mut places: Vec<usize> = Vec::new();
    for value in values {
        bytes.clear();
        key::write(value, &mut bytes);
        let number = numbers.get(bytes.as_slice()).copied().unwrap_or_else(|| {
            let number = ranks.len();
            ranks.push((Rank::of(value), number));
            numbers.insert(bytes.clone(), number);
            number
        });
        places.push(number);
    }
    ranks.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let mut of_number = vec![0; ranks.len()];
    for (place, alike) in ranks.chunk_by(|(a, _), (b, _)| a == b).enumerate() {
        for (_, number) in alike {
            if let Some(of) = of_number.get_mut(*number) {
                *of = place;
            }
        }
    }
    for place in &mut places {
        *place = of_number.get(*place).copied().unwrap_or_default();
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Date;

    #[test]
    fn places_compare_as_ranks_do() {
        let values: Vec<Value> = vec![
            "b".into(),
            Value::Null,
            2.into(),
            "B".into(),
            Value::Float(2.0),
            Date::year(2015).into(),
            "b".into(),
            Date::month(2015, 3).into(),
            Value::List(vec!["b".into(), "c".into()]),
            Value::List(Vec::new()),
            Value::Float(-0.5),
            Value::Float(f64::NAN),
            true.into(),
            Value::from(Date::year(2015).told_as("some time in 2015")),
        ];
        let places = places(values.iter());
        for (a, place) in values.iter().zip(&places) {
            for (b, other) in values.iter().zip(&places) {
                assert_eq!(place.cmp(other), Rank::of(a).cmp(&Rank::of(b)), "{a:?} {b:?}");
            }
        }
        assert_eq!(*places.iter().min().unwrap(), 0);
    }
}
