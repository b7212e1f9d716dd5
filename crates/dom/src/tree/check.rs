//! The first of two passes over a batch: is it right as a whole? Nothing that can be seen of the tree changes here.
//!
//! Parents, heights and kinds as the batch would leave them are kept beside the tree, in [`Scratch`]: entries carry
//! the number of the check that wrote them, so nothing needs to be cleared.

use super::bytes::attribute_bytes;
use super::overlay::NOT_GRANTED;
use super::{Content, PageId, SlotId, Template, TemplateContent, TemplateNode, Tree};
use crate::allow;
use crate::batch::{Batch, Op};
use crate::limits::LimitKey;
use crate::names::NameId;
use crate::op::{Command, Namespace, Property};

/// Why a batch was refused. `op` is the operation's position in the batch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("operation {op}: name {name} is not defined")]
    UnknownName { op: usize, name: u16 },
    #[error("operation {op}: name {name} is defined twice")]
    NameTwice { op: usize, name: u16 },
    #[error("operation {op}: template {template} is not defined")]
    UnknownTemplate { op: usize, template: u16 },
    #[error("operation {op}: template {template} is defined twice")]
    TemplateTwice { op: usize, template: u16 },
    #[error("operation {op}: {why}")]
    Template { op: usize, why: &'static str },
    #[error("operation {op}: there is no node {index}")]
    UnknownNode { op: usize, index: u32 },
    #[error("operation {op}: there is a node {index} already")]
    NodeTwice { op: usize, index: u32 },
    #[error("operation {op}: {why} (node {index})")]
    Kind { op: usize, index: u32, why: &'static str },
    #[error("operation {op}: node {child} would stand below itself")]
    Cycle { op: usize, child: u32 },
    #[error("operation {op}: {what}: {used} used, {allowed} allowed")]
    Limit { op: usize, what: &'static str, used: usize, allowed: usize, key: LimitKey },
}

/// An operation that was left out of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Strip {
    pub op: usize,
    /// The module's index of the node that it was for. `None`: it was in a template.
    pub node: Option<u32>,
    /// What was not allowed, for people: `element script`, `attribute onclick of button`.
    pub what: String,
    /// A sentence for the module's author.
    pub why: String,
}

/// How many kinds of stripped operations are described: each `what` once.
pub(super) const STRIPS_DESCRIBED_MAX: usize = 16;

/// The name of the element that stands for one that is not allowed.
pub(super) const STRIPPED_ELEMENT: &str = "pc-stripped";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Apply,
    /// Apply with the stripped element's name in place of the one asked for.
    Substitute,
    /// Apply with a value of which something was left out: the next of [`Checked::reduced`].
    Reduce,
    LeaveOut,
}

/// What the second pass needs to know.
#[derive(Debug)]
pub(super) struct Checked {
    pub verdicts: Vec<Verdict>,
    /// Page ids of the nodes that the batch makes, in the order in which it makes them.
    pub ids: Vec<PageId>,
    /// Values of attributes, in the order of their operations.
    pub reduced: Vec<String>,
    pub strips: Vec<Strip>,
    pub stripped: usize,
    pub skipped: usize,
}

#[derive(Debug, Default)]
pub(super) struct Scratch {
    check: u32,
    nodes: Vec<ScratchNode>,
    indices: Vec<(u32, PageId)>,
}

#[derive(Clone, Copy, Debug, Default)]
struct ScratchNode {
    check: u32,
    parent: PageId,
    height: u16,
    name: NameId,
    kind: Kind,
    removed: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Element,
    SlotRoot,
    Text,
    Comment,
}

struct Check<'t> {
    tree: &'t mut Tree,
    slot: SlotId,
    op: usize,
    out: Checked,
    any_removed: bool,
    /// Of what the batch brings, also where it replaces something.
    bytes: usize,
    /// With more room than there are kinds, each operation is described.
    strips_max: usize,
    definition: Option<Definition>,
    names_defined: Vec<u16>,
    templates_defined: Vec<u16>,
}

/// A template that is being defined.
struct Definition {
    id: u16,
    nodes: Vec<TemplateNode>,
    marks: usize,
    bytes: usize,
    /// Positions of the open elements.
    open: Vec<usize>,
    attributes_allowed: bool,
}

