//! Embedders: one `InvokeModel` call for each input.
