//! Templates in, text out: every printed value is escaped.

use std::sync::LazyLock;

use minijinja::{Environment, UndefinedBehavior, syntax::SyntaxConfig, value::Serde};
use serde::Serialize;

use crate::{
    error::{Error, ErrorKind, Result},
    text::visible,
};

macro_rules! templates {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("templates/", $name, ".txt.j2")))),+]
    };
}

const TEMPLATES: &[(&str, &str)] = &templates![
    "brief",
    "concept",
    "decompose",
    "describe",
    "judge",
    "material",
    "plan",
    "repair",
    "unforced",
    "write",
];

static ENVIRONMENT: LazyLock<Result<Environment<'static>>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    environment.set_syntax(syntax.build().map_err(|e| defect("syntax", &e))?);
    // Domain types leave empty fields out, so a template may ask whether one is there.
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_formatter(|out, _state, value| Ok(out.write_str(&escape(&value.to_string()))?));
    for (name, source) in TEMPLATES {
        environment.add_template(name, source).map_err(|e| defect(name, &e))?;
    }
    Ok(environment)
});

/// The block `block` of the template `name`.
pub(super) fn render(name: &str, block: &str, values: &impl Serialize) -> Result<String> {
    let environment = ENVIRONMENT.as_ref().map_err(Error::clone)?;
    let render = || {
        let template = environment.get_template(name)?;
        let mut captured = template.render_captured(Serde(values))?;
        captured.with_state_mut(|state| state.render_block(block))
    };
    let text = render().map_err(|e| defect(name, &e))?;
    Ok(text.trim_end().to_owned())
}

/// Without angle brackets, wide and small ones included, a value can neither close its tag, nor open another, nor spell
/// a model's control tokens, which are written `<|...|>`. What nobody sees is left out.
fn escape(text: &str) -> String {
    visible(text).replace(['<', '＜', '﹤'], "&lt;").replace(['>', '＞', '﹥'], "&gt;")
}

fn defect(name: &str, error: &minijinja::Error) -> Error {
    Error::new(ErrorKind::Internal, format!("the prompt template \"{name}\" does not render: {error:#}"))
}
