// A message of Anthropic's shape, or its pieces if it is streamed: node messages.mjs CLIENT MODEL [stream]
import Anthropic, { APIError } from "@anthropic-ai/sdk";

const [options, model, mode] = process.argv.slice(2);
const client = new Anthropic({ maxRetries: 0, ...JSON.parse(options) });
const request = { model, max_tokens: 100, messages: [{ role: "user", content: "Hello" }] };

function tell(value) {
  console.log(JSON.stringify(value));
}

try {
  if (mode === "stream") {
    for await (const event of await client.messages.create({ ...request, stream: true })) {
      if (event.type === "content_block_delta") tell(event.delta.text);
    }
  } else {
    tell(await client.messages.create(request));
  }
} catch (error) {
  if (!(error instanceof APIError)) throw error;
  const { status, type } = error;
  tell({ error: error.constructor.name, status, type, retryAfter: error.headers?.get("retry-after") });
}
