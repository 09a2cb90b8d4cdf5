//! Where in a photograph a product may stand.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The row of a reference on which a product may stand: ground that a person has pointed out, such as a table top,
/// a floor or a beach. No measure tells calm ground from a calm wall, so that a generator never guesses it.
///
/// ```
/// use keyvisual::{domain::{Image, PixelSize}, roles::{GenerateRequest, Ground}};
///
/// # fn example(desk: Image, camera: Image) {
/// // The desk fills the lower third of the picture; the camera shall stand in the middle of it.
/// let request = GenerateRequest::new("a camera on a desk", PixelSize::new(1200, 628))
///     .with_references(vec![desk])
///     .with_products(vec![camera])
///     .with_grounds(vec![Ground::new(0, 0.84)]);
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Ground {
    /// Which of the request's references, counted from 0.
    pub reference: usize,
    /// Where the product's foot stands, in shares of the reference's height: 0 is its upper edge, 1 its lower.
    pub row: f64,
}

impl Ground {
    /// The ground of a reference at `row`.
    #[must_use]
    pub fn new(reference: usize, row: f64) -> Self {
        Self { reference, row }
    }

    /// Refuses what is no row of one of `references` pictures, and a second row of one of them.
    pub(super) fn validate(grounds: &[Self], references: usize) -> Result<()> {
        for (i, Self { reference, row }) in grounds.iter().enumerate() {
            let place = reference.saturating_add(1);
            if *reference >= references {
                return Err(Error::invalid(format!(
                    "a ground is given for reference {place}, and there are {references} references"
                )));
            }
            if !(0.0..=1.0).contains(row) {
                return Err(Error::invalid(format!(
                    "the ground of reference {place} is at row {row}: rows are shares of the height, 0 to 1"
                )));
            }
            if grounds[..i].iter().any(|other| other.reference == *reference) {
                return Err(Error::invalid(format!("reference {place} is given two grounds: it takes one")));
            }
        }
        Ok(())
    }
}
