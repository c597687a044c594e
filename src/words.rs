//! Interface words by language, from one file per language (`templates/words/zh.yaml`).
//! A leaf; the theme reads the files.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The words of every language that the theme has a file for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    languages: BTreeMap<String, BTreeMap<String, Phrase>>,
}

/// A phrase; `{n}` and other names in braces stand for values.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Phrase {
    Same(String),
    /// English and its kin: one form for 1, another for the rest.
    Counted {
        one: String,
        other: String,
    },
}

impl Words {
    /// Adds or replaces the words of a language; fails with the reader's message.
    pub fn add(&mut self, language: &str, yaml: &str) -> Result<(), serde_yaml::Error> {
        let phrases: BTreeMap<String, Phrase> = serde_yaml::from_str(yaml)?;
        self.languages.entry(language.to_ascii_lowercase()).or_default().extend(phrases);
        Ok(())
    }

    /// The phrase in the language, else in its base language, else in English, else the key.
    pub fn get<'a>(&'a self, lang: &str, key: &'a str) -> &'a str {
        match self.find(lang, key) {
            Some(Phrase::Same(text) | Phrase::Counted { other: text, one: _ }) => text,
            None => key,
        }
    }

    /// The phrase for a number, with `{n}` filled in.
    pub fn count(&self, lang: &str, key: &str, n: usize) -> String {
        let text = match self.find(lang, key) {
            Some(Phrase::Counted { one, other: _ }) if n == 1 => one,
            Some(Phrase::Same(text) | Phrase::Counted { other: text, one: _ }) => text,
            None => key,
        };
        text.replace("{n}", &n.to_string())
    }

    /// All phrases of a language as templates see them, gaps filled from English.
    pub fn all(&self, lang: &str) -> BTreeMap<&str, &str> {
        let keys = self.languages.values().flat_map(BTreeMap::keys);
        keys.map(|key| (key.as_str(), self.get(lang, key))).collect()
    }

    fn find(&self, lang: &str, key: &str) -> Option<&Phrase> {
        let lang = lang.to_ascii_lowercase();
        let base = lang.split('-').next().unwrap_or_default();
        [lang.as_str(), base, "en"]
            .iter()
            .find_map(|language| self.languages.get(*language)?.get(key))
    }
}
