//! The bodies of each family: what is refused, what is answered.

mod canvas;
mod converse;
mod embed;
mod stability;
mod table;

pub(crate) use converse::converse;

use crate::{
    call::{Answer, Call},
    models::Family,
    refusal::{Refusal, Result},
};

/// Answers an InvokeModel.
pub(crate) async fn invoke(call: &Call<'_>) -> Result<Answer> {
    match call.model.body {
        Family::TitanEmbed => embed::titan(call).await,
        Family::NovaEmbed => embed::nova(call).await,
        Family::Canvas | Family::TitanImage => canvas::answer(call),
        Family::Stability => stability::answer(call),
        _ => Err(Refusal::validation("fake-bedrock serves this model through Converse only")),
    }
}