/// What the check says of one operation of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    Applied,
    /// Left out, or an element put in the place of the one asked for: the allow-list does not have it.
    Stripped {
        what: String,
        why: String,
    },
    /// Without effect: of a later version.
    Skipped,
}

impl Tree {
    /// What would become of each operation of a batch. Nothing is applied. With a refusal, those up to the operation that
    /// it is for: a batch that is refused has no effect at all.
    pub fn judge(&mut self, slot: SlotId, batch: &Batch) -> (Vec<Judgement>, Option<Refusal>) {
        let mut check = self.new_check(slot, batch);
        check.strips_max = usize::MAX;
        let refusal = check.run(batch).err();
        check.forget_definitions();
        let Checked { verdicts, strips, .. } = check.out;
        let mut strips = strips.into_iter().peekable();
        let judgements = verdicts.iter().enumerate().map(|(op, verdict)| {
            match (strips.next_if(|strip| strip.op == op), verdict) {
                (Some(Strip { what, why, .. }), _) => Judgement::Stripped { what, why },
                (None, Verdict::LeaveOut) => Judgement::Skipped,
                (None, Verdict::Apply | Verdict::Substitute | Verdict::Reduce) => Judgement::Applied,
            }
        });
        (judgements.collect(), refusal)
    }

    pub(super) fn check(&mut self, slot: SlotId, batch: &Batch) -> Result<Checked, Refusal> {
        let mut check = self.new_check(slot, batch);
        match check.run(batch) {
            Ok(()) => Ok(check.out),
            Err(refusal) => {
                check.forget_definitions();
                Err(refusal)
            }
        }
    }

    fn new_check(&mut self, slot: SlotId, batch: &Batch) -> Check<'_> {
        if self.scratch.check == u32::MAX {
            self.scratch = Scratch::default();
        }
        self.scratch.check += 1;
        Check {
            slot,
            op: 0,
            out: Checked {
                verdicts: Vec::with_capacity(batch.ops().len()),
                ids: Vec::new(),
                reduced: Vec::new(),
                strips: Vec::new(),
                stripped: 0,
                skipped: 0,
            },
            any_removed: false,
            bytes: 0,
            strips_max: STRIPS_DESCRIBED_MAX,
            definition: None,
            names_defined: Vec::new(),
            templates_defined: Vec::new(),
            tree: self,
        }
    }
}

impl Refusal {
    /// The position of the operation that it is for.
    pub fn op(&self) -> usize {
        match *self {
            Refusal::UnknownName { op, .. }
            | Refusal::NameTwice { op, .. }
            | Refusal::UnknownTemplate { op, .. }
            | Refusal::TemplateTwice { op, .. }
            | Refusal::Template { op, .. }
            | Refusal::UnknownNode { op, .. }
            | Refusal::NodeTwice { op, .. }
            | Refusal::Kind { op, .. }
            | Refusal::Cycle { op, .. }
            | Refusal::Limit { op, .. } => op,
        }
    }
}

