//! Plans as trees: one line an operator, what feeds it below it.

use crate::error::Result;
use crate::storage::View;

use super::estimate::estimate;
use super::plan::Node;

/// The line of an operator.
pub(crate) struct Line<'n> {
    /// What it does, behind the branches that lead to it.
    pub(crate) text: String,
    /// The operator.
    pub(crate) node: &'n Node,
}

/// The lines of an operator and of all below it; with a view, how many rows its leaves will give.
pub(crate) fn lines<'n>(root: &'n Node, view: Option<&View>) -> Result<Vec<Line<'n>>> {
    let mut tree = Tree { view, lines: Vec::new() };
    tree.grow(root, "", "")?;
    Ok(tree.lines)
}

struct Tree<'n, 'v> {
    view: Option<&'v View>,
    lines: Vec<Line<'n>>,
}

impl<'n> Tree<'n, '_> {
    /// Adds a node behind the branch `at`, and those below it behind branches that begin with `below`.
    fn grow(&mut self, node: &'n Node, at: &str, below: &str) -> Result<()> {
        let mut text = format!("{at}{node}");
        let estimate = self.view.map(|view| estimate(node, view)).transpose()?.flatten();
        match (node, estimate) {
            (Node::Scan, Some(all)) => text.push_str(&format!(" ({})", all.most())),
            (_, Some(events)) => text.push_str(&format!(" ({events})")),
            (_, None) => {}
        }
        self.lines.push(Line { text, node });
        let branches = branches(node);
        for (at, (name, branch)) in branches.iter().enumerate() {
            let (fork, next) = match node.input() {
                None if at + 1 == branches.len() => ("└─", "   "),
                _ => ("├─", "│  "),
            };
            self.grow(branch, &format!("{below}{fork} {name}: "), &format!("{below}{next}"))?;
        }
        match node.input() {
            Some(input) => self.grow(input, &format!("{below}└─ "), &format!("{below}   ")),
            None => Ok(()),
        }
    }
}

/// The nodes right below: its branches, then its input.
pub(crate) fn children(node: &Node) -> Vec<&Node> {
    branches(node).into_iter().map(|(_, branch)| branch).chain(node.input()).collect()
}

/// What a node looks into besides its input, by name: the brackets of a pattern, the queries within its expressions.
pub(crate) fn branches(node: &Node) -> Vec<(&str, &Node)> {
    if let Node::Pattern(pattern) = node {
        return pattern.brackets.iter().map(|it| (it.name.as_str(), &it.input)).collect();
    }
    node.queries().into_iter().map(|query| ("in", query)).collect()
}
