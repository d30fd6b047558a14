// A streamed chat completion, each piece told as soon as it is there: node stream.mjs CLIENT MODEL
import { client, model, tell } from "./client.mjs";

const messages = [{ role: "user", content: "Hello" }];
for await (const chunk of await client.chat.completions.create({ model, messages, stream: true })) {
  tell(chunk.choices[0].delta.content);
}
