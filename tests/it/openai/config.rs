use keyvisual::{
    ErrorKind,
    backends::openai::{OpenAi, OpenAiConfig},
    roles::*,
};

#[test]
fn an_address_that_cannot_be_used_is_refused_with_the_reason() {
    for url in ["", "localhost:8080", "ftp://host/v1", "http://host/v1?key=1", "http://host/v1#x", "http://"]
    {
        let error = OpenAi::new(OpenAiConfig::new(url)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{url}");
    }
    for url in ["http://host", "http://host/v1", " https://host/a/v1// "] {
        OpenAi::new(OpenAiConfig::new(url)).unwrap();
    }
}

#[test]
fn a_key_or_header_that_cannot_be_sent_is_refused_without_showing_it() {
    for config in [
        OpenAiConfig::openai("sk-secret\n"),
        OpenAiConfig::openai("k").with_header("X-Gate", "secret\r\n"),
        OpenAiConfig::openai("k").with_header("not a name", "v"),
    ] {
        let error = OpenAi::new(config).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(!format!("{error:?}").contains("secret"), "{error}");
    }
}

#[test]
fn debug_shows_no_secrets() {
    let config =
        OpenAiConfig::new("http://user:secret@host/v1").with_key("secret").with_header("X-Gate", "secret");
    let openai = OpenAi::new(config.clone()).unwrap();
    let embedder = openai.embedder("e", 3).unwrap();
    let shown = format!("{config:?} {openai:?} {:?} {embedder:?}", openai.chat("m"));
    assert!(!shown.contains("secret"), "{shown}");
}

#[test]
fn provider_and_model_name_the_embedding_space() {
    let config = OpenAiConfig::new("http://host/v1").with_provider("llama.cpp");
    let embedder = OpenAi::new(config).unwrap().embedder("nomic", 768).unwrap();
    let space = &embedder.capabilities().space;
    assert_eq!((space.model.as_str(), space.dimensions), ("llama.cpp/nomic", 768));
    let openai = OpenAi::new(OpenAiConfig::openai("k")).unwrap();
    assert_eq!(openai.embedder("e", 0).unwrap_err().kind(), ErrorKind::InvalidInput);
}
