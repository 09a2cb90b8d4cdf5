//! What the door promises for every call.

use std::{collections::HashSet, sync::Arc, time::Duration};

use futures_util::{
    FutureExt, Stream, StreamExt,
    future::{BoxFuture, join_all},
};
use keyvisual::{
    Error, ErrorKind, Retryability,
    calls::{CallEvent, Door, Event, Happening, Pace, Policy},
    domain::{
        Brief, CampaignHead, CampaignId, Card, Embedding, Image, Money, PixelSize, Prices, Step, Usage,
    },
    roles::*,
    testing::*,
};
use tokio::time::Instant;

const MINUTE: Duration = Duration::from_secs(60);

fn say(text: &str) -> ChatRequest {
    ChatRequest::new(Message::user(text)).with_max_tokens(100)
}

fn answer(input: u64, output: u64) -> ChatReply {
    ChatReply::new("yes").with_usage(Usage::REQUEST.with_tokens(input, output))
}

fn down() -> Error {
    Error::new(ErrorKind::Unavailable, "down for a moment")
}

fn image() -> Image {
    Image::new(b"\xff\xd8\xff a picture".as_slice()).unwrap()
}

/// A thousandth of a dollar for a token in, two for a token out.
fn priced() -> Card {
    let dollars = |dollars: u64| Money::from_micros(dollars * 1_000_000);
    Card::new("acme", "talker").with_prices(Prices::per_million_tokens(dollars(1_000), dollars(2_000)))
}

/// The events that are there, without waiting for more.
fn told(events: &mut (impl Stream<Item = Event> + Unpin)) -> Vec<CallEvent> {
    let mut all = Vec::new();
    while let Some(Some(Event::Call(event))) = events.next().now_or_never() {
        all.push(event);
    }
    all
}

fn words(events: &[CallEvent]) -> Vec<&'static str> {
    let word = |event: &CallEvent| match event.happening {
        Happening::Queued => "queued",
        Happening::Started => "started",
        Happening::Retried { .. } => "retried",
        Happening::Finished => "finished",
        Happening::Failed => "failed",
        Happening::Abandoned => "abandoned",
        _ => "?",
    };
    events.iter().map(word).collect()
}

