//! The contract of [`Judge`].

use super::{kind, sample};
use crate::{
    error::ErrorKind,
    roles::{Judge, JudgeRequest},
};

/// Everything below. A provider bills about two calls.
pub async fn all(judge: &dyn Judge) {
    has_a_finding_for_each_guideline(judge).await;
    refuses_no_guidelines(judge).await;
}

/// One finding per guideline, in order, each with a reason; with a product to compare too.
pub async fn has_a_finding_for_each_guideline(judge: &dyn Judge) {
    let guidelines = ["There is no text in the picture.", "The colours are bright.", "Nothing is cut off."];
    let count = judge.capabilities().max_guidelines.min(guidelines.len());
    let guidelines: Vec<_> = guidelines[..count].iter().map(ToString::to_string).collect();
    let request = JudgeRequest::new(sample::jpeg(1), "two fields of colour", guidelines.clone());
    for request in [request.clone(), request.with_product(sample::jpeg(2))] {
        let reply = judge.judge(request).await.expect("findings");
        let judged: Vec<_> = reply.findings.iter().map(|finding| finding.guideline.clone()).collect();
        assert_eq!(judged, guidelines, "one finding per guideline, in order");
        assert!(reply.findings.iter().all(|finding| !finding.reason.trim().is_empty()), "{reply:?}");
    }
}

/// No guidelines are `InvalidInput`: there would be nothing to pass.
pub async fn refuses_no_guidelines(judge: &dyn Judge) {
    let refusal = judge.judge(JudgeRequest::new(sample::jpeg(1), "colours", Vec::new())).await;
    assert_eq!(kind(&refusal), Some(ErrorKind::InvalidInput), "no guidelines");
}