impl Check<'_> {
    fn run(&mut self, batch: &Batch) -> Result<(), Refusal> {
        for (position, op) in batch.ops().iter().enumerate() {
            self.op = position;
            let verdict = self.op(op)?;
            if verdict != Verdict::LeaveOut {
                self.bytes += self.tree.op_bytes(self.slot, op);
            }
            self.out.verdicts.push(verdict);
        }
        if self.definition.is_some() {
            return Err(self.template_error("a template is not closed"));
        }
        self.node_limit()?;
        self.byte_limit()
    }

    fn op(&mut self, op: &Op) -> Result<Verdict, Refusal> {
        if self.definition.is_some() {
            return self.in_definition(op);
        }
        match *op {
            Op::Name { id, namespace, local } => self.define_name(id, namespace, local),
            Op::Create { name, node } => {
                let name = self.name(name)?;
                let (verdict, name) = self.element_verdict(name, Some(node))?;
                self.create(node, Kind::Element, name)?;
                Ok(verdict)
            }
            Op::Text { node, .. } => {
                self.create(node, Kind::Text, NameId::default()).map(|()| Verdict::Apply)
            }
            Op::Comment { node, .. } => {
                self.create(node, Kind::Comment, NameId::default()).map(|()| Verdict::Apply)
            }
            Op::SetText { node, .. } => {
                let id = self.node(node)?;
                match self.scratch_node(id).kind {
                    Kind::Text | Kind::Comment => Ok(Verdict::Apply),
                    Kind::Element | Kind::SlotRoot => {
                        Err(self.kind_error(node, "SET_TEXT is for text and comment nodes"))
                    }
                }
            }
            Op::Attr { name, node, value } => {
                let (element, attribute) = (self.element(node)?, self.name(name)?);
                Ok(self.attribute_verdict(element, attribute, value, Some(node)))
            }
            Op::RemoveAttr { name, node } => {
                self.element(node)?;
                self.name(name)?;
                Ok(Verdict::Apply)
            }
            Op::Prop { property, node, .. } => {
                let element = self.element(node)?;
                Ok(self.property_verdict(element, property, node))
            }
            Op::Insert { parent, child, before } => self.insert(parent, child, before),
            Op::Detach { node } => {
                let id = self.own_node(node)?;
                self.touch(id).parent = PageId::NONE;
                Ok(Verdict::Apply)
            }
            Op::Remove { node } => {
                let id = self.own_node(node)?;
                self.touch(id).removed = true;
                self.any_removed = true;
                Ok(Verdict::Apply)
            }
            Op::Listen { kind, node, .. } => {
                let (id, kind) = (self.node(node)?, self.name(kind)?);
                if !matches!(self.scratch_node(id).kind, Kind::Element | Kind::SlotRoot) {
                    return Err(self.kind_error(node, "only elements and the slot listen"));
                }
                let (_, local) = self.tree.names.known(kind);
                if allow::event(local) {
                    Ok(Verdict::Apply)
                } else {
                    let (what, why) =
                        (format!("event {local}"), "no module can listen to events of this type");
                    Ok(self.strip(Some(node), what, why.to_owned()))
                }
            }
            Op::Unlisten { kind, node } => {
                self.node(node)?;
                self.name(kind)?;
                Ok(Verdict::Apply)
            }
            Op::Call { command, node } => {
                let element = self.element(node)?;
                Ok(self.command_verdict(element, command, node))
            }
            Op::Template { id } => {
                if self.template(id).is_some() {
                    return Err(Refusal::TemplateTwice { op: self.op, template: id });
                }
                let used = self.tree.templates.len() - self.tree.free_templates.len() + 1;
                self.limit("templates of the page", used, usize::from(u16::MAX), LimitKey::Fixed)?;
                self.definition = Some(Definition {
                    id,
                    nodes: Vec::new(),
                    marks: 0,
                    bytes: 0,
                    open: Vec::new(),
                    attributes_allowed: false,
                });
                Ok(Verdict::Apply)
            }
            Op::Open { .. }
            | Op::OpenAttr { .. }
            | Op::OpenText { .. }
            | Op::OpenComment { .. }
            | Op::Close => Err(self.template_error("a tree operation outside a template")),
            Op::Clone { template, ref nodes } => self.clone_template(template, nodes),
            Op::Unknown { .. } => {
                self.out.skipped += 1;
                Ok(Verdict::LeaveOut)
            }
            Op::Unsupported { what, number } => Ok(self.unsupported(what, number)),
        }
    }

    fn define_name(&mut self, id: u16, namespace: Namespace, local: &str) -> Result<Verdict, Refusal> {
        let names = &mut self.tree.slots[usize::from(self.slot.0)].names;
        if names.len() <= usize::from(id) {
            names.resize(usize::from(id) + 1, NameId::default());
        }
        if names[usize::from(id)] != NameId::default() {
            return Err(Refusal::NameTwice { op: self.op, name: id });
        }
        let page_name = self.intern(namespace, local)?;
        self.tree.slots[usize::from(self.slot.0)].names[usize::from(id)] = page_name;
        self.names_defined.push(id);
        Ok(Verdict::Apply)
    }

    /// A name's number on the page. New ones are for as long as the page lives, so each slot has a share of them.
    fn intern(&mut self, namespace: Namespace, local: &str) -> Result<NameId, Refusal> {
        let share = crate::names::Names::MAX / self.tree.slots.len();
        let before = self.tree.names.next_id();
        let made = self.tree.slots[usize::from(self.slot.0)].names_made;
        let known = made < share || self.tree.names.find(namespace, local).is_some();
        let id = known.then(|| self.tree.names.intern(namespace, local).ok()).flatten();
        let id = id.ok_or(Refusal::Limit {
            op: self.op,
            what: "names that this module has brought to the page, over all its starts",
            used: made + 1,
            allowed: share,
            key: LimitKey::Fixed,
        })?;
        self.tree.slots[usize::from(self.slot.0)].names_made +=
            usize::from(self.tree.names.next_id() - before);
        Ok(id)
    }

    fn create(&mut self, index: u32, kind: Kind, name: NameId) -> Result<(), Refusal> {
        self.free_index(index)?;
        let id = self.fresh_id()?;
        self.place(id, kind, name, PageId::NONE, 0);
        self.set_index(index, id);
        Ok(())
    }

    fn insert(&mut self, parent: u32, child: u32, before: u32) -> Result<Verdict, Refusal> {
        let parent_id = self.node(parent)?;
        if !matches!(self.scratch_node(parent_id).kind, Kind::Element | Kind::SlotRoot) {
            return Err(self.kind_error(parent, "only elements and the slot have children"));
        }
        let child_id = self.own_node(child)?;
        if before != 0 {
            let before_id = self.own_node(before)?;
            if self.scratch_node(before_id).parent != parent_id {
                return Err(self.kind_error(before, "INSERT before a node that is not a child of the parent"));
            }
            if before_id == child_id {
                self.out.skipped += 1;
                return Ok(Verdict::LeaveOut);
            }
        }
        let mut parent_depth = 0;
        let mut above = parent_id;
        loop {
            if above == child_id {
                return Err(Refusal::Cycle { op: self.op, child });
            }
            match self.scratch_node(above).parent {
                PageId::NONE => break,
                next => above = next,
            }
            parent_depth += 1;
        }
        let depth = parent_depth + 1 + usize::from(self.scratch_node(child_id).height);
        self.limit("depth of the tree", depth, self.tree.limits.depth, LimitKey::Page("depth"))?;
        let child_height = {
            let node = self.touch(child_id);
            node.parent = parent_id;
            node.height
        };
        self.raise_heights(parent_id, child_height);
        Ok(Verdict::Apply)
    }

    /// The parent of a node of height `below` is at least one higher.
    fn raise_heights(&mut self, parent: PageId, below: u16) {
        let (mut at, mut height) = (parent, below + 1);
        while at.is_some() && self.scratch_node(at).height < height {
            let node = self.touch(at);
            node.height = height;
            (at, height) = (node.parent, height + 1);
        }
    }

    fn clone_template(
        &mut self,
        template: u16,
        nodes: &crate::batch::CloneNodes,
    ) -> Result<Verdict, Refusal> {
        let number = self.template(template).ok_or(Refusal::UnknownTemplate { op: self.op, template })?;
        // The template is taken out while its nodes are placed, so that placing may borrow the tree.
        let definition = self.tree.templates[number].take().expect("a defined template is there");
        let placed = self.place_template(&definition, nodes);
        self.tree.templates[number] = Some(definition);
        placed.map(|()| Verdict::Apply)
    }

    fn place_template(
        &mut self,
        template: &Template,
        nodes: &crate::batch::CloneNodes,
    ) -> Result<(), Refusal> {
        let mut indices = nodes.iter();
        if indices.len() != template.marks {
            return Err(self.template_error("CLONE does not name one node for each mark"));
        }
        let first = self.out.ids.len();
        for (position, node) in template.nodes.iter().enumerate() {
            let id = self.fresh_id()?;
            let parent = if position == 0 { PageId::NONE } else { self.out.ids[first + node.parent] };
            let (kind, name) = match node.content {
                TemplateContent::Element { name, .. } => (Kind::Element, name),
                TemplateContent::Text(_) => (Kind::Text, NameId::default()),
                TemplateContent::Comment(_) => (Kind::Comment, NameId::default()),
            };
            self.place(id, kind, name, parent, node.height);
            if node.marked
                && let Some(index) = indices.next()
            {
                self.free_index(index)?;
                self.set_index(index, id);
            }
        }
        Ok(())
    }

    fn in_definition(&mut self, op: &Op) -> Result<Verdict, Refusal> {
        match *op {
            Op::Open { name, marked } => {
                let name = self.name(name)?;
                let (verdict, name) = self.element_verdict(name, None)?;
                self.define_node(marked, TemplateContent::Element { name, attributes: Vec::new() })?;
                Ok(verdict)
            }
            Op::OpenAttr { name, value } => {
                let attribute = self.name(name)?;
                let element = match self.definition.as_ref().and_then(|definition| {
                    let last = definition.nodes.last().filter(|_| definition.attributes_allowed)?;
                    match last.content {
                        TemplateContent::Element { name, .. } => Some(name),
                        _ => None,
                    }
                }) {
                    Some(element) => element,
                    None => return Err(self.template_error("OPEN_ATTR must stand right behind its OPEN")),
                };
                let verdict = self.attribute_verdict(element, attribute, value, None);
                let reduced = if verdict == Verdict::Reduce { self.out.reduced.pop() } else { None };
                let value = reduced.as_deref().unwrap_or(value);
                let attributes_max = self.tree.limits.node_attributes;
                if verdict != Verdict::LeaveOut
                    && let Some(TemplateNode { content: TemplateContent::Element { attributes, .. }, .. }) =
                        self.definition.as_mut().and_then(|definition| definition.nodes.last_mut())
                    && attributes.len() < attributes_max
                    && attributes.iter().all(|(name, _)| *name != attribute)
                {
                    attributes.push((attribute, value.into()));
                    self.definition
                        .iter_mut()
                        .for_each(|definition| definition.bytes += attribute_bytes(value));
                }
                // The template has the value; there is nothing left to be reduced.
                Ok(if verdict == Verdict::Reduce { Verdict::Apply } else { verdict })
            }
            Op::OpenText { marked, data } => {
                self.define_node(marked, TemplateContent::Text(data.into())).map(|()| Verdict::Apply)
            }
            Op::OpenComment { marked, data } => {
                self.define_node(marked, TemplateContent::Comment(data.into())).map(|()| Verdict::Apply)
            }
            Op::Close => {
                let closed = self.definition.as_mut().and_then(|definition| {
                    definition.attributes_allowed = false;
                    definition.open.pop()
                });
                if closed.is_none() {
                    return Err(self.template_error("CLOSE without OPEN"));
                }
                self.end_definition();
                Ok(Verdict::Apply)
            }
            Op::Name { id, namespace, local } => self.define_name(id, namespace, local),
            Op::Unknown { .. } => {
                self.out.skipped += 1;
                Ok(Verdict::LeaveOut)
            }
            Op::Unsupported { what, number } => Ok(self.unsupported(what, number)),
            _ => Err(self.template_error("another operation before the template's root was closed")),
        }
    }

    fn define_node(&mut self, marked: bool, content: TemplateContent) -> Result<(), Refusal> {
        let (op, limits) = (self.op, self.tree.limits.clone());
        if let TemplateContent::Element { name, .. } = &content
            && !marked
            && self.tree.is_offer(*name)
        {
            // Where another module may come to stand the browser has to know the node.
            return Err(Refusal::Template { op, why: "a pc-slot in a template must be marked" });
        }
        let Some(definition) = self.definition.as_mut() else { return Ok(()) };
        let position = definition.nodes.len();
        let limit = |what, used, allowed, key| {
            if used > allowed { Err(Refusal::Limit { op, what, used, allowed, key }) } else { Ok(()) }
        };
        limit("nodes of a template", position + 1, limits.template_nodes, LimitKey::Fixed)?;
        limit("depth of a template", definition.open.len() + 1, limits.depth, LimitKey::Page("depth"))?;
        if position == 0 && !marked {
            return Err(Refusal::Template { op, why: "the root of a template must be marked" });
        }
        definition.bytes += match &content {
            TemplateContent::Text(data) | TemplateContent::Comment(data) => data.len(),
            TemplateContent::Element { .. } => 0,
        };
        definition.marks += usize::from(marked);
        limit("marks of a template", definition.marks, MARKS_MAX, LimitKey::Fixed)?;
        let element = matches!(content, TemplateContent::Element { .. });
        let parent = definition.open.last().copied().unwrap_or(0);
        definition.nodes.push(TemplateNode { parent, marked, height: 0, content });
        let mut height = 0;
        for above in definition.open.iter().rev() {
            height += 1;
            let node = &mut definition.nodes[*above];
            node.height = node.height.max(height);
        }
        if element {
            definition.open.push(position);
        }
        definition.attributes_allowed = element;
        self.end_definition();
        Ok(())
    }

    /// A definition ends when its root is closed.
    fn end_definition(&mut self) {
        let Some(definition) = self.definition.take_if(|definition| definition.open.is_empty()) else {
            return;
        };
        let Definition { nodes, marks, bytes, .. } = definition;
        let template = Template { nodes, marks, clone_bytes: bytes, sent: false };
        self.tree.slots[usize::from(self.slot.0)].bytes += template.bytes();
        let number = match self.tree.free_templates.pop() {
            Some(number) => usize::from(number),
            None => {
                self.tree.templates.push(None);
                self.tree.templates.len() - 1
            }
        };
        self.tree.templates[number] = Some(template);
        let own = &mut self.tree.slots[usize::from(self.slot.0)].templates;
        if own.len() <= usize::from(definition.id) {
            own.resize(usize::from(definition.id) + 1, 0);
        }
        own[usize::from(definition.id)] = number as u16 + 1;
        self.templates_defined.push(definition.id);
    }

    fn forget_definitions(&mut self) {
        let slot = &mut self.tree.slots[usize::from(self.slot.0)];
        for id in &self.names_defined {
            slot.names[usize::from(*id)] = NameId::default();
        }
        for id in &self.templates_defined {
            let number = std::mem::take(&mut slot.templates[usize::from(*id)]);
            if let Some(template) = self.tree.templates[usize::from(number) - 1].take() {
                slot.bytes -= template.bytes();
                self.tree.free_templates.push(number - 1);
            }
        }
    }

    // Verdicts by the allow-list

    /// The element's name, or the name of what stands for it.
    fn element_verdict(&mut self, name: NameId, node: Option<u32>) -> Result<(Verdict, NameId), Refusal> {
        let (namespace, local) = self.tree.names.known(name);
        let is_granted = self.tree.covers(self.slot) || !self.tree.is_overlay(name);
        if is_granted && allow::element(namespace, local) {
            return Ok((Verdict::Apply, name));
        }
        let what = format!("element {local}");
        let why = match is_granted {
            true => "the allow-list has no such element; an empty <pc-stripped> stands in its place",
            false => NOT_GRANTED,
        };
        self.strip(node, what, why.to_owned());
        let substitute = self.intern(Namespace::None, STRIPPED_ELEMENT)?;
        Ok((Verdict::Substitute, substitute))
    }

    fn attribute_verdict(
        &mut self,
        element: NameId,
        attribute: NameId,
        value: &str,
        node: Option<u32>,
    ) -> Verdict {
        let (names, known) = (&self.tree.names, &mut self.tree.allowed_attributes);
        if known.len() >= ATTRIBUTES_KNOWN_MAX {
            known.clear();
        }
        let kind = *known.entry((element, attribute)).or_insert_with(|| {
            let ((element_namespace, element), (namespace, local)) =
                (names.known(element), names.known(attribute));
            allow::attribute(element_namespace, element, namespace, local)
        });
        if kind.is_some_and(|kind| allow::value(kind, value)) {
            return Verdict::Apply;
        }
        let ((_, element), (_, attribute)) = (names.known(element), names.known(attribute));
        if kind.is_some_and(|kind| matches!(kind, allow::Kind::Style))
            && let Some((kept, dropped)) = allow::reduced_style(value)
        {
            let (what, why) = allow::style_strip(element, &dropped);
            self.out.reduced.push(kept);
            self.strip(node, what, why);
            return Verdict::Reduce;
        }
        let (what, why) = match kind {
            Some(kind) => (format!("value of attribute {attribute} of {element}"), allow::value_rule(kind)),
            None => {
                (format!("attribute {attribute} of {element}"), allow::attribute_rule(attribute).to_owned())
            }
        };
        self.strip(node, what, why)
    }

    fn property_verdict(&mut self, element: NameId, property: Property, node: u32) -> Verdict {
        let (namespace, local) = self.tree.names.known(element);
        if allow::property(namespace, local, property) {
            return Verdict::Apply;
        }
        let what = format!("property {property:?} of {local}");
        self.strip(Some(node), what, "elements of this name have no such live property".to_owned())
    }

    fn command_verdict(&mut self, element: NameId, command: Command, node: u32) -> Verdict {
        let (namespace, local) = self.tree.names.known(element);
        let what = format!("command {command:?} on {local}");
        if allow::command(namespace, local, command) {
            if self.tree.covers(self.slot) || command != Command::ShowModal {
                return Verdict::Apply;
            }
            return self.strip(Some(node), what, NOT_GRANTED.to_owned());
        }
        self.strip(Some(node), what, "elements of this name have no such command".to_owned())
    }

    fn unsupported(&mut self, what: &str, number: u32) -> Verdict {
        let why = "this version of the host does not know it".to_owned();
        self.strip(None, format!("{what} {number}"), why)
    }

    fn strip(&mut self, node: Option<u32>, what: String, why: String) -> Verdict {
        self.out.stripped += 1;
        let strips = &mut self.out.strips;
        let is_new = || strips.iter().all(|strip| strip.what != what);
        if strips.len() < self.strips_max && (self.strips_max > STRIPS_DESCRIBED_MAX || is_new()) {
            strips.push(Strip { op: self.op, node, what, why });
        }
        Verdict::LeaveOut
    }

    // Names, indices and nodes as they are at this point of the batch

    fn name(&self, name: u16) -> Result<NameId, Refusal> {
        let names = &self.tree.slots[usize::from(self.slot.0)].names;
        match names.get(usize::from(name)) {
            Some(id) if *id != NameId::default() => Ok(*id),
            _ => Err(Refusal::UnknownName { op: self.op, name }),
        }
    }

    fn template(&self, id: u16) -> Option<usize> {
        let number = *self.tree.slots[usize::from(self.slot.0)].templates.get(usize::from(id))?;
        usize::from(number).checked_sub(1)
    }

    /// The live node of this index; 0 is the slot.
    fn node(&self, index: u32) -> Result<PageId, Refusal> {
        self.find(index).ok_or(Refusal::UnknownNode { op: self.op, index })
    }

    /// A live node that is not the slot.
    fn own_node(&self, index: u32) -> Result<PageId, Refusal> {
        if index == 0 {
            Err(self.kind_error(0, "the slot itself stays where it is"))
        } else {
            self.node(index)
        }
    }

    /// The name of a live element.
    fn element(&self, index: u32) -> Result<NameId, Refusal> {
        let node = self.scratch_node(self.node(index)?);
        match node.kind {
            Kind::Element => Ok(node.name),
            Kind::SlotRoot | Kind::Text | Kind::Comment => Err(self.kind_error(index, "not an element")),
        }
    }

    fn find(&self, index: u32) -> Option<PageId> {
        let scratch = &self.tree.scratch;
        let id = match scratch.indices.get(index as usize) {
            Some((check, id)) if *check == scratch.check => *id,
            _ => *self.tree.slots[usize::from(self.slot.0)].indices.get(index as usize)?,
        };
        (id.is_some() && !self.is_removed(id)).then_some(id)
    }

    /// Whether the batch has removed the node or one above it.
    fn is_removed(&self, id: PageId) -> bool {
        if !self.any_removed {
            return false;
        }
        let mut at = id;
        while at.is_some() {
            let node = self.scratch_node(at);
            if node.removed {
                return true;
            }
            at = node.parent;
        }
        false
    }

    fn free_index(&self, index: u32) -> Result<(), Refusal> {
        self.limit(
            "index of a node",
            (index as usize).saturating_add(1),
            self.tree.limits.index_max(),
            LimitKey::Page("nodes"),
        )?;
        if index == 0 || self.find(index).is_some() {
            return Err(Refusal::NodeTwice { op: self.op, index });
        }
        Ok(())
    }

    fn set_index(&mut self, index: u32, id: PageId) {
        let scratch = &mut self.tree.scratch;
        if scratch.indices.len() <= index as usize {
            scratch.indices.resize(index as usize + 1, (0, PageId::NONE));
        }
        scratch.indices[index as usize] = (scratch.check, id);
    }

    /// The id of the next node that the batch makes.
    fn fresh_id(&mut self) -> Result<PageId, Refusal> {
        let (made, free) = (self.out.ids.len(), &self.tree.free);
        let id = match free.len().checked_sub(made + 1) {
            Some(position) => free[position],
            None => PageId((self.tree.nodes.len() + made - free.len()) as u32),
        };
        // What a batch makes and removes again costs something too, and a CLONE is a word for thousands of nodes.
        let made_max = self.tree.limits.page_nodes.saturating_mul(2);
        self.limit("nodes made by one batch", made + 1, made_max, LimitKey::Page("nodes"))?;
        self.limit("page ids in use", id.0 as usize + 1, PageId::MAX as usize, LimitKey::Page("nodes"))?;
        self.out.ids.push(id);
        Ok(id)
    }

    fn place(&mut self, id: PageId, kind: Kind, name: NameId, parent: PageId, height: u16) {
        let scratch = &mut self.tree.scratch;
        if scratch.nodes.len() <= id.0 as usize {
            scratch.nodes.resize(id.0 as usize + 1, ScratchNode::default());
        }
        scratch.nodes[id.0 as usize] =
            ScratchNode { check: scratch.check, parent, height, name, kind, removed: false };
    }

    /// The node as it is at this point of the batch.
    fn scratch_node(&self, id: PageId) -> ScratchNode {
        let scratch = &self.tree.scratch;
        match scratch.nodes.get(id.0 as usize) {
            Some(node) if node.check == scratch.check => *node,
            _ => {
                let node = self.tree.node(id);
                let (kind, name) = match &node.content {
                    Content::Element(element) => (Kind::Element, element.name),
                    Content::Text(_) => (Kind::Text, NameId::default()),
                    Content::Comment(_) => (Kind::Comment, NameId::default()),
                    Content::SlotRoot { .. } | Content::Free => (Kind::SlotRoot, NameId::default()),
                };
                ScratchNode {
                    check: scratch.check,
                    parent: node.parent,
                    height: node.height,
                    name,
                    kind,
                    removed: false,
                }
            }
        }
    }

    fn touch(&mut self, id: PageId) -> &mut ScratchNode {
        let node = self.scratch_node(id);
        let nodes = &mut self.tree.scratch.nodes;
        if nodes.len() <= id.0 as usize {
            nodes.resize(id.0 as usize + 1, ScratchNode::default());
        }
        nodes[id.0 as usize] = node;
        &mut nodes[id.0 as usize]
    }

    /// Nodes that the batch itself frees count only when it is needed: then all are looked at.
    fn node_limit(&self) -> Result<(), Refusal> {
        let most = self.tree.slots[usize::from(self.slot.0)].nodes + self.out.ids.len();
        let allowed = self.tree.allowed(self.slot, self.tree.limits.page_nodes, |slot| slot.nodes);
        if most <= allowed {
            return Ok(());
        }
        let old = (1..self.tree.nodes.len() as u32)
            .map(PageId)
            .filter(|id| self.tree.live_node(*id).is_some_and(|node| node.slot == self.slot));
        let freed = old.chain(self.out.ids.iter().copied()).filter(|id| self.is_removed(*id)).count();
        self.limit("nodes of the page", most - freed, allowed, LimitKey::Page("nodes"))
    }

    /// What the batch replaces or frees is not subtracted: a page that is so near to its limit was at it before.
    fn byte_limit(&self) -> Result<(), Refusal> {
        let used = self.tree.slots[usize::from(self.slot.0)].bytes + self.bytes;
        let allowed = self.tree.allowed(self.slot, self.tree.limits.page_bytes, |slot| slot.bytes);
        self.limit(
            "bytes of texts, attributes and listeners of the page",
            used,
            allowed,
            LimitKey::Page("bytes"),
        )
    }

    fn limit(&self, what: &'static str, used: usize, allowed: usize, key: LimitKey) -> Result<(), Refusal> {
        if used > allowed { Err(Refusal::Limit { op: self.op, what, used, allowed, key }) } else { Ok(()) }
    }

    fn kind_error(&self, index: u32, why: &'static str) -> Refusal {
        Refusal::Kind { op: self.op, index, why }
    }

    fn template_error(&self, why: &'static str) -> Refusal {
        Refusal::Template { op: self.op, why }
    }
}

/// CLONE names each marked node in one argument word of 255, the template's definition in a frame one more.
pub(super) const MARKS_MAX: usize = 254;

/// Pairs of element and attribute that the allow-list was asked about; a page has some hundreds.
const ATTRIBUTES_KNOWN_MAX: usize = 4_096;
