// Many chat completions, some at a time, and how often each outcome came: node many.mjs CLIENT MODEL COUNT
import { client, model, tell } from "./client.mjs";

const messages = [{ role: "user", content: "Hello" }];
const outcomes = {};
let left = Number(process.argv[4]);

async function caller() {
  while (left-- > 0) {
    const outcome = await client.chat.completions.create({ model, messages }).then(
      () => "ok",
      (error) => error.status ?? error.constructor.name,
    );
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
}

await Promise.all(Array.from({ length: 8 }, caller));
tell(outcomes);
