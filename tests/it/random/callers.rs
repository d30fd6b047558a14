//! Requirements for callers besides a key, and custom policies.

use serde_json::{Value, json};

use super::gateway::{Author, put};

const AUDIENCES: [&str; 4] =
    ["api://ai", "api://$(a)/%7b$x~", "22222222-2222-2222-2222-22222222222A", "https://ai.contoso.com/é"];
const APPLICATIONS: [&str; 2] = ["33333333-3333-3333-3333-333333333333", "33333333-3333-3333-3333-33333333333C"];
const LABELS: [&str; 4] = ["a-1", "a1", "for", "x--y-"];
const ROLES: [&str; 4] = ["Models.Use", "a\"b\\", "{{role}}", "@(1)"];
const ADDRESSES: [&str; 4] = ["203.0.113.0/24", "198.51.100.7", "10.0.0.0/8", "192.0.2.128/25"];
const ORIGINS: [&str; 3] = ["https://chat.contoso.com", "http://localhost:3000", "https://a.b:8443"];
const TEXTS: [&str; 6] = [
    "<set-variable name=\"own\" value='@(\"a\" +\n  \"&lt;b>\")' />\n",
    "<!-- {{a}} --><set-header name=\"X-Own\"><value>a -- b &amp; ]]&gt; é</value></set-header>",
    "<choose><when condition=\"@{ return true &amp;&amp; 1 &lt; 2; }\"><set-variable name=\"x\" value=\" a\tb \" /></when></choose>",
    "<find-and-replace from='\"' to=\"\" /><cache-remove-value key='@(\"k-\" + 1)' caching-type=\"internal\" />",
    "<send-one-way-request mode=\"copy\"><set-header name=\"X\" exists-action=\"skip\"><value>{{own.value}}</value></set-header></send-one-way-request>",
    "<json-to-xml apply=\"always\" parse-date=\"false\" /><set-body template=\"liquid\">{ \"a\": \"{{body.a}}\" }</set-body>",
];

impl Author<'_> {
    /// Asks for a token now and then; whether it does.
    pub(super) fn token(&mut self, auth: &mut Value) -> bool {
        if !self.draw.percent(25) {
            return false;
        }
        let tenant = "11111111-1111-1111-1111-11111111111A";
        let audiences = self.draw.some(&AUDIENCES, 3);
        let mut entra = json!({
            "tenantId": if self.draw.percent(30) { json!({ "contoso": tenant }) } else { json!(tenant) },
            "audiences": self.ids(&AUDIENCES, &audiences),
        });
        let roles = self.draw.some(&ROLES, 3);
        put(&mut entra, "roles", self.draw.percent(50).then(|| json!(roles)));
        let applications = self.draw.some(&APPLICATIONS, 2);
        let applications = self.ids(&APPLICATIONS, &applications);
        put(&mut entra, "applications", self.draw.percent(40).then_some(applications));
        auth["entra"] = entra;
        true
    }

    /// Some ids as a list, or each with a label, which is the same in all APIs.
    fn ids(&mut self, all: &[&str], some: &[&str]) -> Value {
        if self.draw.percent(50) {
            return json!(some);
        }
        let at = |id: &&str| all.iter().position(|one| one == id).unwrap();
        some.iter().map(|id| (LABELS[at(id)].to_owned(), json!(id))).collect::<serde_json::Map<_, _>>().into()
    }

    /// Allowed addresses, limits, web pages, and custom policies.
    pub(super) fn asks(&mut self, api: &mut Value, name: &str, has_key: bool, has_token: bool) {
        let addresses = self.draw.some(&ADDRESSES, 4);
        let filters = self.draw.percent(15);
        put(api, "ipFilter", filters.then(|| json!({ "allow": addresses })));
        let origins = self.draw.some(&ORIGINS, 3);
        let origins = if self.draw.percent(20) { vec!["*"] } else { origins };
        let headers = self.draw.some(&["X-Own", "content-type", "*"], 3);
        let cors = json!({ "origins": origins, "headers": headers });
        put(api, "cors", self.draw.percent(15).then_some(cors));
        let mut by = vec![];
        if has_key {
            by.push(json!("subscription"));
        }
        if !self.is_consumption {
            by.extend([json!("ip"), json!({ "header": "X-!'`", "default": "\"a\" {{b}}" })]);
            if has_token {
                by.extend([json!({ "claim": "azp" }), json!({ "claim": "http://x/\"y" })]);
            }
        }
        if !by.is_empty() && self.draw.percent(25) {
            let by = self.draw.pick(&by);
            api["rateLimit"] =
                json!({ "calls": self.draw.between(1, 9), "per": self.draw.pick(&["1s", "5m"]), "by": by });
        }
        if self.draw.percent(15) {
            let folder = self.draw.pick(&["", "p--o/", "it's ${a} {{b}} %{c} 😀/"]);
            let file = format!("{folder}{name}.xml");
            let text = self.draw.pick(&TEXTS);
            self.documents.insert(file.clone(), text.to_owned());
            let end = self.draw.pick(&["first", "last"]);
            let section = self.draw.pick(&["inbound", "outbound"]);
            let mut files = vec![json!({ "file": file })];
            if self.draw.percent(30) {
                let file = format!("{name}-2.xml");
                let text = self.draw.pick(&TEXTS);
                self.documents.insert(file.clone(), text.to_owned());
                files.push(json!({ "file": file }));
            }
            api["include"] = json!({ section: { end: files } });
        }
    }
}
