//! All kinds of findings in one table: id, severity, title, explanation. Ids are never reused.

use super::Severity;

macro_rules! codes {
    ($( $name:ident = $id:literal $severity:ident $title:literal : $explanation:literal )*) => {
        /// The kind of a finding.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $( #[doc = $title] $name, )*
        }

        impl Code {
            /// All codes, in the order of their ids.
            pub const ALL: &'static [Self] = &[ $( Self::$name, )* ];

            /// The id, as users pass it to `gatewright explain`.
            pub fn id(self) -> &'static str {
                match self { $( Self::$name => $id, )* }
            }

            /// The severity of this kind of finding.
            pub fn severity(self) -> Severity {
                match self { $( Self::$name => Severity::$severity, )* }
            }

            /// The title: short, lower case, without a full stop.
            pub fn title(self) -> &'static str {
                match self { $( Self::$name => $title, )* }
            }

            /// The text of `gatewright explain`: meaning, consequences and fix.
            pub fn explanation(self) -> &'static str {
                match self { $( Self::$name => $explanation, )* }
            }
        }
    };
}

// Y: YAML syntax. S: schema. U: unsupported. N: names. R: references. B: backends and the gateway. P: pools. A: APIs. C: callers and custom policies. D: definitions. K: limits of the SKU.
codes! {
    NotUtf8 = "Y001" Error "the file is not UTF-8 text":
        "Gatewright reads UTF-8 text only. The file contains bytes that are not valid UTF-8: it was saved in another encoding (Latin-1 or UTF-16, for example), or it is not a text file. Most editors offer \"Save with encoding\"; choose UTF-8. A byte order mark at the start is accepted."
    Syntax = "Y002" Error "the file is not valid YAML":
        "The text has a YAML syntax error. Nothing after that location could be read, so more problems may appear once it is fixed. Common causes: a tab in the indentation (YAML allows only spaces), an unclosed quote or bracket, a missing space after a colon (`name:x` is one string, `name: x` is a key and a value), or a string that starts with a character such as `@`, `%` or `*` and needs quotes."
    TooLarge = "Y003" Error "the file is too large":
        "A gateway file may have 1 MiB, an API definition 16 MiB. A larger file is usually the wrong path, or the output of a program with a bug. Check the path first. If a definition really is that large, remove the operations that callers do not need."
    TooDeep = "Y004" Error "the file is nested too deeply":
        "No key of the language is deeper than about ten levels, and the limit is 64. Deeper nesting usually comes from unclosed brackets, or from indentation that grows with every line. Aliases count with the value that they refer to."
    TooManyNodes = "Y005" Error "aliases expand to too many nodes":
        "An alias such as `*defaults` expands to the value of its anchor `&defaults`. Aliases inside anchors multiply: ten levels of ten aliases are ten billion values in a few lines of text (a \"billion laughs\" file). A file may expand to 200,000 values, and an alias must not refer to itself. Write the values out, or use fewer aliases inside anchors."
    DuplicateKey = "Y006" Error "duplicate key":
        "An object can have each key only once. Many YAML tools silently keep one of two duplicate keys and drop the other, so one of the two settings would be lost. Keep one:\n\n    timeout: 30s\n    timeout: 60s     # which one?\n\nA key that comes from a merge (`<<: *defaults`) may be set again; the value set in the object itself takes precedence."
    Documents = "Y007" Error "the file must contain exactly one YAML document":
        "One file describes one gateway, in one YAML document. A line `---` starts another document, and a file that contains only comments has none. Put each gateway into its own folder and file; the README shows the smallest one."
    NotPlain = "Y008" Error "a YAML feature that is not supported":
        "Gatewright reads strings, numbers, booleans, lists and objects. YAML also has tags such as `!secret`, and the numbers `.inf` and `.nan`; these have no meaning in a gateway file. A string that only looks like one of them needs quotes:\n\n    displayName: \"!important\"\n\nValues that differ between environments are parameters of the output, not tags of the input."
    KeyNotText = "Y009" Error "a key is not a string":
        "Every key must be a string. YAML reads `1.5:` as a number, `true:` as a boolean and `~:` as null, and `{{ x }}` as an object whose key is an object. Quote the key to make it a string:\n\n    models:\n      \"4.1\": gpt-4.1\n\nA template with `{{ }}` placeholders must be rendered before Gatewright reads the file."
    BadMerge = "Y010" Error "a merge key does not refer to an object":
        "`<<` merges the keys of other objects into this one. Its value is an alias, `<<: *defaults`, or a list of aliases, `<<: [*defaults, *more]`, and each must refer to an object. Keys of the object itself take precedence over merged ones."

    UnknownKey = "S001" Error "unknown key":
        "Gatewright rejects keys that it does not know, because a mistyped key would otherwise be a setting that silently does nothing. Check the spelling (keys are camelCase: `displayName`) and the level: a key with the wrong indentation belongs to another object. `gatewright schema` prints the JSON Schema with all keys, which editors can use as well."
    MissingKey = "S002" Error "a required key is missing":
        "The object is incomplete without this key, and no default fits every gateway. Add it with the same indentation as the keys beside it. `gatewright schema` lists the required keys of each object."
    WrongType = "S003" Error "a value has the wrong type":
        "Strings, numbers, booleans (`true` and `false`), lists and objects are different types. YAML derives the type from the notation: `1.0` is a number and `\"1.0\"` a string, `true` is a boolean and `\"true\"` a string. A key with nothing after its colon has no value. A list is `[a, b]`, or lines that start with `- `; an object is lines of `key: value`."
    NotAllowed = "S004" Error "a value is not one of the allowed values":
        "The key accepts a fixed list of values, which are case-sensitive. The finding lists them, or suggests the closest one."
    WrongFormat = "S005" Error "a string has the wrong format":
        "Some strings must have a certain format to be deployable. Names consist of lower-case letters, digits and hyphens, start with a letter and have at most 50 characters (`east-1`). Durations are a number and a unit: `30s`, `5m`, `1h`. URLs start with `https://` or `http://`, and ids of Entra ID and Azure are GUIDs."
    OutOfRange = "S006" Error "a value is out of range":
        "The value has the right type, but it is smaller, larger, shorter or longer than the service or the language allows. The finding names the limit. A limit of the service cannot be raised by a setting."
    Either = "S007" Error "keys that are mutually exclusive, or required together":
        "Some objects have several variants, and the keys select one: an account is authenticated in one way, a counter counts by one property. Such an object needs exactly one of these keys. Keep the one you mean:\n\n    by: { claim: azp }\n    by: { header: X-Agent-Id, default: anonymous }\n\nThe finding lists the keys."
    DefinitionUnreadable = "D001" Error "a definition file cannot be read":
        "The path in `definition: { file: … }` is relative to the gateway file. The file does not exist, is a folder, or cannot be read with your permissions. Correct the path."
    NotADefinition = "D002" Error "the document is not an OpenAPI definition":
        "API Management imports the operations of an API from an OpenAPI 3.0, OpenAPI 3.1 or Swagger 2.0 document: an object with the key `openapi` or `swagger`. A documentation page, a JSON Schema or the collection of another tool cannot be imported. Download the OpenAPI document itself, or write one."
    DefinitionVersion = "D003" Error "the version of the definition is not supported":
        "API Management imports OpenAPI 3.0.x, 3.1.x and Swagger 2.0. It rejects or misreads other versions. Convert the document: most tools that write 3.2 can also write 3.1, and there are converters for Swagger 1.x."
    MissingOperationId = "D004" Warning "an operation has no `operationId`":
        "The service uses the `operationId` as the name of the operation, and MCP tools and policies refer to that name. If it is missing, Gatewright generates one from the method and the path, which changes whenever the path changes. Add an `operationId` that is unique in the document if something depends on the name."
    UnusableOperationId = "D005" Warning "an `operationId` cannot be used as a name":
        "The service keeps only lower-case letters, digits and single hyphens of an `operationId`, and at most 76 characters. An id in another script may become empty, and truncation can make two ids equal. Gatewright then names the operation after its method and path. Use an `operationId` of letters, digits and hyphens."
    DuplicateOperationId = "D006" Warning "two operations get the same name":
        "The service converts an `operationId` to lower case and replaces every run of other characters by one hyphen, so `getUser`, `GetUser` and `getuser` become the same name. The service would number the second one by itself, and tools would call the wrong operation. Gatewright therefore names the second one after its method and path. Rename one of the two."
    ExternalRef = "D007" Error "a `$ref` points outside the document":
        "API Management imports a single document and follows no references out of it. Gatewright includes other files if they are below the folder of the gateway file or of the document; no other file of this machine can get into the output that you commit, no matter what a document refers to. It downloads nothing from URLs. Save the file beside the document and refer to that copy, or bundle the parts into one file with `redocly bundle` or `swagger-cli bundle`."
    DefinitionTooLarge = "D008" Error "the definition is too large to be embedded":
        "Bicep's `loadTextContent` accepts at most 131,072 characters (UTF-16 code units), counted as one line without spaces: Gatewright indents a document only if it stays below the limit. Terraform has no such limit, but both targets must deploy the same API. Keep only the operations that callers use and the schemas that these need."
    DefinitionSyntax = "D009" Error "the definition is not valid JSON or YAML":
        "The text has a syntax error, so nothing after that location could be read. Files named `.json` are parsed as JSON, all others as JSON or YAML. Fix the syntax, or give the file the extension that fits."
    NoOperations = "D010" Error "the definition has no operations":
        "Without operations the gateway returns 404 for every call of the API. API Management does not import webhooks, callbacks or `trace` as operations. Add a path with a method."
    DuplicateOperation = "D011" Error "two operations have the same method and path":
        "The names of path parameters do not distinguish paths: `/a/{x}` and `/a/{y}` match the same requests, and so do `/groups` and `/Groups`. The service rejects the second operation. Remove one, or change its path."
    RecursiveSchema = "D012" Warning "a schema contains itself":
        "API Management does not support recursive schemas: it may reject the document, or show the API without the schema. Gatewright therefore removes the circular reference, and the documentation shows any value in its place. Requests are not affected, because the gateway does not validate them against these schemas."
    DroppedBody = "D013" Warning "a request body will not be imported":
        "API Management drops the request bodies of GET, HEAD and OPTIONS operations on import. The operation works, but neither its documentation nor an MCP tool made from it has a body. Use another method if the body matters."
    IgnoredTrace = "D014" Warning "a `trace` operation is ignored":
        "API Management does not import `trace` operations and returns 404 for calls with this method. No action is needed unless callers use it."
    DefinitionShape = "D015" Error "a part of the definition has the wrong shape":
        "The OpenAPI specification defines the shape of each part of a document: `paths` is an object whose keys start with `/`, an operation is an object under a lower-case method, and so on. The service rejects a document that breaks these rules, or silently ignores the parts that it does not understand. Correct the part that is shown."
    DanglingRef = "D016" Error "a `$ref` cannot be resolved":
        "The reference names a part that this document does not have, so the service rejects the import. A reference is `#/` and the keys from the root, with `~1` for a slash in a key. Correct the reference, or add the part."
    DefinitionTooDeep = "D017" Error "the definition is nested too deeply or has too many nodes":
        "A definition may be 120 levels deep and have a million nodes after its YAML aliases are expanded. No document in practical use comes close. The limits keep a broken or malicious file from exhausting memory."
    RefUnreadable = "D018" Error "a file that a `$ref` refers to cannot be read":
        "A document may be split into several files: Gatewright reads the files that its references name, and writes one document. A path in a reference is relative to the file that contains the reference. The file does not exist, is a folder, or cannot be read with your permissions. Correct the path, or add the file."
    UnknownOperation = "D019" Error "a selected operation is not in the document":
        "`operations` selects the operations of the document that the API has: by `operationId`, or as `GET /path` if an operation has none. The document has no such operation. In a path, the names of parameters must match as well."
    OutgoingRequests = "D020" Warning "webhooks or callbacks are ignored":
        "Webhooks and callbacks describe requests that the backend sends to its callers. These requests do not pass through the gateway, and API Management cannot import them. The backend keeps calling such callers directly. To protect them with a gateway, define an API whose target is the receiver."
    UndeclaredParameter = "D021" Warning "a path parameter is not declared":
        "Each `{name}` in a path is a parameter, and the OpenAPI specification requires a declaration in `parameters` of the path or the operation, with `in: path` and `required: true`. The service rejects or misreads documents without it. Gatewright declares the parameter as a string. Declare it yourself if it has another type or a description."
    UnusedParameter = "D022" Warning "a declared path parameter is not in the path":
        "A parameter with `in: path` refers to `{name}` in the path, and this path has no such part. The service rejects the document. Gatewright ignores the declaration. Either the parameter is left over from an earlier version, or its name is mistyped in one of the two places."
    LinkFormat = "D023" Error "the format of a linked document is unknown":
        "The service needs to know whether a link points to OpenAPI in JSON, OpenAPI in YAML or Swagger in JSON. Gatewright derives that from the file extension in the URL, and this URL has none that it knows. Set `format` beside the link."
    PlainLink = "D024" Warning "a linked document is fetched without encryption":
        "The service fetches the document over the network and imports its operations. An attacker on the network path can change it, and add operations for example. Use `https`, or keep the document in a file beside the gateway file, where changes are reviewed."
    OwnServers = "D025" Warning "operations define their own servers":
        "A document may define another server for a path or an operation. An API of the gateway has one target: requests for these operations go there like all others, with the credential for that target. If the target is not the intended server, they fail or have unintended effects."
    RequiredPart = "D026" Warning "a required part of the definition is missing":
        "OpenAPI 3.0 and Swagger 2.0 require `responses` in each operation, with at least one response, and every version requires a `description` in each response. The service refuses a document without them. Gatewright adds the part. If it is in the document under a mistyped key, correct the key."
    ExtraPaths = "D027" Warning "operations of `x-ms-paths` are ignored":
        "`x-ms-paths` describes operations that share a path and differ in the query, such as `/blobs?comp=list`. In API Management the query does not select an operation, and such operations would get in the way of those of `paths`. Gatewright leaves them out. Describe one operation for the path in `paths`: it receives the requests with any query."
    IdlePath = "D028" Warning "no request matches a path":
        "A path of OpenAPI is text with parameters in braces. A `#` starts a part of a URL that clients keep for themselves, a `?` starts the query, and `:id` is not a parameter but these very characters. Callers get 404 for the requests that were meant. Write the path without these parts, and parameters as `{name}`."
    RewriteParameter = "D029" Warning "a custom policy uses a path parameter that no operation has":
        "The template of `rewrite-uri` may contain parameters of the operation that was called: `/v2/{city}` for an operation `/cities/{city}`. If no operation of the API has the parameter, each call that reaches the policy fails with 500. Use a name from the paths of the definition, or build the path in an expression."
    NestedPath = "D030" Warning "another API receives the requests for an operation":
        "The path of an API may be below that of another one: `openai/deployments` and `openai`. The service hands a request to the API with the longest path that matches, so operations of the outer API whose paths start with `/deployments` never receive one. Choose a path that is not below the other, or remove the operations from the definition."
    NotImplemented = "U001" Error "not implemented yet":
        "The key is part of the language, but this version of Gatewright does not implement it. It is rejected, not ignored: a gateway without its limit or check would look as if it had one. The format of the file will not change when the feature is implemented."
    OutOfScope = "U002" Error "out of scope of Gatewright":
        "Gatewright describes an AI gateway in an existing service. It does not create services, networks, caches or accounts, and does not support workspaces, self-hosted or multi-region gateways, API revisions, version sets or WebSocket APIs."
    NameCollision = "N001" Error "two resources get the same name":
        "Backends and pools share one namespace in API Management, APIs and MCP servers another, subscriptions a third. Names are compared after three steps: the prefix is added, the deployment is joined to its backend with a hyphen, and upper case, dots and underscores of model names become lower case and hyphens. In Terraform the subscription keys of an API `chat` are in `api_chat_subscription`, which is also the address of an API `chat-subscription`. Rename one of the two."
    PathCollision = "N002" Error "two APIs have the same path":
        "The path decides which API handles a request, and it is not case-sensitive. Give each API a unique path."
    NameTooLong = "N003" Error "a resource name would be too long":
        "Prefix, name and deployment together form the name of a resource, and API Management allows 80 characters. Shorten one of the three."
    ControlCharacter = "N004" Error "a text contains a control character":
        "Line breaks, NUL and other control characters are not allowed in XML or in display names. Write the text on one line without them."
    LabelTwice = "N005" Error "one label for two ids":
        "A label in `auth.entra` names the parameter and the named value of an id in both targets and in all environments, so it must have one meaning in the whole file. Labels are not case-sensitive, and a run of hyphens counts as one. Give two ids two labels; APIs that use the same id may use the same label for it."
    SharedPrefix = "N006" Warning "two gateways of one service have the same prefix":
        "The prefix is the start of the names of everything that a gateway creates in the service, and of the name that GATEWAY.md gives to its deployment and its deployment stack. A stack deletes what its template does not contain: with one name, the deployment of one gateway deletes the APIs and keys of the other. Gatewright compares the gateway files of one run. Give each gateway of a service a prefix of its own; if the files describe one service in two environments, generate them separately."
    SharedName = "N007" Warning "two gateways of one service create one resource":
        "Prefix and name together are the name of a resource in the service. `a-` and `b-east` make the same name as `a-b-` and `east`. The deployment of one gateway overwrites the resource of the other. Gatewright compares the gateway files of one run. Choose prefixes of which none starts with another one."
    SharedPath = "N008" Warning "two gateways of one service have APIs with one path":
        "The path decides which API of the service handles a request, whichever gateway file describes it, and it is not case-sensitive. API Management rejects the second API. Gatewright compares the gateway files of one run. Give each API of the service a path of its own."
    UnknownBackend = "R001" Error "unknown backend or pool":
        "Every destination of requests is declared under `backends` or `pools`, so that its identity, role and name are known. A pool contains backends, not other pools."
    UnknownDeployment = "R002" Error "unknown deployment":
        "`backend/deployment` refers to a key under `deployments` of that backend."
    NoTarget = "R003" Error "an API has no target":
        "The gateway has no backend to send the requests of this API to. Set `target`, or list `models`."
    UnusedBackend = "R004" Warning "a backend, pool or deployment is not used":
        "It would be created, and the gateway's identity would get its role, but no request is ever sent to it. Use it as a target or as a member of a pool, or remove it."
    NoApis = "R005" Error "the file defines no API":
        "A gateway without APIs serves no requests. Add an API under `apis`."
    NoIdentity = "B001" Error "the gateway has no identity":
        "The gateway authenticates to Azure accounts with its managed identity, not with keys. It reads secrets and sends telemetry with it as well. Enable the system-assigned identity, a user-assigned one, or both."
    KindNeeds = "B002" Error "a backend has a missing or unsupported key for its kind":
        "Azure accounts require `account`; azureOpenAI and foundry may have `deployments`, and all of them a `role`. Kind http requires `url` and may have a `credential`."
    PlainHttp = "B003" Warning "a backend is called without encryption":
        "Requests and responses can be read and changed on the network path. Use https if the service supports it."
    GroupElsewhere = "B004" Warning "a resource in another subscription has no resource group":
        "A resource group belongs to one Azure subscription. With `subscription` but without `resourceGroup`, the resource is looked up in that subscription in a group with the same name as the gateway's. Such a group rarely exists, and then the deployment fails. Set `resourceGroup` as well. If it is the gateway's own subscription, remove `subscription`."
    Contradiction = "B005" Error "two backends contradict each other about one account":
        "Several backends may use the same account. The gateway's identity gets one role on it, and each of its model deployments has one model and one capacity. GATEWAY.md documents them, so the two backends must agree."
    NoAudience = "B006" Error "the token audience is unknown":
        "A token of the gateway's identity is issued for one audience, and a service rejects tokens for any other. Gatewright knows the audience of Azure's own hosts (`*.openai.azure.com`, `*.cognitiveservices.azure.com`, `*.services.ai.azure.com`). For other hosts it is the application that the service validates tokens for, usually its Application ID URI in Entra ID:\n\n    credential: { managedIdentity: { audience: api://weather } }\n\nThe audience becomes a parameter of the output, because applications differ between environments."
    OpenCredential = "B007" Error "a credential would be sent without encryption":
        "A token or key that is sent over `http://` can be read on the network path, and used until it expires or is rotated. Use https, or call the service without a credential."
    ForeignAudience = "B009" Warning "a token for an Azure service is sent to another host":
        "The token audience is a Microsoft service (Azure Resource Manager, Key Vault, Azure OpenAI …), but the host of the URL does not belong to that service. The host could use the token at that service with all rights of the gateway's identity until it expires. That is right only if the host is your own proxy in front of the service. Register an application for your own service and use its audience."
    VaultTwice = "B010" Error "one key vault in two locations":
        "The name of a key vault is unique in all of Azure, and Gatewright names its parameter after it. Two backends that use a vault of one name in different resource groups or subscriptions cannot both be right. Use the same resource group and subscription in both."
    SharedRole = "B012" Warning "two gateways create one role assignment":
        "Two gateways that use one identity, for example the one of their service, and one account make one role assignment: Azure has it once for each identity, role and resource. Terraform fails with `RoleAssignmentExists` at the second one. With Bicep both own it: a deployment stack that no longer contains it deletes it, and the other gateway gets 401 from the account. Gatewright compares the gateway files of one run. Let one gateway assign the role and set `gateway.roles: skip` in the others, or assign it elsewhere and set `skip` in all of them."
    CredentialHeader = "B008" Error "a header cannot be used for a secret":
        "Some headers have a meaning in HTTP, for proxies or for the gateway itself; their values are changed or rejected on the way. Services read keys from `Authorization` (with the scheme `Bearer`) or from a header of their own, such as `x-api-key`."
    SurfaceTarget = "A001" Error "the surface does not fit the target":
        "The surface is the protocol of the requests, so that the policy can authenticate and route them. Kind azureOpenAI supports the surfaces azureOpenAI and openAI; foundry supports these, foundryModels and anthropic; contentSafety supports rest; http supports all but azureOpenAI. All targets of one API must support the same surface."
    LongTimeout = "A002" Warning "a timeout is longer than the service supports":
        "`forward-request` waits at most about 240 seconds for the first byte of a response, and the load balancer in front of the gateway closes connections that are idle for four minutes."
    NoSubscription = "A003" Warning "an API has no subscription":
        "The API requires a subscription key, and the file defines no subscription for it. Only keys for all APIs of the service, which administrators hold, are accepted. List names under `subscriptions`."
    PublicApi = "A004" Warning "an API is open to everyone":
        "The API requires neither a subscription key nor a token. Anyone who finds its address can use the backend at your expense. Set `auth.subscriptionKey: required`, unless a component in front of the gateway authenticates callers."
    NoDeploymentInPath = "A005" Error "an operation has no deployment in its path":
        "The target is one model deployment, or the listed deployments of an account, and the URL of each ends with its deployment. An operation whose path does not start with `/deployments/{…}/` cannot be sent there. Remove it from the definition, or make the whole account the target: a backend without `deployments`."
    NoBuiltin = "A006" Error "a surface has no built-in definition":
        "Gatewright has built-in definitions for model surfaces. A REST API needs its own, `definition: { file: … }`, or `definition: passThrough` to accept every path."
    UnusedKeys = "A007" Error "an API has subscriptions but requires no key":
        "Keys of an API that does not check them have no effect, and callers would believe that they are required."
    TooManyKeys = "A008" Error "an API has too many subscriptions":
        "A loop in a deployment is limited to 800 copies. Split the API, or let several callers share a key."
    ReservedHeader = "A011" Error "a header cannot be used for the subscription key":
        "Some headers have a meaning in HTTP or for the gateway itself. The gateway replaces `Authorization` by the token of its identity; a key in that header would also look like a token to clients and in logs."
    MeaninglessDuration = "A009" Error "a duration is out of range":
        "The duration is zero, or longer than a day. A timeout of zero would end every request at once, a circuit breaker with no interval would never trip, and no service waits for a day. Remove it to use the default; `gatewright schema` documents the defaults."
    ServerPath = "A010" Warning "the URL of a backend may lack the server path of the definition":
        "The definition says that its operations are below a path of the server, and the URL of the backend does not end with that path. Gatewright removes `servers` from the definition: requests go to the URL of the backend only."
    CallersCredentials = "A012" Warning "a backend does not receive the callers' credentials":
        "The definition has a `security` requirement, so the backend probably expects a token or key from its callers. The gateway removes `Authorization` and the subscription key from requests: they are meant for the gateway, and a backend that receives them could misuse them. Set `credential` of the backend: a token of the gateway's identity, a secret from Key Vault, or `passThrough` for the caller's `Authorization`. Without a credential the service has to trust the gateway in another way, such as by its network."
    ModelsWithoutSurface = "A013" Error "`models` on an API whose requests name no model":
        "`models` routes requests by the model that they name: in the path (surface azureOpenAI) or in the body (openAI). Requests of a REST API name no model, so they all go to one `target`."
    UsageUnsupported = "A014" Error "the surface does not support `includeUsage`":
        "`includeUsage` adds `stream_options` to requests, so that a streamed chat completion ends with one more event that contains its token usage. Only the OpenAI chat completions API supports that option."
    OtherName = "A015" Error "a deployment and the model in the body have different names":
        "If the model is in the body of a request, the account looks for a model deployment with that name. The gateway forwards the body unchanged: serializing it again would change numbers and dates. So callers must use the name of the deployment, and all members of a pool must use the same name. With surface azureOpenAI the name is in the path and may differ."
    NoModelInRequest = "A016" Warning "an operation cannot name a model":
        "The gateway reads the model in a JSON body. Requests of this operation have none: their method has no body, or the definition offers a form, as for recordings. The gateway returns 400 for them, because it cannot route them. An API with a single `target` forwards them; with surface azureOpenAI the path names the model."
    AnyPathOfAccount = "A020" Warning "callers can use the gateway's full access to a backend":
        "With `definition: passThrough` or a `link` Gatewright does not know the operations of the API, so the gateway forwards every path, with its own token or secret. The account stores files, batches, threads and responses and does not distinguish callers: each caller can list and read the data of the others. A service that accepts the gateway's credential for administration exposes its administration to callers, too. Requests that are routed to single deployments by their path are not affected, because nothing below a deployment is stored. List the operations that callers need in a definition file, or accept the risk if all callers trust each other."
    AbsolutePath = "A021" Error "a file is named by an absolute path":
        "Paths of definitions and of policy text are relative to the gateway file, so that the same commit gives the same output on every machine: `/home/me/specs/orders.yaml` exists on one. Keep the file in the repository and write `specs/orders.yaml`; `..` is allowed for files that several gateways share."
    BearerKeys = "A022" Error "keys cannot be read from `Authorization`":
        "With `bearerKeys: true` API Management also finds the subscription key in `Authorization: Bearer`, where the clients of OpenAI and Anthropic put it. The header cannot hold a key and an Entra ID token, an API without keys has none to find, and a backend with `credential: passThrough` would receive the key of the gateway."
    ModelInPath = "A023" Error "a model name cannot be part of a path":
        "With surface azureOpenAI callers name the deployment in the path: `/deployments/gpt-4o/chat/completions`. Names with `/`, `:`, `@` or `+` are not one segment of it. They are legal where the body names the model: surfaces openAI, foundryModels and anthropic."
    BufferedEvents = "A024" Warning "a stream of events would be buffered":
        "The definition offers a response as `text/event-stream`, and the API does not stream: the service holds back up to 8 KB of a response, so that events arrive late and in groups. `streaming: true` passes them on at once. It is the default for models, not for other APIs."
    MixedPool = "P001" Error "the members of a pool differ":
        "The policy sets the path and the token of a request before the pool chooses a member. So all members must have the same kind, either all be deployments or all be whole accounts, and HTTP services must have the same `credential`: otherwise a token would be sent to a service that it was not issued for, or the path would not exist."
    BreakersDiffer = "P002" Error "one backend is in two pools with different circuit breakers":
        "A circuit breaker belongs to the backend, not to the pool: API Management keeps one failure count per backend, whichever pool sends the request. So all pools that share a backend must have the same `circuitBreaker`, or none."
    UnfitMember = "P003" Error "a backend cannot be a member of this pool":
        "A member is one backend of the service: a listed deployment, an account without listed deployments, or an HTTP service. Each member must be unique in a pool."
    ManyRetries = "P004" Warning "a pool retries more often than it has members":
        "A retry helps because it uses another member. Once all members were tried, further retries repeat the same failure, keep the caller and the connection waiting, and add load to members that are busy already."
    BreakerIgnoresRetried = "P005" Warning "the circuit breaker ignores the statuses that are retried":
        "A retry is guaranteed to use another member only if the failure tripped the first one. If no status is in both lists, the pool may choose the same member again."
    OneRequestTripsAll = "P006" Warning "one bad request can trip every member":
        "A request that makes one model return 500 makes every model return 500. If one such response trips a member and the request is then retried at the next one, a single caller can make the whole pool unavailable. List 500 under `retry` only, or require more failures before a member trips."
    IdlePriority = "P007" Error "a priority would not be used under load":
        "A member with a higher priority number receives requests only while all members with lower numbers are tripped. Throttled members return 429; if that does not trip them, callers get the 429 while the other members are idle."
    RetryShape = "P008" Error "retry settings that cannot be combined":
        "API Management supports three ways to wait between retries: a fixed `interval`; an `interval` that grows by `delta`; and both with `maxInterval`, where the growth doubles each time up to that maximum. It accepts an interval of zero only together with an immediate first retry."
    RandomPool = "P009" Error "a random pool does not support this setting":
        "With `balance: random` the policy picks any member for the first attempt and the next one for each retry. Weights, priorities and session affinity are features of an API Management pool: `balance: pool`."
    FollowUps = "P010" Warning "follow-up requests may reach another member":
        "Responses, files, batches, threads and other stored objects are in the account that created them, and follow-up requests refer to them by an id, such as `previous_response_id`. Another member of the pool does not know that id and returns 400 or 404. Session affinity keeps a client at one member as long as that member is available and the client sends the cookie back. Otherwise clients must send whole conversations, with `store: false`, or the API must have a single backend. Files and batches need a single backend: programs send no cookies back."
    FailureStatus = "P011" Error "a status is not a failure status":
        "`circuitBreaker.statuses` and `retry.statuses` list failure statuses, from 400 to 599. Retrying a success would do the work twice, and a circuit breaker that counts successes would trip on every request. A range starts with its lower end."
    PointlessRetry = "P012" Warning "a retry cannot help":
        "A request that is malformed, forbidden or for a missing resource gets the same response from every member. Retrying it only makes the caller wait and adds load to the other members."
    TrippedNotRetried = "P013" Warning "a tripped member may end a request":
        "With `balance: random` the policy chooses a member without knowing which members are tripped. A tripped member returns 503 at once; the next member is tried only if 503 is retried."
    LateFailover = "P014" Warning "a pool fails over too late for some requests":
        "A pool leaves out a member only when its circuit breaker has tripped, and uses a higher priority number only after all members of the first priority have tripped. If it takes more failures to trip these than one request has attempts, callers get the failure although other members are available. With `failures: 1` the first retry already uses another member."
    Throttling = "P015" Warning "throttled members stay in rotation":
        "Azure accounts return 429 when their quota is used up, with a `Retry-After` header that says how long it lasts. A circuit breaker that does not count 429 keeps sending requests to such an account, and their callers get the 429 although other members have capacity."
    OtherModel = "P016" Warning "the members of a pool have different models":
        "Members of a pool are interchangeable: any of them may serve a request. Deployments of different models give different results at different prices, and some reject requests that others accept. The model of a deployment is its name, unless `model` is set."
    NoWeight = "P017" Warning "all members of a priority have the weight 0":
        "Weights are shares among the members of one priority. What API Management does with shares that are all 0 is not documented: it may never choose a member. A member that is to get no requests is left out of the pool, or has a higher priority number."
    OpenToken = "C001" Error "tokens for any audience would be accepted":
        "Any application of a tenant can get tokens for Microsoft Graph and for every other API in it. A check without an audience accepts all of these tokens: it would prove only that the caller has an account, and any service that receives a token could reuse it here. Register the gateway as an application in Entra ID and set its App ID URI:\n\n    entra: { tenantId: …, audiences: [api://ai] }\n\nIn version 2 tokens the audience is the client id of that registration; `applications` and `roles` restrict the callers further."
    NoToken = "C002" Error "a claim is used without a token":
        "`by: { claim: … }` counts requests by a claim of the caller's token. A claim can be trusted only after the token was validated, which requires `auth.entra`."
    SharedCounter = "C003" Error "a counter by subscription on an API without keys":
        "`by: subscription` counts the requests of each subscription key. An API with `subscriptionKey: none` is called without a key, so all callers would share one counter: one busy caller would block all others. Count by another property of the caller, the application in the token or the IP address:\n\n    rateLimit: { calls: 60, per: 1m, by: { claim: azp } }\n    rateLimit: { calls: 60, per: 1m, by: ip }\n\nA claim requires `auth.entra`."
    CallerChosenCounter = "C004" Warning "callers choose the value that they are counted by":
        "Callers choose the value of a header. A caller over the limit can send another value and start at zero, so such a limit separates well-behaved clients and stops no others. Requests are also counted per key, or per application in the token, if the API requires one; otherwise one caller can also use up the limit of another. A header that a proxy in front of the gateway sets is more reliable, provided that callers cannot bypass the proxy."
    ResettableCounter = "C014" Error "a counter that callers can reset":
        "A limit must count by a value that stays the same for a caller. Some claims (`iat`, `jti`, `uti` …) differ in each token, and so does the whole token in `Authorization`: a caller over the limit just requests a new token. Count by a claim that identifies the caller, such as `azp` (the application) or `oid`, or by `subscription`."
    CountingPeriod = "C005" Error "a counting period is out of range":
        "API Management counts requests over a period of 1 to 300 seconds. For a longer period, set an equivalent rate over a shorter one: 6,000 per hour is about 100 per minute."
    Address = "C006" Error "neither an IP address nor a CIDR range":
        "`ipFilter.allow` lists IP addresses, such as `203.0.113.7`, and ranges in CIDR notation, such as `203.0.113.0/24`: an address, a slash and the prefix length, the number of leading bits that all addresses of the range share (0-32, for IPv6 0-128). Numbers must not have leading zeros. Host names are not resolved."
    HostBits = "C007" Error "a CIDR range has host bits set":
        "The prefix length says how many leading bits the range fixes; all other bits of its first address must be zero. `203.0.113.7/24` may mean the single address or the whole range, which allows 1 or 256 addresses. Write the one you mean."
    DuplicateAddress = "C008" Warning "an address is allowed twice":
        "Another entry of the list contains this one. That is harmless, but a reader who removes one of the two may believe that the address is blocked."
    EveryAddress = "C009" Warning "an IP filter allows every address":
        "A range with `/0` contains all addresses, and so do ranges that cover everything together, such as `0.0.0.0/1` and `128.0.0.0/1`. The filter would look like protection without providing any."
    AddressVersion = "C010" Warning "an IP filter with IPv6 addresses":
        "It is not documented whether `ip-filter` supports IPv6 addresses, and most services are reached over IPv4 only. Test it on the service before you rely on it: the gateway returns 403 to callers that the filter does not recognise."
    Origin = "C011" Error "not a valid origin":
        "A browser sends the origin of a web page as scheme, host and, unless it is the default, port: `https://chat.contoso.com`, `http://localhost:3000`. Origins are compared as strings, so a path, a trailing slash or an upper-case letter never matches. The service does not support patterns such as `https://*.contoso.com`; `*` alone allows all pages."
    EveryOrigin = "C012" Warning "every origin is allowed":
        "With `origins: [\"*\"]` the pages of every web site can call the API from their visitors' browsers, including browsers inside private networks. Keys and tokens are still checked; cookies are never sent."
    OwnPreflight = "C013" Warning "web pages cannot call these paths":
        "Before a web page calls, its browser sends a preflight: an OPTIONS request without key or token. The `cors` policy responds to it, unless the definition has an OPTIONS operation for the path. In that case the operation is called, requires a key like any other, and the browser blocks the page's request."
    PolicyUnreadable = "C020" Error "a file with policy text cannot be read":
        "`include` names a file that does not exist or cannot be read. The path is relative to the gateway file."
    PolicyText = "C021" Error "policy text is not well-formed":
        "An included file contains one or several policy elements as well-formed XML, without `<policies>` and without section elements: the gateway file says where they go. Expressions follow the rules of XML, with `&quot;`, `&amp;&amp;` and `&lt;`, or in single quotes:\n\n    <set-variable name=\"caller\" value=\"@(context.Subscription?.Id ?? &quot;&quot;)\" />\n    <set-variable name=\"caller\" value='@(context.Subscription?.Id ?? \"\")' />\n\nThe editor of the portal also accepts unescaped quotes, which no XML parser does."
    PolicyRefused = "C022" Error "policy text that the service would reject":
        "Each policy has its own attributes and elements, and certain sections, scopes and tiers that allow it. Gatewright checks custom policies against the same catalogue as the policies that it generates, at the position where they are included. It does not compile expressions; the service or a C# compiler does."
    PolicyOverrides = "C023" Warning "a custom policy overrides the gateway file":
        "`set-backend-service` in an included file sends requests to another backend than the gateway file says, and bypasses circuit breakers, retries and the account that should be charged. In `inbound.first` the generated policy sets the backend again after it, so it has no effect; in `inbound.last` it takes effect, and the other backend receives the gateway's token. A credential that is set in `inbound.first` is removed afterwards, or replaces the token that is checked. Likewise `rewrite-uri` can select another deployment than the one that was allowed, and after the generated policies (`inbound.last`) another `Authorization`, identity or body replaces the one that was decided before. `cache-lookup` in `inbound.first` responds before tokens, addresses and rate limits are checked."
    PolicyBuffers = "C024" Warning "a custom policy buffers streamed responses":
        "The gateway streams a response only if no policy reads it. `set-body`, `find-and-replace`, `validate-content` and other policies that read the body in outbound, and expressions that use `context.Response.Body`, make the gateway wait for the whole response and send it at once."
    PolicyConsumesBody = "C025" Warning "a custom policy consumes the request body":
        "`context.Request.Body.As<JObject>()` consumes the body: the backend and all later policies receive an empty one. Use `preserveContent: true` to keep it."
    PolicyReservedName = "C026" Error "a custom policy uses a name reserved by Gatewright":
        "The generated policies keep the state of a request in variables (`model`, `member`, `retryAfter`, `callerToken`), and recognise a rejected token by the policy id `caller-token`. A custom policy that sets one of these changes what the generated policy does, or makes it return 500. Use another name."
    PolicySharesCache = "C027" Warning "a cache shares responses between callers":
        "`cache-lookup` ignores requests with `Authorization`, because their responses may be meant for one caller. `allow-private-response-caching` includes them. If the backend receives the caller's own token (`credential: passThrough`), the response for one caller is then returned to all callers of the same URL, unless `<vary-by-header>Authorization</vary-by-header>` separates them."
    PolicySecret = "C028" Error "a secret in policy text":
        "Included text becomes part of the output, which is committed, and of every deployment, whose history is widely readable. It must not contain passwords, keys or tokens. Store the secret in a Key Vault, create a named value for it in the service, and use its name:\n\n    <proxy url=\"http://proxy.contoso.com:8080\" username=\"gateway\" password=\"{{proxy-password}}\" />\n\nFor the credential of a backend, `credential` in the gateway file does all this."
    PolicyExpression = "C029" Error "a policy expression is not closed":
        "An expression is `@(…)` with one value, or `@{…}` with statements that return one; it must be the whole attribute or the whole text. Gatewright counts brackets, strings, characters and comments in it as C# does. It does not compile the rest; the service checks little when a policy is saved, and reports most errors only when a request arrives."
    PolicyBraces = "C030" Warning "braces that the service reads as a named value":
        "`{{name}}` is replaced by the named value of that name everywhere in a policy, including strings and bodies. Names consist of letters, digits, `-`, `.` and `_`. Adjacent braces of JSON or of interpolated strings look the same to the service: write `{ {` and `} }`, or build the text with `JObject`."
    PolicyMixedText = "C031" Warning "text beside a policy expression":
        "An expression must be the whole attribute or the whole text. It is not documented what the service does with `Bearer @(…)`: the backend may receive these characters literally. Build the text inside the expression: `@(\"Bearer \" + (string)context.Variables[\"token\"])`."
    BorrowedAudience = "C032" Warning "tokens for a Microsoft service are accepted":
        "The audience of a token is the application that it was issued for. Every account of the tenant can get tokens for Microsoft Graph, Azure Resource Manager or Azure OpenAI, so a check for such an audience proves little more than that the caller has an account; and Microsoft may issue them in a format that only the service can validate. Register the gateway as an application in Entra ID, and let clients request a token for its App ID URI. If the token is passed on to that Microsoft service (`credential: passThrough`), its audience is right."
    PolicyLeaks = "C033" Warning "a custom policy leaks credentials":
        "`send-request` and `send-one-way-request` with `mode=\"copy\"` copy all headers of the request: in `inbound.first` the caller's key and token, in `inbound.last` the gateway's token for the backend. Keys and tokens in traces, logs and metrics give access to the API to everyone who can read those."
    ScopeAsAudience = "C034" Warning "a scope is listed as an audience":
        "Clients request a token with a scope such as `api://ai/.default`. The token then names the application as its audience: `api://ai`, or its client id in version 2 tokens. A check for the scope accepts no token, so every caller gets 401."
    Tier = "K001" Error "the SKU does not support this":
        "The tiers of API Management support different features. The service would reject the output, or would ignore a part of it."
    PolicyTooLarge = "K002" Error "a policy would be too large":
        "A policy may have 131,072 characters in a template, and 16 KiB on the Consumption tier."
    DeploymentTooLarge = "K003" Error "the deployment would be too large":
        "Azure Resource Manager accepts 4 MiB for one deployment, including all modules, policies and definitions, and 800 resources for one file. Bicep reports that only when the deployment fails. Several gateway files can describe parts of one service: give each a unique prefix."
    TierUnknown = "K004" Warning "not every SKU supports this":
        "The file does not say which SKU the service has, and not every SKU supports this. Set `gateway.sku`, so that Gatewright can check the limits of that SKU."
    UndocumentedTier = "K005" Warning "a policy is not documented for the SKU":
        "The page of `send-service-bus-message` names the tiers Developer, Basic, Standard and Premium. Whether the v2 tiers and Consumption run the policy is not documented; if they do not, the deployment fails or no message is sent. Test it on the service, or send the message with `send-one-way-request` to the REST API of Service Bus."
}
