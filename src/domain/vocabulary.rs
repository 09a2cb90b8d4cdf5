//! Words that must meet although people write them differently: objectives, audiences, metrics.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Lower case, compatibility-normalised (NFKC), words separated by one space; `_` and `-` separate words.
fn normalise(text: &str) -> String {
    let text: String = text.nfkc().flat_map(char::to_lowercase).collect();
    text.split(|c: char| c.is_whitespace() || matches!(c, '_' | '-'))
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($alias:literal)|+ => $canonical:literal $(; $($more:literal)|+ => $other:literal)* $(;)? }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Normalises `text`: case, spaces, `_` and `-`, and known aliases. Any word is allowed.
            pub fn new(text: impl AsRef<str>) -> Self {
                let text = normalise(text.as_ref());
                Self(match text.as_str() {
                    $($alias)|+ => $canonical.into(),
                    $($($more)|+ => $other.into(),)*
                    _ => text,
                })
            }

            /// The normalised text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// `true` when nothing is left after normalising.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::new(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> Self {
                word.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", self.0)
            }
        }
    };
}

vocabulary! {
    /// What a campaign is for: clicks, awareness, likes, conversion ... an open set.
    ///
    /// ```
    /// use keyvisual::domain::Objective;
    ///
    /// assert_eq!(Objective::new("Clicks"), Objective::new("clicks "));
    /// assert_eq!(Objective::new("CLICKS"), Objective::new("clics"));
    /// assert_eq!(Objective::new("brand_awareness").as_str(), "awareness");
    /// ```
    Objective {
        "click" | "clic" | "clics" | "traffic" | "link clicks" => "clicks";
        "brand awareness" | "reach" | "reconocimiento" => "awareness";
        "like" | "me gusta" => "likes";
        "conversions" | "sales" | "purchase" | "purchases" | "conversion rate" | "conversiones" => "conversion";
        "engagements" | "interaction" | "interactions" => "engagement";
        "leads" | "lead generation" => "lead";
    }
}

vocabulary! {
    /// Whom a campaign speaks to: followers, customers, new customers ... an open set.
    ///
    /// ```
    /// use keyvisual::domain::Audience;
    ///
    /// assert_eq!(Audience::new("New_Customers"), Audience::new(" new  customers"));
    /// ```
    Audience {
        "follower" | "seguidores" | "fans" => "followers";
        "customer" | "clientes" | "existing customers" | "clients" => "customers";
        "new customer" | "newcustomers" | "nuevos clientes" | "prospects" => "new customers";
    }
}

vocabulary! {
    /// What a figure counts: clicks, impressions, likes, revenue ... an open set.
    Metric {
        "click" | "clic" | "clics" | "link clicks" => "clicks";
        "impression" | "views" | "impresiones" => "impressions";
        "like" | "me gusta" => "likes";
        "conversions" | "purchases" | "sales" => "conversion";
    }
}
