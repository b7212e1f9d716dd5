//! A page with one slot, and a browser that follows it.

use playconnect_dom::replica::Replica;
use playconnect_dom::stream::PartWriter;
use playconnect_dom::tree::{Committed, SlotId};
use playconnect_dom::{BatchLimits, BatchWriter, Limits, Namespace, Tree, TreeError};

pub const DIV: u16 = 0;
pub const SPAN: u16 = 1;
pub const CLASS: u16 = 2;
pub const TITLE: u16 = 3;
pub const CLICK: u16 = 4;
pub const KEYDOWN: u16 = 5;

pub struct Page {
    pub tree: Tree,
    pub slot: SlotId,
    replica: Replica,
    names_sent: u16,
}

/// Defines the names above.
pub fn names(batch: &mut BatchWriter) {
    for (id, name) in ["div", "span", "class", "title", "click", "keydown"].into_iter().enumerate() {
        batch.name(id as u16, Namespace::None, name);
    }
}

impl Page {
    pub fn new() -> Self {
        Self::with(Limits::default(), BatchLimits::default())
    }

    pub fn with(limits: Limits, batch: BatchLimits) -> Self {
        let mut tree = Tree::new(limits);
        let slot = tree.add_slot("here", batch);
        let mut page = Page { tree, slot, replica: Replica::default(), names_sent: 1 };
        let mut out = PartWriter::new(1 << 20);
        page.tree.write_slot(slot, playconnect_dom::op::TreeMode::Replace, &mut out);
        page.follow(out);
        page
    }

    pub fn commit(&mut self, write: impl FnOnce(&mut BatchWriter)) -> Result<Committed, TreeError> {
        let mut batch = BatchWriter::default();
        write(&mut batch);
        self.commit_bytes(&batch.finish())
    }

    pub fn commit_bytes(&mut self, bytes: &[u8]) -> Result<Committed, TreeError> {
        let mut out = PartWriter::new(1 << 20);
        let committed = self.tree.commit(self.slot, bytes, &mut out);
        self.follow(out);
        committed
    }

    /// The browser shows the same as the edge, and it is this.
    pub fn is(&self, expected: &str) {
        assert_eq!(self.outline(), expected);
        assert_eq!(self.replica.outline("here"), expected, "the browser");
    }

    pub fn outline(&self) -> String {
        self.tree.outline(self.slot)
    }

    fn follow(&mut self, mut out: PartWriter) {
        let mut names = PartWriter::new(1 << 20);
        for (id, namespace, local) in self.tree.names().since(self.names_sent) {
            names.name(id.0, namespace, local);
        }
        self.names_sent = self.tree.names().next_id();
        for part in names.take().into_iter().chain(out.take()) {
            let mut bytes = Vec::new();
            part.finish_into(&mut bytes);
            self.replica.apply(&bytes, false).expect("a browser can follow");
        }
        self.replica.finish_frame().expect("whole");
    }
}
