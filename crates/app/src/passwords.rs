//! Argon2id in a bounded pool: hashing is dear on purpose, so it must neither block the reactor nor
//! be had without limit.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// Memory of one hash in KiB, passes and lanes: the OWASP Password Storage Cheat Sheet's first choice.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Most callers that may wait for a hash; more are turned away.
const WAITING: usize = 64;

/// The bounded pool.
#[derive(Debug, Clone)]
pub struct Passwords {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// Verified when there is no account, so that the answer takes as long.
    nobody: Arc<str>,
}

/// Whether a password was right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It was wrong, or there is nothing to compare with.
    Wrong,
    /// It was right.
    Right,
    /// It was right, and its hash should be replaced by this one, made by today's parameters.
    Rehashed(String),
}

impl Passwords {
    /// A pool that hashes on as many threads as there are cores.
    pub async fn new() -> Result<Self> {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let mut passwords = Self {
            running: Arc::new(Semaphore::new(cores)),
            waiting: Arc::new(Semaphore::new(WAITING)),
            nobody: Arc::from(""),
        };
        passwords.nobody = passwords.hash("nobody's password".to_owned()).await?.into();
        Ok(passwords)
    }

    /// The PHC string of a password.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.run(move || hash(&password)).await?
    }

    /// Compares a password with a stored hash, or with nobody's in the same time.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<Verdict> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.to_string());
        let verdict = self.run(move || verify(&password, &stored)).await??;
        Ok(if known { verdict } else { Verdict::Wrong })
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let Ok(_waiting) = self.waiting.try_acquire() else {
            return Err(Error::Limited(Duration::from_secs(1)));
        };
        let running = Arc::clone(&self.running).acquire_owned().await;
        let running = running.map_err(|error| Error::Internal(error.to_string()))?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(running);
            done
        });
        done.await.map_err(|error| Error::Internal(error.to_string()))
    }
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<String> {
    let hash: PasswordHash =
        argon2()?.hash_password(password.as_bytes()).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(hash.to_string())
}

fn verify(password: &str, stored: &str) -> Result<Verdict> {
    let parsed = PasswordHash::new(stored).map_err(|_| Error::Internal("a stored hash cannot be read".to_owned()))?;
    if argon2()?.verify_password(password.as_bytes(), &parsed).is_err() {
        return Ok(Verdict::Wrong);
    }
    let current = Params::try_from(&parsed).is_ok_and(|params| {
        params.m_cost() >= MEMORY_KIB && params.t_cost() >= PASSES && parsed.algorithm == Algorithm::Argon2id.ident()
    });
    if current { Ok(Verdict::Right) } else { Ok(Verdict::Rehashed(hash(password)?)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn right_wrong_unknown_and_old() {
        let passwords = Passwords::new().await.unwrap();
        let stored = passwords.hash("correct horse".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let verify =
            |password: &str, stored: Option<&str>| passwords.verify(password.to_owned(), stored.map(ToOwned::to_owned));
        assert_eq!(verify("correct horse", Some(&stored)).await.unwrap(), Verdict::Right);
        assert_eq!(verify("correct hors", Some(&stored)).await.unwrap(), Verdict::Wrong);
        assert_eq!(verify("nobody's password", None).await.unwrap(), Verdict::Wrong);

        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8192, 1, 1, None).unwrap());
        let old: PasswordHash = weak.hash_password(b"correct horse").unwrap();
        let Verdict::Rehashed(new) = verify("correct horse", Some(&old.to_string())).await.unwrap() else {
            panic!("an old hash is replaced");
        };
        assert_eq!(verify("correct horse", Some(&new)).await.unwrap(), Verdict::Right);
    }
}
