//! Stages: what they make of certain rows is what a few lines here make of them.
