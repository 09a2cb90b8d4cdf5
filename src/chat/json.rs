//! Text to a typed answer: one JSON object, with or without words around it.

use serde::de::DeserializeOwned;

/// Reads the one JSON object in `text`. A code fence or a few words around it are passed over;
/// two objects, half of one or none are a problem, told in words the model can act on.
pub(super) fn object<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let (Some(start), Some(end)) = (text.find('{'), text.rfind('}')) else {
        return Err("there is no JSON object in it".into());
    };
    let object = text.get(start..=end).ok_or("the JSON object has no end")?;
    serde_json::from_str(object).map_err(|e| format!("it is not the JSON object that was asked for: {e}"))
}
