//! What Dioxus calls an attribute: a content attribute, live form state, a style property or a declaration for the
//! listeners of the element.

use crate::nodes::{Control, Style};
use dioxus::dioxus_core::{AttributeValue, TemplateAttribute};
use playconnect_dom::op::PropertyValue;
use playconnect_dom::{ListenFlags, Namespace, Property};

/// What setting an attribute does.
pub(crate) enum Write {
    Attribute(Namespace, &'static str, Option<String>),
    Property(Property, PropertyValue<String>),
    /// A property of the `style` attribute.
    StyleProperty(&'static str, Option<String>),
    StyleText(Option<String>),
    /// One of `pc-prevent-default`, `pc-passive`, `pc-stop-propagation`, `pc-through`, `pc-once`.
    Declaration(&'static str, Option<String>),
    Refused(String),
}

/// The attributes of a template's element, as they are written into the template.
#[derive(Default)]
pub(crate) struct StaticAttributes {
    pub attributes: Vec<(Namespace, &'static str, String)>,
    /// Live form state: it is set on each clone.
    pub properties: Vec<(Property, PropertyValue<String>)>,
    pub style: Option<Style>,
    pub refused: Option<String>,
}

/// The value that a template gives to an attribute.
pub(crate) fn static_value(attributes: &[TemplateAttribute], wanted: &str) -> Option<&'static str> {
    attributes.iter().find_map(|attribute| match attribute {
        TemplateAttribute::Static { name, value, .. } if *name == wanted => Some(*value),
        _ => None,
    })
}

pub(crate) fn control(tag: &str, type_of_input: Option<&str>) -> Control {
    match tag {
        "input" => match type_of_input {
            Some("checkbox") => Control::Checkbox,
            Some("radio") => Control::Radio,
            Some("button" | "hidden" | "image" | "reset" | "submit") => Control::Button,
            _ => Control::Input,
        },
        "textarea" => Control::TextArea,
        "select" => Control::Select,
        "option" => Control::Option,
        "audio" | "video" => Control::Media,
        "pc-slot" => Control::Place,
        _ => Control::None,
    }
}

/// Sorts one attribute that is set at run time.
pub(crate) fn classify(
    control: Control,
    name: &'static str,
    namespace: Option<&str>,
    value: &AttributeValue,
) -> Write {
    let value = match text_of(value) {
        Ok(value) => value,
        Err(what) => {
            return Write::Refused(format!("the attribute `{name}` has {what} as its value: give it a text"));
        }
    };
    if namespace == Some("style") {
        return Write::StyleProperty(name, value);
    }
    match name {
        "style" => return Write::StyleText(value),
        "dangerous_inner_html" => return Write::Refused(INNER_HTML.to_owned()),
        _ if is_declaration(name) => return Write::Declaration(name, value),
        _ => {}
    }
    if let Some(property) = live_property(control, name) {
        return Write::Property(property, property_value(property, value.as_deref()));
    }
    match attribute_name(name, namespace) {
        Ok((namespace, local)) => Write::Attribute(namespace, local, attribute_value(name, value)),
        Err(message) => Write::Refused(message),
    }
}

impl StaticAttributes {
    pub fn new(control: Control, attributes: &[TemplateAttribute]) -> Self {
        let mut found = StaticAttributes::default();
        for attribute in attributes {
            let TemplateAttribute::Static { name, value, namespace } = attribute else { continue };
            match live_property(control, name) {
                // A template's option would be selected by its attribute alone.
                Some(property) if property != Property::Selected => {
                    found.properties.push((property, property_value(property, Some(value))));
                }
                _ => found.add(name, value, *namespace),
            }
        }
        if let Some(style) = &found.style {
            let text = style_text(style);
            found.attributes.push((Namespace::None, "style", text));
        }
        found
    }

    fn add(&mut self, name: &'static str, value: &str, namespace: Option<&str>) {
        if namespace == Some("style") {
            self.style.get_or_insert_default().properties.push((name, value.to_owned()));
            return;
        }
        match name {
            "style" => value.clone_into(&mut self.style.get_or_insert_default().text),
            "dangerous_inner_html" => self.refused = Some(INNER_HTML.to_owned()),
            _ if is_declaration(name) => {}
            _ => match attribute_name(name, namespace) {
                Ok((namespace, local)) => {
                    if let Some(value) = attribute_value(name, Some(value.to_owned())) {
                        self.attributes.push((namespace, local, value));
                    }
                }
                Err(message) => self.refused = Some(message),
            },
        }
    }
}

/// The `style` attribute for this text and these properties.
pub(crate) fn style_text(style: &Style) -> String {
    let mut text = style.text.trim().trim_end_matches(';').to_owned();
    for (name, value) in &style.properties {
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(name);
        text.push_str(": ");
        text.push_str(value);
    }
    text
}

/// Flags and filter of a listener for `event`, from the declarations of its element.
///
/// A declaration is a list of event types separated by spaces. In `pc-prevent-default` a type may be followed by a
/// colon and keys separated by commas: `submit keydown:Enter-Shift,Escape`.
pub(crate) fn listen_flags<'a>(
    event: &str,
    declarations: impl Iterator<Item = (&'a str, &'a str)>,
) -> (ListenFlags, Option<String>) {
    // A form of a live page never leaves it: who listens for `submit` handles it.
    let mut flags = if event == "submit" { ListenFlags::PREVENT_DEFAULT } else { 0 };
    let mut filter = None;
    for (declaration, keys) in declarations_for(event, declarations) {
        flags |= declared_flag(declaration).unwrap_or_default();
        filter = keys.map(|keys| keys.replace(',', " ")).or(filter);
    }
    (ListenFlags(flags), filter)
}

/// Does a listener for `event` hear the first one only?
pub(crate) fn listens_once<'a>(event: &str, declarations: impl Iterator<Item = (&'a str, &'a str)>) -> bool {
    declarations_for(event, declarations).any(|(declaration, _)| declaration == ONCE)
}

/// Those that list this type of event, with the keys behind it.
fn declarations_for<'a>(
    event: &str,
    declarations: impl Iterator<Item = (&'a str, &'a str)>,
) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
    declarations.flat_map(move |(declaration, value)| {
        value.split_ascii_whitespace().filter_map(move |word| {
            let (kind, keys) = word.split_once(':').map_or((word, None), |(kind, keys)| (kind, Some(keys)));
            (kind == event).then_some((declaration, keys))
        })
    })
}

