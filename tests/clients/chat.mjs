// A chat completion: node chat.mjs CLIENT MODEL
import { client, model, tellResult } from "./client.mjs";

await tellResult(() => client.chat.completions.create({ model, messages: [{ role: "user", content: "Hello" }] }));
