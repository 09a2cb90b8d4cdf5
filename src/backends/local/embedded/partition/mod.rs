//! Neighbourhoods: which codes lie near which centroid, and which of them a query has to look at.
//!
//! | file | does |
//! |---|---|
//! | [`train`] | finds centroids by k-means |
//! | [`neighbours`] | finds where the neighbours of queries are |
//! | [`assign`] | finds the nearest centroid of many vectors |
//! | [`borders`] | finds how far a query is from the borders of lists |
//! | [`reach`] | which lists can hold neighbours |
//! | [`lists`] | centroids as a query is compared with them |
//! | [`centroids`] | keeps centroids in eight bits a dimension |
//! | [`products`] | inner products in the widest registers there are |
//!
//! An inverted file (Jégou, Douze and Schmid, PAMI 2011), with codes taken about the centroid of their list. Nothing
//! here knows of stores or files.

pub(crate) mod assign;
pub(crate) mod borders;
pub(crate) mod centroids;
pub(crate) mod lists;
mod neighbours;
mod products;
pub(crate) mod reach;
pub(crate) mod train;
