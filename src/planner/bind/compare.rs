//! Comparisons: what the right side means depends on what the left side holds.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalog::{Field, FieldType, NameSet, Tree, Validity, nearest};
use crate::error::{Result, Span};
use crate::model::{Date, Day, Days, Duration, Status, Value, fold};
use crate::parser::ast::{self, CmpOp, InSet, Relation};

use super::super::columnar;
use super::super::expression::{Expr, Names, PeriodExpr};
use super::super::plan::Node;
use super::constant::{duration_of, empty_range};
use super::expression::negate;
use super::{Binder, Place, Typed, did_you_mean, error, quote};

impl Binder<'_> {
    /// `a = b` and its kin.
    pub(super) fn compare(
        &mut self,
        left: &ast::Expr,
        op: &ast::At<CmpOp>,
        right: &ast::Expr,
        place: &mut Place,
    ) -> Result<Expr> {
        let (mut l, mut r) = (self.expression(left, place)?, self.expression(right, place)?);
        let (mut span, mut op) = (right.span, op.node);
        if l.constant().is_some() && r.constant().is_none() {
            (l, r, span, op) = (r, l, left.span, mirrored(op));
        }
        let negated = matches!(op, CmpOp::Ne | CmpOp::NotSame);
        let positive = match op {
            CmpOp::Ne => CmpOp::Eq,
            CmpOp::NotSame => CmpOp::Same,
            other => other,
        };
        if let Some(value) = r.constant().cloned() {
            if value.is_null() && matches!(positive, CmpOp::Eq | CmpOp::Same) {
                return Ok(negate(Expr::IsNull(Box::new(l.expr)), negated));
            }
            if matches!(positive, CmpOp::Eq | CmpOp::Same) {
                return Ok(negate(self.equals(&l, positive, value, span)?, negated));
            }
            let value = self.coerce(value, l.holds, span)?;
            return Ok(Expr::Compare {
                left: Box::new(l.expr),
                op: positive,
                right: Box::new(Expr::Constant(value)),
            });
        }
        let test = Expr::Compare { left: Box::new(l.expr), op: positive, right: Box::new(r.expr) };
        Ok(negate(test, negated))
    }

    /// Equality with a constant: names are resolved, kinds hold their subkinds, words are checked.
    fn equals(&mut self, left: &Typed, op: CmpOp, value: Value, span: Span) -> Result<Expr> {
        if let Value::List(values) = value {
            let tests = values
                .into_iter()
                .map(|v| self.equals(left, op, v, span))
                .collect::<Result<Vec<_>>>()?;
            return Ok(any(tests));
        }
        match (left.holds, op) {
            (FieldType::Actors | FieldType::Places, CmpOp::Same) => {
                let text = Self::as_text(&value, span)?;
                let mut set = NameSet::default();
                set.insert(text.clone(), Validity::Always);
                Ok(named(left, set, quote(&text)))
            }
            (FieldType::Actors | FieldType::Places, _) => {
                let text = Self::as_text(&value, span)?;
                let tree = tree_of(left.holds);
                let bearers = self.bearers(tree, &text, span)?;
                let set = self.names_meant(tree, &bearers)?;
                Ok(named(left, set, quote(&text)))
            }
            (FieldType::Kind, _) => {
                let text = Self::as_text(&value, span)?;
                let kind = self.kind_name(&text, span)?;
                let kinds = if op == CmpOp::Same {
                    BTreeSet::from([kind])
                } else {
                    self.catalog.subkinds(&kind)?
                };
                Ok(kind_test(left, kinds, &text))
            }
            (FieldType::Status, _) => {
                let text = Self::as_text(&value, span)?;
                let status = Status::from_word(&text).ok_or_else(|| {
                    let words = Status::ALL.iter().map(|s| s.word());
                    let near: Vec<String> =
                        nearest(&text, words.clone()).into_iter().map(quote).collect();
                    did_you_mean(
                        error(
                            "unknown-status",
                            format!("no status {}", quote(&text)),
                            span,
                            "unknown status",
                        ),
                        span,
                        &near,
                        &format!(
                            "it is one of {}",
                            words.map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ")
                        ),
                    )
                })?;
                Ok(same(left, op, status.word().into()))
            }
            (FieldType::Documents, _) => {
                let key = Self::as_text(&value, span)?;
                let document = self.document_key(&key, span)?;
                Ok(same(left, CmpOp::Same, document.into()))
            }
            (holds, op) => {
                let mut value = self.coerce(value, holds, span)?;
                if let (Some(Field::Dyad | Field::Pair), Value::Text(pair)) = (left.field(), &value)
                {
                    value = in_order(pair).into();
                }
                // A key is a name for machines: it is the same or it is not.
                let op = if left.field() == Some(Field::Key) { CmpOp::Same } else { op };
                Ok(same(left, op, value))
            }
        }
    }

    /// `a under "x"`.
    pub(super) fn under(
        &mut self,
        left: &ast::Expr,
        names: &[ast::Text],
        place: &mut Place,
    ) -> Result<Expr> {
        let bound = self.expression(left, place)?;
        let texts = self.texts(names)?;
        let takes_part = !matches!(bound.field(), None | Some(Field::SaidBy | Field::States));
        match bound.holds {
            FieldType::Actors | FieldType::Places => {
                let tree = tree_of(bound.holds);
                let mut set = NameSet::default();
                for (name, span) in &texts {
                    let bearers = self.bearers(tree, name, *span)?;
                    set.extend(&self.catalog.name_set_under(tree, &bearers)?);
                    if tree == Tree::Actors && takes_part {
                        self.add_stateless(&bearers, &mut set)?;
                    }
                }
                let text = texts.iter().map(|(t, _)| quote(t)).collect::<Vec<_>>().join(", ");
                Ok(named(&bound, set, format!("under {text}")))
            }
            FieldType::Kind => {
                let mut kinds = BTreeSet::new();
                for (name, span) in &texts {
                    kinds.extend(self.catalog.subkinds(&self.kind_name(name, *span)?)?);
                }
                let text = texts.iter().map(|(t, _)| t.as_str()).collect::<Vec<_>>().join(", ");
                Ok(kind_test(&bound, kinds, &text))
            }
            FieldType::Code => Ok(Expr::Prefix {
                left: Box::new(bound.expr),
                prefixes: texts.into_iter().map(|(t, _)| t).collect(),
            }),
            _ => Err(error(
                "not-a-tree",
                "`under` looks into a tree",
                left.span,
                "this is not in one",
            )
            .help("use it on `actor`, `source`, `target`, `party`, `kind`, `place` or `code`")
            .bind()),
        }
    }

    /// `a in …`.
    pub(super) fn in_set(
        &mut self,
        left: &ast::Expr,
        set: &ast::At<InSet>,
        place: &mut Place,
    ) -> Result<Expr> {
        let bound = self.expression(left, place)?;
        match &set.node {
            InSet::Set(exprs) => {
                if let Some(query) = self.query_named(exprs, place)? {
                    return self.in_query(bound, &query, set.span);
                }
                let mut tests = Vec::with_capacity(exprs.len());
                let mut others = Vec::new();
                for expr in exprs {
                    let member = self.expression(expr, place)?;
                    match member.constant() {
                        Some(value) => {
                            tests.push(self.equals(&bound, CmpOp::Eq, value.clone(), expr.span)?);
                        }
                        None => others.push(member.expr),
                    }
                }
                if !others.is_empty() {
                    tests.push(Expr::InList { left: Box::new(bound.expr), list: others });
                }
                Ok(any(tests))
            }
            InSet::List(values) => {
                let mut tests = Vec::with_capacity(values.len());
                for value in values {
                    let constant = self.value(value)?;
                    tests.push(self.equals(&bound, CmpOp::Eq, constant, value.span)?);
                }
                Ok(any(tests))
            }
            InSet::Param(name) => {
                let value = self.param(name, set.span)?;
                self.equals(&bound, CmpOp::Eq, value, set.span)
            }
            InSet::Query(query) => self.in_query(bound, query, set.span),
            InSet::Range(range) => self.in_range(&bound, range, set.span, place),
        }
    }

    /// `a in (query)`: one of the values of its only column.
    fn in_query(&mut self, left: Typed, query: &ast::Query, span: Span) -> Result<Expr> {
        let inner = self.apart(|binder| binder.query(query))?;
        if inner.output.len() != 1 {
            return Err(error(
                "columns",
                format!("this query gives {} columns", inner.output.len()),
                span,
                "one column is wanted here",
            )
            .help("end it with `| select` and the column")
            .bind());
        }
        let items = inner.output.into_iter().map(|(_, expr)| expr).collect();
        let root = Node::Project { input: Box::new(inner.root), items };
        let (left, holds) = (Box::new(left.expr), left.holds);
        Ok(Expr::InQuery { left, holds, query: Arc::new(root) })
    }

    /// The query that a set of one bare name is: a `let` or a view, unless there is a field of that name.
    fn query_named(&self, set: &[ast::Expr], place: &Place) -> Result<Option<ast::Query>> {
        let [ast::At { node: ast::ExprKind::Path(path), span }] = set else { return Ok(None) };
        let name = &path.head;
        let shape = place.shape;
        let is_field = shape.columns.iter().any(|c| fold(&c.name) == fold(name))
            || (shape.events && Field::from_name(name).is_some());
        if path.optional || !path.steps.is_empty() || is_field {
            return Ok(None);
        }
        if !self.scope.queries.contains_key(name.as_str())
            && self.catalog.saved_view(name)?.is_none()
        {
            return Ok(None);
        }
        let filter = ast::EventFilter {
            kind: ast::At::new(ast::Kind::Name(name.node.clone()), *span),
            as_of: None,
            dyad: None,
            condition: None,
        };
        let source = ast::At::new(ast::Source::Events(filter), *span);
        Ok(Some(ast::At::new(ast::QueryKind { source, stages: Vec::new() }, *span)))
    }

    fn in_range(
        &mut self,
        left: &Typed,
        range: &ast::Range,
        span: Span,
        place: &mut Place,
    ) -> Result<Expr> {
        if is_dates(left.holds) {
            let period = self.range_days(range, span, place)?;
            return Ok(Expr::When {
                left: Box::new(left.expr.clone()),
                relation: Relation::Overlaps,
                period,
            });
        }
        let mut end = |side: Option<&ast::Expr>| -> Result<Option<Box<Expr>>> {
            let Some(expr) = side else { return Ok(None) };
            let bound = self.expression(expr, place)?;
            Ok(Some(Box::new(match bound.constant() {
                Some(value) => {
                    Expr::Constant(self.range_end(value.clone(), range, left.holds, expr.span)?)
                }
                None => bound.expr,
            })))
        };
        let (from, to) = (end(range.from.as_deref())?, end(range.to.as_deref())?);
        if let (Some(Expr::Constant(a)), Some(Expr::Constant(b))) = (from.as_deref(), to.as_deref())
            && let (Some(a), Some(b)) = (number(a), number(b))
            && a > b
        {
            return Err(empty_range(span));
        }
        Ok(Expr::InRange { left: Box::new(left.expr.clone()), from, to })
    }

    /// The end of a range of quantities may leave the unit to the other end.
    fn range_end(
        &mut self,
        value: Value,
        range: &ast::Range,
        holds: FieldType,
        span: Span,
    ) -> Result<Value> {
        if holds == FieldType::Quantities
            && matches!(value, Value::Int(_) | Value::Float(_))
            && let (Some(from), Some(to)) = (&range.from, &range.to)
            && from.span == span
        {
            let whole = ast::At::new(ast::ValueKind::Range(range.clone()), from.span.to(to.span));
            if let Value::Quantity(q) = self.value(&whole)? {
                return Ok(crate::model::Quantity::new(q.low, q.low, q.unit.as_deref()).into());
            }
        }
        self.coerce(value, holds, span)
    }

    /// `date during 2015` and its kin.
    pub(super) fn during(
        &mut self,
        left: &ast::Expr,
        relation: Relation,
        period: &ast::At<ast::Period>,
        place: &mut Place,
    ) -> Result<Expr> {
        let bound = self.expression(left, place)?;
        if !is_dates(bound.holds) && bound.holds != FieldType::Any {
            return Err(error(
                "not-a-date",
                "this is not a date",
                left.span,
                "a date is wanted here",
            )
            .help("use `date`, `said` or a period such as `year`")
            .bind());
        }
        let period = match &period.node {
            ast::Period::Last(duration) => PeriodExpr::Days(self.last(duration_of(duration))),
            ast::Period::Range(range) => self.range_days(range, period.span, place)?,
            ast::Period::Expr(expr) => self.period_of(expr, place)?,
        };
        Ok(Expr::When { left: Box::new(bound.expr), relation, period })
    }

    /// The stretch that ends today.
    fn last(&self, duration: Duration) -> Days {
        let today = Date::day(self.today);
        Days { first: today.shift(duration.reversed()).earliest(), last: self.today }
    }

    fn period_of(&mut self, expr: &ast::Expr, place: &mut Place) -> Result<PeriodExpr> {
        let bound = self.expression(expr, place)?;
        match bound.constant() {
            Some(Value::Null) | None => Ok(PeriodExpr::Of(Box::new(bound.expr))),
            Some(value) => Ok(PeriodExpr::Days(self.date(value.clone(), expr.span)?.covering())),
        }
    }

    fn range_days(
        &mut self,
        range: &ast::Range,
        span: Span,
        place: &mut Place,
    ) -> Result<PeriodExpr> {
        let mut end = |side: Option<&ast::Expr>, open: Day, pick: fn(Days) -> Day| -> Result<Day> {
            let Some(expr) = side else { return Ok(open) };
            match self.period_of(expr, place)? {
                PeriodExpr::Days(days) => Ok(pick(days)),
                PeriodExpr::Of(_) => Err(error(
                    "not-constant",
                    "the end of a range of dates must be known before the query runs",
                    expr.span,
                    "not known",
                )
                .help("compare with `>=` and `<=` instead")
                .bind()),
            }
        };
        let first = end(range.from.as_deref(), Day::MIN, |d| d.first)?;
        let last = end(range.to.as_deref(), Day::MAX, |d| d.last)?;
        if first > last {
            return Err(empty_range(span));
        }
        Ok(PeriodExpr::Days(Days { first, last }))
    }
}

