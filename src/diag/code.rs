//! Every kind of finding, in one table: id, severity, title, explanation. Ids are never reused.

use super::Severity;

macro_rules! codes {
    ($( $name:ident = $id:literal $severity:ident $title:literal : $explanation:literal )*) => {
        /// What kind of finding a diagnostic is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $( #[doc = $title] $name, )*
        }

        impl Code {
            /// All codes, in the order of their ids.
            pub const ALL: &'static [Self] = &[ $( Self::$name, )* ];

            /// The id that people see and pass to `gatewright explain`.
            pub fn id(self) -> &'static str {
                match self { $( Self::$name => $id, )* }
            }

            /// How bad a finding of this kind is.
            pub fn severity(self) -> Severity {
                match self { $( Self::$name => Severity::$severity, )* }
            }

            /// A short sentence without a full stop, lower case.
            pub fn title(self) -> &'static str {
                match self { $( Self::$name => $title, )* }
            }

            /// What it means, why it matters, what to do: the text of `gatewright explain`.
            pub fn explanation(self) -> &'static str {
                match self { $( Self::$name => $explanation, )* }
            }
        }
    };
}

// Y: the text itself. S: its shape. U: not built. N: names. R: references. B: backends and the gateway. P: pools. A: APIs. C: callers. D: definitions.
codes! {
    NotUtf8 = "Y001" Error "the file is not UTF-8 text":
        "Gatewright reads text in UTF-8 and nothing else. The file holds bytes that mean no character in UTF-8, so it was saved in another encoding (Latin-1 or UTF-16, say), or it is not a text at all. Most editors have \"Save with encoding\"; choose UTF-8 there. A byte order mark at the start does no harm."
    Syntax = "Y002" Error "the file is not YAML":
        "The text breaks a rule of YAML, so nothing behind that place could be read, and other mistakes may show up once this one is mended. The usual causes: a tab in the indentation (YAML allows spaces only), a quote or bracket that is never closed, no space after a colon (`name:x` is one text, `name: x` a key and a value), or a text that starts with a sign such as `@`, `%` or `*` and needs quotes."
    TooLarge = "Y003" Error "the file is too large":
        "A gateway file may have 1 MiB, an API definition 16 MiB. A file that large was named by mistake, or was written by a program that went wrong. Check the path first, and name fewer operations in a definition that really is that large."
    TooDeep = "Y004" Error "the file is nested too deeply":
        "No key of the language lies deeper than about ten levels, and the limit is 64. More of them come from brackets that are opened and never closed, or from indentation that grows with every line. Aliases count with what they stand for."
    TooManyNodes = "Y005" Error "aliases multiply to too many nodes":
        "An alias such as `*defaults` stands for all that its anchor `&defaults` holds. Aliases inside of anchors multiply: ten levels of ten aliases are ten billion values in a few lines of text. A file may stand for 200,000 values, and an alias may not stand inside the thing that it names. Write out what you need, or put fewer aliases into anchors."
    DuplicateKey = "Y006" Error "a key stands twice":
        "An object has each key once. YAML tools keep one of the two and drop the other without a word, so one of the two settings would be lost. Keep one:\n\n    timeout: 30s\n    timeout: 60s     # which one?\n\nA key that comes in by a merge (`<<: *defaults`) may be written again; the written one holds."
    Documents = "Y007" Error "the file does not hold exactly one YAML document":
        "One file describes one gateway, in one YAML document. A line `---` starts another document, and a file of nothing but comments holds none. Put each gateway into a folder and file of its own; the README shows the smallest one."
    NotPlain = "Y008" Error "a part of YAML that has no meaning here":
        "Gatewright reads texts, numbers, flags, lists and objects. YAML can write more: tags such as `!secret`, and the numbers `.inf` and `.nan`. None of them means anything in a gateway. A text that only looks like one needs quotes:\n\n    displayName: \"!important\"\n\nValues that change from place to place are parameters of the output, not tags of the input."
    KeyNotText = "Y009" Error "a key is not text":
        "Every key is a text. YAML reads `1.5:` as a number, `true:` as a flag and `~:` as nothing, and `{{ x }}` as an object whose key is an object. Quotes make a text of it:\n\n    models:\n      \"4.1\": gpt-4.1\n\nTemplates with `{{ }}` have to be filled in before Gatewright reads the file."
    BadMerge = "Y010" Error "a merge key does not name an object":
        "`<<` takes the keys of other objects into this one. It takes an alias, `<<: *defaults`, or several in a list, `<<: [*defaults, *more]`, and each of them has to be an object. The keys that stand here go before those that come in."

    UnknownKey = "S001" Error "a key is not part of the language":
        "Every key of a gateway file has a meaning. One that is not known is refused, since a mistyped key would otherwise be a setting that silently does nothing. Check its spelling (keys are camelCase: `displayName`), and that it stands at the right level: a key that is indented too far belongs to another object. `gatewright schema` lists all keys, and gives them to editors."
    MissingKey = "S002" Error "a required key is missing":
        "The object means nothing without this key, and there is no default that would be right for everybody. Add it, at the indentation of the keys beside it. `gatewright schema` lists what each object needs."
    WrongType = "S003" Error "a value has the wrong type":
        "Texts, numbers, flags (`true` and `false`), lists and objects are different things. YAML decides by how a value is written: `1.0` is a number and `\"1.0\"` a text, `true` is a flag and `\"true\"` a text. A key with nothing behind its colon has no value at all. A list is `[a, b]`, or lines that start with `- `; an object is lines of `key: value`."
    NotAllowed = "S004" Error "a value is not one of those that are known":
        "The key takes one of a fixed list of words, written exactly so: upper and lower case count. The finding lists them, or the nearest one."
    BadFormat = "S005" Error "a text does not have the form that is needed":
        "Some texts have a form, so that what is written can be deployed. Names are lower-case letters, digits and hyphens, start with a letter and have at most 50 characters (`east-1`). Durations are a number and a unit: `30s`, `5m`, `1h`. URLs start with `https://` or `http://`, and ids of Entra and Azure are GUIDs."
    OutOfRange = "S006" Error "a value is too small, too large, too short or too long":
        "The value is of the right type, but outside of what the service or the language allows. The finding gives the limit; where it is the service's, no setting can lift it."
    Either = "S007" Error "keys that belong together, or exclude each other":
        "Some objects are one of several things, and the keys say which: an account is reached by one way, a counter counts by one thing. Such an object needs exactly one of these keys. Keep the one you mean:\n\n    by: { claim: azp }\n    by: { header: X-Agent-Id, default: anonymous }\n\nThe finding names the keys in question."
    DefinitionUnreadable = "D001" Error "a definition file cannot be read":
        "The path in `definition: { file: … }` is relative to the gateway file. There is no such file, or it is a folder, or it may not be read. Correct the path."
    NotADefinition = "D002" Error "the document is not an OpenAPI definition":
        "API Management learns the operations of an API from an OpenAPI 3.0, OpenAPI 3.1 or Swagger 2.0 document: an object with the key `openapi` or `swagger`. A page of documentation, a schema or a collection for another tool cannot be imported. Download the document itself, or write one."
    DefinitionVersion = "D003" Error "the version of the definition is not supported":
        "API Management imports OpenAPI 3.0.x, 3.1.x and Swagger 2.0. Other versions are refused or misread by the service. Convert the document: most tools that write 3.2 can write 3.1, and Swagger 1.x has converters."
    MissingOperationId = "D004" Warning "an operation has no `operationId`":
        "The service names an operation by its `operationId`, and MCP tools and policies refer to that name. Without one, Gatewright makes one of the method and the path, which changes when the path does. Add an id that is unique in the document if something is to keep the name."
    UnusableOperationId = "D005" Warning "an `operationId` cannot become a name":
        "The service keeps lower-case letters, digits and single dashes of an `operationId`, and at most 76 characters. Nothing may be left of an id in another script, and what is cut off makes two ids equal. The operation is called after its method and path instead. Choose an id of letters, digits and dashes."
    SameOperationId = "D006" Warning "two operations get the same name":
        "The service turns an `operationId` into lower case and every run of other characters into one dash, so `getUser`, `GetUser` and `getuser` are one name. It would number the second one by itself, and tools would call the wrong operation. So the second one is called after its method and path. Rename one of the two."
    ExternalRef = "D007" Error "a `$ref` leads out of the document":
        "API Management gets one document and follows no reference out of it. Gatewright brings in what lies in other files, below the folder of the gateway file or of the document: nothing else of this machine gets into what you commit, whoever wrote the document. It fetches nothing from URLs. Save the file beside the document and name that, or bundle the parts into one file; `redocly bundle` and `swagger-cli bundle` do."
    DefinitionTooLarge = "D008" Error "the definition is too large to be embedded":
        "Bicep's `loadTextContent` takes at most 131,072 characters (UTF-16 code units), counted after the document was written without spaces. Terraform would take more, but both targets must deploy the same API. Keep the operations that callers use and the schemas these need."
    DefinitionSyntax = "D009" Error "the definition is neither JSON nor YAML":
        "The text breaks a rule of its notation, so nothing behind that place could be read. Files named `.json` are read as JSON, all others as JSON or YAML. Correct the text, or save it under the name that fits."
    NoOperations = "D010" Error "the definition has no operations":
        "Without operations every call of the API is answered with 404. Webhooks, callbacks and `trace` are not operations for API Management. Add a path with a method."
    SamePath = "D011" Error "two operations have the same method and path":
        "Names of path parameters do not tell paths apart: `/a/{x}` and `/a/{y}` match the same requests. The service refuses the second operation. Remove one, or give them different paths."
    RecursiveSchema = "D012" Warning "a schema contains itself":
        "API Management does not support recursive definitions: it may refuse the document, or show the API without the schema. So the reference that closes the circle is left out, and any value is shown in its place. Requests are not affected, since the gateway does not need schemas to forward them."
    DroppedBody = "D013" Warning "a request body will not be shown":
        "API Management drops the request bodies of GET, HEAD and OPTIONS operations at import. The operation works, but its documentation and an MCP tool made from it know no body. Use another method if the body matters."
    IgnoredTrace = "D014" Warning "a `trace` operation is left out":
        "API Management imports no `trace` operations. Calls with this method are answered with 404. Nothing has to be done unless callers need it."
    DefinitionShape = "D015" Error "a part of the definition has the wrong shape":
        "The OpenAPI specification says what every part of a document is: `paths` an object whose keys start with `/`, an operation an object under a method in lower case, and so on. The service refuses a document that breaks these rules, or leaves out what it does not understand. Correct the part that is shown."
    DanglingRef = "D016" Error "a `$ref` points nowhere":
        "The reference names a part that this document does not have, so the service refuses the import. A reference is `#/` and the keys from the root, with `~1` for a slash in a key. Correct it, or add the part."
    DefinitionTooDeep = "D017" Error "the definition is nested too deeply or repeats too much":
        "A definition may be 120 levels deep and have a million nodes after its YAML aliases are followed. No document that people work with comes near. The limits keep a broken or hostile file from using up memory."
    RefUnreadable = "D018" Error "a file that a `$ref` names cannot be read":
        "A document may be spread over several files: Gatewright reads those that its references name, and writes one document. A path in a reference is relative to the file that it stands in. There is no such file, or it is a folder, or it may not be read. Correct the path, or put the file there."
    UnknownOperation = "D019" Error "an operation that is wanted is not in the document":
        "`operations` lists the operations of the document that the API has, by their `operationId`, or as `GET /path` where they have none. Nothing in the document is called like that. Names of parameters in a path are part of it."
    OutgoingRequests = "D020" Warning "webhooks or callbacks are left out":
        "Webhooks and callbacks describe requests that the backend sends to its callers. They do not pass the gateway, and API Management has no place for them. Callers that need them are called by the backend directly, as before. To protect them with a gateway, describe an API that receives them."
    UndeclaredParameter = "D021" Warning "a part of a path is not declared":
        "Each `{name}` in a path is a parameter, and the OpenAPI specification wants it in `parameters` of the path or the operation with `in: path` and `required: true`. Documents without it are refused or misread. Gatewright declares it as a text. Declare it yourself if it has another type or a description."
    IdleParameter = "D022" Warning "a parameter of the path is not in the path":
        "A parameter with `in: path` stands for `{name}` in the path, and this path has no such part. The service refuses a document that declares one. Gatewright leaves the declaration out. It is a remnant, or the name is mistyped in one of the two places."
    LinkFormat = "D023" Error "the notation of a linked document is not known":
        "The service wants to know whether a link leads to OpenAPI in JSON, OpenAPI in YAML or Swagger in JSON. Gatewright tells by the end of the URL, and this one does not say. Write `format` beside the link."
    PlainLink = "D024" Warning "a linked document is fetched without encryption":
        "The service fetches the document over the network, and takes from it which operations the API has. Whoever can change it on the way can add some, for example. Use `https`, or keep the document in a file beside the gateway file: then a review sees what changes."
    OwnServers = "D025" Warning "operations with servers of their own":
        "A document may say for a path or an operation that another server answers it. An API of the gateway has one target: requests for these operations go there like all others, with the credential for it. Where that is not the server that is meant, they fail, or somebody else does what they ask for."
    NotBuilt = "U001" Error "part of the language is not built yet":
        "The key is part of the language, and this version of Gatewright cannot do what it asks for. It is refused, not ignored: a gateway without its limit or check would look like one that has it. The format of the file will not change when the part is built."
    Outside = "U002" Error "something is outside of what Gatewright does":
        "Gatewright describes an AI gateway in a service that exists. It does not create services, networks, caches or accounts, and builds no workspaces, self-hosted or multi-region gateways, API revisions, version sets or WebSocket APIs."
    NameCollision = "N001" Error "two things get one name in the service":
        "Backends and pools share one space of names in API Management, APIs and MCP servers another, subscriptions a third. Names are compared after the prefix is added, after the deployment is joined to its backend with a hyphen, and after capitals, dots and underscores of model names have become lower case and hyphens. In Terraform the keys of an API `chat` are `api_chat_subscription`, which an API `chat-subscription` would be, too. Rename one of the two."
    PathCollision = "N002" Error "two APIs have one path":
        "The path decides which API answers a request, and case does not matter. Give each API a path of its own."
    NameTooLong = "N003" Error "a name in the service would be too long":
        "Prefix, name and deployment together make the name of a resource, and API Management takes 80 characters. Shorten one of the three."
    ControlCharacter = "N004" Error "a text holds a character that no target can hold":
        "Line breaks, NUL and other control characters cannot stand in XML or in the names that people see. Write the text in one line without them."
    LabelTwice = "N005" Error "one label for two ids":
        "A label in `auth.entra` names the parameter and the named value of an id, in both targets and in all environments, so it means one id in the whole file. Capitals do not count, and several hyphens count as one. Two ids need two labels; an id that several APIs name may have the same label in all of them."
    UnknownBackend = "R001" Error "a backend is not declared":
        "Everything that a request is sent to is declared under `backends` or `pools`, so that its identity, role and name are known. A pool holds backends, and no other pools."
    UnknownDeployment = "R002" Error "a deployment is not declared":
        "`backend/deployment` names a key under `deployments` of that backend."
    NoTarget = "R003" Error "an API has no target":
        "Without a target no request could be sent anywhere."
    UnusedBackend = "R004" Warning "no API uses a backend or pool":
        "It is made, and the gateway's identity gets its role, but no request ever goes there. Name it as a target or a member of a pool, or remove it."
    NoApis = "R005" Error "the file describes no API":
        "A gateway without an API answers nothing. Add one under `apis`."
    NoIdentity = "B001" Error "the gateway has no identity":
        "Azure accounts are called with the gateway's managed identity, not with keys, and with it secrets are read and telemetry is sent. Give it the system-assigned identity, a user-assigned one, or both."
    KindNeeds = "B002" Error "a backend lacks what its kind needs, or has what it cannot use":
        "Kinds of Azure accounts need `account`; azureOpenAI and foundry may have `deployments`, and all of them a `role`. Kind http needs `url` and may have a `credential`."
    PlainHttp = "B003" Warning "a backend is called without encryption":
        "Requests and answers can be read and changed on the way. Use https where the service has it."
    GroupElsewhere = "B004" Warning "a resource is in another subscription and in the gateway's group":
        "A group belongs to one subscription. Where `subscription` is given and `resourceGroup` is not, the group is one of the same name as the gateway's, in that subscription; it seldom exists, and then the deployment fails. Name the group as well. If the subscription is the gateway's own, leave it out."
    Contradiction = "B005" Error "two backends say different things about one account":
        "Backends may share an account. The gateway's identity gets one role on it, and one deployment of it has one model and one capacity. GATEWAY.md tells people what these are, so the two places have to agree."
    NoAudience = "B006" Error "nobody knows what a token is for":
        "A token of the gateway's identity is made out to one audience, and a service refuses tokens for others. Of Azure's own hosts (`*.openai.azure.com`, `*.cognitiveservices.azure.com`, `*.services.ai.azure.com`) it is known. For others it is the id of the application that the service checks tokens for, usually its Application ID URI in Entra ID:\n\n    credential: { managedIdentity: { audience: api://weather } }\n\nThe audience becomes a parameter of the output, since applications differ between environments."
    OpenCredential = "B007" Error "a credential would be sent without encryption":
        "A token or key that goes over `http://` can be read by whoever is on the way, and used until it expires or is changed. Use https, or call the service without a credential."
    StrangeAudience = "B009" Warning "a token for one of Azure's services goes somewhere else":
        "The audience is a service of Microsoft's (Azure Resource Manager, Key Vault, Azure OpenAI …), and the host of the URL is none of theirs. Who gets such a token can use it at that service with all the rights of the gateway's identity, until it expires. That is right only if the host is a proxy of your own in front of the service. A service of your own has an application, and an audience, of its own."
    VaultTwice = "B010" Error "one key vault in two places":
        "The name of a key vault is unique in all of Azure, and Gatewright names its parameter after it. So two backends that name a vault of one name in two resource groups or subscriptions cannot both be right. Write the same place in both."
    CredentialHeader = "B008" Error "a header cannot carry a secret":
        "Some headers have a meaning in HTTP, for proxies or for the gateway itself; what is written there is changed or refused on the way. Services read keys from `Authorization` (with the scheme `Bearer`) or from a header of their own, such as `x-api-key`."
    SurfaceTarget = "A001" Error "the surface does not fit the target":
        "The surface says what requests look like, so that the policy can authenticate and route them. Kind azureOpenAI speaks the surfaces azureOpenAI and openAI; foundry speaks these, foundryModels and anthropic; contentSafety speaks rest; http speaks all but azureOpenAI. All targets of one API speak one surface."
    LongTimeout = "A002" Warning "a timeout may not be honoured":
        "`forward-request` waits at most about 240 seconds for the first byte of an answer; the load balancer in front of the gateway drops connections that are idle for four minutes."
    NobodyCalls = "A003" Warning "nobody has a key for an API":
        "The API needs a subscription key, and the file makes none for it. Only keys for all APIs of the service, which administrators hold, open it. List names under `subscriptions`."
    AnybodyCalls = "A004" Warning "anybody can call an API":
        "The API asks for no key and no token. Whoever finds its address can use the backend at your expense. Set `auth.subscriptionKey: required`, unless something in front of the gateway checks callers."
    NoDeploymentInPath = "A005" Error "an operation names no deployment in its path":
        "The target is one deployment, or the listed deployments of an account, and the URL of each ends in its deployment. An operation whose path does not start with `/deployments/{…}/` has no place there. Remove it from the definition, or make the whole account the target: a backend without `deployments`."
    NoBuiltin = "A006" Error "there is no built-in definition for a surface":
        "Gatewright brings a definition for surfaces of models. A REST API needs one of its own, `definition: { file: … }`, or lets every path through, `definition: passThrough`."
    KeysWithoutUse = "A007" Error "an API has keys and asks for none":
        "Keys for an API that does not check them would be handed out for nothing, and callers would believe that they are needed."
    TooManyKeys = "A008" Error "an API has too many keys":
        "One loop of a deployment ends at 800 copies. Split the API, or give several callers one key."
    ReservedHeader = "A011" Error "a header cannot carry the key":
        "Some headers have a meaning in HTTP or for the gateway itself. `Authorization` is replaced by the token of the gateway's identity; a key sent there would also look like a token to clients and logs."
    MeaninglessDuration = "A009" Error "a duration has no meaning here":
        "The value is a duration, but zero, or longer than a day. A timeout of zero would end every request at once, a breaker that trips for nothing would never trip, and no service waits for a day. Remove it for the default; `gatewright schema` tells what that is."
    ServerPath = "A010" Warning "the URL of a backend may lack the path of the definition's server":
        "The definition says that its operations lie below a path of the server, and the URL of the backend does not end with that path. Gatewright takes `servers` out of the definition: requests go to the backend's URL and nowhere else."
    CallersCredentials = "A012" Warning "a backend will not see the credentials of callers":
        "The definition has a `security` requirement, so the backend probably expects a token or key from whoever calls. The gateway removes `Authorization` and the keys that callers show to it: they are meant for the gateway, and a backend that learns them could use them. Say with `credential` of the backend what it gets instead: a token of the gateway's identity, a secret from Key Vault, or with `passThrough` the caller's `Authorization`. Without one the service has to trust the gateway by other means, such as its network."
    ModelsWithoutSurface = "A013" Error "models of an API whose requests name none":
        "`models` sorts requests by the model that they name: in the path (surface azureOpenAI) or in the body (openAI). Requests of a REST API name no model, so they all go to one `target`."
    NoUsage = "A014" Error "usage cannot be asked for":
        "`includeUsage` lets a streamed chat end with one more event that has its usage, by adding `stream_options` to requests. Only chats of OpenAI's shape know that option."
    OtherName = "A015" Error "a deployment has another name than the model in the body":
        "Where the model stands in the body of a request, the account reads it there and looks for a deployment of that name. The gateway passes the body on as it came: writing it anew would change numbers and dates in it. So callers ask for the deployment's own name, and the members of a pool all have the same one. With surface azureOpenAI the name stands in the path, and may differ."
    NoModelInRequest = "A016" Warning "an operation cannot name a model":
        "The model stands in the body, and requests of this method have none. The gateway answers them with 400, since it cannot know where they should go."
    AnyPathOfAccount = "A020" Warning "callers may do all that the gateway may do at a backend":
        "With `definition: passThrough` or a `link` the gateway does not know which paths callers may call, so it lets all of them through, with the token or secret that it shows. Files, batches, threads and stored responses are kept by the account and belong to whoever has its credential: each caller can list and read what the others left there. A service that takes the gateway's credential for its administration, too, is open to callers with all of that. Requests that are routed to single deployments by their path do not have this, since everything below a deployment is answered at once. List the operations that callers need in a document of your own, or accept it where all callers trust each other."
    MixedPool = "P001" Error "the members of a pool are not alike":
        "Which member gets a request is decided after its path and token are made. So all members are of one kind, and all of them deployments or all of them whole accounts, and services behind URLs have one `credential`: otherwise a token would reach a stranger, or a path would lead nowhere."
    BreakersDiffer = "P002" Error "one backend is in two pools with different breakers":
        "A circuit breaker belongs to the backend, not to the pool: API Management keeps one count of failures for it, whichever pool it is asked through. So the pools of one backend have the same `circuitBreaker`, or none."
    UnfitMember = "P003" Error "a backend cannot be this member":
        "A member is one backend of the service: a deployment that is listed, an account without listed deployments, or an HTTP service. Each stands once in a pool."
    ManyRetries = "P004" Warning "a pool retries more often than it has members":
        "A retry helps by asking another member. Once all were asked, more retries repeat what just failed, hold the caller and the connection, and load members that are busy already."
    BlindBreaker = "P005" Warning "a breaker never sees what is retried":
        "A retry is sure to ask another member only if the failure tripped the one that was asked. Where no status both trips a member and is retried, the pool may choose the same member again."
    PoisonedRequest = "P006" Warning "one bad request can trip every member":
        "A request that makes a model fail with 500 makes every model fail with 500. If one such answer trips a member and the request is then retried at the next one, a single caller takes the pool away from everybody. Leave 500 to `retry`, or let more failures trip a member."
    IdlePriority = "P007" Error "a priority would not be used under load":
        "A member with a higher number gets requests only while all members with lower numbers are tripped. Throttled members answer 429; if that does not trip them, callers get the 429 and the other members stay idle."
    RetryShape = "P008" Error "settings of a retry do not go together":
        "API Management knows three ways to wait: always `interval`; `interval` that grows by `delta`; and both with `maxInterval`, which doubles the growth each time and ends it there. An interval of zero it takes only together with an immediate first retry."
    RandomPool = "P009" Error "a random pool cannot do this":
        "With `balance: random` the policy picks any member for the first try and the next one for each retry. Shares, priorities and cookies are what a pool of API Management has: `balance: pool`."
    FollowUps = "P010" Warning "follow-ups of the Responses API may reach another member":
        "The Responses API keeps an answer at the account that made it, and a follow-up names it by `previous_response_id`. Another member of the pool does not know that id and answers 400 or 404. Session affinity keeps a client at one member as long as that one is up and the client sends its cookie back. Otherwise clients send the whole conversation each time, with `store: false`, or the API has one backend."
    FailureStatus = "P011" Error "a status of no failure":
        "`circuitBreaker.statuses` and `retry.statuses` list statuses of failures, from 400 to 599. A retry after a success would do the same work twice, and a breaker that counts successes would trip on every request. A range has its lower end first."
    PointlessRetry = "P012" Warning "a retry that cannot help":
        "A request that is malformed, not allowed or for something that does not exist gets the same answer from every member. Retrying it makes the caller wait and loads the other members."
    TrippedNotRetried = "P013" Warning "a tripped member may be the end of a request":
        "With `balance: random` the policy chooses a member without knowing which are tripped. A tripped member answers 503 at once; only if 503 is retried is the next member asked."
    LateFailover = "P014" Warning "a pool fails over too late for some requests":
        "Members of a higher number are asked only once all members of the first priority are tripped. If it takes more failures to trip these than one request has retries, the first callers get the failure although other members work. With `failures: 1` the retry of the same request asks the next member."
    Throttling = "P015" Warning "throttled members are not left alone":
        "Azure accounts answer 429 when their quota is used up, and say with `Retry-After` how long that lasts. A breaker that does not count 429 keeps sending requests there, and their callers get the 429 although other members are free."
    OtherModel = "P016" Warning "the members of a pool have different models":
        "Members of a pool stand for each other: whoever is chosen answers. Deployments of different models give different answers at different prices, and some refuse what others take. The model of a deployment is its name, unless `model` says another one."
    OpenToken = "C001" Error "tokens for something else would open the API":
        "Any application of a tenant can get tokens for Microsoft Graph and for every other API there. A check that names no audience takes them all: it would prove that somebody has an account, and let each service that is shown a token use it here. Register the gateway as an application in Entra ID and name its App ID URI:\n\n    entra: { tenantId: …, audiences: [api://ai] }\n\nTokens of version 2 name the client id of that registration instead; with `applications` and `roles` fewer callers hold a token that fits."
    NoToken = "C002" Error "a claim is asked for, and there is no token":
        "`by: { claim: … }` counts requests by something that the caller's token says. A token is trusted only after it was checked, which `auth.entra` asks for."
    OneCounter = "C003" Error "a counter by key, and nobody has a key":
        "With `by: subscription` the requests of each key are counted. An API with `subscriptionKey: none` is called without a key, so all callers would share one counter: the first busy one would shut out all others. Count by something that they have, the application of their token or their address:\n\n    rateLimit: { calls: 60, per: 1m, by: { claim: azp } }\n    rateLimit: { calls: 60, per: 1m, by: ip }\n\nA claim needs `auth.entra`."
    ChosenCounter = "C004" Warning "callers choose what they are counted by":
        "A header holds what its caller puts there. Who is over the limit sends another value and starts at zero, so such a limit keeps well-behaved clients apart and stops nobody else. It is counted per key, or per application of a token, where the API asks for one; otherwise one caller can also use up what another one has. A header that a proxy in front of the gateway sets is worth more, if nobody can go around the proxy."
    UselessCounter = "C014" Error "a counter that starts anew whenever a caller wants":
        "A limit counts requests by a value that stays with a caller. Some claims (`iat`, `jti`, `uti` …) are new in each token, and a whole token in `Authorization` is: who is over the limit asks for another one. Count by a claim that names who calls, such as `azp` (the application) or `oid`, or by `subscription`."
    CountingPeriod = "C005" Error "requests cannot be counted over this time":
        "API Management counts requests over one second at least and 300 seconds at most. For a longer time, limit the rate in a shorter one: 6,000 an hour are about 100 a minute."
    Address = "C006" Error "neither an address nor a range of addresses":
        "`ipFilter.allow` lists IP addresses, such as `203.0.113.7`, and ranges in CIDR notation, such as `203.0.113.0/24`: an address, a slash, and how many of its leading bits all addresses of the range share (0 to 32; for IPv6 to 128). Numbers have no leading zeros. Host names are not looked up."
    HostBits = "C007" Error "a range does not start where it says":
        "The number behind the slash says how many leading bits the range fixes; all bits behind them are zero in its first address. `203.0.113.7/24` may mean the one address or the whole range, which opens the API to 1 or to 256 addresses. Write the one that is meant."
    AddressTwice = "C008" Warning "an address is allowed already":
        "Another entry of the list holds this one. It does no harm, but whoever removes one of the two may believe that the addresses are shut out."
    EveryAddress = "C009" Warning "a filter that lets everybody in":
        "A range with `/0` holds all addresses there are, and so do smaller ones that fill the whole, such as `0.0.0.0/1` and `128.0.0.0/1`. The filter would look like protection and be none."
    AddressVersion = "C010" Warning "a filter for IPv6 addresses":
        "Whether `ip-filter` compares IPv6 addresses is not documented, and callers reach most services by IPv4 alone. Test it before you rely on it: who is not let in gets 403."
    Origin = "C011" Error "no origin of a web page":
        "A browser names where a page comes from as scheme, host and, where it is not the usual one, port: `https://chat.contoso.com`, `http://localhost:3000`. It compares letter by letter, so a path, a slash at the end or a capital letter never fits. Patterns such as `https://*.contoso.com` are not known to the service; `*` alone means all pages."
    EveryOrigin = "C012" Warning "pages of any origin may call":
        "With `origins: [\"*\"]` the pages of every web site may call the API from their visitors' browsers, also from inside of networks that are closed to the outside. Keys and tokens are checked all the same; cookies are never sent along."
    OwnPreflight = "C013" Warning "web pages cannot call these paths":
        "Before a page calls, its browser asks with OPTIONS whether it may, without key and token. The `cors` policy answers that, unless the definition has an OPTIONS operation for the path: then the operation is called, asks for a key like any other, and the browser hears no."
    PolicyUnreadable = "C020" Error "a file with policy text cannot be used":
        "`include` names a file that is not there or cannot be read. The path is relative to the gateway file."
    PolicyText = "C021" Error "policy text that cannot be read":
        "A file that is included holds elements of policies, one or several, as well-formed XML, without `<policies>` and without sections: the gateway file says where they go. Expressions are written as in every XML file, with `&quot;`, `&amp;&amp;` and `&lt;`, or in single quotes:\n\n    <set-variable name=\"caller\" value=\"@(context.Subscription?.Id ?? &quot;&quot;)\" />\n    <set-variable name=\"caller\" value='@(context.Subscription?.Id ?? \"\")' />\n\nThe editor of the portal also takes them with bare quotes, which no XML parser reads."
    PolicyRefused = "C022" Error "policy text that the service would refuse":
        "Each policy has attributes and elements of its own, and sections, scopes and tiers that allow it. What is included is held against the same catalogue that Gatewright writes its own policies by, in the place where it is to stand. Expressions are not read; whether they compile the service says, or a C# compiler."
    TeamRoutes = "C023" Warning "policy text undoes what the gateway file says":
        "`set-backend-service` in a file that is included sends requests past what the gateway file says about models and pools, and so past breakers, retries, and the account that was to pay. Under `inbound.first` the policy sets the backend once more behind it, so it has no effect; under `inbound.last` the included one holds, with the gateway's token for the other backend. A credential under `inbound.first` is removed behind it, or takes the place of the token that is checked. In the same way `rewrite-uri` leads to another deployment than the one that was allowed, and behind all that Gatewright writes (`inbound.last`) another `Authorization`, another identity or another body takes the place of what was decided before. `cache-lookup` under `inbound.first` answers before tokens, addresses and rates are looked at."
    TeamBuffers = "C024" Warning "policy text holds back streams":
        "A stream passes the gateway piece by piece only if nothing reads the answer. `set-body`, `find-and-replace`, `validate-content` and other policies that take the body, in outbound, and expressions that use `context.Response.Body`, make the gateway wait for the end and then send all at once."
    TeamEmpties = "C025" Warning "policy text takes the body away":
        "`context.Request.Body.As<JObject>()` reads the body and leaves none: the backend, and each policy behind, gets an empty one. With `preserveContent: true` it stays."
    TeamTakesName = "C026" Error "policy text uses a name of Gatewright's":
        "The policies that Gatewright writes keep what they know of a request in variables (`model`, `member`, `retryAfter`, `callerToken`), and tell a token that is not right by the id `caller-token`. Text that is included and sets one of these changes what the policy around it does, or makes it fail with 500. Take another name."
    TeamShares = "C027" Warning "a cache gives answers to others than who asked":
        "`cache-lookup` leaves requests with `Authorization` alone, because their answers may be meant for one caller. `allow-private-response-caching` takes them in all the same. Where the backend gets the caller's own token (`credential: passThrough`), the answer to one caller then goes to all who ask for the same URL, unless `<vary-by-header>Authorization</vary-by-header>` keeps them apart."
    TeamSecret = "C028" Error "a secret in policy text":
        "What is included becomes part of the output, which is committed, and of every deployment, whose history many may read. A password, a key or a token does not belong there. Put it into a Key Vault, make a named value of it in the service, and write the name of that:\n\n    <proxy url=\"http://proxy.contoso.com:8080\" username=\"gateway\" password=\"{{proxy-password}}\" />\n\nFor the credential of a backend, `credential` in the gateway file does all this."
    TeamCode = "C029" Error "an expression without its end":
        "An expression is `@(…)`, one value, or `@{…}`, statements that return one; it is the whole attribute or the whole text. Brackets, strings, characters and comments in it are counted as C# does. Whether the rest compiles a C# compiler says, or the service when a request comes: it checks little when a policy is saved."
    TeamNamedValue = "C030" Warning "braces that are taken for a named value":
        "`{{name}}` stands for the value of the named value of that name, everywhere in a policy, also in strings and bodies. Names have letters, digits, `-`, `.` and `_`. Braces of JSON or of interpolated strings that stand side by side look the same to the service: write `{ {` and `} }`, or build the text with `JObject`."
    TeamMixed = "C031" Warning "text beside an expression":
        "An expression is the whole of an attribute or of a text. What the service does with `Bearer @(…)` is documented nowhere: the backend may get these letters as they stand. `@(\"Bearer \" + (string)context.Variables[\"token\"])` builds the text inside."
    BorrowedAudience = "C032" Warning "tokens for a service of Microsoft's open the API":
        "A token says in its audience whom it is made for. Tokens for Microsoft Graph, Azure Resource Manager or Azure OpenAI can be had by every account of the tenant, so a check for such an audience asks for little more than an account; and Microsoft may give them a form that nobody but the service can check. Register the gateway as an application in Entra ID, and let clients ask for a token with its App ID URI. Where the token goes on to that service (`credential: passThrough`), its audience is right."
    TeamLeaks = "C033" Warning "policy text gives credentials away":
        "`send-request` and `send-one-way-request` with `mode=\"copy\"` send all headers of the request along: under `inbound.first` the caller's key and token, under `inbound.last` the gateway's token for the backend. Keys and tokens that stand in traces, logs and metrics open the API to everybody who reads those."
    Tier = "K001" Error "the SKU cannot do what is asked for":
        "Tiers of API Management differ in what they can do. The output would be refused by the service, or would not do what it says."
    PolicyTooLarge = "K002" Error "a policy would be too large":
        "One policy may have 131,072 characters in a template, and 16 KiB on the Consumption tier."
    DeploymentTooLarge = "K003" Error "the deployment would be too large":
        "Azure Resource Manager takes 4 MiB for one deployment, with all modules, policies and definitions in it, and 800 resources for one file. Bicep does not say so before the deployment fails. Several gateway files can describe parts of one service: give each a prefix of its own."
    TierUnknown = "K004" Warning "some SKU could not do what is asked for":
        "The file does not say which SKU the service has, and not every SKU can do this. Write `gateway.sku`, so that the rule is checked and not only mentioned."
}
