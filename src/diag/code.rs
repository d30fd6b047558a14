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

// Y: the text itself. S: its shape. U: not built. N: names. R: references. B: backends and the gateway. A: APIs. D: definitions.
codes! {
    NotUtf8 = "Y001" Error "the file is not UTF-8 text":
        "Gatewright reads UTF-8 only. Save the file as UTF-8, without a byte order mark of another encoding."
    Syntax = "Y002" Error "the file is not YAML":
        "The text breaks a rule of YAML, so nothing behind that place could be read. Indentation, a missing colon or an open quote are the usual causes."
    TooLarge = "Y003" Error "the file is too large":
        "A gateway file has a few thousand lines at most. A file this large was named by mistake, or made by a program that went wrong."
    TooDeep = "Y004" Error "the file is nested too deeply":
        "No key of the language lies this deep. The limit keeps a broken or hostile file from using up the stack."
    TooManyNodes = "Y005" Error "aliases multiply to too many nodes":
        "YAML aliases repeat what their anchor holds. Aliases of aliases multiply, so that a small file can stand for billions of nodes. Write fewer of them."
    DuplicateKey = "Y006" Error "a key stands twice":
        "YAML keeps one of two equal keys and drops the other without a word, so one of the two settings would be lost. Remove one."
    Documents = "Y007" Error "the file does not hold exactly one YAML document":
        "One file describes one gateway. Put each gateway in a folder and file of its own."
    UnknownKey = "S001" Error "a key is not part of the language":
        "Every key has a meaning; one that is not known would be ignored silently. `gatewright schema` lists all keys."
    MissingKey = "S002" Error "a required key is missing":
        "The object cannot be understood without it. `gatewright schema` lists what each object needs."
    WrongType = "S003" Error "a value has the wrong type":
        "Text, number, flag, list and object are different things. Quote a text that looks like a number or flag."
    NotAllowed = "S004" Error "a value is not one of those that are known":
        "The key takes one of a fixed list of words."
    BadFormat = "S005" Error "a text does not have the form that is needed":
        "Names, durations, identifiers and URLs have a form. Names are `[a-z][a-z0-9-]*`, at most 50 characters; durations are `30s`, `5m`, `1h`."
    OutOfRange = "S006" Error "a value is too small, too large, too short or too long":
        "The value is of the right type, but outside what the service or the language allows."
    Either = "S007" Error "keys that belong together, or exclude each other":
        "Some objects need exactly one of several keys."
    DefinitionUnreadable = "D001" Error "a definition file cannot be read":
        "The path in `definition: { file: … }` is relative to the gateway file. There is no such file, or it is a folder, or it may not be read. Correct the path, or use `builtin` or `passThrough`, which need no file."
    NotADefinition = "D002" Error "the document is not an OpenAPI definition":
        "API Management learns the operations of an API from an OpenAPI 3.0, OpenAPI 3.1 or Swagger 2.0 document: an object with the key `openapi` or `swagger`. A page of documentation, a schema or a collection for another tool cannot be imported. Download the document itself, or use `passThrough` if there is none."
    DefinitionVersion = "D003" Error "the version of the definition is not supported":
        "API Management imports OpenAPI 3.0.x, 3.1.x and Swagger 2.0. Other versions are refused or misread by the service. Convert the document: most tools that write 3.2 can write 3.1, and Swagger 1.x has converters."
    MissingOperationId = "D004" Error "an operation has no `operationId`":
        "The service names an operation by its `operationId`, and MCP tools and policies refer to that name. Without it the service makes one up, which changes when the path does. Add an id that is unique in the document."
    UnusableOperationId = "D005" Error "an `operationId` cannot become a name":
        "The service keeps lower-case letters, digits and single dashes of an `operationId`, and at most 76 characters. Nothing may be left of an id in another script, and what is cut off makes two ids equal. Choose an id of letters, digits and dashes."
    SameOperationId = "D006" Error "two operations get the same name":
        "The service turns an `operationId` into lower case and every run of other characters into one dash, so `getUser`, `GetUser` and `getuser` are one name. It would number the second one by itself, and tools would call the wrong operation. Rename one of the two."
    ExternalRef = "D007" Error "a `$ref` leads out of the document":
        "API Management gets one document and follows no reference to another file or URL. The import would be refused. Bundle the parts into one file first; `redocly bundle` and `swagger-cli bundle` do."
    DefinitionTooLarge = "D008" Error "the definition is too large to be embedded":
        "Bicep's `loadTextContent` takes at most 131,072 characters (UTF-16 code units), counted after the document was written without spaces. Terraform would take more, but both targets must deploy the same API. Keep the operations that callers use and the schemas these need, or give a `link`, which the service fetches by itself."
    DefinitionSyntax = "D009" Error "the definition is neither JSON nor YAML":
        "The text breaks a rule of its notation, so nothing behind that place could be read. Files named `.json` are read as JSON, all others as JSON or YAML. Correct the text, or save it under the name that fits."
    NoOperations = "D010" Error "the definition has no operations":
        "Without operations every call of the API is answered with 404. Webhooks, callbacks and `trace` are not operations for API Management. Add a path with a method, or use `passThrough` to let all paths through."
    SamePath = "D011" Error "two operations have the same method and path":
        "Names of path parameters do not tell paths apart: `/a/{x}` and `/a/{y}` match the same requests. The service refuses the second operation. Remove one, or give them different paths."
    RecursiveSchema = "D012" Warning "a schema contains itself":
        "API Management does not support recursive definitions: it may refuse the document, or show the API without the schema. Requests are not affected, since the gateway does not need schemas to forward them. Replace the inner `$ref` by `type: object`."
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
}