/// A pair as the fields of pairs have it, whichever of the two is named first.
fn in_order(pair: &str) -> String {
    match pair.split_once('–').map(|(a, b)| (a.trim(), b.trim())) {
        Some((a, b)) if b < a => format!("{b}–{a}"),
        Some((a, b)) => format!("{a}–{b}"),
        None => pair.to_owned(),
    }
}

/// One of the names of what is on the left is in the set.
fn named(left: &Typed, set: NameSet, text: String) -> Expr {
    let names = match &left.expr {
        Expr::Field(field) => Names::Field(*field),
        Expr::Column(column) => Names::Column(*column),
        Expr::Of { event, expr, .. } => {
            let of_event = Typed::new((**expr).clone(), left.holds);
            return columnar::of_event((**event).clone(), named(&of_event, set, text));
        }
        _ => {
            let names = set.names().map(|n| Expr::Constant(n.into())).collect();
            return Expr::InList { left: Box::new(left.expr.clone()), list: names };
        }
    };
    Expr::Named { names, set: Arc::new(set), text }
}

fn is_dates(holds: FieldType) -> bool {
    matches!(holds, FieldType::Date | FieldType::Period(_))
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(n) => Some(*n as f64),
        Value::Float(n) => Some(*n),
        _ => None,
    }
}

