// A streamed chat completion that may end too early: node broken.mjs CLIENT MODEL
import { client, model, tell } from "./client.mjs";

const messages = [{ role: "user", content: "Hello" }];
const pieces = [];
let error = null;
try {
  for await (const chunk of await client.chat.completions.create({ model, messages, stream: true })) {
    pieces.push(chunk.choices[0].delta.content);
  }
} catch (caught) {
  error = caught.constructor.name;
}
tell({ pieces, error });
