//! Dioxus's mutations as operations of a batch.
//!
//! Dioxus drives a stack machine: nodes are made on a stack and then put into the tree. Texts and placeholders are
//! written only when they leave the stack, because most of them fill a place of a template that is a text already.

use crate::attributes::{self, StaticAttributes, Write};
use crate::nodes::{Control, Extra, Kind, Nodes, SLOT, Style};
use crate::sorted::SortedMap;
use crate::templates::{self, TEMPLATES_MAX, Template};
use dioxus::dioxus_core::{
    AttributeValue, ElementId, Template as DioxusTemplate, TemplateNode, WriteMutations,
};
use playconnect_dom::op::PropertyValue;
use playconnect_dom::{BatchWriter, Command, ListenFlags, Namespace, Property};
use std::rc::Rc;

/// Names of one start of a module.
const NAMES_MAX: usize = 4096;
const SVG: &str = "http://www.w3.org/2000/svg";
const MATHML: &str = "http://www.w3.org/1998/Math/MathML";

/// Writes what Dioxus changes into one batch for each turn.
pub(crate) struct Writer {
    batch: BatchWriter,
    pub nodes: Nodes,
    stack: Vec<Item>,
    names: SortedMap<(Namespace, &'static str), u16>,
    /// By the address of the template's root: `rsx!` makes one static for each.
    templates: SortedMap<usize, Rc<Template>>,
    template_count: usize,
    /// Form state goes behind everything else: a `select` needs its options first.
    properties: SortedMap<(u32, Property), PropertyValue<String>>,
    commands: Vec<(ElementId, Command)>,
    /// What text controls hold as far as the module knows.
    values: SortedMap<u32, String>,
    /// Sequence of the last event that was handled.
    answers: u32,
    mounted: Vec<ElementId>,
    error: Option<String>,
}

/// What is on Dioxus's stack.
enum Item {
    Node(u32),
    Clone { template: Rc<Template>, nodes: Vec<u32> },
    Text(ElementId, String),
    Placeholder(ElementId),
}

impl Writer {
    pub fn new() -> Self {
        Writer {
            batch: BatchWriter::default(),
            nodes: Nodes::new(),
            stack: Vec::new(),
            names: SortedMap::default(),
            templates: SortedMap::default(),
            template_count: 0,
            properties: SortedMap::default(),
            commands: Vec::new(),
            values: SortedMap::default(),
            answers: 0,
            mounted: Vec::new(),
            error: None,
        }
    }

    /// The batch of this turn, or why there can be none.
    pub fn finish(&mut self) -> Result<Vec<u8>, String> {
        for ((node, property), value) in self.properties.take() {
            self.write_property(node, property, value);
        }
        for (element, command) in std::mem::take(&mut self.commands) {
            if let Some(node) = self.nodes.find(element) {
                self.batch.call(node, command);
            }
        }
        self.nodes.end_turn();
        match self.error.take() {
            Some(error) => Err(error),
            None => Ok(self.batch.finish()),
        }
    }

    /// An event is about to be handled: what the module writes from now on answers it.
    pub fn event_seen(&mut self, sequence: u32, target: u32, value: Option<&str>) {
        self.answers = self.answers.max(sequence);
        if let Some(value) = value.filter(|_| self.nodes.is_live(target)) {
            self.values.insert(target, value.to_owned());
        }
    }

    /// The node from `target` up that listens for this type of event.
    pub fn listener(&self, target: u32, event: &str, bubbles: bool) -> Option<ElementId> {
        let mut index = target;
        // What happens in another module's slot is for those that ask for it.
        let nested = self.control(target) == Control::Place;
        while index != SLOT && self.nodes.is_live(index) {
            let node = self.nodes.get(index);
            let listens = node.extra.as_ref().is_some_and(|extra| extra.listeners.contains(&event));
            if listens && (!nested || self.listen_flags(index, event).0.0 & ListenFlags::THROUGH != 0) {
                return Some(ElementId(node.element));
            }
            if !bubbles {
                return None;
            }
            index = node.parent;
        }
        None
    }

    /// Does a listener, from this element up, keep the browser from its own action?
    pub fn prevents_default(&self, element: ElementId, event: &str) -> bool {
        let mut index = self.nodes.find(element).unwrap_or(SLOT);
        while let Some(found) = self.listener(index, event, true).and_then(|element| self.nodes.find(element))
        {
            if self.listen_flags(found, event).0.0 & ListenFlags::PREVENT_DEFAULT != 0 {
                return true;
            }
            index = self.nodes.get(found).parent;
        }
        false
    }

