//! The contract of [`Scorer`].

use super::{kind, sample};
use crate::{
    error::ErrorKind,
    roles::{ScoreRequest, Scorer},
};

/// Everything below. A provider bills about five calls.
pub async fn all(scorer: &dyn Scorer) {
    scores_alike_each_time(scorer).await;
    needs_its_target(scorer).await;
}

/// A finite number, the same for the same request.
pub async fn scores_alike_each_time(scorer: &dyn Scorer) {
    for number in 1..=2 {
        let mut request = ScoreRequest::new(sample::jpeg(number)).with_prompt("two fields of colour");
        if scorer.capabilities().needs_target {
            request = request.with_target(sample::jpeg(9));
        }
        let first = scorer.score(request.clone()).await.expect("a score").score;
        assert!(first.is_finite(), "the score is {first}");
        let second = scorer.score(request).await.expect("a score").score;
        assert!((first - second).abs() < 1e-6, "the same request gave {first} and {second}");
    }
}

/// A scorer that compares refuses a picture alone with `InvalidInput`.
pub async fn needs_its_target(scorer: &dyn Scorer) {
    if scorer.capabilities().needs_target {
        let refusal = scorer.score(ScoreRequest::new(sample::jpeg(1))).await;
        assert_eq!(kind(&refusal), Some(ErrorKind::InvalidInput), "there is nothing to compare with");
    }
}
