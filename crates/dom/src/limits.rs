/// The setting that raises a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitKey {
    /// Of the manifest's `[limits]`.
    Page(&'static str),
    /// Of the module's `[module.NAME.limits]`.
    Module(&'static str),
    /// None: the wire format's own.
    Fixed,
}

impl LimitKey {
    /// What to do about it, for people.
    pub fn advice(self, module: &str) -> String {
        match self {
            LimitKey::Page(key) => format!("raise [limits] {key}"),
            LimitKey::Module(key) => format!("raise [module.{module}.limits] {key}"),
            LimitKey::Fixed => "this limit is fixed by the wire format".to_owned(),
        }
    }
}

/// What one batch of a module may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct BatchLimits {
    pub bytes: usize,
    pub ops: usize,
}

impl Default for BatchLimits {
    fn default() -> Self {
        BatchLimits { bytes: 4 << 20, ops: 100_000 }
    }
}

/// What one page may hold. Each is a key of the manifest or a constant of the wire format.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Limits {
    pub attribute_bytes: usize,
    pub text_bytes: usize,
    pub name_bytes: usize,
    /// Per start of a module.
    pub names: usize,
    /// Per start of a module.
    pub templates: usize,
    pub template_nodes: usize,
    /// Nodes of all modules of a page together. Half of them are kept in equal shares, one for each module.
    pub page_nodes: usize,
    /// Bytes of their texts, attributes, live properties, listeners and templates together; kept in shares as the nodes
    /// are. Each attribute, live property and listener counts 32 besides its string, each node of a template 64.
    pub page_bytes: usize,
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
            attribute_bytes: 64 << 10,
            text_bytes: 256 << 10,
            name_bytes: 128,
            names: 4096,
            templates: 1024,
            template_nodes: 4096,
            page_nodes: 50_000,
            page_bytes: 32 << 20,
            depth: 256,
            node_attributes: 256,
            node_listeners: 32,
        }
    }
}
