//! The contract of [`Planner`].

use super::{kind, sample};
use crate::{
    domain::PixelSize,
    error::ErrorKind,
    roles::{PlanRequest, Planner},
};

/// Everything below. A provider bills about three calls.
pub async fn all(planner: &dyn Planner) {
    places_the_product_on_the_canvas(planner).await;
    refuses_an_empty_canvas(planner).await;
}

/// With a scene or without: a scale above 0 and at most 1, and placements inside the canvas from left to right.
pub async fn places_the_product_on_the_canvas(planner: &dyn Planner) {
    let empty = PlanRequest::new("a mug on a table", sample::jpeg(1), PixelSize::new(1_200, 628));
    for request in [empty.clone(), empty.with_scene(sample::jpeg(2))] {
        let plan = planner.plan(request).await.expect("a plan");
        assert!(plan.scale > 0.0 && plan.scale <= 1.0, "the scale is {}", plan.scale);
        assert!(!plan.placements.is_empty(), "there is a place to try");
        for place in &plan.placements {
            let inside = |share: f32| (0.0..=1.0).contains(&share);
            assert!(inside(place.x) && inside(place.y) && place.rotation.is_finite(), "{place:?}");
        }
        let order = |place: &crate::roles::Placement| (place.x, place.rotation);
        assert!(plan.placements.is_sorted_by_key(order), "from left to right: {:?}", plan.placements);
    }
}

/// A canvas without pixels is `InvalidInput`.
pub async fn refuses_an_empty_canvas(planner: &dyn Planner) {
    for canvas in [PixelSize::new(0, 0), PixelSize::new(100, 0)] {
        let refusal = planner.plan(PlanRequest::new("a mug", sample::jpeg(1), canvas)).await;
        assert_eq!(kind(&refusal), Some(ErrorKind::InvalidInput), "a canvas of {canvas}");
    }
}
