//! How a letter is worded: by the organisation's own templates, else by the built-in ones.

use baton_app::mail::{Letter, Template};
use baton_domain::mail::Language;
use baton_domain::notification::NotificationKind;
use baton_domain::ticket::Priority;
use minijinja::{Environment, Error, context};

const TEXT: &str = include_str!("../templates/notice.txt");
const HTML: &str = include_str!("../templates/notice.html");
/// Steps that a template may take: an endless one is an error, not a stuck worker.
const FUEL: u64 = 100_000;

/// A letter in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The subject line: one line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML; whatever came from outside is escaped.
    pub html: String,
}

/// Words a letter. A template of the organisation's that fails is told of and passed over: a letter that cannot be
/// read as they like it is better than none.
pub fn write(letter: &Letter) -> Written {
    if let Some(own) = &letter.template {
        match render(letter, own) {
            Ok(written) => return written,
            Err(error) => tracing::warn!(job = %letter.job, kind = %letter.kind, %error,
                "an organisation's mail template fails; the built-in one is used"),
        }
    }
    let built_in = Template {
        subject: "[#{{ number }}] {{ headline }}: {{ subject }}".to_owned(),
        text: TEXT.to_owned(),
        html: HTML.to_owned(),
    };
    // The built-in ones are rendered by the tests for every kind and language.
    render(letter, &built_in).unwrap_or_else(|error| Written {
        subject: format!("[#{}] {}", letter.subject.number, letter.kind),
        text: error.to_string(),
        html: String::new(),
    })
}

fn render(letter: &Letter, template: &Template) -> Result<Written, Error> {
    let mut environment = Environment::new();
    environment.set_fuel(Some(FUEL));
    let subject = &letter.subject;
    let words = words(subject.language);
    let (headline, lead) = (words.news)(letter.kind);
    let values = context! {
        kind => letter.kind.as_str(), language => subject.language.as_str(), headline, lead, hello => words.hello,
        label => context! { from => words.from, priority => words.priority_label, team => words.team },
        recipient => &subject.name, organization => &subject.organization, number => subject.number,
        subject => &subject.subject, requester => &subject.requester, team => &subject.team,
        priority => (words.priority)(subject.priority),
    };
    // By the ending of the name it is known what must be escaped.
    let line = environment.render_named_str("subject.txt", &template.subject, &values)?;
    Ok(Written {
        subject: line.split_whitespace().collect::<Vec<_>>().join(" "),
        text: environment.render_named_str("body.txt", &template.text, &values)?,
        html: environment.render_named_str("body.html", &template.html, &values)?,
    })
}

/// What a language says.
struct Words {
    hello: &'static str,
    from: &'static str,
    priority_label: &'static str,
    team: &'static str,
    /// Headline and first sentence.
    news: fn(NotificationKind) -> (&'static str, &'static str),
    priority: fn(Priority) -> &'static str,
}

const fn words(language: Language) -> Words {
    match language {
        Language::En => Words {
            hello: "Hello",
            from: "From",
            priority_label: "Priority",
            team: "Team",
            news: |kind| match kind {
                NotificationKind::Assigned => ("Assigned to you", "this ticket is yours now:"),
                NotificationKind::SlaWarning => ("Due soon", "a promise to the customer will soon be broken:"),
                NotificationKind::SlaBreached => ("Overdue", "a promise to the customer was broken:"),
                NotificationKind::Escalated => ("Escalated to you", "this ticket was escalated to you:"),
            },
            priority: Priority::as_str,
        },
        Language::De => Words {
            hello: "Hallo",
            from: "Von",
            priority_label: "Priorität",
            team: "Team",
            news: |kind| match kind {
                NotificationKind::Assigned => ("Dir zugeteilt", "dieses Ticket gehört jetzt dir:"),
                NotificationKind::SlaWarning => ("Bald fällig", "ein Versprechen an den Kunden droht zu platzen:"),
                NotificationKind::SlaBreached => ("Überfällig", "ein Versprechen an den Kunden wurde nicht gehalten:"),
                NotificationKind::Escalated => ("An dich eskaliert", "dieses Ticket wurde an dich eskaliert:"),
            },
            priority: |priority| match priority {
                Priority::Low => "niedrig",
                Priority::Normal => "normal",
                Priority::High => "hoch",
                Priority::Urgent => "dringend",
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_app::mail::Subject;
    use baton_domain::id::JobId;

    fn letter(kind: NotificationKind, language: Language) -> Letter {
        let subject = Subject {
            name: "Ana".to_owned(),
            email: "ana@acme.example".to_owned(),
            organization: "Acme & Co".to_owned(),
            language,
            number: 7,
            subject: "Printer <b>smokes</b>\r\nBcc: all@acme.example".to_owned(),
            priority: Priority::Urgent,
            requester: "Cleo <script>".to_owned(),
            team: "Support".to_owned(),
        };
        let job = JobId(uuid::Uuid::nil());
        Letter { job, message_id: "x@acme.example".to_owned(), kind, subject, template: None }
    }

    fn own(template: &str) -> Written {
        let template = Template { subject: "{{ subject }}".into(), text: template.into(), html: template.into() };
        write(&Letter { template: Some(template), ..letter(NotificationKind::Assigned, Language::En) })
    }

    #[test]
    fn every_kind_in_every_language() {
        let mut subjects = std::collections::HashSet::new();
        for language in Language::ALL {
            for kind in NotificationKind::ALL {
                let letter = letter(*kind, *language);
                let written = write(&letter);
                assert!(subjects.insert(written.subject.clone()), "{}", written.subject);
                let words = words(*language);
                for part in [&written.text, &written.html] {
                    let (hello, lead) = (words.hello, (words.news)(*kind).1);
                    assert!(part.contains(&format!("{hello} Ana,")) && part.contains(lead), "{part}");
                    assert!(part.contains((words.priority)(Priority::Urgent)) && part.contains("#7"), "{part}");
                }
            }
        }
    }

    #[test]
    fn what_came_from_outside_is_text() {
        let written = write(&letter(NotificationKind::Assigned, Language::En));
        assert_eq!(written.subject, "[#7] Assigned to you: Printer <b>smokes</b> Bcc: all@acme.example");
        assert!(!written.html.contains("<b>") && !written.html.contains("<script>"), "{}", written.html);
        assert!(written.html.contains("Acme &amp; Co") && written.text.contains("Acme & Co"));
        let own = own("{{ requester }}");
        assert_eq!((own.text.as_str(), own.html.as_str()), ("Cleo <script>", "Cleo &lt;script&gt;"));
    }

    #[test]
    fn an_own_template_that_fails_is_passed_over() {
        let built_in = write(&letter(NotificationKind::Assigned, Language::En));
        for broken in
            ["{{", "{{ 1 / 0 }}", "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}"]
        {
            assert_eq!(own(broken), built_in, "{broken}");
        }
    }
}