    /// The listeners from this element up have heard an event: those with `pc-once` hear no more of the type.
    pub fn end_once(&mut self, element: ElementId, event: &str, bubbles: bool) {
        let mut heard = self.nodes.find(element);
        while let Some(index) = heard {
            let parent = self.nodes.get(index).parent;
            if attributes::listens_once(event, self.declarations(index)) {
                self.unlisten(index, event);
            }
            if !bubbles {
                return;
            }
            heard = self.listener(parent, event, true).and_then(|element| self.nodes.find(element));
        }
    }

    fn unlisten(&mut self, index: u32, event: &str) {
        let Some(extra) = &mut self.nodes.get_mut(index).extra else { return };
        let Some(position) = extra.listeners.iter().position(|known| *known == event) else { return };
        let event = extra.listeners.remove(position);
        let kind = self.name(Namespace::None, event);
        self.batch.unlisten(index, kind);
    }

    pub fn control(&self, index: u32) -> Control {
        match self.nodes.is_live(index).then(|| self.nodes.get(index).kind) {
            Some(Kind::Element(control)) => control,
            _ => Control::None,
        }
    }

    /// The values of the options at these positions; none, if the target is no `select`.
    pub fn option_values(&self, target: u32, positions: &[u32]) -> Vec<String> {
        match self.control(target) {
            Control::Select => self.nodes.option_values(target, positions),
            _ => Vec::new(),
        }
    }

    pub fn command(&mut self, element: ElementId, command: Command) {
        self.commands.push((element, command));
    }

    /// Elements with `onmounted` that came into the tree since the last call.
    pub fn take_mounted(&mut self) -> Vec<ElementId> {
        std::mem::take(&mut self.mounted)
    }

    fn fail(&mut self, message: impl Into<String>) {
        self.error.get_or_insert_with(|| message.into());
    }

    fn find(&mut self, element: ElementId) -> u32 {
        self.nodes.find(element).unwrap_or_else(|| {
            self.fail(format!("Dioxus changes its node {}, which was never made or is gone", element.0));
            SLOT
        })
    }

    fn name(&mut self, namespace: Namespace, local: &'static str) -> u16 {
        if let Some(id) = self.names.get(&(namespace, local)) {
            return *id;
        }
        if self.names.len() >= NAMES_MAX {
            self.fail(format!("the name `{local}` is one too many: a module has {NAMES_MAX} element, attribute and event names"));
            return 0;
        }
        let id = self.names.len() as u16;
        self.names.insert((namespace, local), id);
        self.batch.name(id, namespace, local);
        id
    }

    fn element_name(&mut self, tag: &'static str, namespace: Option<&'static str>) -> u16 {
        let namespace = match namespace {
            None | Some("http://www.w3.org/1999/xhtml") => Namespace::None,
            Some(SVG) => Namespace::Svg,
            Some(MATHML) => Namespace::MathMl,
            Some(other) => {
                self.fail(format!(
                    "the element `{tag}` is in the namespace `{other}`: there are HTML, SVG and MathML"
                ));
                Namespace::None
            }
        };
        self.name(namespace, tag)
    }
}

/// Making nodes.
impl Writer {
    fn template(&mut self, root: &'static TemplateNode) -> Rc<Template> {
        let address = std::ptr::from_ref(root) as usize;
        if let Some(template) = self.templates.get(&address) {
            return template.clone();
        }
        let is_element = matches!(root, TemplateNode::Element { .. });
        let id = (is_element && self.template_count < TEMPLATES_MAX).then_some(self.template_count as u16);
        let template = Rc::new(Template::new(root, id));
        if let Some(id) = template.id {
            self.template_count += 1;
            self.define(id, root);
        }
        self.templates.insert(address, template.clone());
        template
    }

    fn define(&mut self, id: u16, root: &'static TemplateNode) {
        // Names first: nothing but tree operations may stand inside a definition.
        templates::walk(root, true, &mut |step| {
            let Some((TemplateNode::Element { tag, namespace, attrs, .. }, _)) = step else { return };
            self.element_name(tag, *namespace);
            for (namespace, name, _) in StaticAttributes::new(Control::None, attrs).attributes {
                self.name(namespace, name);
            }
        });
        self.batch.template(id);
        templates::walk(root, true, &mut |step| match step {
            Some((TemplateNode::Element { tag, namespace, attrs, .. }, marked)) => {
                let name = self.element_name(tag, *namespace);
                self.batch.open(name, marked);
                let found = StaticAttributes::new(templates::control_of(tag, attrs), attrs);
                if let Some(message) = found.refused {
                    self.fail(format!("<{tag}>: {message}"));
                }
                for (namespace, name, value) in found.attributes {
                    let name = self.name(namespace, name);
                    self.batch.open_attr(name, &value);
                }
            }
            Some((TemplateNode::Text { text }, marked)) => self.batch.open_text(marked, text),
            Some((TemplateNode::Dynamic { .. }, marked)) => self.batch.open_text(marked, ""),
            None => self.batch.close(),
        });
    }

