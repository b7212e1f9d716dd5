//! Batches against the page tree: what is applied, what is left out, what is refused.

use crate::page::{self, Page, names};
use playconnect_dom::op::PropertyValue;
use playconnect_dom::tree::Refusal;
use playconnect_dom::{BatchLimits, Command, LimitKey, Limits, ListenFlags, Namespace, Property, TreeError};

/// The page behind one batch, as the edge and a browser see it.
fn check(write: impl FnOnce(&mut playconnect_dom::BatchWriter), expected: &str) {
    let mut page = Page::new();
    page.commit(|batch| {
        names(batch);
        write(batch);
    })
    .expect("the batch is right");
    page.is(expected);
}

/// The reason for which a batch is refused, behind one that made `<div><span>`: nodes 1 and 2.
fn refused(write: impl FnOnce(&mut playconnect_dom::BatchWriter)) -> TreeError {
    let mut page = Page::new();
    page.commit(|batch| {
        names(batch);
        batch.create(1, page::DIV);
        batch.create(2, page::SPAN);
        batch.insert(1, 2, 0);
        batch.insert(0, 1, 0);
    })
    .expect("the first batch is right");
    let before = page.outline();
    let error = page.commit(write).expect_err("the batch is wrong");
    assert_eq!(page.outline(), before, "a refused batch changes nothing");
    page.is(&before);
    error
}

#[test]
fn elements_texts_and_comments() {
    check(
        |batch| {
            batch.create(1, page::DIV);
            batch.attr(1, page::CLASS, "a");
            batch.text(2, "hello");
            batch.comment(3, "end");
            batch.insert(1, 2, 0);
            batch.insert(1, 3, 0);
            batch.insert(0, 1, 0);
        },
        "<div class=\"a\">\n  \"hello\"\n  <!--end-->\n",
    );
}

#[test]
fn insert_before_moves() {
    check(
        |batch| {
            for node in 1..=3 {
                batch.text(node, &node.to_string());
                batch.insert(0, node, 0);
            }
            batch.insert(0, 3, 1);
        },
        "\"3\"\n\"1\"\n\"2\"\n",
    );
}

#[test]
fn an_index_is_free_as_soon_as_its_node_is() {
    check(
        |batch| {
            batch.create(1, page::DIV);
            batch.text(2, "old");
            batch.insert(1, 2, 0);
            batch.insert(0, 1, 0);
            batch.remove(1);
            batch.text(2, "new");
            batch.insert(0, 2, 0);
        },
        "\"new\"\n",
    );
}

#[test]
fn a_detached_node_comes_back_with_its_children() {
    let mut page = Page::new();
    page.commit(|batch| {
        names(batch);
        batch.create(1, page::DIV);
        batch.text(2, "kept");
        batch.insert(1, 2, 0);
        batch.insert(0, 1, 0);
        batch.detach(1);
    })
    .expect("right");
    page.is("");
    page.commit(|batch| batch.insert(0, 1, 0)).expect("right");
    page.is("<div>\n  \"kept\"\n");
}

#[test]
fn a_template_is_cloned() {
    check(
        |batch| {
            batch.template(0);
            batch.open(page::DIV, true);
            batch.open_attr(page::CLASS, "row");
            batch.open(page::SPAN, false);
            batch.open_text(true, "…");
            batch.close();
            batch.open_comment(false, "end");
            batch.close();
            batch.clone_template(0, &[1, 2]);
            batch.clone_template(0, &[3, 4]);
            batch.set_text(4, "two");
            batch.insert(0, 1, 0);
            batch.insert(0, 3, 0);
        },
        "<div class=\"row\">\n  <span>\n    \"…\"\n  <!--end-->\n<div class=\"row\">\n  <span>\n    \"two\"\n  <!--end-->\n",
    );
}

#[test]
fn listeners_are_replaced_and_removed() {
    check(
        |batch| {
            batch.create(1, page::DIV);
            batch.listen(1, page::CLICK, ListenFlags(ListenFlags::THROUGH), None);
            batch.listen(1, page::CLICK, ListenFlags(ListenFlags::PREVENT_DEFAULT), Some("Enter-Shift"));
            batch.create(2, page::DIV);
            batch.listen(2, page::CLICK, ListenFlags(0), None);
            batch.unlisten(2, page::CLICK);
            // Flags that are not known are left out.
            batch.listen(2, page::KEYDOWN, ListenFlags(ListenFlags::PASSIVE | 8 | 32), None);
            batch.insert(0, 1, 0);
            batch.insert(0, 2, 0);
        },
        "<div>\n  @click:2:Enter-Shift\n<div>\n  @keydown:1:\n",
    );
}

