//! The text of expressions and of what they are made of.

use std::fmt::{self, Display, Formatter, Write};

use crate::model::Date;
use crate::parser::ast::ArithOp;
use crate::parser::ast::{
    At, CmpOp, Count, Duration, Dyad, Expr, ExprKind, InSet, Literal, MatchOp, Number, Party, Path,
    PathStep, Period, Quantity, Range, Record, Relation, Scale, Text, TextKind, Unit, Value,
    ValueKind,
};
use crate::parser::edtf::parse_literal;
use crate::parser::input::{Input, Limits, State};
use crate::parser::keyword::{Role, has_role, is_reserved};
use crate::parser::lexeme::plain;
use crate::parser::literal::date_lexeme;

impl<T: Display> Display for At<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}

/// Writes things one after the other with a text between.
pub(super) fn joined<T>(
    f: &mut Formatter<'_>,
    things: &[T],
    between: &str,
    mut write: impl FnMut(&mut Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (i, thing) in things.iter().enumerate() {
        if i > 0 {
            f.write_str(between)?;
        }
        write(f, thing)?;
    }
    Ok(())
}

/// Writes things between commas.
pub(super) fn commas<T: Display>(f: &mut Formatter<'_>, things: &[T]) -> fmt::Result {
    joined(f, things, ", ", |f, thing| thing.fmt(f))
}

fn is_plain(name: &str) -> bool {
    let state = State::new(name, Limits::default());
    plain(Input::new(&state)).is_ok_and(|(rest, _)| rest.rest.is_empty())
}

/// A name, in back-quotes where it needs them.
pub(super) struct NameText<'a>(pub(super) &'a str);

impl Display for NameText<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if is_plain(self.0) && !is_reserved(self.0) {
            f.write_str(self.0)
        } else {
            write!(f, "`{}`", self.0.replace('`', "``"))
        }
    }
}

/// A string, quoted and escaped.
pub(super) struct StringText<'a>(pub(super) &'a str);

impl Display for StringText<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                '\0' => f.write_str("\\0")?,
                c if c.is_control() => write!(f, "\\u{{{:x}}}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}

/// A name where a string may stand as well: bare if it can be.
pub(super) struct EntryText<'a>(pub(super) &'a str);

impl Display for EntryText<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if is_plain(self.0) && !is_reserved(self.0) {
            f.write_str(self.0)
        } else {
            StringText(self.0).fmt(f)
        }
    }
}

/// A date: bare where that says the same, else after `@`.
pub(super) struct DateText<'a>(pub(super) &'a Date);

impl DateText<'_> {
    fn is_bare(&self) -> bool {
        let text = &self.0.edtf;
        let state = State::new(text, Limits::default());
        let bare = date_lexeme(Input::new(&state)).is_ok_and(|(rest, _)| rest.rest.is_empty());
        bare && parse_literal(text).is_ok_and(|date| date == *self.0)
    }
}

impl Display for DateText<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !self.is_bare() {
            f.write_char('@')?;
        }
        f.write_str(&self.0.edtf)
    }
}

impl Display for TextKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            TextKind::String(text) => StringText(text).fmt(f),
            TextKind::Param(name) => write!(f, "${name}"),
        }
    }
}

impl Display for Count {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Count::Number(number) => number.fmt(f),
            Count::Param(name) => write!(f, "${name}"),
        }
    }
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.optional {
            f.write_char('?')?;
        }
        NameText(&self.head).fmt(f)?;
        for step in &self.steps {
            match step {
                PathStep::Name(name) if is_plain(name) => write!(f, ".{}", name.node)?,
                PathStep::Name(name) => write!(f, ".`{}`", name.replace('`', "``"))?,
                PathStep::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Number::Int(number) => number.fmt(f),
            // The debug form keeps the point or the exponent that makes it a float.
            Number::Float(number) => write!(f, "{number:?}"),
        }
    }
}

impl Display for Duration {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        joined(f, &self.0, " ", |f, (amount, unit)| {
            let unit = match unit {
                Unit::Second => "second",
                Unit::Minute => "minute",
                Unit::Hour => "hour",
                Unit::Day => "day",
                Unit::Week => "week",
                Unit::Month => "month",
                Unit::Quarter => "quarter",
                Unit::Year => "year",
            };
            write!(f, "{amount} {unit}{}", if *amount == 1 { "" } else { "s" })
        })
    }
}

