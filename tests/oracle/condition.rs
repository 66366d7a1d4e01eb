//! Conditions: printed as a query, evaluated by brute force.

use std::fmt;

use attache::{Day, Days, Event, Participant, Quantity, Value};

use super::world::{Tri, World, called, fold, over};

/// A literal of dates: its text and its days.
#[derive(Debug, Clone)]
pub(crate) struct When {
    pub(crate) text: String,
    pub(crate) days: Days,
}

/// A condition.
#[derive(Debug, Clone)]
pub(crate) enum Cond {
    And(Vec<Cond>),
    Or(Vec<Cond>),
    Not(Box<Cond>),
    Possibly(Box<Cond>),
    Certainly(Box<Cond>),
    /// Field, `=` `!=` `==` `!==` `under` `not under` `in` `not in`, names.
    Name(&'static str, &'static str, Vec<String>),
    /// `=` `!=` `==` `!==` `in` `under`, kinds.
    Kind(&'static str, Vec<String>),
    /// `under` `=` `!=`, code.
    Code(&'static str, String),
    /// `<` `<=` `>` `>=` `=` `!=` `in` `not in` `during` `not during` `overlaps` `before` `after`.
    Date(&'static str, When),
    /// `year` or `month`; `<` … `!=`, `in`.
    Period(&'static str, &'static str, When),
    /// `=` `!=` `in` `not in`, words.
    Status(&'static str, Vec<String>),
    /// `=` `!=` `under` `not under`, name.
    Place(&'static str, String),
    /// `<` … `!=`; how the query writes it; amount in the unit of the dimension.
    Amount(&'static str, String, Quantity),
    /// Attribute, `<` … `!=`, a number or text.
    Attribute(&'static str, &'static str, Value),
    /// Field, `=` `!=` `under` `in`, codes beside the names.
    ActorCode(&'static str, &'static str, Vec<String>),
    /// Field.
    IsNull(&'static str, bool),
    Between(String, String),
    Directed(Option<String>, Option<String>),
    Involving(Vec<String>),
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}

fn set(names: &[String]) -> String {
    format!("({})", names.iter().map(|n| quoted(n)).collect::<Vec<_>>().join(", "))
}

impl fmt::Display for Cond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |f: &mut fmt::Formatter<'_>, parts: &[Cond], word: &str| {
            let parts: Vec<String> = parts.iter().map(|p| format!("({p})")).collect();
            f.write_str(&parts.join(word))
        };
        match self {
            Cond::And(parts) => joined(f, parts, " and "),
            Cond::Or(parts) => joined(f, parts, " or "),
            Cond::Not(inner) => write!(f, "not ({inner})"),
            Cond::Possibly(inner) => write!(f, "possibly({inner})"),
            Cond::Certainly(inner) => write!(f, "certainly({inner})"),
            Cond::Name(field, op @ ("in" | "not in"), names) => {
                write!(f, "{field} {op} {}", set(names))
            }
            Cond::Name(field, op, names) if names.len() > 1 => {
                write!(f, "{field} {op} {}", set(names))
            }
            Cond::Name(field, op, names) => write!(f, "{field} {op} {}", quoted(&names[0])),
            Cond::Kind("in", names) => write!(f, "kind in {}", set(names)),
            Cond::Kind(op, names) => write!(f, "kind {op} {}", quoted(&names[0])),
            Cond::Code(op, code) => write!(f, "code {op} {}", quoted(code)),
            Cond::Date(op, when) => write!(f, "date {op} {}", when.text),
            Cond::Period(unit, op, when) => write!(f, "{unit} {op} {}", when.text),
            Cond::Status(op @ ("in" | "not in"), words) => write!(f, "status {op} {}", set(words)),
            Cond::Status(op, words) => write!(f, "status {op} {}", quoted(&words[0])),
            Cond::Place(op, name) => write!(f, "place {op} {}", quoted(name)),
            Cond::Amount(op, text, _) => write!(f, "amount {op} {text}"),
            Cond::Attribute(name, op, Value::Text(text)) => {
                write!(f, "{name} {op} {}", quoted(text))
            }
            Cond::Attribute(name, op, value) => write!(f, "{name} {op} {value}"),
            Cond::ActorCode(field, "in", codes) => write!(f, "{field}.code in {}", set(codes)),
            Cond::ActorCode(field, op, codes) => {
                write!(f, "{field}.code {op} {}", quoted(&codes[0]))
            }
            Cond::IsNull(field, true) => write!(f, "{field} is null"),
            Cond::IsNull(field, false) => write!(f, "{field} is not null"),
            Cond::Between(a, b) => write!(f, "between {} and {}", quoted(a), quoted(b)),
            Cond::Directed(from, to) => {
                let from = from.as_ref().map(|n| format!("from {}", quoted(n)));
                let to = to.as_ref().map(|n| format!("to {}", quoted(n)));
                let sides: Vec<String> = from.into_iter().chain(to).collect();
                f.write_str(&sides.join(" "))
            }
            Cond::Involving(names) => {
                let names: Vec<String> = names.iter().map(|n| quoted(n)).collect();
                write!(f, "involving {}", names.join(" and "))
            }
        }
    }
}

/// The contrary of an operator, where it has one.
fn contrary(op: &'static str) -> Option<&'static str> {
    Some(match op {
        "!=" => "=",
        "!==" => "==",
        "not in" => "in",
        "not under" => "under",
        "not during" => "during",
        _ => return None,
    })
}

fn negated(op: &'static str, test: impl FnOnce(&'static str) -> Tri) -> Tri {
    match contrary(op) {
        Some(op) => test(op).not(),
        None => test(op),
    }
}

impl Cond {
    /// What it is for an event.
    pub(crate) fn of(&self, event: &Event, world: &World) -> Tri {
        let date = event.date.as_ref();
        match self {
            Cond::And(parts) => parts.iter().map(|p| p.of(event, world)).fold(Tri::TRUE, Tri::and),
            Cond::Or(parts) => Tri::any(parts.iter().map(|p| p.of(event, world))),
            Cond::Not(inner) => inner.of(event, world).not(),
            Cond::Possibly(inner) => {
                let best = inner.of(event, world).best;
                Tri { worst: best, best }
            }
            Cond::Certainly(inner) => {
                let worst = inner.of(event, world).worst;
                Tri { worst, best: worst }
            }
            Cond::Name(field, op, names) => negated(op, |op| {
                let written = world.people(event, field).into_iter().flat_map(called);
                Tri::any(written.map(|w| match op {
                    "==" => Tri::of(names.iter().any(|name| w == name)),
                    _ => world.fits_any(w, names, op == "under", date),
                }))
            }),
            Cond::Kind(op, names) => negated(op, |op| {
                let is = |name: &String| match op {
                    "==" => event.kind == *name,
                    _ => world.is_kind(&event.kind, name),
                };
                Tri::of(names.iter().any(is))
            }),
            Cond::Code(op, wanted) => negated(op, |op| match world.code(event) {
                None => Tri::MISSING,
                Some(code) if op == "under" => Tri::of(code.starts_with(wanted.as_str())),
                Some(code) => Tri::of(code == *wanted),
            }),
            Cond::Date(op, when) => negated(op, |op| {
                let Some(date) = date else { return Tri::POSSIBLE };
                let (a, b) = (when.days.first.0, when.days.last.0);
                over(date, when.days, |first, last| match op {
                    "<" | "before" => last < a,
                    "<=" => last <= b,
                    ">" | "after" => first > b,
                    ">=" => first >= a,
                    "=" | "in" | "overlaps" => first <= b && last >= a,
                    "during" => first >= a && last <= b,
                    other => panic!("{other}"),
                })
            }),
            Cond::Period(_, op, when) => negated(op, |op| {
                let Some(date) = date else { return Tri::POSSIBLE };
                let (a, b) = (when.days.first.0, when.days.last.0);
                over(date, when.days, |first, _| match op {
                    "<" => first < a,
                    "<=" => first <= b,
                    ">" => first > b,
                    ">=" => first >= a,
                    "=" | "in" => first >= a && first <= b,
                    other => panic!("{other}"),
                })
            }),
            Cond::Status(op, words) => {
                negated(op, |_| Tri::of(words.iter().any(|w| w == event.status.word())))
            }
            Cond::Place(op, name) => negated(op, |op| {
                let fits = |p: &attache::Location| world.fits_place(&p.name, name, op == "under");
                Tri::of(event.places.iter().any(fits))
            }),
            Cond::Amount(op, _, literal) => {
                negated(op, |op| Tri::any(event.quantities.iter().map(|q| amount(q, op, literal))))
            }
            Cond::Attribute(name, op, literal) => {
                negated(op, |op| match event.attributes.get(*name) {
                    None | Some(Value::Null) => Tri::MISSING,
                    Some(Value::List(list)) => Tri::any(
                        list.iter()
                            .map(|v| attribute(v, op, literal))
                            .filter(|t| *t != Tri::MISSING),
                    ),
                    Some(value) => attribute(value, op, literal),
                })
            }
            Cond::ActorCode(field, op, wanted) => negated(op, |op| {
                let people = world.people(event, field);
                let mut codes = people.iter().filter_map(|p| p.code.as_deref());
                Tri::of(codes.any(|code| match op {
                    "under" => wanted.iter().any(|w| code.starts_with(w.as_str())),
                    _ => wanted.iter().any(|w| fold(w) == fold(code)),
                }))
            }),
            Cond::IsNull(field, yes) => Tri::of(is_null(event, field, world) == *yes),
            Cond::Between(a, b) => involving(event, &[a, b], world),
            Cond::Involving(names) => involving(event, &names.iter().collect::<Vec<_>>(), world),
            Cond::Directed(from, to) => {
                let (sources, targets) = world.directed(event);
                let fits = |name: &String, who: &Participant| world.fits(who, name, date);
                match (from, to) {
                    (Some(from), Some(to)) => {
                        let pairs =
                            sources.iter().flat_map(|s| targets.iter().map(move |t| (s, t)));
                        let pairs = pairs.filter(|(s, t)| (&s.name, &s.code) != (&t.name, &t.code));
                        Tri::any(pairs.map(|(s, t)| fits(from, s).and(fits(to, t))))
                    }
                    (Some(from), None) => Tri::any(sources.iter().map(|s| fits(from, s))),
                    (None, Some(to)) => Tri::any(targets.iter().map(|t| fits(to, t))),
                    (None, None) => Tri::TRUE,
                }
            }
        }
    }
}

/// Every way to choose for each row of a table a column of its own.
fn choose(fit: &[Vec<Tri>], taken: &mut Vec<usize>) -> Tri {
    let Some((first, rest)) = fit.split_first() else { return Tri::TRUE };
    let mut any = Tri::FALSE;
    for (at, fits) in first.iter().enumerate() {
        if !taken.contains(&at) {
            taken.push(at);
            any = any.or(fits.and(choose(rest, taken)));
            taken.pop();
        }
    }
    any
}

/// Different participants, one of each: every way to choose them.
fn involving(event: &Event, names: &[&String], world: &World) -> Tri {
    let mut people = world.people(event, "actor");
    people.sort_by_key(|p| (&p.name, &p.code));
    people.dedup_by_key(|p| (&p.name, &p.code));
    let fit: Vec<Vec<Tri>> = names
        .iter()
        .map(|name| people.iter().map(|p| world.fits(p, name, event.date.as_ref())).collect())
        .collect();
    choose(&fit, &mut Vec::new())
}

/// The dimension of a unit of the data here, and how many of its base one is.
fn dimension(unit: Option<&str>) -> (String, f64) {
    let unit = fold(unit.unwrap_or(""));
    match unit.as_str() {
        "bcm/year" => ("flow".to_owned(), 1.0),
        "barrels/day" => ("flow".to_owned(), 0.158_987_294_928e-9 * 365.0),
        "bcf/day" => ("flow".to_owned(), 0.028_316_846_592 * 365.0),
        other => (other.trim_end_matches('s').to_owned(), 1.0),
    }
}

fn amount(q: &Quantity, op: &str, literal: &Quantity) -> Tri {
    let (of, factor) = dimension(q.unit.as_deref());
    let (wanted, unit) = dimension(literal.unit.as_deref());
    if of != wanted {
        return Tri::FALSE;
    }
    let x = literal.low * unit;
    let choices = [q.low * factor, q.high * factor, x].into_iter();
    Tri::over(choices.filter(|c| q.low * factor <= *c && *c <= q.high * factor).map(|c| match op {
        "<" => c < x,
        "<=" => c <= x,
        ">" => c > x,
        ">=" => c >= x,
        "=" => (c - x).abs() < 1e-9 * x.abs().max(1.0),
        other => panic!("{other}"),
    }))
}

fn attribute(value: &Value, op: &str, literal: &Value) -> Tri {
    let number = |v: &Value| match v {
        Value::Int(n) => Some(*n as f64),
        Value::Float(n) => Some(*n),
        _ => None,
    };
    let order = match (value, literal) {
        (Value::Text(a), Value::Text(b)) => fold(a).cmp(&fold(b)),
        _ => match (number(value), number(literal)) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            _ => return Tri::MISSING,
        },
    };
    Tri::of(match op {
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        ">=" => order.is_ge(),
        "=" => order.is_eq(),
        other => panic!("{other}"),
    })
}

fn is_null(event: &Event, field: &str, world: &World) -> bool {
    match field {
        "date" | "year" | "month" => event.date.is_none(),
        "code" => world.code(event).is_none(),
        "place" => event.places.is_empty(),
        "amount" => event.quantities.is_empty(),
        "summary" => event.summary.is_none(),
        "documents" => event.documents.is_empty(),
        "actor" | "source" | "target" | "party" => world.names(event, field).is_empty(),
        name => event.attributes.get(name).is_none_or(Value::is_null),
    }
}

/// The days of a year, a month or a day as the calendar has them.
pub(crate) fn calendar(year: i64, month: Option<u8>, day: Option<u8>) -> Days {
    let next = |year, month| if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    let ((y1, m1), (y2, m2)) = match month {
        None => ((year, 1), (year + 1, 1)),
        Some(month) => ((year, month), next(year, month)),
    };
    match day {
        Some(day) => Days { first: Day::from_ymd(y1, m1, day), last: Day::from_ymd(y1, m1, day) },
        None => Days { first: Day::from_ymd(y1, m1, 1), last: Day(Day::from_ymd(y2, m2, 1).0 - 1) },
    }
}