/// The `pc-…` attributes of an element's template.
pub(crate) fn static_declarations(attributes: &[TemplateAttribute]) -> impl Iterator<Item = (&str, &str)> {
    attributes.iter().filter_map(|attribute| match attribute {
        TemplateAttribute::Static { name, value, .. } if is_declaration(name) => Some((*name, *value)),
        _ => None,
    })
}

const ONCE: &str = "pc-once";

const INNER_HTML: &str = "`dangerous_inner_html` is not there for modules: the page takes nodes, not HTML text; write the nodes \
     with rsx!, or put the HTML on a page of its own and show it in an iframe";

fn is_declaration(name: &str) -> bool {
    declared_flag(name).is_some()
}

fn declared_flag(name: &str) -> Option<u32> {
    Some(match name {
        "pc-prevent-default" => ListenFlags::PREVENT_DEFAULT,
        "pc-passive" => ListenFlags::PASSIVE,
        "pc-stop-propagation" => ListenFlags::STOP_PROPAGATION,
        "pc-through" => ListenFlags::THROUGH,
        // The page knows nothing of it.
        ONCE => 0,
        _ => return None,
    })
}

fn text_of(value: &AttributeValue) -> Result<Option<String>, &'static str> {
    Ok(match value {
        AttributeValue::Text(text) => Some(text.clone()),
        AttributeValue::Int(number) => Some(number.to_string()),
        AttributeValue::Float(number) => Some(number.to_string()),
        AttributeValue::Bool(flag) => Some(flag.to_string()),
        AttributeValue::None => None,
        AttributeValue::Any(_) => return Err("an opaque Rust value"),
        AttributeValue::Listener(_) => return Err("a listener"),
    })
}

fn live_property(control: Control, name: &str) -> Option<Property> {
    use Control::{Checkbox, Input, Media, Option, Radio, Select, TextArea};
    match (name, control) {
        ("value", Input | TextArea | Select) => Some(Property::Value),
        // A text area has no attribute for what it starts with.
        ("initial_value", TextArea | Select) => Some(Property::Value),
        ("checked", Input | Checkbox | Radio) => Some(Property::Checked),
        ("indeterminate", Checkbox) => Some(Property::Indeterminate),
        ("selected", Option) => Some(Property::Selected),
        ("muted", Media) => Some(Property::Muted),
        _ => None,
    }
}

fn property_value(property: Property, value: Option<&str>) -> PropertyValue<String> {
    match property {
        Property::Value => PropertyValue::Text(value.unwrap_or_default().to_owned()),
        _ => PropertyValue::Flag(value.is_some_and(is_true)),
    }
}

/// `None` for a boolean attribute that is off. One that is on says `true`, as with Dioxus for the web; what a control
/// starts with is set as a property there, and is empty.
fn attribute_value(name: &str, value: Option<String>) -> Option<String> {
    match name {
        "initial_checked" | "initial_selected" => value.filter(|value| is_true(value)).map(|_| String::new()),
        _ if is_boolean(name) => value.filter(|value| is_true(value)),
        _ => value,
    }
}

/// The one way that Dioxus writes a boolean that is on.
fn is_true(value: &str) -> bool {
    value == "true"
}

fn attribute_name(name: &'static str, namespace: Option<&str>) -> Result<(Namespace, &'static str), String> {
    let name = match name {
        "initial_value" => "value",
        "initial_checked" => "checked",
        "initial_selected" => "selected",
        name => name,
    };
    match namespace {
        None => Ok(match name.split_once(':') {
            Some(("xlink", local)) => (Namespace::XLink, local),
            Some(("xml", local)) => (Namespace::Xml, local),
            Some(("xmlns", local)) => (Namespace::Xmlns, local),
            _ => (Namespace::None, name),
        }),
        Some("http://www.w3.org/1999/xlink") => Ok((Namespace::XLink, name)),
        Some("http://www.w3.org/XML/1998/namespace") => Ok((Namespace::Xml, name)),
        Some(other) => {
            Err(format!("the attribute `{name}` is in the namespace `{other}`, which pages do not have"))
        }
    }
}

/// Boolean attributes, as Dioxus for the web has them: other ones say `true` or `false`.
fn is_boolean(name: &str) -> bool {
    matches!(
        name,
        "allowfullscreen"
            | "allowpaymentrequest"
            | "async"
            | "autofocus"
            | "autoplay"
            | "checked"
            | "controls"
            | "default"
            | "defer"
            | "disabled"
            | "formnovalidate"
            | "hidden"
            | "ismap"
            | "itemscope"
            | "loop"
            | "multiple"
            | "muted"
            | "nomodule"
            | "novalidate"
            | "open"
            | "playsinline"
            | "readonly"
            | "required"
            | "reversed"
            | "selected"
            | "truespeed"
            | "webkitdirectory"
    )
}
