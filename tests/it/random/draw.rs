//! Choices that a seed decides, and the words to choose from.

/// A source of numbers: splitmix64, since a seed has to mean the same in every version of every crate.
#[derive(Debug)]
pub(super) struct Draw(u64);

impl Draw {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    /// True in so many of a hundred gateways.
    pub(super) fn percent(&mut self, chance: u64) -> bool {
        self.between(1, 100) <= chance
    }

    /// One of them.
    pub(super) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        let at = self.between(0, from.len() as u64 - 1);
        from[at as usize].clone()
    }

    /// Some of them, at least one, in any order.
    pub(super) fn some<T: Clone>(&mut self, from: &[T], most: u64) -> Vec<T> {
        let mut left = from.to_vec();
        let count = self.between(1, most.min(from.len() as u64));
        (0..count)
            .map(|_| {
                let at = self.between(0, left.len() as u64 - 1);
                left.swap_remove(at as usize)
            })
            .collect()
    }

    /// The name of something in the file.
    pub(super) fn name(&mut self) -> String {
        // Texts that people write, words of the targets, and names that the generated files declare themselves.
        const WORDS: [&str; 59] = [
            "a",
            "b",
            "x1",
            "east",
            "west",
            "chat",
            "embed",
            "team",
            "first",
            "openai",
            "weather",
            "module",
            "param",
            "resource",
            "output",
            "var",
            "for",
            "if",
            "in",
            "null",
            "true",
            "each",
            "self",
            "local",
            "data",
            "count",
            "provider",
            "existing",
            "type",
            "con",
            "service",
            "name",
            "account",
            "accounts",
            "host",
            "hosts",
            "backend",
            "backends",
            "api",
            "apis",
            "policy",
            "caller",
            "callers",
            "subscription",
            "subscriptions",
            "role",
            "roles",
            "identity",
            "gateway",
            "url",
            "urls",
            "id",
            "types",
            "public",
            "principal",
            "location",
            "v1",
            "pool",
            "model",
        ];
        let mut name = self.pick(&WORDS).to_owned();
        for _ in 0..self.pick(&[0, 0, 0, 1, 1, 2, 9]) {
            name.push_str(self.pick(&["-", "-", "-", "--", ""]));
            name.push_str(self.pick(&WORDS));
        }
        if self.percent(5) {
            name.push('-');
        }
        name.truncate(50);
        name
    }

    /// The name of a model or deployment.
    pub(super) fn model(&mut self) -> String {
        const NAMES: [&str; 14] = [
            "gpt-4o",
            "gpt-4o-mini",
            "gpt-4.1",
            "GPT_4.1--x",
            "Whisper",
            "4",
            "text-embedding-3-small",
            "o3.mini_2",
            "DeepSeek-R1",
            "true",
            "null",
            "gpt-4o.",
            "model",
            "-",
        ];
        let mut name = self.pick(&NAMES).to_owned();
        if name == "-" {
            name = format!("M{}", self.between(0, 1 << 40));
        }
        if self.percent(20) {
            let sign = self.pick(&[".", "_", "-", "._-", ""]);
            name = format!("{name}{sign}{}", self.pick(&["prod", "X", "0806", "eu"]));
        }
        if self.percent(3) {
            name.push_str(&"x".repeat(64 - name.len()));
        }
        name
    }

    /// A line that people read, with what means something to some language.
    pub(super) fn line(&mut self, most_bytes: usize) -> String {
        const PARTS: [&str; 44] = [
            "Azure OpenAI",
            "O'Brien's",
            "\"quoted\"",
            "${x}",
            "$${x}",
            "$",
            "{",
            "}",
            "{{named}}",
            "{{",
            "}}",
            "%{if x}",
            "%%{",
            "%{ endif ~}",
            "'''",
            "''",
            "'",
            "\\n",
            "\\",
            "\\u{41}",
            "@(context.Request.Url)",
            "@{ return 1; }",
            "@",
            "]]>",
            "<!--",
            "-->",
            "<b>&amp;</b>",
            "&",
            "<",
            ">",
            "`code`",
            "# x",
            "// x",
            "/* x */",
            "EOT",
            "<<EOT",
            "|",
            "é",
            "שלום",
            "\u{202e}abc",
            "😀",
            "\u{a0}",
            "~",
            "* _a_",
        ];
        let mut line = self.pick(&PARTS).to_owned();
        for _ in 0..self.pick(&[0, 1, 2, 4, 8]) {
            line.push_str(self.pick(&["", " ", " ", " - "]));
            line.push_str(self.pick(&PARTS));
        }
        while line.len() > most_bytes {
            line.pop();
        }
        if line.trim().is_empty() { "x".to_owned() } else { line }
    }
}
