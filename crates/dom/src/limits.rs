/// What one page and one batch may hold. Each is a key of the manifest or a constant of the wire format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    pub batch_bytes: usize,
    pub batch_ops: usize,
    pub attribute_bytes: usize,
    pub text_bytes: usize,
    pub name_bytes: usize,
    /// Per start of a module.
    pub names: usize,
    /// Per start of a module.
    pub templates: usize,
    pub template_nodes: usize,
    /// Nodes of all modules of a page together.
    pub page_nodes: usize,
    pub depth: usize,
    pub node_attributes: usize,
    pub node_listeners: usize,
}

impl Limits {
    /// A module's index is below this.
    pub fn index_max(&self) -> usize {
        self.page_nodes.saturating_mul(4)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            batch_bytes: 4 << 20,
            batch_ops: 100_000,
            attribute_bytes: 64 << 10,
            text_bytes: 256 << 10,
            name_bytes: 128,
            names: 4096,
            templates: 1024,
            template_nodes: 4096,
            page_nodes: 50_000,
            depth: 256,
            node_attributes: 256,
            node_listeners: 32,
        }
    }
}
