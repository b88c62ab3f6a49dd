//! Our statements as a pgbench script, so that the service can be measured against them.

use baton_domain::id::OrgId;

/// One posted message as pgbench runs it, prepared: `baton-migrate pgbench | pgbench -M prepared -f -`.
///
/// pgbench fills `$n` from variables; each statement of ours has its own numbering, so each value is
/// written in its place as a variable or a literal.
pub(crate) fn script(statements: &[String], org: OrgId, without_rls: bool) -> String {
    let [lock, load, by_sender, save] = statements else { return String::new() };
    let conversation = "(select id from bench_conversations where n = :c)";
    let author = "(select author from bench_conversations where n = :c)";
    let mut lines = vec!["\\set c random(1, 50)".to_owned()];
    lines.push(format!(
        "select id as conversation, author, '{org}' as org from bench_conversations where n = :c \\gset"
    ));
    lines.push("begin;".to_owned());
    if !without_rls {
        lines.push("set local role baton_app;".to_owned());
    }
    lines.push(format!("select set_config('baton.org', '{org}', true), now();"));
    let _ = (conversation, author);
    lines.push(filled(lock, &["':conversation'"]));
    lines.push(filled(load, &["array[':conversation']::uuid[]"]));
    lines.push(filled(by_sender, &["':conversation'", "':author'", "':client'"]));
    lines.push(save.clone());
    lines.push("commit;".to_owned());
    lines.join("\n")
}

fn filled(statement: &str, values: &[&str]) -> String {
    let mut text = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    for (index, value) in values.iter().enumerate().rev() {
        text = text.replace(&format!("${}", index + 1), value);
    }
    text + ";"
}
