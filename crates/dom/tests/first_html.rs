//! `protocol/vectors/first-html.json`: random trees as first HTML, and the frames that a browser takes them up with. The
//! browser's client does so in Chromium (`packages/client/test/first-html.test.ts`).
//!
//! The vectors follow from the code. When a change of it is meant: `PLAYCONNECT_UPDATE_VECTORS=1` writes them anew.

use fastrand::Rng;
use playconnect_dom::op::{PropertyValue, TreeMode};
use playconnect_dom::stream::PartWriter;
use playconnect_dom::tree::{PageId, View};
use playconnect_dom::{BatchLimits, BatchWriter, Limits, Namespace, Property, Tree};
use serde_json::{Value, json};

const SLOTS: usize = 30;
const HOW_TO_UPDATE: &str = "if the change is meant, run this test with PLAYCONNECT_UPDATE_VECTORS=1";

#[test]
fn vectors_are_what_the_serialiser_writes() {
    let pages: Vec<Value> = [("kept", 1), ("kept", 2), ("any", 3), ("any", 4)]
        .into_iter()
        .map(|(kind, seed)| page(kind, &mut Rng::with_seed(seed)))
        .collect();
    let lines: Vec<String> = pages.iter().map(Value::to_string).collect();
    let text = format!("[\n{}\n]\n", lines.join(",\n"));
    let path = format!("{}/../../protocol/vectors/first-html.json", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("PLAYCONNECT_UPDATE_VECTORS").is_some() {
        std::fs::write(&path, &text).expect("the vectors can be written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(golden == text, "first-html.json is not what the serialiser writes; {HOW_TO_UPDATE}");
}

/// A page of many slots, each with a tree of its own.
fn page(kind: &str, random: &mut Rng) -> Value {
    let mut tree = Tree::new(Limits::default());
    let slots: Vec<_> =
        (0..SLOTS).map(|slot| tree.add_slot(&format!("s{slot}"), BatchLimits::default())).collect();
    for slot in &slots {
        let mut grower = Grower { random, batch: BatchWriter::default(), names: Vec::new(), next: 1 };
        grower.children(0, if kind == "kept" { Place::Flow } else { Place::Any }, 0);
        let batch = grower.batch.finish();
        tree.commit(*slot, &batch, &mut PartWriter::new(1 << 20)).expect("a batch that is right");
    }
    let frame = |mode| {
        let mut names = PartWriter::new(1 << 20);
        for (id, namespace, local) in tree.names().since(1) {
            names.name(id.0, namespace, local);
        }
        let mut out = PartWriter::new(1 << 20);
        slots.iter().for_each(|slot| tree.write_slot(*slot, mode, &mut out));
        let parts: Vec<String> = names
            .take()
            .iter()
            .chain(&out.take())
            .map(|part| {
                let mut bytes = Vec::new();
                part.finish_into(&mut bytes);
                bytes.iter().map(|byte| format!("{byte:02x}")).collect()
            })
            .collect();
        parts
    };
    let slots: Vec<Value> = slots
        .iter()
        .map(|slot| {
            let root = tree.slot_root(*slot);
            let nodes: Vec<Value> = tree.children(root).map(|id| node(&tree, id)).collect();
            json!({"name": tree.slot_name(*slot), "html": tree.html(*slot).html, "nodes": nodes})
        })
        .collect();
    {
        // What a parser keeps needs no other frame.
        let replace = if kind == "any" { frame(TreeMode::Replace) } else { Vec::new() };
        json!({"kind": kind, "slots": slots, "adopt": frame(TreeMode::Adopt), "replace": replace})
    }
}

/// A text is a string, a comment `["!", data]`, an element `[name, namespace, attributes, children]`.
fn node(tree: &Tree, id: PageId) -> Value {
    match tree.view(id) {
        Some(View::Text(data)) => json!(data),
        Some(View::Comment(data)) => json!(["!", data]),
        Some(View::Element { namespace, local }) => {
            let attributes: serde_json::Map<String, Value> =
                tree.attributes(id).map(|(_, name, value)| (name.to_owned(), json!(value))).collect();
            let children: Vec<Value> = tree.children(id).map(|child| node(tree, child)).collect();
            json!([local, namespace.to_wire(), attributes, children])
        }
        Some(View::Slot { .. }) | None => Value::Null,
    }
}

/// What may stand at a place so that a parser leaves it there.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Flow,
    Phrasing,
    Text,
    List,
    Table,
    Rows,
    Cells,
    Options,
    Svg,
    /// Anything anywhere: a parser will make another tree of it.
    Any,
}

const DEPTH_MAX: usize = 5;

struct Grower<'r> {
    random: &'r mut Rng,
    batch: BatchWriter,
    names: Vec<(Namespace, &'static str)>,
    next: u32,
}

impl Grower<'_> {
    fn children(&mut self, parent: u32, place: Place, depth: usize) {
        let most = if depth == 0 { 6 } else { 4 };
        for _ in 0..self.random.u32(0..=most) {
            let child = self.child(place, depth);
            self.batch.insert(parent, child, 0);
        }
    }

    fn child(&mut self, place: Place, depth: usize) -> u32 {
        let leaf = depth >= DEPTH_MAX;
        match self.random.u8(0..10) {
            // In a table a parser would put a text in front of it; an empty one is written as a comment.
            0..3 if matches!(
                place,
                Place::Table | Place::Rows | Place::Cells | Place::Options | Place::List
            ) =>
            {
                let data = *self.pick(&["", " ", "\n  "]);
                let data = if place == Place::Options { "" } else { data };
                self.text(data)
            }
            0..3 => {
                let all = [
                    "",
                    "",
                    "a",
                    "b c",
                    "\n",
                    "\nx",
                    "<b>&amp;",
                    "\u{a0}",
                    "a\rb\r\nc",
                    "🎲é",
                    "-->",
                    "]]>",
                    "</p>",
                ];
                let data = *self.pick(&all);
                let broken = place == Place::Any && self.random.u8(0..20) == 0;
                self.text(if broken { "nul\0" } else { data })
            }
            3 if place != Place::Text => {
                let all = ["", "note", "a--b", ">", "->x", "end-", "<!--", "--!>", "</template>", "a\rb"];
                let data = *self.pick(&all);
                let node = self.index();
                self.batch.comment(node, data);
                node
            }
            _ if place == Place::Text || (leaf && place != Place::Any) => self.text(""),
            _ => self.element(place, if leaf { None } else { Some(depth + 1) }),
        }
    }

    fn element(&mut self, place: Place, below: Option<usize>) -> u32 {
        use Place::{Any, Cells, Flow, List, Options, Phrasing, Rows, Svg, Table, Text};
        const HTML: Namespace = Namespace::None;
        let flow = [
            (HTML, "div", Flow),
            (HTML, "section", Flow),
            (HTML, "p", Phrasing),
            (HTML, "h2", Phrasing),
            (HTML, "ul", List),
            (HTML, "table", Table),
            (HTML, "pre", Phrasing),
            (HTML, "span", Phrasing),
            (HTML, "b", Phrasing),
            (HTML, "input", Text),
            (HTML, "textarea", Text),
            (HTML, "select", Options),
            (HTML, "br", Text),
            (HTML, "details", Flow),
            (Namespace::Svg, "svg", Svg),
        ];
        let phrasing = [
            (HTML, "span", Phrasing),
            (HTML, "em", Phrasing),
            (HTML, "i", Phrasing),
            (HTML, "img", Text),
            (HTML, "label", Phrasing),
            (HTML, "input", Text),
            (HTML, "textarea", Text),
            (HTML, "select", Options),
            (HTML, "wbr", Text),
            (Namespace::Svg, "svg", Svg),
        ];
        let any = [
            "div", "p", "span", "a", "a", "b", "i", "button", "form", "table", "tbody", "thead", "tr", "td",
            "th", "caption", "col", "colgroup", "ul", "li", "dl", "dd", "dt", "h1", "h2", "select", "option",
            "optgroup", "pre", "textarea", "input", "br", "img", "hr", "ruby", "rt", "rp", "details",
            "summary", "label", "video", "source", "fieldset", "legend", "menu", "center", "strike", "big",
            "tt", "address", "dialog", "ol",
        ];
        let any_svg = ["svg", "g", "path", "foreignObject", "title", "desc", "a", "image", "text", "switch"];
        let (namespace, local, inside) = match place {
            Flow => *self.pick(&flow),
            Phrasing => *self.pick(&phrasing),
            List => (HTML, "li", Flow),
            Table => (HTML, "tbody", Rows),
            Rows => (HTML, "tr", Cells),
            Cells => (HTML, *self.pick(&["td", "th"]), Flow),
            Options => (HTML, "option", Text),
            Svg => {
                let local = *self.pick(&["g", "path", "circle", "linearGradient", "text", "clipPath", "a"]);
                (Namespace::Svg, local, Svg)
            }
            Any if self.random.u8(0..4) == 0 => (Namespace::Svg, *self.pick(&any_svg), Any),
            Any => (HTML, *self.pick(&any), Any),
            Text => unreachable!("no element stands there"),
        };
        let name = self.name(namespace, local);
        let node = self.index();
        self.batch.create(node, name);
        if self.random.bool() {
            let title = self.name(Namespace::None, "class");
            let value = *self.pick(&["", "a", "\"q\"", "<&>", "\u{a0}", "two  words", "\n"]);
            self.batch.attr(node, title, value);
        }
        if local == "a" && namespace == Namespace::Svg {
            let href = self.name(Namespace::XLink, "href");
            self.batch.attr(node, href, "#there");
        }
        if namespace == HTML && matches!(local, "input" | "textarea") && self.random.bool() {
            let value = *self.pick(&["", "typed", "\n\nlines", "</textarea>"]);
            self.batch.prop(node, Property::Value, 0, PropertyValue::Text(value));
        }
        // A void element has nothing inside, and a parser would not put anything there.
        let void = matches!(local, "br" | "img" | "input" | "wbr" | "hr" | "col" | "source");
        if let Some(depth) = below.filter(|_| !(void && namespace == HTML)) {
            self.children(node, inside, depth);
        }
        node
    }

    fn text(&mut self, data: &str) -> u32 {
        let node = self.index();
        self.batch.text(node, data);
        node
    }

    fn index(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }

    fn name(&mut self, namespace: Namespace, local: &'static str) -> u16 {
        if let Some(id) = self.names.iter().position(|name| *name == (namespace, local)) {
            return id as u16;
        }
        self.names.push((namespace, local));
        let id = self.names.len() as u16 - 1;
        self.batch.name(id, namespace, local);
        id
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        // Not `usize`: the same trees on 32 bits.
        &all[self.random.u32(0..all.len() as u32) as usize]
    }
}
