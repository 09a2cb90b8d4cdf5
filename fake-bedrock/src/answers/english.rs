//! English sentences round words that were given.

/// Small words, English and other, that say nothing alone, and words of the task itself.
const EMPTY: &str = " about above after also around because been before behind being below between both came come could \
    does doing down each from have having here into just like made make more most much must only other over same shall \
    should some such than that their them then there these they this those through under until very well were what when \
    where which while whose will with without would your aber auch auf avec como con cuando dans das dass del della den \
    der des dem die donde ein eine einem einen einer este esta esto estos estas hasta ihre las les los mais mit muy nach \
    nicht nos nous oder para pero pour quando que sans sein sind sobre son sont sous sur todo toda todos todas und une uns \
    unter von vous wenn werden wird zum zur brief concept describe find give picture prompt query scale take write \
    clicks awareness likes conversion apart campaign ";

/// Whether a word in lower case says something of a picture.
fn carries_meaning(word: &str) -> bool {
    word.chars().count() >= 4
        && word.chars().all(char::is_alphabetic)
        && !EMPTY.contains(&format!(" {word} "))
}

/// The words of a text that carry its meaning, in lower case, each once, in their order.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        let word = word.to_lowercase();
        if carries_meaning(&word) && !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// Frames for three words each. No digits, no negations, no quotation marks.
const FRAMES: [&str; 10] = [
    "A calm scene of {} with {} and {} in the soft light of the morning.",
    "In the foreground {} stands on a worn surface, and behind it {} and {} fade into the distance.",
    "Warm light from the left falls on {}, while {} and {} rest in the shade of the room.",
    "Fine textures of {}, {} and {} are sharp at the front and soft at the back.",
    "The colours of {} return in {} and in the reflections on {}.",
    "At the edge of the frame {} and {} lead the eye to {}.",
    "The mood is quiet and inviting, with {} and {} at ease beside {}.",
    "Small true details of {}, such as the grain of {} and the rim of {}, make the scene believable.",
    "The camera looks at {} from the level of the eyes, with {} just behind and {} at the side.",
    "Photograph with a short lens, the focus on {}, with room above {} and {}.",
];

/// The sentence number `index`, out of words taken in turn.
pub(super) fn sentence(index: usize, words: &[String]) -> String {
    let mut words = words.iter().cycle().skip(index * 3);
    let mut out = String::new();
    for (piece, part) in FRAMES[index % FRAMES.len()].split("{}").enumerate() {
        if piece > 0 {
            out.push_str(words.next().map_or("light", String::as_str));
        }
        out.push_str(part);
    }
    out
}

/// Sentences of at least `least` and at most `most` characters in all.
pub(super) fn paragraph(words: &[String], least: usize, most: usize) -> String {
    let mut out = sentence(0, words);
    for index in 1.. {
        let next = sentence(index, words);
        let length = out.chars().count();
        if length >= least || length + 1 + next.chars().count() > most {
            break;
        }
        out.push(' ');
        out.push_str(&next);
    }
    cut(&out, most)
}

/// At most `most` characters, cut after a word.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let short: String = text.chars().take(most).collect();
    match short.rsplit_once(' ') {
        Some((head, _)) => head.to_owned(),
        None => short,
    }
}

/// A sentence that is not English.
pub(super) const SPANISH: &str = "Una mañana tranquila en la ciudad, con luz cálida sobre la mesa y el café de siempre junto a la ventana.";