#[test]
fn what_is_focused_before_anybody_has_come_says_so_in_the_html() {
    let mut page = Page::new();
    let html = |page: &Page| page.tree.html(page.slot).html;
    page.commit(|batch| {
        names(batch);
        for node in [1, 2] {
            batch.create(node, page::DIV);
            batch.insert(0, node, 0);
        }
        batch.call(1, Command::Focus);
    })
    .expect("sound");
    assert_eq!(html(&page), "<div autofocus></div><div></div>");
    page.commit(|batch| batch.call(2, Command::Focus)).expect("sound");
    assert_eq!(html(&page), "<div></div><div autofocus></div>");
    page.commit(|batch| batch.remove(2)).expect("sound");
    assert_eq!(html(&page), "<div></div>");
}

#[test]
fn of_a_style_only_what_is_not_allowed_is_left_out() {
    let left = |style: &str| {
        let mut page = Page::new();
        let committed = page.commit(|batch| {
            names(batch);
            batch.name(20, Namespace::None, "style");
            // A template's and an element's own.
            batch.template(0);
            batch.open(page::DIV, true);
            batch.open_attr(20, style);
            batch.close();
            batch.clone_template(0, &[1]);
            batch.insert(0, 1, 0);
            batch.create(2, page::SPAN);
            batch.attr(2, 20, style);
            batch.insert(0, 2, 0);
        });
        let committed = committed.expect("left out, not refused");
        let outline = page.outline();
        page.is(&outline);
        let style =
            |line: &str| line.split_once("style=").map(|(_, value)| value.trim_end_matches('>').to_owned());
        let styles: Vec<_> = outline.lines().map(style).collect();
        assert_eq!(styles[0], styles[1], "{outline}");
        let strips: Vec<_> =
            committed.first_strips.into_iter().map(|strip| (strip.what, strip.why)).collect();
        (styles[0].clone().unwrap_or_default(), strips)
    };
    let (kept, strips) = left("position: fixed; color: red; padding: 4px");
    assert_eq!(kept, "\" color: red; padding: 4px\"");
    let rule = "allowed are only absolute, relative, static, sticky";
    assert_eq!(strips[0], ("position in attribute style of div".to_owned(), rule.to_owned()));
    assert_eq!(strips[1].0, "position in attribute style of span");

    let (kept, strips) = left("background-image: url(/icon.svg); color: red; behavior: x");
    assert_eq!(kept, "\" color: red\"");
    assert_eq!(strips[0].0, "background-image, behavior in attribute style of div");

    // Nothing is left, or it cannot be told where a declaration ends.
    for style in [
        "position: fixed",
        "position: fixed;;",
        "color: red; background: url(a;b",
        "color: red; content: \"a",
    ] {
        let (kept, strips) = left(style);
        assert_eq!((kept.as_str(), strips[0].0.as_str()), ("", "value of attribute style of div"), "{style}");
    }
}

#[test]
fn what_is_not_allowed_is_left_out_and_the_rest_applied() {
    let mut page = Page::new();
    let committed = page.commit(|batch| {
        names(batch);
        batch.name(20, Namespace::None, "script");
        batch.name(21, Namespace::None, "onclick");
        batch.name(22, Namespace::None, "href");
        batch.name(23, Namespace::None, "a");
        batch.name(24, Namespace::None, "DOMContentLoaded");
        batch.create(1, 20);
        batch.text(2, "alert(1)");
        batch.insert(1, 2, 0);
        batch.create(3, 23);
        batch.attr(3, 21, "alert(1)");
        batch.attr(3, 22, "java\nscript:alert(1)");
        batch.attr(3, page::CLASS, "fine");
        batch.listen(3, 24, ListenFlags(0), None);
        batch.prop(3, Property::Value, 0, PropertyValue::Text("no form control"));
        batch.call(3, Command::ShowModal);
        batch.insert(0, 1, 0);
        batch.insert(0, 3, 0);
    });
    let committed = committed.expect("stripping is no reason to refuse");
    let what: Vec<_> = committed.first_strips.iter().map(|strip| strip.what.as_str()).collect();
    assert_eq!(
        what,
        [
            "element script",
            "attribute onclick of a",
            "value of attribute href of a",
            "event DOMContentLoaded",
            "property Value of a",
            "command ShowModal on a",
        ]
    );
    assert_eq!(committed.stripped, 6);
    let nodes: Vec<_> = committed.first_strips.iter().map(|strip| strip.node).collect();
    assert_eq!(nodes, [Some(1), Some(3), Some(3), Some(3), Some(3), Some(3)]);
    let why: Vec<_> = committed.first_strips.iter().map(|strip| strip.why.as_str()).collect();
    assert_eq!(why[1], "handlers written as text are not run: listen for the event");
    assert_eq!(why[2], "a URL here is relative, or of one of the schemes http, https, mailto, sms, tel");
    page.is("<pc-stripped>\n  \"alert(1)\"\n<a class=\"fine\">\n");
}

