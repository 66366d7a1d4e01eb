//! Comparisons: what the right side means depends on what the left side holds.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalog::{Bearer, Field, FieldType, Fit, NameSet, Tree, Validity, nearest};
use crate::error::{Error, Result, Span};
use crate::model::{Date, Day, Days, Duration, Status, Value};
use crate::parser::ast::{self, CmpOp, InSet, Relation};

use super::super::expression::{Expr, Names, PeriodExpr};
use super::super::notice::Notice;
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
                let text = self.as_text(&value, span)?;
                let mut set = NameSet::default();
                set.insert(text.clone(), Validity::Always);
                self.named(left, set, quote(&text))
            }
            (FieldType::Actors | FieldType::Places, _) => {
                let text = self.as_text(&value, span)?;
                let tree = tree_of(left.holds);
                let bearers = self.bearers(tree, &text, span)?;
                let set = self.catalog.name_set(tree, &bearers)?;
                self.named(left, set, quote(&text))
            }
            (FieldType::Kind, _) => {
                let text = self.as_text(&value, span)?;
                let kind = self.kind_name(&text, span)?;
                let kinds = if op == CmpOp::Same {
                    BTreeSet::from([kind])
                } else {
                    self.catalog.subkinds(&kind)?
                };
                Ok(kind_test(left, kinds, &text))
            }
            (FieldType::Status, _) => {
                let text = self.as_text(&value, span)?;
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
                let key = self.as_text(&value, span)?;
                let document = self.document_key(&key, span)?;
                Ok(same(left, CmpOp::Same, document.into()))
            }
            (holds, op) => {
                let value = self.coerce(value, holds, span)?;
                Ok(same(left, op, value))
            }
        }
    }

    fn named(&self, left: &Typed, set: NameSet, text: String) -> Result<Expr> {
        let names = match left.expr {
            Expr::Field(field) => Names::Field(field),
            Expr::Column(column) => Names::Column(column),
            _ => {
                let names = set.names().map(|n| Expr::Constant(n.into())).collect();
                return Ok(Expr::InList { left: Box::new(left.expr.clone()), list: names });
            }
        };
        Ok(Expr::Named { names, set: Arc::new(set), text })
    }

    /// Who bears a name. An error with the nearest names when nobody does; a notice when several do.
    fn bearers(&mut self, tree: Tree, name: &str, span: Span) -> Result<Vec<Bearer>> {
        let resolution = self.catalog.resolve(tree, name)?;
        if resolution.bearers.is_empty() {
            return Err(self.nobody(tree, name, span)?);
        }
        let mut all = resolution.bearers.clone();
        if resolution.fit == Fit::Full {
            for other in self.catalog.bearers_by_words(tree, name)? {
                if !all.iter().any(|b| b.name == other.name) {
                    all.push(other);
                }
            }
        }
        let several = resolution.bearers.len() > 1;
        if several
            || (all.len() > 1
                && resolution.fit == Fit::Full
                && !self.is_plain_name(tree, &resolution.bearers, name))
        {
            let mut words = Vec::new();
            for bearer in &all {
                words.push(format!(
                    "{} ({})",
                    bearer.name,
                    events(self.catalog.count_events(tree, bearer)?)
                ));
            }
            let text = if several {
                format!(
                    "{} means {} {}s here: {}",
                    quote(name),
                    all.len(),
                    tree.word(),
                    words.join(", ")
                )
            } else {
                format!(
                    "{} is taken as {}; others bear the name too: {}",
                    quote(name),
                    words.remove(0),
                    words.join(", ")
                )
            };
            self.notices.push(Notice::new("ambiguous", text));
        }
        Ok(resolution.bearers)
    }

    /// Is the name the very name of its bearer, not an alias?
    fn is_plain_name(&self, tree: Tree, bearers: &[Bearer], name: &str) -> bool {
        let _ = tree;
        bearers.iter().any(|b| crate::model::fold(&b.name) == crate::model::fold(name))
    }

    fn nobody(&self, tree: Tree, name: &str, span: Span) -> Result<Error> {
        let near = self.catalog.nearest_bearers(tree, name)?;
        let diagnostic = error(
            tree_code(tree),
            format!("no {} {}", tree.word(), quote(name)),
            span,
            "nobody and nothing here bears this name",
        );
        let diagnostic = if tree == Tree::Places {
            diagnostic.label("no event and no place bears this name")
        } else {
            diagnostic
        };
        Ok(match near.split_first() {
            None => diagnostic
                .help(format!("`{}s | select name` lists the names that are known", tree.word()))
                .bind(),
            Some(((first, count), rest)) => {
                let mut help = format!("did you mean {} ({})", quote(&first.name), events(*count));
                for (other, count) in rest {
                    help.push_str(&format!(" or {} ({})", quote(&other.name), events(*count)));
                }
                help.push('?');
                diagnostic.help(help).fix(span, quote(&first.name)).bind()
            }
        })
    }

    /// The kind of a word, as the catalogue spells it.
    pub(super) fn kind_name(&self, word: &str, span: Span) -> Result<String> {
        if let Some(kind) = self.catalog.kind(word)? {
            return Ok(kind.name.clone());
        }
        let near: Vec<String> = self
            .catalog
            .nearest_kinds(word)?
            .iter()
            .map(|k| if is_word(k) { k.clone() } else { quote(k) })
            .collect();
        Err(did_you_mean(
            error("unknown-kind", format!("no kind `{word}`"), span, "unknown kind"),
            span,
            &near,
            "`show kinds` lists them; `define kind` adds one",
        ))
    }

    fn document_key(&self, key: &str, span: Span) -> Result<String> {
        if let Some(document) = self.catalog.document(key)? {
            return Ok(document.key.clone());
        }
        let near: Vec<String> =
            self.catalog.nearest_documents(key)?.iter().map(|k| quote(k)).collect();
        Err(did_you_mean(
            error(
                "unknown-document",
                format!("no document {}", quote(key)),
                span,
                "unknown document",
            ),
            span,
            &near,
            "`documents | select key, title` lists them",
        ))
    }

    /// One side of a dyad: the names, and everybody under them at the time.
    pub(super) fn party(&mut self, party: &ast::At<ast::Party>) -> Result<Arc<NameSet>> {
        let mut names: Vec<(String, Span)> = Vec::new();
        match &party.node {
            ast::Party::Name(name) => names.push((name.clone(), party.span)),
            ast::Party::Param(name) => match self.param(name, party.span)? {
                Value::List(list) => {
                    for value in list {
                        names.push((self.as_text(&value, party.span)?, party.span));
                    }
                }
                value => names.push((self.as_text(&value, party.span)?, party.span)),
            },
            ast::Party::Set(exprs) => {
                for expr in exprs {
                    let value = self.constant(expr)?;
                    names.push((self.as_text(&value, expr.span)?, expr.span));
                }
            }
        }
        let mut set = NameSet::default();
        for (name, span) in names {
            let bearers = self.bearers(Tree::Actors, &name, span)?;
            set.extend(&self.catalog.name_set_under(Tree::Actors, &bearers)?);
        }
        Ok(Arc::new(set))
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
        match bound.holds {
            FieldType::Actors | FieldType::Places => {
                let tree = tree_of(bound.holds);
                let mut set = NameSet::default();
                for (name, span) in &texts {
                    let bearers = self.bearers(tree, name, *span)?;
                    set.extend(&self.catalog.name_set_under(tree, &bearers)?);
                }
                let text = texts.iter().map(|(t, _)| quote(t)).collect::<Vec<_>>().join(", ");
                self.named(&bound, set, format!("under {text}"))
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
                let mut tests = Vec::with_capacity(exprs.len());
                let mut others = Vec::new();
                for expr in exprs {
                    let member = self.expression(expr, place)?;
                    match member.constant() {
                        Some(value) => {
                            tests.push(self.equals(&bound, CmpOp::Eq, value.clone(), expr.span)?)
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
            InSet::Query(query) => {
                let inner = self.query(query)?;
                if inner.output.len() != 1 {
                    return Err(error(
                        "columns",
                        format!("this query gives {} columns", inner.output.len()),
                        set.span,
                        "one column is wanted here",
                    )
                    .help("end it with `| select` and the column")
                    .bind());
                }
                let items = inner.output.into_iter().map(|(_, expr)| expr).collect();
                let root = super::super::plan::Node::Project { input: Box::new(inner.root), items };
                Ok(Expr::InQuery { left: Box::new(bound.expr), query: Arc::new(root) })
            }
            InSet::Range(range) => self.in_range(&bound, range, set.span, place),
        }
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

pub(super) fn events(n: u64) -> String {
    if n == 1 { "1 event".to_owned() } else { format!("{n} events") }
}

fn is_dates(holds: FieldType) -> bool {
    matches!(holds, FieldType::Date | FieldType::Period(_))
}

fn is_word(name: &str) -> bool {
    name.chars().all(|c| c.is_alphanumeric() || c == '_')
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

fn tree_code(tree: Tree) -> &'static str {
    match tree {
        Tree::Actors => "unknown-actor",
        Tree::Places => "unknown-place",
    }
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
