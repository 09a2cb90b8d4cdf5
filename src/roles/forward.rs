//! `Arc<T>` and `Box<T>` play every role that `T` plays.

use std::sync::Arc;

use async_trait::async_trait;

#[allow(clippy::wildcard_imports, reason = "the table names every role, request and reply")]
use super::*;
use crate::{domain::Card, error::Result};

macro_rules! forward {
    ($role:ident, $capabilities:ident { $($method:ident($request:ident) -> $reply:ident;)+ }) => {
        forward!(@through Arc<T>, $role, $capabilities { $($method($request) -> $reply;)+ });
        forward!(@through Box<T>, $role, $capabilities { $($method($request) -> $reply;)+ });
    };
    (@through $pointer:ty, $role:ident, $capabilities:ident { $($method:ident($request:ident) -> $reply:ident;)+ }) => {
        #[async_trait]
        #[deny(clippy::missing_trait_methods)]
        impl<T: $role + ?Sized> $role for $pointer {
            fn card(&self) -> &Card {
                (**self).card()
            }

            fn capabilities(&self) -> &$capabilities {
                (**self).capabilities()
            }

            $(async fn $method(&self, request: $request) -> Result<$reply> {
                (**self).$method(request).await
            })+
        }
    };
}

super::table::roles!(forward);
