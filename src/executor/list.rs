//! Functions of several values at once: lists as a whole, the least and the greatest, text out of many.

use rustc_hash::FxHashSet;

use crate::model::Value;
use crate::planner::function::Function;

use super::key;
use super::order::Rank;

/// The value of such a function; none of any other, or where the values are not of its kind.
pub(super) fn call(function: Function, args: &[Value]) -> Option<Value> {
    match (function, args) {
        (Function::Sort, [value]) => {
            let mut ranked: Vec<(Rank, &Value)> =
                each(value).map(|value| (Rank::of(value), value)).collect();
            ranked.sort_by(|(a, _), (b, _)| a.cmp(b));
            Some(Value::List(ranked.into_iter().map(|(_, value)| value.clone()).collect()))
        }
        (Function::Unique, [value]) => {
            let mut seen = FxHashSet::default();
            let firsts = each(value).filter(|value| seen.insert(key::of([*value])));
            Some(Value::List(firsts.cloned().collect()))
        }
        (Function::Join, [value, Value::Text(separator)]) => {
            let texts: Vec<String> = each(value).map(ToString::to_string).collect();
            Some(texts.join(separator).into())
        }
        (Function::Concat, values) => {
            Some(values.iter().map(ToString::to_string).collect::<String>().into())
        }
        (Function::Least | Function::Greatest, values) => {
            let mut best: Option<(Rank, &Value)> = None;
            for value in values.iter().flat_map(each) {
                let rank = Rank::of(value);
                let better = |(have, _): &(Rank, &Value)| match function {
                    Function::Least => rank < *have,
                    _ => rank > *have,
                };
                if best.as_ref().is_none_or(better) {
                    best = Some((rank, value));
                }
            }
            Some(best.map(|(_, value)| value.clone()).unwrap_or_default())
        }
        _ => None,
    }
}

/// The values of a list; of anything else itself.
fn each(value: &Value) -> impl Iterator<Item = &Value> {
    let values = match value {
        Value::List(list) => list.as_slice(),
        other => std::slice::from_ref(other),
    };
    values.iter().filter(|value| !value.is_null())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(function: Function, args: &[Value]) -> Value {
        call(function, args).unwrap()
    }

    #[test]
    fn lists_are_ordered_and_made_one_text() {
        let list = Value::from(vec!["b", "a", "b"]);
        assert_eq!(run(Function::Sort, std::slice::from_ref(&list)), vec!["a", "b", "b"].into());
        assert_eq!(run(Function::Unique, std::slice::from_ref(&list)), vec!["b", "a"].into());
        assert_eq!(run(Function::Join, &[list.clone(), "/".into()]), "b/a/b".into());
        assert_eq!(run(Function::Concat, &["x".into(), 1.into()]), "x1".into());
        assert_eq!(run(Function::Least, &[list, "aa".into()]), "a".into());
        assert_eq!(run(Function::Greatest, &[1.into(), Value::Float(1.5)]), Value::Float(1.5));
        assert_eq!(run(Function::Least, &[Value::List(Vec::new())]), Value::Null);
    }
}
