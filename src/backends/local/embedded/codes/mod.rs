//! One bit a dimension: what a search looks at before it reads a vector.
//!
//! | file | does |
//! |---|---|
//! | [`rotation`] | spreads a vector evenly over all dimensions |
//! | [`code`] | keeps the signs, and four numbers that make estimates out of them |
//! | [`kernel`] | counts the bits in which codes and a query differ |
//! | [`estimate`] | from counted bits to a score and how far it may be off |
//! | [`sieve`] | looks at many rows, by little of their codes first |
//!
//! The method is RaBitQ (Gao and Long, SIGMOD 2024). Nothing here knows of stores or files.
//!
//! Hot loops go by index, here and in the files beside: closures that iterators are given are compiled for any machine, not
//! for the one that `pulp` finds, and a call of them takes as long as what they do.

pub(crate) mod code;
pub(crate) mod estimate;
pub(crate) mod kernel;
pub(crate) mod rotation;
pub(crate) mod sieve;
