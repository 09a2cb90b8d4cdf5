//! Chat models: one `Converse` call each.