impl Display for Quantity {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.number.fmt(f)?;
        if let Some(scale) = self.scale {
            f.write_str(match scale {
                Scale::Thousand => " thousand",
                Scale::Million => " million",
                Scale::Billion => " billion",
                Scale::Trillion => " trillion",
            })?;
        }
        match &self.measure {
            Some(measure) => {
                let free = is_plain(measure)
                    && ![Role::Reserved, Role::Unit, Role::Scale]
                        .iter()
                        .any(|role| has_role(measure, *role));
                if free { write!(f, " {measure}") } else { write!(f, " {}", StringText(measure)) }
            }
            None => Ok(()),
        }
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Literal::Date(date) => DateText(date).fmt(f),
            Literal::Duration(duration) => duration.fmt(f),
            Literal::Quantity(quantity) => quantity.fmt(f),
            Literal::Number(number) => number.fmt(f),
            Literal::String(text) => StringText(text).fmt(f),
            Literal::Bool(value) => value.fmt(f),
            Literal::Null => f.write_str("null"),
        }
    }
}

impl Display for Range {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut between = "..";
        if let Some(from) = &self.from {
            operand(f, from, NEGATE)?;
            // An `@` date would swallow the dots.
            let date = match &from.node {
                ExprKind::Negate(operand) => &operand.node,
                other => other,
            };
            if let ExprKind::Literal(Literal::Date(date)) = date
                && !DateText(date).is_bare()
            {
                between = " ..";
            }
        }
        f.write_str(between)?;
        self.to.as_ref().map_or(Ok(()), |to| operand(f, to, NEGATE))
    }
}

impl Display for Record {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.fields.is_empty() {
            return f.write_str("{}");
        }
        f.write_str("{ ")?;
        joined(f, &self.fields, ", ", |f, (name, value)| {
            if is_plain(name) {
                write!(f, "{}: {value}", name.node)
            } else {
                write!(f, "{}: {value}", StringText(name))
            }
        })?;
        f.write_str(" }")
    }
}

impl Display for ValueKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            ValueKind::List(values) => list(f, values),
            ValueKind::Record(record) => record.fmt(f),
            ValueKind::Range(range) => range.fmt(f),
            ValueKind::Expr(expr) => expr.fmt(f),
        }
    }
}

fn list(f: &mut Formatter<'_>, values: &[Value]) -> fmt::Result {
    f.write_char('[')?;
    commas(f, values)?;
    f.write_char(']')
}

fn set<T: Display>(f: &mut Formatter<'_>, things: &[T]) -> fmt::Result {
    f.write_char('(')?;
    commas(f, things)?;
    f.write_char(')')
}

impl Display for Party {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Party::Name(name) => StringText(name).fmt(f),
            Party::Param(name) => write!(f, "${name}"),
            Party::Set(exprs) => set(f, exprs),
        }
    }
}

impl Display for Dyad {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Dyad::Between(a, b) => write!(f, "between {a} and {b}"),
            Dyad::Directed { from: Some(from), to: Some(to) } => write!(f, "from {from} to {to}"),
            Dyad::Directed { from: Some(from), to: None } => write!(f, "from {from}"),
            Dyad::Directed { from: None, to: Some(to) } => write!(f, "to {to}"),
            Dyad::Directed { from: None, to: None } => Ok(()),
            Dyad::Involving(parties) => {
                f.write_str("involving ")?;
                joined(f, parties, " and ", |f, party| party.fmt(f))
            }
        }
    }
}

// How tightly the forms of an expression bind, by the rule that reads them.
const OR: u8 = 0;
const AND: u8 = 1;
const NOT: u8 = 2;
const TEST: u8 = 3;
const COALESCE: u8 = 4;
/// Also what keys may be without parentheses.
pub(super) const SUM: u8 = 5;
const PRODUCT: u8 = 6;
const NEGATE: u8 = 7;
const PRIMARY: u8 = 8;

fn binding(expr: &ExprKind) -> u8 {
    match expr {
        ExprKind::Or(_) => OR,
        ExprKind::And(_) => AND,
        ExprKind::Not(_) => NOT,
        ExprKind::Dyad(_)
        | ExprKind::Compare { .. }
        | ExprKind::In { .. }
        | ExprKind::Under { .. }
        | ExprKind::Match { .. }
        | ExprKind::During { .. }
        | ExprKind::IsNull { .. } => TEST,
        ExprKind::Coalesce(_) => COALESCE,
        ExprKind::Arithmetic { op, .. } => match op.node {
            ArithOp::Add | ArithOp::Sub => SUM,
            ArithOp::Mul | ArithOp::Div | ArithOp::Rem => PRODUCT,
        },
        ExprKind::Negate(_) => NEGATE,
        ExprKind::Literal(_) | ExprKind::Param(_) | ExprKind::Call { .. } | ExprKind::Path(_) => {
            PRIMARY
        }
    }
}