    fn clone_template(&mut self, template: &Template) -> Vec<u32> {
        let mut nodes: Vec<u32> = Vec::with_capacity(template.marks.len());
        for (position, mark) in template.marks.iter().enumerate() {
            let index = self.nodes.add(mark.kind, mark.attributes);
            if position > 0 {
                self.nodes.link(nodes[mark.parent], index, 0);
            }
            nodes.push(index);
        }
        match template.id {
            Some(id) => self.batch.clone_template(id, &nodes),
            None => self.build(template, &nodes),
        }
        for (index, mark) in nodes.iter().zip(&template.marks) {
            if let TemplateNode::Text { text } = mark.node {
                self.note_text(*index, text);
            }
            let Kind::Element(control) = mark.kind else { continue };
            if control == Control::None {
                continue;
            }
            for (property, value) in StaticAttributes::new(control, mark.attributes).properties {
                self.properties.insert((*index, property), value);
            }
        }
        nodes
    }

    /// What CLONE does, one operation for each node.
    fn build(&mut self, template: &Template, nodes: &[u32]) {
        for (position, mark) in template.marks.iter().enumerate() {
            let index = nodes[position];
            match mark.node {
                TemplateNode::Element { tag, namespace, attrs, .. } => {
                    let name = self.element_name(tag, *namespace);
                    self.batch.create(index, name);
                    let found = StaticAttributes::new(templates::control_of(tag, attrs), attrs);
                    if let Some(message) = found.refused {
                        self.fail(format!("<{tag}>: {message}"));
                    }
                    for (namespace, name, value) in found.attributes {
                        let name = self.name(namespace, name);
                        self.batch.attr(index, name, &value);
                    }
                }
                TemplateNode::Text { text } => self.batch.text(index, text),
                TemplateNode::Dynamic { .. } => self.batch.text(index, ""),
            }
            if position > 0 {
                self.batch.insert(nodes[mark.parent], index, 0);
            }
        }
    }

    /// Writes what waited on the stack to be written.
    fn realise(&mut self, item: Item) -> u32 {
        match item {
            Item::Node(index) => index,
            Item::Clone { nodes, .. } => nodes[0],
            Item::Text(element, text) => {
                let index = self.nodes.add(Kind::Text, &[]);
                self.nodes.name(index, element);
                self.batch.text(index, &text);
                index
            }
            Item::Placeholder(element) => {
                let index = self.nodes.add(Kind::Comment, &[]);
                self.nodes.name(index, element);
                self.batch.comment(index, "");
                index
            }
        }
    }

    /// The top `count` nodes of the stack, bottom first, each out of the place where it was.
    fn pop(&mut self, count: usize) -> Vec<Item> {
        let start = self.stack.len().saturating_sub(count);
        let items: Vec<Item> = self.stack.drain(start..).collect();
        for item in &items {
            if let Item::Node(index) = item {
                self.nodes.unlink(*index);
            }
        }
        items
    }

    fn insert(&mut self, parent: u32, items: Vec<Item>, before: u32) {
        for item in items {
            let text = match &item {
                Item::Text(_, text) if self.is_option(parent) => Some(text.clone()),
                _ => None,
            };
            let child = self.realise(item);
            self.nodes.link(parent, child, before);
            self.batch.insert(parent, child, before);
            if let Some(text) = text {
                self.note_text(child, &text);
            }
        }
    }

    fn is_option(&self, index: u32) -> bool {
        self.nodes.get(index).kind == Kind::Element(Control::Option)
    }

    /// The text of an option is its value, where it has no other.
    fn note_text(&mut self, index: u32, text: &str) {
        if self.is_option(self.nodes.get(index).parent) {
            text.clone_into(&mut self.nodes.get_mut(index).extra.get_or_insert_default().text);
        }
    }

    fn remove(&mut self, index: u32) {
        if index == SLOT {
            return;
        }
        self.batch.remove(index);
        let Writer { nodes, properties, values, .. } = self;
        nodes.remove(index, |index| {
            values.remove(&index);
            properties.retain(|(node, _)| *node != index);
        });
    }

