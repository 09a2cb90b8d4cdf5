//! What tracing sees of a call.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex},
};

use keyvisual::{
    Error, ErrorKind,
    calls::Door,
    domain::{Card, Usage},
    roles::*,
    testing::*,
};
use tracing::{
    Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt},
};

/// The fields of every span, those set later included.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<BTreeMap<u64, BTreeMap<&'static str, String>>>>);

struct Fields<'a>(&'a mut BTreeMap<&'static str, String>);

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

impl<S: Subscriber> Layer<S> for Spans {
    fn on_new_span(&self, span: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        span.record(&mut Fields(self.0.lock().unwrap().entry(id.into_u64()).or_default()));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        values.record(&mut Fields(self.0.lock().unwrap().entry(id.into_u64()).or_default()));
    }
}

#[tokio::test(start_paused = true)]
async fn one_span_covers_all_attempts_and_says_nothing_of_the_prompt() {
    let spans = Spans::default();
    let guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(spans.clone()));
    let model = ScriptedChatModel::new()
        .with_card(Card::new("aws.bedrock", "nova"))
        .then_fail(Error::new(ErrorKind::Unavailable, "down"))
        .then_reply(ChatReply::new("an answer").with_usage(Usage::REQUEST.with_tokens(7, 3)));
    let request = ChatRequest::new(Message::user("a secret prompt")).with_system("secret rules");
    Door::default().guard(model).chat(request).await.unwrap();
    let generator = ScriptedImageGenerator::new().always_fail(Error::new(ErrorKind::Blocked, "refused"));
    let request = GenerateRequest::new("a secret picture", keyvisual::domain::PixelSize::new(8, 8));
    Door::default().guard(generator).generate(request).await.unwrap_err();
    drop(guard);

    let spans = spans.0.lock().unwrap();
    let spans: Vec<_> = spans.values().collect();
    assert_eq!(spans.len(), 2, "{spans:?}");
    let fields = |span: usize, wanted: &[(&str, &str)]| {
        for (name, value) in wanted {
            assert_eq!(
                spans[span].get(name).map(String::as_str),
                Some(*value),
                "{name} of {:?}",
                spans[span]
            );
        }
    };
    fields(
        0,
        &[
            ("otel.name", "chat nova"),
            ("otel.kind", "client"),
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.provider.name", "aws.bedrock"),
            ("gen_ai.request.model", "nova"),
            ("gen_ai.usage.input_tokens", "7"),
            ("gen_ai.usage.output_tokens", "3"),
            ("keyvisual.attempts", "2"),
        ],
    );
    assert_eq!(spans[0].get("error.type"), None);
    fields(
        1,
        &[
            ("gen_ai.operation.name", "generate_content"),
            ("gen_ai.output.type", "image"),
            ("error.type", "blocked"),
        ],
    );
    assert!(!format!("{spans:?}").contains("secret"));
}