/// Writes an expression, in parentheses unless it binds as tightly as its place asks.
pub(super) fn operand(f: &mut Formatter<'_>, expr: &Expr, least: u8) -> fmt::Result {
    if binding(&expr.node) < least { write!(f, "({expr})") } else { expr.fmt(f) }
}

impl Display for ExprKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let not = |negated: &bool| if *negated { " not" } else { "" };
        match self {
            ExprKind::Or(operands) => joined(f, operands, " or ", |f, e| operand(f, e, AND)),
            ExprKind::And(operands) => joined(f, operands, " and ", |f, e| operand(f, e, NOT)),
            ExprKind::Not(inner) => {
                f.write_str("not ")?;
                operand(f, inner, NOT)
            }
            ExprKind::Dyad(dyad) => dyad.fmt(f),
            ExprKind::Compare { left, op, right } => {
                operand(f, left, COALESCE)?;
                write!(f, " {op} ")?;
                operand(f, right, COALESCE)
            }
            ExprKind::In { left, negated, set } => {
                operand(f, left, COALESCE)?;
                write!(f, "{} in {set}", not(negated))
            }
            ExprKind::Under { left, negated, names } => {
                operand(f, left, COALESCE)?;
                write!(f, "{} under ", not(negated))?;
                texts(f, names)
            }
            ExprKind::Match { left, negated, how, patterns } => {
                operand(f, left, COALESCE)?;
                match how {
                    MatchOp::Like => write!(f, "{} like ", not(negated))?,
                    MatchOp::Matches => write!(f, "{} matches ", not(negated))?,
                    MatchOp::Search => f.write_str(if *negated { " !~ " } else { " ~ " })?,
                }
                texts(f, patterns)
            }
            ExprKind::During { left, negated, relation, period } => {
                operand(f, left, COALESCE)?;
                let relation = match relation {
                    Relation::During => "during",
                    Relation::Overlaps => "overlaps",
                    Relation::Before => "before",
                    Relation::After => "after",
                };
                write!(f, "{} {relation} {period}", not(negated))
            }
            ExprKind::IsNull { left, negated } => {
                operand(f, left, COALESCE)?;
                write!(f, " is{} null", not(negated))
            }
            ExprKind::Coalesce(operands) => joined(f, operands, " ?? ", |f, e| operand(f, e, SUM)),
            ExprKind::Arithmetic { left, op, right } => {
                let binding = binding(self);
                operand(f, left, binding)?;
                write!(f, " {op} ")?;
                operand(f, right, binding + 1)
            }
            ExprKind::Negate(inner) => {
                f.write_char('-')?;
                operand(f, inner, NEGATE)
            }
            ExprKind::Literal(literal) => literal.fmt(f),
            ExprKind::Param(name) => write!(f, "${name}"),
            ExprKind::Call { name, args } => {
                write!(f, "{}(", NameText(name))?;
                commas(f, args)?;
                f.write_char(')')
            }
            ExprKind::Path(path) => path.fmt(f),
        }
    }
}

fn texts(f: &mut Formatter<'_>, texts: &[Text]) -> fmt::Result {
    match texts {
        [one] => one.fmt(f),
        _ => set(f, texts),
    }
}

impl Display for CmpOp {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CmpOp::Eq => "=",
            CmpOp::Ne => "!=",
            CmpOp::Same => "==",
            CmpOp::NotSame => "!==",
            CmpOp::Lt => "<",
            CmpOp::Le => "<=",
            CmpOp::Gt => ">",
            CmpOp::Ge => ">=",
        })
    }
}

impl Display for ArithOp {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ArithOp::Add => "+",
            ArithOp::Sub => "-",
            ArithOp::Mul => "*",
            ArithOp::Div => "/",
            ArithOp::Rem => "%",
        })
    }
}

impl Display for InSet {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            InSet::Set(exprs) => set(f, exprs),
            InSet::Query(query) => write!(f, "({query})"),
            InSet::List(values) => list(f, values),
            InSet::Range(range) => range.fmt(f),
            InSet::Param(name) => write!(f, "${name}"),
        }
    }
}

impl Display for Period {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Period::Last(duration) => write!(f, "last {duration}"),
            Period::Range(range) => range.fmt(f),
            Period::Expr(expr) => operand(f, expr, SUM),
        }
    }
}