#[test]
fn each_kind_is_described_once_and_at_most_sixteen() {
    let mut page = Page::new();
    let committed = page.commit(|batch| {
        batch.name(0, Namespace::None, "p");
        for name in 1..=20 {
            batch.name(name, Namespace::None, &format!("on{name}"));
        }
        for node in 1..=100 {
            batch.create(node, 0);
            batch.attr(node, 1, "");
        }
        for name in 2..=20 {
            batch.attr(1, name, "");
        }
    });
    let committed = committed.expect("stripping is no reason to refuse");
    assert_eq!((committed.stripped, committed.first_strips.len()), (119, 16));
    assert_eq!(committed.first_strips[15].what, "attribute on16 of p");
}

#[test]
fn unknown_operations_are_skipped() {
    let mut page = Page::new();
    let mut stream = playconnect_dom::stream::StreamWriter::default();
    stream.op(200, 7, &[1, 2, 3]);
    let mut bytes = b"PCB1".to_vec();
    stream.finish_into(&mut bytes);
    let committed = page.commit_bytes(&bytes).expect("unknown is not wrong");
    assert_eq!(committed.skipped, 1);
}

#[test]
fn names_and_templates_have_to_be_defined_once() {
    let name = |error| matches!(error, TreeError::Refused(Refusal::UnknownName { op: 0, name: 99 }));
    assert!(name(refused(|batch| batch.create(3, 99))));
    let twice = refused(|batch| batch.name(page::DIV, Namespace::None, "p"));
    assert!(matches!(twice, TreeError::Refused(Refusal::NameTwice { .. })));
    let template = refused(|batch| batch.clone_template(5, &[3]));
    assert!(matches!(template, TreeError::Refused(Refusal::UnknownTemplate { template: 5, .. })));
    let twice = refused(|batch| {
        for _ in 0..2 {
            batch.template(0);
            batch.open_text(true, "");
        }
    });
    assert!(matches!(twice, TreeError::Refused(Refusal::TemplateTwice { .. })));
}

#[test]
fn a_refused_batch_leaves_no_definitions_behind() {
    let mut page = Page::new();
    for _ in 0..2 {
        let error = page.commit(|batch| {
            names(batch);
            batch.template(0);
            batch.open_text(true, "");
            batch.remove(77);
        });
        assert!(matches!(error, Err(TreeError::Refused(Refusal::UnknownNode { index: 77, .. }))));
    }
}

#[test]
fn templates_have_a_form() {
    let why = |write: fn(&mut playconnect_dom::BatchWriter)| match refused(write) {
        TreeError::Refused(Refusal::Template { why, .. }) => why,
        other => panic!("{other}"),
    };
    assert_eq!(why(|batch| batch.close()), "a tree operation outside a template");
    assert_eq!(
        why(|batch| {
            batch.template(0);
            batch.open(page::DIV, true);
        }),
        "a template is not closed"
    );
    assert_eq!(
        why(|batch| {
            batch.template(0);
            batch.open(page::DIV, false);
        }),
        "the root of a template must be marked"
    );
    assert_eq!(
        why(|batch| {
            batch.template(0);
            batch.open(page::DIV, true);
            batch.open_text(false, "");
            batch.open_attr(page::CLASS, "");
        }),
        "OPEN_ATTR must stand right behind its OPEN"
    );
    assert_eq!(
        why(|batch| {
            batch.template(0);
            batch.open(page::DIV, true);
            batch.create(9, page::DIV);
        }),
        "another operation before the template's root was closed"
    );
    assert_eq!(
        why(|batch| {
            batch.template(0);
            batch.open_text(true, "");
            batch.clone_template(0, &[3, 4]);
        }),
        "CLONE does not name one node for each mark"
    );
}

