//! Image models: one `InvokeModel` call for each request.
