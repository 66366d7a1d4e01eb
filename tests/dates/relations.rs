//! Every relation is what trying all choices of the days gives, in a world of a few days.

use attache::internals::dates::{Date, Day, Days, Order, Precision, Truth};

/// A first and a last day.
type Choice = (i64, i64);

/// A date, and all choices of days that it leaves.
struct Case {
    date: Date,
    choices: Vec<Choice>,
}

fn days(first: i64, last: i64) -> Days {
    Days { first: Day(first), last: Day(last) }
}

fn intervals(first: i64, last: i64) -> Vec<(i64, i64)> {
    (first..=last).flat_map(|a| (a..=last).map(move |b| (a, b))).collect()
}

/// All dates of a world from one day to another. With `open`, its first and last day stand for ends that are not known.
fn cases(first: i64, last: i64, open: bool) -> Vec<Case> {
    let real = |a: i64, b: i64| {
        let mut days = days(a, b);
        if open && a == first {
            days.first = Day::MIN;
        }
        if open && b == last {
            days.last = Day::MAX;
        }
        days
    };
    let mut cases = Vec::new();
    for (a, b) in intervals(first, last) {
        if !open || (a, b) != (first, first) && (a, b) != (last, last) {
            cases.push(Case {
                date: Date::within(real(a, b), Precision::Interval),
                choices: (a..=b).map(|d| (d, d)).collect(),
            });
        }
        for (c, d) in intervals(first, last) {
            let choices: Vec<Choice> =
                (a..=b).flat_map(|s| (c.max(s)..=d).map(move |e| (s, e))).collect();
            // An end before the world or a start behind it are no dates.
            let real_ends = !open || (a, b) != (last, last) && (c, d) != (first, first);
            if !choices.is_empty() && real_ends {
                let start =
                    if open && (a, b) == (first, first) { Days::one(Day::MIN) } else { real(a, b) };
                let end =
                    if open && (c, d) == (last, last) { Days::one(Day::MAX) } else { real(c, d) };
                cases.push(Case { date: Date::lasting(start, end), choices });
            }
        }
    }
    cases
}

/// What trying all gives.
fn tried(mut each: impl Iterator<Item = bool>) -> Truth {
    let first = each.next().expect("a choice");
    if each.all(|one| one == first) { first.into() } else { Truth::POSSIBLE }
}

type Relation = (&'static str, fn(&Date, Days) -> Truth, fn(Choice, Choice) -> bool);

/// The relations between a date and days that are known.
const RELATIONS: [Relation; 10] = [
    ("equals", |d, days| d.equals(days), |(s, e), (p, q)| s <= q && p <= e),
    ("overlaps", |d, days| d.overlaps(days), |(s, e), (p, q)| (s..=e).any(|x| p <= x && x <= q)),
    ("during", |d, days| d.during(days), |(s, e), (p, q)| (s..=e).all(|x| p <= x && x <= q)),
    ("before", |d, days| d.before(days), |(s, e), (p, _)| (s..=e).all(|x| x < p)),
    ("after", |d, days| d.after(days), |(s, e), (_, q)| (s..=e).all(|x| x > q)),
    ("within", |d, days| d.start_within(days), |(s, _), (p, q)| p <= s && s <= q),
    ("<", |d, days| d.compare_days(Order::Less, days), |(_, e), (p, _)| e < p),
    ("<=", |d, days| d.compare_days(Order::LessEqual, days), |(_, e), (_, q)| e <= q),
    (">", |d, days| d.compare_days(Order::Greater, days), |(s, _), (_, q)| s > q),
    (">=", |d, days| d.compare_days(Order::GreaterEqual, days), |(s, _), (p, _)| s >= p),
];

#[test]
fn relations_to_known_days_are_true_for_all_choices_or_for_some() {
    for (cases, (first, last)) in [(cases(0, 5, false), (0, 5)), (cases(-1, 5, true), (0, 4))] {
        for case in &cases {
            for literal in intervals(first, last) {
                for (name, relation, holds) in RELATIONS {
                    assert_eq!(
                        relation(&case.date, days(literal.0, literal.1)),
                        tried(case.choices.iter().map(|c| holds(*c, literal))),
                        "{:?} {:?} {name} {literal:?}",
                        case.date.start(),
                        case.date.end()
                    );
                }
            }
        }
    }
}

type Pair = (&'static str, fn(&Date, &Date) -> Truth, fn(Choice, Choice) -> bool);

/// The relations between two dates that are both in doubt.
const PAIRS: [Pair; 6] = [
    ("<", |a, b| a.compare_with(Order::Less, b), |(_, e), (s, _)| e < s),
    ("<=", |a, b| a.compare_with(Order::LessEqual, b), |(_, e), (_, f)| e <= f),
    (">", |a, b| a.compare_with(Order::Greater, b), |(s, _), (_, f)| s > f),
    (">=", |a, b| a.compare_with(Order::GreaterEqual, b), |(s, _), (t, _)| s >= t),
    ("shares a day", |a, b| a.shares_a_day_with(b), |(s, e), (t, f)| s <= f && t <= e),
    ("during", |a, b| a.during_all_of(b), |(s, e), (t, f)| t <= s && e <= f),
];

#[test]
fn relations_of_two_dates_are_true_for_all_choices_or_for_some() {
    let cases = cases(0, 3, false);
    for a in &cases {
        for b in &cases {
            for (name, relation, holds) in PAIRS {
                let choices =
                    a.choices.iter().flat_map(|x| b.choices.iter().map(|y| holds(*x, *y)));
                assert_eq!(
                    relation(&a.date, &b.date),
                    tried(choices),
                    "{} {name} {}",
                    a.date,
                    b.date
                );
            }
        }
    }
}

#[test]
fn nothing_is_possible_only_when_the_days_are_known() {
    for case in cases(0, 5, false).iter().filter(|c| c.date.is_certain()) {
        assert_eq!(case.choices.len(), 1);
        for (p, q) in intervals(0, 5) {
            for (name, relation, _) in RELATIONS {
                assert_ne!(
                    relation(&case.date, days(p, q)),
                    Truth::POSSIBLE,
                    "{} {name}",
                    case.date
                );
            }
        }
    }
}

#[test]
fn a_literal_counts_as_the_days_it_covers() {
    let june = Date::month(2015, 6);
    let day = Date::day(Day::from_ymd(2015, 6, 12));
    assert_eq!(day.compare(Order::LessEqual, &june), Truth::TRUE);
    assert_eq!(day.compare(Order::Less, &june), Truth::FALSE);
    assert_eq!(day.compare(Order::GreaterEqual, &june), Truth::TRUE);
    assert_eq!(june.compare(Order::GreaterEqual, &june), Truth::TRUE);
    assert_eq!(june.compare_with(Order::GreaterEqual, &june), Truth::POSSIBLE);
}