#[test]
fn nodes_have_to_be_there_and_of_the_right_kind() {
    assert!(matches!(
        refused(|batch| batch.remove(9)),
        TreeError::Refused(Refusal::UnknownNode { index: 9, .. })
    ));
    assert!(matches!(refused(|batch| batch.remove(0)), TreeError::Refused(Refusal::Kind { index: 0, .. })));
    assert!(matches!(
        refused(|batch| batch.create(1, page::DIV)),
        TreeError::Refused(Refusal::NodeTwice { index: 1, .. })
    ));
    assert!(matches!(
        refused(|batch| {
            batch.remove(1);
            batch.attr(2, page::CLASS, "below a node that is gone");
        }),
        TreeError::Refused(Refusal::UnknownNode { index: 2, op: 1 })
    ));
    assert!(matches!(refused(|batch| batch.set_text(1, "")), TreeError::Refused(Refusal::Kind { .. })));
    assert!(matches!(
        refused(|batch| {
            batch.text(3, "");
            batch.insert(3, 2, 0);
        }),
        TreeError::Refused(Refusal::Kind { index: 3, .. })
    ));
    assert!(matches!(
        refused(|batch| {
            batch.text(3, "");
            batch.insert(0, 3, 2);
        }),
        TreeError::Refused(Refusal::Kind { index: 2, .. })
    ));
}

#[test]
fn no_node_stands_below_itself() {
    assert!(matches!(
        refused(|batch| batch.insert(2, 1, 0)),
        TreeError::Refused(Refusal::Cycle { child: 1, .. })
    ));
    assert!(matches!(
        refused(|batch| batch.insert(1, 1, 0)),
        TreeError::Refused(Refusal::Cycle { child: 1, .. })
    ));
}

#[test]
fn a_cycle_is_seen_through_moves_of_the_same_batch() {
    let error = refused(|batch| {
        batch.create(3, page::DIV);
        batch.insert(2, 3, 0);
        batch.detach(1);
        batch.insert(3, 1, 0);
    });
    assert!(matches!(error, TreeError::Refused(Refusal::Cycle { child: 1, op: 3 })));
}

#[test]
fn depth_is_bounded() {
    let limits = Limits { depth: 4, ..Limits::default() };
    let mut page = Page::with(limits, BatchLimits::default());
    let chain = |batch: &mut playconnect_dom::BatchWriter, first: u32, length: u32| {
        for node in first..first + length {
            batch.create(node, page::DIV);
            if node > first {
                batch.insert(node - 1, node, 0);
            }
        }
        batch.insert(0, first, 0);
    };
    page.commit(|batch| {
        names(batch);
        chain(batch, 1, 4);
    })
    .expect("four is allowed");
    let error = page.commit(|batch| chain(batch, 10, 5)).expect_err("five is not");
    let TreeError::Refused(Refusal::Limit { used: 5, allowed: 4, key, .. }) = error else {
        panic!("{error}")
    };
    assert_eq!(key, LimitKey::Page("depth"));
}

#[test]
fn nodes_of_a_page_are_bounded_and_what_a_batch_frees_counts() {
    let limits = Limits { page_nodes: 10, ..Limits::default() };
    let mut page = Page::with(limits, BatchLimits::default());
    let fill = |batch: &mut playconnect_dom::BatchWriter, first: u32, count: u32| {
        for node in first..first + count {
            batch.text(node, "");
            batch.insert(0, node, 0);
        }
    };
    page.commit(|batch| {
        names(batch);
        fill(batch, 1, 10);
    })
    .expect("ten are allowed");
    assert!(matches!(
        page.commit(|batch| fill(batch, 11, 1)),
        Err(TreeError::Refused(Refusal::Limit { used: 11, allowed: 10, key: LimitKey::Page("nodes"), .. }))
    ));
    page.commit(|batch| {
        (1..=10).for_each(|node| batch.remove(node));
        fill(batch, 1, 10);
    })
    .expect("ten in place of ten");
    assert!(matches!(
        page.commit(|batch| {
            batch.remove(1);
            batch.text(40, "");
        }),
        Err(TreeError::Refused(Refusal::Limit { what: "index of a node", .. }))
    ));
}