#[tokio::test(start_paused = true)]
async fn the_error_decides_whether_and_the_policy_how_often() {
    let transient = Error::invalid("half a reply").with_retryability(Retryability::Transient);
    for (error, attempts) in [
        (down(), 5),
        (Error::new(ErrorKind::RateLimited, "slow down").sent(), 5),
        (transient, 5),
        (Error::invalid("no prompt"), 1),
        (Error::new(ErrorKind::Blocked, "refused").sent(), 1),
    ] {
        let model = ScriptedChatModel::new().always_fail(error.clone());
        let calls = model.calls();
        let failed = Door::default().guard(model).chat(say("hi")).await.unwrap_err();
        assert_eq!(calls.count(), attempts, "{error}");
        assert_eq!(failed.kind(), error.kind());
        assert_eq!(failed.operation(), Some("chat"));
    }
    let model = ScriptedChatModel::new().then_fail(down()).then_fail(down());
    let calls = model.calls();
    assert!(Door::new(Policy::once()).guard(model).chat(say("hi")).await.is_err());
    assert_eq!(calls.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_the_other_side_asked_to_wait_is_waited() {
    let wait = Duration::from_secs(7);
    let model = ScriptedChatModel::new().then_fail(down().with_retry_after(wait));
    let start = Instant::now();
    Door::default().guard(model).chat(say("hi")).await.unwrap();
    assert_eq!(start.elapsed(), wait);
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_fails_at_once_with_the_last_error() {
    let model = ScriptedChatModel::new().always_fail(down().with_retry_after(20 * MINUTE));
    let start = Instant::now();
    let error = Door::default().guard(model).chat(say("hi")).await.unwrap_err();
    assert_eq!((error.kind(), start.elapsed()), (ErrorKind::Unavailable, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn waits_are_spread_over_an_interval_that_doubles_up_to_a_cap() {
    let second = Duration::from_secs(1);
    let door = Door::new(Policy::default().with_attempts(6).with_waits(second, 4 * second));
    let mut events = door.events();
    let mut waits = vec![Vec::new(); 6];
    for _ in 0..100 {
        let model = ScriptedChatModel::new().always_fail(down());
        door.guard(model).chat(say("hi")).await.unwrap_err();
        for event in told(&mut events) {
            if let Happening::Retried { wait } = event.happening {
                waits[event.attempt as usize].push(wait);
            }
        }
    }
    for (attempt, seconds) in [(1, 1), (2, 2), (3, 4), (4, 4), (5, 4)] {
        let (of_this, most) = (&waits[attempt], second * seconds);
        assert_eq!(of_this.len(), 100);
        assert!(of_this.iter().all(|wait| *wait <= most), "attempt {attempt}");
        for quarter in 0..4 {
            let within = (most * quarter / 4)..=(most * (quarter + 1) / 4);
            assert!(of_this.iter().any(|wait| within.contains(wait)), "attempt {attempt}, quarter {quarter}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_hang_ends_with_the_attempt_timeout_and_is_retried() {
    let model = ScriptedChatModel::new().then_hang().then_reply(answer(1, 1));
    let calls = model.calls();
    let start = Instant::now();
    let door = Door::new(Policy::default().with_attempt_timeout(MINUTE));
    assert_eq!(door.guard(model).chat(say("hi")).await.unwrap().text, "yes");
    assert!((MINUTE..MINUTE + Duration::from_secs(1)).contains(&start.elapsed()));
    assert_eq!((calls.count(), calls.abandoned()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn pictures_have_a_longer_time_than_words() {
    let policy = Policy::once().with_attempt_timeout(MINUTE).with_picture_timeout(3 * MINUTE);
    let door = Door::new(policy);
    let took = async |call: BoxFuture<'_, ErrorKind>| {
        let start = Instant::now();
        assert_eq!(call.await, ErrorKind::Timeout);
        start.elapsed().as_secs() / 60
    };
    let model = door.guard(ScriptedChatModel::new().then_hang());
    assert_eq!(took(Box::pin(async { model.chat(say("hi")).await.unwrap_err().kind() })).await, 1);
    let painter = door.guard(ScriptedImageGenerator::new().then_hang());
    let request = GenerateRequest::new("a cup", PixelSize::new(8, 8));
    assert_eq!(took(Box::pin(async { painter.generate(request).await.unwrap_err().kind() })).await, 3);
}

#[tokio::test(start_paused = true)]
async fn the_earlier_of_two_deadlines_ends_all_attempts() {
    for (policy, asked, ends) in [(10, Some(3), 3), (4, Some(30), 4), (4, None, 4)] {
        let model = ScriptedChatModel::new().then_hang().then_hang().then_hang().then_hang();
        let door =
            Door::new(Policy::default().with_attempt_timeout(2 * MINUTE).with_deadline(policy * MINUTE));
        let context = asked.map(|minutes: u32| CallContext::new().with_timeout(minutes * MINUTE));
        let start = Instant::now();
        let error = door.guard(model).chat(say("hi").with_context(context.unwrap_or_default())).await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::Timeout);
        assert!(start.elapsed() <= ends * MINUTE && start.elapsed() > (ends - 1) * MINUTE);
    }
}

#[tokio::test(start_paused = true)]
async fn a_deadline_in_the_past_sends_nothing() {
    let model = ScriptedChatModel::new();
    let calls = model.calls();
    let context = CallContext::new().with_timeout(Duration::ZERO);
    let error = Door::default().guard(model).chat(say("hi").with_context(context)).await.unwrap_err();
    assert_eq!((error.kind(), error.was_sent(), calls.count()), (ErrorKind::Timeout, false, 0));
}

fn texts(all: &[&str]) -> EmbedRequest {
    EmbedRequest::new(all.iter().map(|text| EmbedInput::Text((*text).into())).collect(), Purpose::Index)
}

fn vector(number: f32) -> keyvisual::Result<Embedding> {
    Embedding::new(vec![number])
}

#[tokio::test(start_paused = true)]
async fn only_failed_transient_items_are_sent_again_after_the_longest_wait_asked_for() {
    let seconds = Duration::from_secs;
    let first = vec![
        vector(0.0),
        Err(down().with_retry_after(seconds(3))),
        Err(Error::invalid("empty")),
        Err(down().with_retry_after(seconds(5))),
    ];
    let embedder = ScriptedEmbedder::new()
        .then_reply(EmbedReply::new(first))
        .then_reply(EmbedReply::new(vec![vector(1.0), vector(3.0)]));
    let calls = embedder.calls();
    let start = Instant::now();
    let reply = Door::default().guard(embedder).embed(texts(&["a", "b", "c", "d"])).await.unwrap();
    assert_eq!(start.elapsed(), seconds(5));
    assert_eq!(calls.requests::<EmbedRequest>()[1], texts(&["b", "d"]));
    assert_eq!(reply.results, [vector(0.0), vector(1.0), Err(Error::invalid("empty")), vector(3.0)]);
}

#[tokio::test(start_paused = true)]
async fn what_came_through_is_the_reply_when_time_or_attempts_are_up() {
    let partial = || EmbedReply::new(vec![vector(0.0), Err(down())]);
    let hang = ScriptedEmbedder::new().then_reply(partial()).then_hang().then_hang().then_hang().then_hang();
    let fail = ScriptedEmbedder::new().then_reply(partial()).always_fail(Error::invalid("no"));
    let again = ScriptedEmbedder::new()
        .then_reply(partial())
        .then_reply(EmbedReply::new(vec![Err(down())]))
        .always_fail(down());
    for embedder in [hang, fail, again] {
        let door = Door::new(Policy::default().with_deadline(5 * MINUTE));
        let reply = door.guard(embedder).embed(texts(&["a", "b"])).await.unwrap();
        assert_eq!(reply.results, [vector(0.0), Err(down())]);
    }
}

fn pictures(places: &[Option<u64>]) -> GenerateReply {
    let size = keyvisual::domain::PixelSize::new(8, 8);
    let picture =
        |seed: &Option<u64>| seed.map(|seed| Picture::new(image(), size).with_seed(seed)).ok_or_else(down);
    GenerateReply::new(places.iter().map(picture).collect())
}

#[tokio::test(start_paused = true)]
async fn a_generator_is_asked_again_for_what_is_missing_with_seeds_not_used_before() {
    let some = ScriptedImageGenerator::new()
        .then_reply(pictures(&[Some(10), None, Some(12)]))
        .then_reply(pictures(&[Some(13)]));
    let none = ScriptedImageGenerator::new()
        .then_reply(pictures(&[None, None, None]))
        .then_reply(pictures(&[Some(10), Some(11), Some(12)]));
    for (generator, count, seed, seeds) in [(some, 1, 13, [10, 13, 12]), (none, 3, 10, [10, 11, 12])] {
        let calls = generator.calls();
        let size = keyvisual::domain::PixelSize::new(8, 8);
        let request = GenerateRequest::new("a cup", size).with_count(3).with_seed(10);
        let reply = Door::default().guard(generator).generate(request).await.unwrap();
        let second = &calls.requests::<GenerateRequest>()[1];
        assert_eq!((second.count, second.seed), (count, Some(seed)));
        let found: Vec<_> = reply.results.into_iter().map(|picture| picture.unwrap().seed.unwrap()).collect();
        assert_eq!(found, seeds);
        assert_eq!(reply.usage.requests, 2);
    }
}

#[tokio::test(start_paused = true)]
async fn what_would_be_there_twice_is_repeated_only_when_it_was_not_done() {
    let timeout = || Error::new(ErrorKind::Timeout, "no answer");
    let limited = Error::new(ErrorKind::RateLimited, "slow down").sent();
    for (error, attempts) in [(timeout().sent(), 1), (timeout(), 2), (limited, 2)] {
        let store = ScriptedCampaignStore::new().then_fail(error.clone());
        let calls = store.calls();
        let head = CampaignHead::new(Brief::new("Autumn", "Warm light"));
        let result = Door::default().guard(store).create(CreateCampaignRequest::new(head)).await;
        assert_eq!((calls.count(), result.is_ok()), (attempts, attempts == 2), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn calls_of_one_model_share_its_limit_and_local_ones_have_none_of_the_policy() {
    let policy = Policy::default().with_max_concurrency(3);
    for (card, most) in [
        (Card::new("acme", "m"), 3),
        (Card::new("acme", "m").with_max_concurrency(2), 2),
        (Card::new("acme", "m").with_max_concurrency(9), 3),
        (Card::local("m", "1"), 20),
        (Card::local("m", "1").with_max_concurrency(4), 4),
    ] {
        let model = ScriptedChatModel::new().with_card(card.clone()).with_latency(Duration::from_secs(1));
        let model = Arc::new(model);
        let door = Door::new(policy.clone());
        let guards = [door.guard(Arc::clone(&model)), door.guard(Arc::clone(&model))];
        join_all((0..20).map(|i| guards[i % 2].chat(say("hi")))).await;
        assert_eq!(model.calls().most_at_once(), most, "{card:?}");
        assert_eq!(model.calls().count(), 20);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_its_turn_is_queued_and_not_sent() {
    let door = Door::new(Policy::default().with_max_concurrency(1).with_deadline(MINUTE));
    let model = door.guard(ScriptedChatModel::new().then_hang());
    let mut events = door.events();
    let (first, second) = tokio::join!(model.chat(say("one")), async {
        tokio::task::yield_now().await;
        model.chat(say("two").with_context(CallContext::new().with_timeout(MINUTE / 2))).await
    });
    assert!(first.unwrap_err().was_sent());
    let second = second.unwrap_err();
    assert_eq!((second.kind(), second.was_sent()), (ErrorKind::Timeout, false));
    assert_eq!(model.inner().calls().count(), 1);
    assert_eq!(words(&told(&mut events)), ["started", "queued", "failed", "failed"]);
}

/// When each of `calls` calls made at once was sent, from the first on.
async fn sent_at(card: Card, policy: Policy, calls: usize) -> Vec<Duration> {
    let door = Door::new(policy.with_max_concurrency(1_000).with_deadline(60 * MINUTE));
    let models = [
        door.guard(ScriptedChatModel::new().with_card(card.clone())),
        door.guard(ScriptedChatModel::new().with_card(card)),
    ];
    let start = Instant::now();
    let call = async |i: usize| {
        models[i % 2].chat(say("hi")).await.unwrap();
        start.elapsed()
    };
    let mut sent = join_all((0..calls).map(call)).await;
    sent.sort_unstable();
    sent
}

#[tokio::test(start_paused = true)]
async fn in_no_minute_are_there_more_calls_of_a_model_than_its_card_allows() {
    for (allowed, burst, calls) in [(1, 1, 3), (10, 1, 25), (60, 1, 130), (150, 2, 400), (2_000, 33, 5_000)] {
        let card = Card::new("acme", "m").with_max_calls_per_minute(allowed);
        let sent = sent_at(card, Policy::default(), calls).await;
        assert_eq!(sent.iter().filter(|at| at.is_zero()).count(), burst, "{allowed}");
        let most = sent
            .iter()
            .map(|from| sent.iter().filter(|at| (*from..*from + MINUTE).contains(*at)).count())
            .max();
        assert_eq!(most, Some(allowed as usize), "as many as allowed and no more");
    }
}

#[tokio::test(start_paused = true)]
async fn the_pace_is_that_of_the_card_unless_the_policy_sets_it_aside() {
    let card = Card::new("acme", "m").with_max_calls_per_minute(2);
    for (card, pace, seconds) in [
        (card.clone(), Pace::OfCard, 60),
        (card.clone(), Pace::PerMinute(4), 30),
        (card, Pace::Unlimited, 0),
        (Card::new("acme", "m"), Pace::OfCard, 0),
        (Card::new("acme", "m"), Pace::PerMinute(0), 120),
        (Card::local("m", "1"), Pace::PerMinute(2), 0),
        (Card::local("m", "1").with_max_calls_per_minute(2), Pace::Unlimited, 60),
    ] {
        let sent = sent_at(card.clone(), Policy::default().with_pace(pace), 3).await;
        assert_eq!(sent[2].as_secs(), seconds, "{card:?} {pace:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_its_minute_is_queued_counts_no_attempt_time_and_ends_with_the_deadline() {
    let card = Card::new("acme", "m").with_max_calls_per_minute(1);
    let policy = Policy::once().with_attempt_timeout(Duration::from_secs(2));
    let door = Door::new(policy.with_deadline(90 * Duration::from_secs(1)));
    let model = door.guard(ScriptedChatModel::new().with_card(card).with_latency(Duration::from_secs(1)));
    let mut events = door.events();
    let start = Instant::now();
    model.chat(say("one")).await.unwrap();
    model.chat(say("two")).await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 61, "60 to wait and 1 to answer");
    let short = CallContext::new().with_timeout(MINUTE / 2);
    let error = model.chat(say("three").with_context(short)).await.unwrap_err();
    assert_eq!((error.kind(), error.was_sent()), (ErrorKind::Timeout, false));
    assert!(error.message().contains("minute"), "{error}");
    assert_eq!(start.elapsed().as_secs(), 61, "it is known at once");
    assert_eq!(
        words(&told(&mut events)),
        ["started", "finished", "queued", "started", "finished", "queued", "failed"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_goes_away_takes_no_turn_from_the_others_and_a_retry_takes_one() {
    let card = Card::new("acme", "m").with_max_calls_per_minute(1);
    let door = Door::new(Policy::default().with_waits(Duration::ZERO, Duration::ZERO));
    let model = door.guard(ScriptedChatModel::new().with_card(card).then_fail(down()));
    let start = Instant::now();
    let (retried, _, last) = tokio::join!(
        model.chat(say("fails once")),
        tokio::time::timeout(Duration::from_secs(1), model.chat(say("goes away"))),
        model.chat(say("stays")),
    );
    assert!(retried.is_ok() && last.is_ok());
    assert_eq!((start.elapsed(), model.inner().calls().count()), (2 * MINUTE, 3));
}

#[tokio::test(start_paused = true)]
async fn the_tab_and_its_parent_get_usage_and_cost_of_every_attempt_that_was_sent() {
    let timeout = Error::new(ErrorKind::Timeout, "no answer");
    let limited = Error::new(ErrorKind::RateLimited, "slow down").sent();
    // "hi" is at most 2 tokens in, and 100 out were allowed: 2 + 200 thousandths of a dollar.
    for (error, requests, thousandths) in
        [(timeout.clone(), 1, 10 + 40), (limited, 2, 10 + 40), (timeout.sent(), 2, 10 + 40 + 2 + 200)]
    {
        let model =
            ScriptedChatModel::new().with_card(priced()).then_fail(error.clone()).then_reply(answer(10, 20));
        let month = Arc::new(Tab::new());
        let tab = Arc::new(Tab::below(Arc::clone(&month)));
        let context = CallContext::new().with_tab(Arc::clone(&tab));
        Door::default().guard(model).chat(say("hi").with_context(context)).await.unwrap();
        let spent = tab.spent();
        assert_eq!(spent.usage.requests, requests, "{error}");
        assert_eq!(spent.cost, Money::from_micros(thousandths * 1_000), "{error}");
        assert_eq!((spent.unpriced, month.spent()), (0, spent));
    }
}

#[tokio::test(start_paused = true)]
async fn requests_of_unknown_price_are_counted_and_time_is_that_of_the_whole_call() {
    let model = ScriptedChatModel::new()
        .with_card(Card::new("acme", "secretive"))
        .with_latency(Duration::from_secs(1))
        .then_fail(down().with_retry_after(Duration::from_secs(5)).sent())
        .then_reply(answer(10, 20));
    let tab = Arc::new(Tab::new());
    let context = CallContext::new().with_tab(Arc::clone(&tab));
    Door::default().guard(model).chat(say("hi").with_context(context)).await.unwrap();
    let spent = tab.spent();
    assert_eq!((spent.unpriced, spent.cost, spent.took), (2, Money::ZERO, Duration::from_secs(7)));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_is_abandoned_and_costs_at_most_what_was_sent() {
    let door = Door::new(Policy::default().with_max_concurrency(1));
    let model = door.guard(ScriptedChatModel::new().with_card(priced()).then_hang());
    let mut events = door.events();
    let (sent, queued) = (Arc::new(Tab::new()), Arc::new(Tab::new()));
    let on = |tab: &Arc<Tab>| say("hi").with_context(CallContext::new().with_tab(Arc::clone(tab)));
    let both = async { tokio::join!(model.chat(on(&sent)), model.chat(on(&queued))) };
    assert!(tokio::time::timeout(Duration::from_secs(1), both).await.is_err());
    assert_eq!(sent.spent().cost, Money::from_micros(202_000));
    assert_eq!((queued.spent().cost, queued.spent().usage), (Money::ZERO, Usage::NONE));
    let told = told(&mut events);
    assert_eq!(words(&told), ["started", "queued", "abandoned", "abandoned"]);
    let costs: HashSet<_> = told[2..].iter().map(|event| event.cost.unwrap().as_micros()).collect();
    assert_eq!(costs, HashSet::from([202_000, 0]));
}

#[tokio::test(start_paused = true)]
async fn watchers_are_told_what_happens_on_whose_behalf_and_at_what_cost() {
    let door = Door::default();
    let mut events = door.events();
    let secret = "a prompt nobody shall read";
    let limited = Error::new(ErrorKind::RateLimited, "slow down").sent();
    let model =
        ScriptedChatModel::new().with_card(priced()).then_fail(limited.clone()).then_reply(answer(10, 20));
    let campaign = CampaignId::fresh();
    let context = CallContext::new().with_campaign(campaign.clone(), Step::Prompt);
    door.guard(model).chat(say(secret).with_context(context)).await.unwrap();
    let told = told(&mut events);
    assert_eq!(words(&told), ["started", "retried", "started", "finished"]);
    assert_eq!(told.iter().map(|event| event.attempt).collect::<Vec<_>>(), [1, 1, 2, 2]);
    let cost: Vec<_> = told.iter().map(|event| event.cost.unwrap().as_micros()).collect();
    assert_eq!(cost, [0, 0, 0, 50_000]);
    assert_eq!(told[1].usage, Usage::REQUEST);
    assert_eq!(told[1].error, Some(limited));
    for event in &told {
        assert_eq!(
            (event.operation, event.provider.as_str(), event.model.as_str()),
            ("chat", "acme", "talker")
        );
        assert_eq!((&event.campaign, event.step), (&Some(campaign.clone()), Some(Step::Prompt)));
        assert!(!serde_json::to_string(event).unwrap().contains(secret));
    }
    drop(door);
    assert_eq!(events.next().await, None, "the stream ends with the door");
}

#[tokio::test]
async fn a_watcher_that_falls_behind_is_told_how_much_it_missed() {
    let door = Door::default();
    let mut events = door.events();
    let model = door.guard(FakeChatModel::new());
    for _ in 0..600 {
        model.chat(say("hi")).await.unwrap();
    }
    assert_eq!(events.next().await, Some(Event::Missed(1_200 - 1_024)));
    drop((door, model));
    assert_eq!(events.count().await, 1_024);
}

#[tokio::test(start_paused = true)]
async fn guarding_twice_is_guarding_once() {
    let (inner, outer) = (Door::default(), Door::default());
    let (mut inner_events, mut outer_events) = (inner.events(), outer.events());
    let model = ScriptedChatModel::new().always_fail(down());
    let calls = model.calls();
    let guarded: Arc<dyn ChatModel> = Arc::new(inner.guard(model));
    let tab = Arc::new(Tab::new());
    let context = CallContext::new().with_tab(Arc::clone(&tab));
    outer.guard(inner.guard(guarded)).chat(say("hi").with_context(context)).await.unwrap_err();
    assert_eq!(calls.count(), 5, "five attempts, not five times five");
    assert_eq!(words(&told(&mut inner_events)).len(), 10);
    assert_eq!(told(&mut outer_events), []);
}

#[tokio::test(start_paused = true)]
async fn a_language_role_over_a_guarded_model_is_billed_per_wire_call() {
    let door = Door::default();
    let model = ScriptedChatModel::new().with_card(priced()).then_reply(answer(10, 1)).then_reply(
        ChatReply::new(r#"{"products": ["mug"], "backgrounds": [], "themes": []}"#)
            .with_usage(Usage::REQUEST.with_tokens(20, 2)),
    );
    let decomposer = door.guard(keyvisual::chat::ChatDecomposer::new(door.guard(model)));
    let mut events = door.events();
    let tab = Arc::new(Tab::new());
    let context = CallContext::new().with_tab(Arc::clone(&tab));
    // The first answer is no JSON, so the model is asked once more.
    let reply = decomposer.decompose(DecomposeRequest::new("our mug").with_context(context)).await.unwrap();
    assert_eq!(reply.products, ["mug"]);
    let used = tab.spent().usage;
    assert_eq!((used.requests, used.input_tokens, used.output_tokens), (2, 30, 3));
    let told = told(&mut events);
    assert_eq!(words(&told), ["started", "finished", "started", "finished"]);
    assert!(told.iter().all(|event| event.operation == "chat"));
}

#[tokio::test(start_paused = true)]
async fn a_native_describer_is_guarded_too() {
    let describer = Door::default().guard(ScriptedDescriber::new().then_fail(down()));
    assert!(describer.describe(DescribeRequest::new(image())).await.is_ok());
    assert_eq!(describer.inner().calls().count(), 2);
}

#[test]
fn outside_a_runtime_with_time_the_door_answers_an_error() {
    let check = |result: keyvisual::Result<ChatReply>| {
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.was_sent()), (ErrorKind::Unsupported, false));
        assert!(error.message().contains("tokio"), "{error}");
    };
    let model = Door::default().guard(FakeChatModel::new());
    check(model.chat(say("hi")).now_or_never().unwrap());
    let timeless = tokio::runtime::Builder::new_current_thread().build().unwrap();
    check(timeless.block_on(model.chat(say("hi"))));
}

#[test]
fn futures_of_guarded_calls_can_be_sent_to_other_threads() {
    fn send<T: Send>(value: T) -> T {
        value
    }
    let model = Door::default().guard(FakeChatModel::new());
    drop(send(model.chat(say("hi"))));
    drop(send(Door::default().events()));
}
