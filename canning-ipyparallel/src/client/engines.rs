//! The engines that the hub knows.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// An engine of the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Engine {
    /// Its number, from zero; not used again when the engine has ended.
    pub id: u32,
    /// What the controller calls it by.
    pub uuid: String,
}

/// The engines by their numbers.
#[derive(Debug, Default)]
pub(crate) struct Engines(BTreeMap<u32, String>);

impl Engines {
    /// Reads the hub's answer to `connection_request`.
    pub(crate) fn from_reply(content: &Map<String, Value>) -> Option<Self> {
        let engines = content.get("engines")?.as_object()?;
        let engine = |(id, uuid): (&String, &Value)| {
            Some((id.parse().ok()?, uuid.as_str().filter(|uuid| !uuid.is_empty())?.to_owned()))
        };
        engines.iter().map(engine).collect::<Option<_>>().map(Self)
    }

    /// Reads `{"id": 0, "uuid": "…"}` of a notification.
    pub(crate) fn one(content: &Map<String, Value>) -> Option<Engine> {
        let id = u32::try_from(content.get("id")?.as_u64()?).ok()?;
        Some(Engine { id, uuid: content.get("uuid")?.as_str()?.to_owned() })
    }

    pub(crate) fn insert(&mut self, engine: Engine) {
        self.0.insert(engine.id, engine.uuid);
    }

    pub(crate) fn remove(&mut self, id: u32) {
        self.0.remove(&id);
    }

    pub(crate) fn uuid(&self, id: u32) -> Option<&str> {
        self.0.get(&id).map(String::as_str)
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = u32> {
        self.0.keys().copied()
    }

    pub(crate) fn list(&self) -> Vec<Engine> {
        self.0.iter().map(|(&id, uuid)| Engine { id, uuid: uuid.clone() }).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn from_reply(content: &Value) -> Option<Engines> {
        Engines::from_reply(content.as_object().unwrap())
    }

    #[test]
    fn engines_are_listed_by_their_numbers() {
        let reply = json!({"status": "ok", "engines": {"10": "c", "2": "b", "0": "a"}});
        let engines = from_reply(&reply).unwrap();
        assert_eq!(engines.ids().collect::<Vec<_>>(), [0, 2, 10]);
        assert_eq!(engines.uuid(2), Some("b"));
        assert_eq!(engines.uuid(1), None);
        assert_eq!(from_reply(&json!({"engines": {}})).unwrap().ids().count(), 0);
    }

    #[test]
    fn what_names_no_engines_is_refused() {
        for content in [
            json!({}),
            json!({"engines": []}),
            json!({"engines": {"one": "a"}}),
            json!({"engines": {"-1": "a"}}),
            json!({"engines": {"1": ""}}),
            json!({"engines": {"1": 1}}),
        ] {
            assert!(from_reply(&content).is_none(), "{content}");
        }
        for content in [json!({"id": 1}), json!({"id": -1, "uuid": "a"}), json!({"uuid": "a"})] {
            assert!(Engines::one(content.as_object().unwrap()).is_none(), "{content}");
        }
    }
}
