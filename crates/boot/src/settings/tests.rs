use super::*;

const TOKEN: &str = "q1w8+e7r6/t5y4U3i2O1pAsDfGhJkLzXcVbNm90";
const REFRESH: &str = "Zm9vYmFy+QWERT/yuiop1234ASDFghjklzxcv5678";
const MINIMAL: [(&str, &str); 3] = [
    ("BATON_DATABASE__URL", "postgres://app:hunter2@db/baton"),
    ("BATON_DATABASE__SYSTEM_URL", "postgres://system:hunter2@db/baton"),
    ("BATON_REDIS__URL", "redis://:hunter2@redis/0"),
];

fn with(more: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    load(None, &[MINIMAL.as_slice(), more].concat())
}

fn load(file: Option<&str>, environment: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let environment: Vec<_> = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let Some(text) = file else { return Settings::load(None, environment) };
    let name = format!("baton-settings-{}-{:?}.toml", std::process::id(), std::thread::current().id());
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, text).unwrap();
    let settings = Settings::load(Some(&path), environment);
    std::fs::remove_file(&path).unwrap();
    settings
}

fn refusal(settings: Result<Settings, SettingsError>) -> String {
    let message = settings.expect_err("refused").to_string();
    assert!(!message.contains('\n'), "one line: {message}");
    message
}

#[test]
fn defaults_stand() {
    let settings = with(&[]).unwrap();
    assert_eq!(settings.api.listen, local(8080));
    assert_eq!(settings.gateway.listen, local(8081));
    assert_eq!(settings.gateway.ping_interval(), Duration::from_secs(25));
    assert_eq!((settings.database.pool_size, settings.database.statement_timeout_ms), (16, 10_000));
    assert_eq!((settings.redis.prefix.as_str(), settings.log.filter.as_str()), ("baton:", "info"));
    assert!(settings.operations.listen.is_none() && settings.database.owner_url.is_none());
    assert!(settings.require_auth().unwrap_err().to_string().contains("openssl rand -base64 48"));
    assert!(settings.require_mail().unwrap_err().to_string().contains("`mail`: set smtp_url, or folder"));
    assert_eq!(settings.mail.from, "Baton <baton@localhost>");
}

#[test]
fn the_environment_stands_above_the_file() {
    let file = "[api]\nlisten = \"0.0.0.0:1\"\nallowed_origins = [\"https://a\"]\n[database]\npool_size = 4\n";
    let more = [
        ("BATON_API__LISTEN", "0.0.0.0:2"),
        ("BATON_API__TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1"),
        ("BATON_GATEWAY__PING_TIMEOUT_MS", "1500"),
        ("BATON_MAIL__FOLDER", "/var/mail"),
        ("BATON_CONFIG", "/no/setting"),
        ("PATH", "/bin"),
    ];
    let settings = load(Some(file), &[MINIMAL.as_slice(), &more].concat()).unwrap();
    assert_eq!(settings.api.listen.port(), 2);
    assert_eq!(settings.api.allowed_origins, ["https://a"]);
    assert_eq!(settings.api.trusted_proxies, ["10.0.0.0/8", "127.0.0.1"]);
    assert_eq!(settings.database.pool_size, 4);
    assert_eq!(settings.gateway.ping_timeout_ms, 1500);
    assert_eq!(settings.require_mail().unwrap().folder.as_deref(), Some(Path::new("/var/mail")));
}

#[test]
fn unknown_settings_are_named() {
    let message = refusal(load(Some("[api]\nlisen = \"x\"\n"), &MINIMAL));
    assert!(message.contains("`api.lisen`") && message.contains("file /"), "{message}");
    let message = refusal(load(Some("[apy]\nlisten = \"x\"\n"), &MINIMAL));
    assert!(message.contains("`apy`"), "{message}");
    let message = refusal(with(&[("BATON_API__LISEN", "x")]));
    assert!(message.contains("`api.lisen`") && message.contains("BATON_API__LISEN"), "{message}");
    let message = refusal(with(&[("BATON_LISTEN", "x")]));
    assert!(message.contains("`listen`") && message.contains("BATON_LISTEN"), "{message}");
    let message = refusal(with(&[("BATON_API", "x")]));
    assert!(message.contains("`api`"), "{message}");
    assert!(with(&[("BATON_", "x")]).is_err());
}

#[test]
fn missing_settings_are_named() {
    let message = refusal(load(None, &MINIMAL[1..]));
    assert!(message.contains("`database.url`") && message.contains("BATON_DATABASE__URL"), "{message}");
    let message = refusal(load(None, &MINIMAL[..2]));
    assert!(message.contains("`redis`"), "{message}");
    let message = refusal(with(&[("BATON_AUTH__TOKEN_KEY", TOKEN)]));
    assert!(message.contains("`auth.refresh_key`"), "{message}");
    let missing = Settings::load(Some(Path::new("/no/such/baton.toml")), Vec::new());
    assert!(refusal(missing).contains("/no/such/baton.toml"));
}

#[test]
fn wrong_forms_are_named() {
    for (name, key) in [
        ("BATON_API__LISTEN", "api.listen"),
        ("BATON_DATABASE__POOL_SIZE", "database.pool_size"),
        ("BATON_OPERATIONS__LISTEN", "operations.listen"),
        ("BATON_DATABASE__URL", "database.url"),
    ] {
        for value in ["", "-1", "1.5"] {
            if key == "database.url" && !value.is_empty() {
                continue;
            }
            let message = refusal(with(&[(name, value)]));
            assert!(message.contains(&format!("`{key}`")) && message.contains(name), "{message}");
        }
    }
    assert!(refusal(with(&[("BATON_DATABASE__POOL_SIZE", "0")])).contains("database.pool_size"));
}

#[test]
fn weak_keys_are_refused() {
    let repeated = "a".repeat(64);
    for weak in ["tiny-key", &repeated, "please-changeme-please-changeme-now-1", "abababababababababababababababababab"]
    {
        let message = refusal(with(&[("BATON_AUTH__TOKEN_KEY", weak), ("BATON_AUTH__REFRESH_KEY", REFRESH)]));
        assert!(message.contains("`auth.token_key`") && message.contains("openssl rand -base64 48"), "{message}");
        assert!(!message.contains(weak), "{message}");
    }
    let message = refusal(with(&[("BATON_AUTH__TOKEN_KEY", TOKEN), ("BATON_AUTH__REFRESH_KEY", TOKEN)]));
    assert!(message.contains("`auth.refresh_key`"), "{message}");
    with(&[("BATON_AUTH__TOKEN_KEY", TOKEN), ("BATON_AUTH__REFRESH_KEY", REFRESH)]).unwrap().require_auth().unwrap();
}

#[test]
fn secrets_are_never_shown() {
    let settings = with(&[("BATON_AUTH__TOKEN_KEY", TOKEN), ("BATON_AUTH__REFRESH_KEY", REFRESH)]).unwrap();
    let shown = format!("{settings:?}");
    assert!(!shown.contains("hunter2") && !shown.contains(TOKEN) && !shown.contains(REFRESH), "{shown}");

    let digits = "12345678901234567890123456789012";
    let settings = with(&[("BATON_DATABASE__OWNER_URL", digits)]).unwrap();
    assert_eq!(settings.database.owner_url.unwrap().expose_secret(), digits);
    for file in [format!("[auth]\ntoken_key = {}\n", &digits[..18]), format!("[auth]\ntoken_key = \"{digits}\n")] {
        let message = refusal(load(Some(&file), &MINIMAL));
        assert!(!message.contains(&digits[..18]), "{message}");
    }
}
