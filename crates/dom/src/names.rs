//! The names of a page: element names, attribute names and event types, each with a number.

use crate::Namespace;
use std::collections::HashMap;
use std::sync::Arc;

/// Number of a name on this page. The first is 1: 0 is nobody's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub u16);

/// Numbers are given out in order and never taken back, so that "all up to here" says what a browser knows.
#[derive(Debug)]
pub struct Names {
    by_id: Vec<(Namespace, Arc<str>)>,
    by_name: HashMap<(Namespace, Arc<str>), NameId>,
}

/// A page's table of names is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamesFull;

impl Names {
    pub const MAX: usize = u16::MAX as usize;

    pub fn intern(&mut self, namespace: Namespace, local: &str) -> Result<NameId, NamesFull> {
        // Asking with an owned key costs one allocation for each NAME operation, not for each use of a name.
        let key = (namespace, Arc::<str>::from(local));
        if let Some(id) = self.by_name.get(&key) {
            return Ok(*id);
        }
        if self.by_id.len() > Self::MAX - 1 {
            return Err(NamesFull);
        }
        let id = NameId(self.by_id.len() as u16);
        self.by_id.push(key.clone());
        self.by_name.insert(key, id);
        Ok(id)
    }

    /// The number of a name that is in the table.
    pub fn find(&self, namespace: Namespace, local: &str) -> Option<NameId> {
        self.by_name.get(&(namespace, Arc::from(local))).copied()
    }

    pub fn get(&self, id: NameId) -> Option<(Namespace, &str)> {
        self.by_id
            .get(usize::from(id.0))
            .filter(|_| id.0 != 0)
            .map(|(namespace, local)| (*namespace, &**local))
    }

    /// The namespace and local part of a name that this table gave out.
    pub(crate) fn known(&self, id: NameId) -> (Namespace, &str) {
        let (namespace, local) = &self.by_id[usize::from(id.0)];
        (*namespace, local)
    }

    /// The number that the next new name gets.
    pub fn next_id(&self) -> u16 {
        self.by_id.len() as u16
    }

    /// The names from this number on, in order.
    pub fn since(&self, first: u16) -> impl Iterator<Item = (NameId, Namespace, &str)> {
        let first = first.max(1);
        (first..self.next_id()).map(|id| {
            let (namespace, local) = self.known(NameId(id));
            (NameId(id), namespace, local)
        })
    }
}

impl Default for Names {
    fn default() -> Self {
        Names { by_id: vec![(Namespace::None, Arc::from(""))], by_name: HashMap::new() }
    }
}
