// The embedding of a text: node embeddings.mjs CLIENT MODEL
import { client, model, tellResult } from "./client.mjs";

await tellResult(() => client.embeddings.create({ model, input: "Hello", encoding_format: "float" }));
