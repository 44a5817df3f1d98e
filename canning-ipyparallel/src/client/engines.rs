//! The engines that the hub knows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind};

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
pub(crate) struct Engines {
    there: BTreeMap<u32, String>,
    ended: BTreeSet<u32>,
}

impl Engines {
    /// Reads the hub's answer to `connection_request`.
    pub(crate) fn from_reply(content: &Map<String, Value>) -> Option<Self> {
        let engines = content.get("engines")?.as_object()?;
        let engine = |(id, uuid): (&String, &Value)| {
            Some((id.parse().ok()?, uuid.as_str().filter(|uuid| !uuid.is_empty())?.to_owned()))
        };
        let there = engines.iter().map(engine).collect::<Option<_>>()?;
        Some(Self { there, ended: BTreeSet::new() })
    }

    /// Takes a later list; what it lacks has ended.
    pub(crate) fn replace(&mut self, later: Self) {
        let before = std::mem::replace(&mut self.there, later.there);
        self.ended.extend(before.into_keys());
        self.ended.retain(|id| !self.there.contains_key(id));
    }

    /// Reads `{"id": 0, "uuid": "…"}` of a notification.
    pub(crate) fn one(content: &Map<String, Value>) -> Option<Engine> {
        let id = u32::try_from(content.get("id")?.as_u64()?).ok()?;
        Some(Engine { id, uuid: content.get("uuid")?.as_str()?.to_owned() })
    }

    pub(crate) fn insert(&mut self, engine: Engine) {
        self.ended.remove(&engine.id);
        self.there.insert(engine.id, engine.uuid);
    }

    pub(crate) fn remove(&mut self, id: u32) {
        if self.there.remove(&id).is_some() {
            self.ended.insert(id);
        }
    }

    pub(crate) fn uuid(&self, id: u32) -> Option<&str> {
        self.there.get(&id).map(String::as_str)
    }

    /// The number of the engine with that name.
    pub(crate) fn id(&self, uuid: &str) -> Option<u32> {
        self.there.iter().find(|(_, known)| *known == uuid).map(|(&id, _)| id)
    }

    /// Why there is no engine of this number.
    pub(crate) fn missing(&self, id: u32) -> Error {
        match self.ended.contains(&id) {
            true => ErrorKind::EngineEnded(id).into(),
            false => ErrorKind::NoSuchEngine(id).into(),
        }
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = u32> {
        self.there.keys().copied()
    }

    pub(crate) fn list(&self) -> Vec<Engine> {
        self.there.iter().map(|(&id, uuid)| Engine { id, uuid: uuid.clone() }).collect()
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
    fn who_was_there_has_ended() {
        let list = |ids: Value| from_reply(&json!({ "engines": ids })).unwrap();
        let mut engines = list(json!({"0": "a", "1": "b"}));
        assert_eq!((engines.id("b"), engines.id("c")), (Some(1), None));
        assert!(matches!(engines.missing(2).kind(), ErrorKind::NoSuchEngine(2)));
        engines.remove(0);
        assert!(matches!(engines.missing(0).kind(), ErrorKind::EngineEnded(0)));
        engines.replace(list(json!({"2": "c"})));
        assert!(matches!(engines.missing(0).kind(), ErrorKind::EngineEnded(0)));
        assert!(matches!(engines.missing(1).kind(), ErrorKind::EngineEnded(1)));
        assert_eq!(engines.uuid(2), Some("c"));
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
