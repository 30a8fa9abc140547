use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use dashmap::DashMap;

/// The two stores of the article. Neither lends a guard: none can be held across an await.
pub enum Store {
    Mutex(Mutex<HashMap<Vec<u8>, Bytes>>),
    Dashmap(DashMap<Vec<u8>, Bytes>),
}

impl Store {
    pub fn named(name: &str) -> Option<Store> {
        match name {
            "mutex" => Some(Store::Mutex(Mutex::default())),
            "dashmap" => Some(Store::dashmap()),
            _ => None,
        }
    }

    pub fn dashmap() -> Store {
        Store::Dashmap(DashMap::new())
    }

    pub fn get(&self, key: &[u8]) -> Option<Bytes> {
        match self {
            Store::Mutex(map) => map.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned(),
            Store::Dashmap(map) => map.get(key).map(|value| value.clone()),
        }
    }

    pub fn put(&self, key: Vec<u8>, value: Bytes) {
        match self {
            Store::Mutex(map) => map.lock().unwrap_or_else(PoisonError::into_inner).insert(key, value),
            Store::Dashmap(map) => map.insert(key, value),
        };
    }
}