    /// The node that a path names in the template which is `depth` items below the top of the stack.
    fn find_in_template(&mut self, depth: usize, path: &[u8]) -> u32 {
        let position = self.stack.len().checked_sub(depth + 1);
        let found = match position.map(|position| &self.stack[position]) {
            Some(Item::Clone { template, nodes }) => template.find(path).map(|mark| nodes[mark]),
            _ => None,
        };
        found.unwrap_or_else(|| {
            self.fail(format!("Dioxus names the node {path:?} of a template that is not on its stack"));
            SLOT
        })
    }
}

/// Attributes, form state and listeners.
impl Writer {
    fn write(&mut self, index: u32, write: Write) {
        match write {
            Write::Attribute(namespace, name, value) => {
                let id = self.name(namespace, name);
                if name == "type" {
                    self.retype(index, value.as_deref());
                }
                if name == "value" && self.is_option(index) {
                    self.nodes.get_mut(index).extra.get_or_insert_default().value = Some(value.clone());
                }
                match value {
                    Some(value) => self.batch.attr(index, id, &value),
                    None => self.batch.remove_attr(index, id),
                }
            }
            Write::Property(property, value) => {
                self.properties.insert((index, property), value);
            }
            Write::StyleText(text) => self.change_style(index, |style| style.text = text.unwrap_or_default()),
            Write::StyleProperty(name, value) => self.change_style(index, |style| {
                let place = style.properties.iter().position(|(known, _)| *known == name);
                match (place, value) {
                    (Some(place), Some(value)) => style.properties[place].1 = value,
                    (Some(place), None) => drop(style.properties.remove(place)),
                    (None, Some(value)) => style.properties.push((name, value)),
                    (None, None) => {}
                }
            }),
            Write::Declaration(name, value) => self.declare(index, name, value),
            Write::Refused(message) => self.fail(message),
        }
    }

    /// The `type` of an `input` that is set at run time.
    fn retype(&mut self, index: u32, type_of_input: Option<&str>) {
        let node = self.nodes.get_mut(index);
        if let Kind::Element(Control::Input | Control::Checkbox | Control::Radio | Control::Button) =
            node.kind
        {
            node.kind = Kind::Element(attributes::control("input", type_of_input));
        }
    }

    fn change_style(&mut self, index: u32, change: impl FnOnce(&mut Style)) {
        let node = self.nodes.get_mut(index);
        let attributes = node.attributes;
        let extra = node.extra.get_or_insert_default();
        let style = extra.style.get_or_insert_with(|| {
            StaticAttributes::new(Control::None, attributes).style.unwrap_or_default()
        });
        change(style);
        let text = attributes::style_text(style);
        let name = self.name(Namespace::None, "style");
        if text.is_empty() {
            self.batch.remove_attr(index, name)
        } else {
            self.batch.attr(index, name, &text)
        }
    }

    fn write_property(&mut self, index: u32, property: Property, value: PropertyValue<String>) {
        let value = match &value {
            PropertyValue::Text(text) => {
                // Dioxus sets `value` on every render. What the control holds already is not sent again.
                if self.values.get(&index) == Some(text) {
                    return;
                }
                self.values.insert(index, text.clone());
                PropertyValue::Text(text.as_str())
            }
            PropertyValue::Flag(flag) => PropertyValue::Flag(*flag),
            PropertyValue::Range(start, end) => PropertyValue::Range(*start, *end),
            PropertyValue::Number(number) => PropertyValue::Number(*number),
        };
        self.batch.prop(index, property, self.answers, value);
    }

    fn declare(&mut self, index: u32, name: &'static str, value: Option<String>) {
        let extra = self.nodes.get_mut(index).extra.get_or_insert_default();
        extra.declarations.retain(|(known, _)| *known != name);
        extra.declarations.extend(value.map(|value| (name, value)));
        for event in extra.listeners.clone() {
            self.listen(index, event);
        }
    }

    fn listen_flags(&self, index: u32, event: &str) -> (ListenFlags, Option<String>) {
        attributes::listen_flags(event, self.declarations(index))
    }

    fn declarations(&self, index: u32) -> impl Iterator<Item = (&str, &str)> {
        let node = self.nodes.get(index);
        let dynamic = node.extra.as_deref().map_or([].as_slice(), |extra| &extra.declarations);
        attributes::static_declarations(node.attributes)
            .chain(dynamic.iter().map(|(name, value)| (*name, value.as_str())))
    }

