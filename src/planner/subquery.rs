//! Queries within expressions: each is optimized as one that stands alone, before what is around it is looked at.

use std::sync::Arc;

use crate::catalog::Catalog;
use crate::error::Result;

use super::columnar::Columns;
use super::optimizer::optimize_node;
use super::plan::Node;
use super::told;

/// A node with the queries in its expressions optimized.
pub(super) fn optimize(mut node: Node, catalog: &Catalog) -> Result<Node> {
    node.try_each_query(&mut |query| -> Result<()> {
        let mut node = optimize_node(query.as_ref().clone(), catalog)?;
        if catalog.is_sealed() {
            told::rows_by_columns(&mut node, Columns::new());
        }
        *query = Arc::new(node);
        Ok(())
    })?;
    Ok(node)
}