fn tree_of(holds: FieldType) -> Tree {
    if holds == FieldType::Places { Tree::Places } else { Tree::Actors }
}

fn mirrored(op: CmpOp) -> CmpOp {
    match op {
        CmpOp::Lt => CmpOp::Gt,
        CmpOp::Le => CmpOp::Ge,
        CmpOp::Gt => CmpOp::Lt,
        CmpOp::Ge => CmpOp::Le,
        other => other,
    }
}

fn same(left: &Typed, op: CmpOp, value: Value) -> Expr {
    Expr::Compare { left: Box::new(left.expr.clone()), op, right: Box::new(Expr::Constant(value)) }
}

fn kind_test(left: &Typed, kinds: BTreeSet<String>, text: &str) -> Expr {
    match left.field() {
        Some(Field::Kind) => Expr::KindIn { kinds: Arc::new(kinds), text: text.to_owned() },
        _ => Expr::InList {
            left: Box::new(left.expr.clone()),
            list: kinds.into_iter().map(|k| Expr::Constant(k.into())).collect(),
        },
    }
}

/// True when one is; names and kinds of one field are joined into one set.
fn any(tests: Vec<Expr>) -> Expr {
    let mut joined: Vec<Expr> = Vec::new();
    for test in tests {
        match (joined.last_mut(), test) {
            (
                Some(Expr::Named { names: Names::Field(f), set, text }),
                Expr::Named { names: Names::Field(g), set: more, text: other },
            ) if *f == g => {
                let mut all = (**set).clone();
                all.extend(&more);
                *set = Arc::new(all);
                *text = format!("{text}, {other}");
            }
            (Some(Expr::KindIn { kinds, text }), Expr::KindIn { kinds: more, text: other }) => {
                let mut all = (**kinds).clone();
                all.extend(more.iter().cloned());
                *kinds = Arc::new(all);
                *text = format!("{text}, {other}");
            }
            (_, test) => joined.push(test),
        }
    }
    match joined.len() {
        0 => Expr::Constant(Value::Bool(false)),
        1 => joined.swap_remove(0),
        _ => Expr::Or(joined),
    }
}
