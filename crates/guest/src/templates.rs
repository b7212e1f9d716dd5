//! Dioxus templates as templates of the wire.
//!
//! A template is sent once; each use is one CLONE that names the nodes which may change. These are marked:
//! the root; elements with changing attributes or children; the places of changing children, which are empty texts
//! until they are filled; what stands right behind such a place, as the anchor for inserting; and an `option` with all
//! in it, for an event says which options are selected by their positions.

use crate::attributes::{self, StaticAttributes};
use crate::nodes::{Control, Kind};
use dioxus::dioxus_core::{TemplateAttribute, TemplateNode};

/// CLONE names at most this many nodes.
const MARKS_MAX: usize = 254;
const NODES_MAX: usize = 4096;
/// Templates of one start of a module.
pub(crate) const TEMPLATES_MAX: usize = 1024;

/// One root of a Dioxus template.
pub(crate) struct Template {
    /// `None`: too large for the wire or one too many. Its nodes are made one by one; all are marked.
    pub id: Option<u16>,
    /// In document order, the root first.
    pub marks: Vec<Mark>,
}

pub(crate) struct Mark {
    /// Positions of children from the root on. Document order is the order of these.
    pub path: Box<[u8]>,
    /// Position in `marks` of the nearest marked ancestor; the root's is its own.
    pub parent: usize,
    pub kind: Kind,
    pub attributes: &'static [TemplateAttribute],
    pub node: &'static TemplateNode,
}

impl Template {
    /// `id`: the number that it gets if it fits.
    pub fn new(root: &'static TemplateNode, id: Option<u16>) -> Self {
        let fits = id.is_some() && count(root) <= NODES_MAX;
        let mut marks = Vec::new();
        mark(root, &mut Vec::new(), 0, true, !fits, &mut marks);
        if fits && marks.len() <= MARKS_MAX {
            return Template { id, marks };
        }
        marks.clear();
        mark(root, &mut Vec::new(), 0, true, true, &mut marks);
        Template { id: None, marks }
    }

    /// Position in `marks` of the node at this path.
    pub fn find(&self, path: &[u8]) -> Option<usize> {
        self.marks.binary_search_by(|mark| (*mark.path).cmp(path)).ok()
    }
}

/// The same order of nodes for definition and clone: calls `visit` for each node with whether it is marked, and
/// `None` behind an element's children.
pub(crate) fn walk(
    node: &'static TemplateNode,
    must_mark: bool,
    visit: &mut impl FnMut(Option<(&'static TemplateNode, bool)>),
) {
    let marked = must_mark || is_marked(node);
    visit(Some((node, marked)));
    if let TemplateNode::Element { tag, children, .. } = node {
        for (position, child) in children.iter().enumerate() {
            walk(child, *tag == "option" || follows_changing(children, position), visit);
        }
        visit(None);
    }
}

fn mark(
    node: &'static TemplateNode,
    path: &mut Vec<u8>,
    parent: usize,
    must_mark: bool,
    all: bool,
    marks: &mut Vec<Mark>,
) {
    let mut parent = parent;
    if all || must_mark || is_marked(node) {
        let (kind, attributes) = match node {
            TemplateNode::Element { tag, attrs, .. } => (Kind::Element(control_of(tag, attrs)), *attrs),
            TemplateNode::Text { .. } | TemplateNode::Dynamic { .. } => (Kind::Text, [].as_slice()),
        };
        marks.push(Mark { path: path.as_slice().into(), parent, kind, attributes, node });
        parent = marks.len() - 1;
    }
    let TemplateNode::Element { tag, children, .. } = node else { return };
    for (position, child) in children.iter().enumerate() {
        path.push(position as u8);
        let must_mark = *tag == "option" || follows_changing(children, position);
        mark(child, path, parent, must_mark, all, marks);
        path.pop();
    }
}

fn is_marked(node: &TemplateNode) -> bool {
    match node {
        TemplateNode::Dynamic { .. } => true,
        TemplateNode::Text { .. } => false,
        TemplateNode::Element { tag, attrs, children, .. } => {
            let changing_attribute =
                |attribute: &TemplateAttribute| matches!(attribute, TemplateAttribute::Dynamic { .. });
            matches!(*tag, "option" | "pc-slot")
                || attrs.iter().any(changing_attribute)
                || children.iter().any(|child| matches!(child, TemplateNode::Dynamic { .. }))
                || !StaticAttributes::new(control_of(tag, attrs), attrs).properties.is_empty()
        }
    }
}

fn follows_changing(children: &[TemplateNode], position: usize) -> bool {
    position > 0 && matches!(children[position - 1], TemplateNode::Dynamic { .. })
}

pub(crate) fn control_of(tag: &str, attrs: &[TemplateAttribute]) -> Control {
    attributes::control(tag, attributes::static_value(attrs, "type"))
}

fn count(node: &TemplateNode) -> usize {
    match node {
        TemplateNode::Element { children, .. } => 1 + children.iter().map(count).sum::<usize>(),
        _ => 1,
    }
}