    /// Writes LISTEN as the element's declarations are now.
    fn listen(&mut self, index: u32, event: &'static str) {
        let (flags, filter) = self.listen_flags(index, event);
        let kind = self.name(Namespace::None, event);
        self.batch.listen(index, kind, flags, filter.as_deref());
    }
}

impl WriteMutations for Writer {
    fn append_children(&mut self, id: ElementId, m: usize) {
        let parent = self.find(id);
        let items = self.pop(m);
        self.insert(parent, items, 0);
    }

    fn assign_node_id(&mut self, path: &'static [u8], id: ElementId) {
        let index = self.find_in_template(0, path);
        if index != SLOT {
            self.nodes.name(index, id);
        }
    }

    fn create_placeholder(&mut self, id: ElementId) {
        self.stack.push(Item::Placeholder(id));
    }

    fn create_text_node(&mut self, value: &str, id: ElementId) {
        self.stack.push(Item::Text(id, value.to_owned()));
    }

    fn load_template(&mut self, template: DioxusTemplate, index: usize, id: ElementId) {
        let template = self.template(&template.roots[index]);
        let nodes = self.clone_template(&template);
        self.nodes.name(nodes[0], id);
        self.stack.push(Item::Clone { template, nodes });
    }

    fn replace_node_with(&mut self, id: ElementId, m: usize) {
        let items = self.pop(m);
        let old = self.find(id);
        if old != SLOT {
            self.insert(self.nodes.get(old).parent, items, old);
            self.remove(old);
        }
    }

    fn replace_placeholder_with_nodes(&mut self, path: &'static [u8], m: usize) {
        let mut items = self.pop(m);
        let place = self.find_in_template(0, path);
        if place == SLOT {
            return;
        }
        match items.as_mut_slice() {
            // The place is an empty text: it becomes the text, or stays as it is for a placeholder.
            [Item::Text(element, text)] => {
                self.nodes.name(place, *element);
                if !text.is_empty() {
                    self.batch.set_text(place, text);
                    self.note_text(place, text);
                }
            }
            [Item::Placeholder(element)] => self.nodes.name(place, *element),
            _ => {
                self.insert(self.nodes.get(place).parent, items, place);
                self.remove(place);
            }
        }
    }

    fn insert_nodes_after(&mut self, id: ElementId, m: usize) {
        let items = self.pop(m);
        let anchor = self.find(id);
        if anchor != SLOT {
            self.insert(self.nodes.get(anchor).parent, items, self.nodes.next_sibling(anchor));
        }
    }

    fn insert_nodes_before(&mut self, id: ElementId, m: usize) {
        let items = self.pop(m);
        let anchor = self.find(id);
        if anchor != SLOT {
            self.insert(self.nodes.get(anchor).parent, items, anchor);
        }
    }

    fn set_attribute(
        &mut self,
        name: &'static str,
        ns: Option<&'static str>,
        value: &AttributeValue,
        id: ElementId,
    ) {
        let index = self.find(id);
        if index != SLOT {
            let write = attributes::classify(self.control(index), name, ns, value);
            self.write(index, write);
        }
    }

    fn set_node_text(&mut self, value: &str, id: ElementId) {
        let index = self.find(id);
        if index != SLOT {
            self.batch.set_text(index, value);
            self.note_text(index, value);
        }
    }

    fn create_event_listener(&mut self, name: &'static str, id: ElementId) {
        if name == "mounted" {
            self.mounted.push(id);
            return;
        }
        let index = self.find(id);
        if index == SLOT {
            return;
        }
        let extra: &mut Extra = self.nodes.get_mut(index).extra.get_or_insert_default();
        if !extra.listeners.contains(&name) {
            extra.listeners.push(name);
        }
        self.listen(index, name);
    }

    fn remove_event_listener(&mut self, name: &'static str, id: ElementId) {
        let index = self.find(id);
        if index != SLOT {
            self.unlisten(index, name);
        }
    }

    fn remove_node(&mut self, id: ElementId) {
        let index = self.find(id);
        self.remove(index);
    }

    fn push_root(&mut self, id: ElementId) {
        if id.0 == 0 {
            // Dioxus 0.6 does not remember the node of such a root.
            self.fail(
                "a keyed entry whose root is a bare text, or nothing, was moved: Dioxus 0.6 cannot move it; \
                 put an element around it",
            );
        }
        let index = self.find(id);
        self.stack.push(Item::Node(index));
    }
}
