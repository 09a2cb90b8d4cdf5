//! Everything in this process: no key, no server, no model file.
