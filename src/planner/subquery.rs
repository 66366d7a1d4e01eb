//! Queries within expressions: each is optimized as one that stands alone, before what is around it is looked at.

use std::sync::Arc;

use crate::catalog::Catalog;
use crate::error::Result;

use super::optimizer::optimize_node;
use super::plan::Node;

/// A node with the queries in its expressions optimized.
pub(super) fn optimize(mut node: Node, catalog: &Catalog) -> Result<Node> {
    node.try_each_query(&mut |query| -> Result<()> {
        *query = Arc::new(optimize_node(query.as_ref().clone(), catalog)?);
        Ok(())
    })?;
    Ok(node)
}
