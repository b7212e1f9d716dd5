//! A map for few entries: a sorted vector. In each module it saves some 40 KB of code against `BTreeMap`, whose
//! balancing is compiled anew for every pair of types.

pub(crate) struct SortedMap<K, V>(Vec<(K, V)>);

impl<K: Ord, V> SortedMap<K, V> {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn get(&self, key: &K) -> Option<&V> {
        self.place(key).ok().map(|place| &self.0[place].1)
    }

    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.place(key).ok().map(|place| &mut self.0[place].1)
    }

    /// In place of the value that was there.
    pub fn insert(&mut self, key: K, value: V) {
        match self.place(&key) {
            Ok(place) => self.0[place].1 = value,
            Err(place) => self.0.insert(place, (key, value)),
        }
    }

    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.place(key).ok().map(|place| self.0.remove(place).1)
    }

    pub fn retain(&mut self, mut keep: impl FnMut(&K) -> bool) {
        self.0.retain(|(key, _)| keep(key));
    }

    pub fn first(&self) -> Option<&(K, V)> {
        self.0.first()
    }

    /// All entries, in order.
    pub fn take(&mut self) -> Vec<(K, V)> {
        std::mem::take(&mut self.0)
    }

    /// The entries below this key, in order.
    pub fn take_below(&mut self, key: &K) -> Vec<(K, V)> {
        let (Ok(place) | Err(place)) = self.place(key);
        let rest = self.0.split_off(place);
        std::mem::replace(&mut self.0, rest)
    }

    fn place(&self, key: &K) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.cmp(key))
    }
}

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        SortedMap(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_and_replaces() {
        let mut map = SortedMap::default();
        for (key, value) in [(3, "c"), (1, "a"), (2, "b"), (3, "d")] {
            map.insert(key, value);
        }
        assert_eq!((map.len(), map.get(&3), map.first()), (3, Some(&"d"), Some(&(1, "a"))));
        assert_eq!(map.take_below(&3), [(1, "a"), (2, "b")]);
        assert_eq!((map.remove(&1), map.remove(&3), map.len()), (None, Some("d"), 0));
    }
}