#[test]
fn a_batch_is_bounded_in_bytes_operations_and_strings() {
    let limits = Limits {
        attribute_bytes: 4,
        text_bytes: 6,
        name_bytes: 5,
        names: 3,
        templates: 1,
        ..Limits::default()
    };
    let mut page = Page::with(limits, BatchLimits { bytes: 200, ops: 5 });
    let mut keys = Vec::new();
    let mut what = |write: &dyn Fn(&mut playconnect_dom::BatchWriter)| {
        let error = page.commit(write).expect_err("over a limit");
        keys.push(error.limit_key().expect("a limit").advice("menu"));
        error.to_string()
    };
    assert_eq!(
        what(&|batch| (0..6).for_each(|_| batch.close())),
        "operation 5: operations of a batch: 6 used, 5 allowed"
    );
    assert_eq!(
        what(&|batch| batch.text(1, &"x".repeat(200))),
        "operation 0: bytes of a batch: 228 used, 200 allowed"
    );
    assert_eq!(
        what(&|batch| batch.attr(1, 0, "12345")),
        "operation 0: bytes of an attribute's value: 5 used, 4 allowed"
    );
    assert_eq!(what(&|batch| batch.text(1, "1234567")), "operation 0: bytes of a text: 7 used, 6 allowed");
    assert_eq!(
        what(&|batch| batch.name(0, Namespace::None, "abcdef")),
        "operation 0: bytes of a name: 6 used, 5 allowed"
    );
    assert_eq!(
        what(&|batch| batch.name(3, Namespace::None, "a")),
        "operation 0: names of a module: 4 used, 3 allowed"
    );
    assert_eq!(what(&|batch| batch.template(1)), "operation 0: templates of a module: 2 used, 1 allowed");
    assert_eq!(keys[0], "raise [module.menu.limits] batch_ops");
    assert_eq!(keys[1], "raise [module.menu.limits] batch_bytes");
    assert!(keys[2..].iter().all(|key| key == "this limit is fixed by the wire format"));
}

#[test]
fn attributes_and_listeners_of_a_node_are_bounded() {
    let limits = Limits { node_attributes: 1, node_listeners: 1, ..Limits::default() };
    let mut page = Page::with(limits, BatchLimits::default());
    let committed = page.commit(|batch| {
        names(batch);
        batch.create(1, page::DIV);
        batch.attr(1, page::CLASS, "a");
        batch.attr(1, page::CLASS, "b");
        batch.attr(1, page::TITLE, "one too many");
        batch.listen(1, page::CLICK, ListenFlags(0), None);
        batch.listen(1, page::KEYDOWN, ListenFlags(0), None);
        batch.insert(0, 1, 0);
    });
    assert_eq!(committed.expect("left out, not refused").stripped, 2);
    page.is("<div class=\"b\">\n  @click:0:\n");
}

#[test]
fn ids_of_freed_nodes_wait_until_they_are_released() {
    let mut page = Page::new();
    page.commit(|batch| {
        names(batch);
        batch.text(1, "");
        batch.insert(0, 1, 0);
    })
    .expect("right");
    let first = page.tree.by_index(page.slot, 1).expect("it is there");
    page.commit(|batch| {
        batch.remove(1);
        batch.text(1, "");
        batch.insert(0, 1, 0);
    })
    .expect("right");
    assert_ne!(page.tree.by_index(page.slot, 1), Some(first));
    let freed = page.tree.take_freed();
    assert_eq!(freed, [first]);
    page.tree.release(&freed);
    page.commit(|batch| {
        batch.text(2, "");
        batch.insert(0, 2, 0);
    })
    .expect("right");
    assert_eq!(page.tree.by_index(page.slot, 2), Some(first));
}

#[test]
fn a_slot_that_is_reset_is_empty_and_of_a_new_generation() {
    let mut page = Page::new();
    page.commit(|batch| {
        names(batch);
        batch.create(1, page::DIV);
        batch.create(2, page::DIV);
        batch.insert(0, 1, 0);
    })
    .expect("right");
    page.tree.reset_slot(page.slot);
    assert_eq!((page.tree.node_count(), page.tree.generation(page.slot)), (0, 2));
    assert_eq!(page.tree.take_freed().len(), 2);
    assert!(page.commit(|batch| batch.create(1, page::DIV)).is_err(), "names went too");
}
