// What the scripts share: the client that the first argument describes, and one line of JSON for each thing to tell.
import { APIError, AzureOpenAI, OpenAI } from "openai";

const options = { maxRetries: 0, ...JSON.parse(process.argv[2]) };
export const client = options.baseURL ? new OpenAI(options) : new AzureOpenAI({ apiVersion: "2024-10-21", ...options });
export const model = process.argv[3];

export function tell(value) {
  console.log(JSON.stringify(value));
}

/** Tells what the call gives, or the error that a program would catch. */
export async function tellResult(call) {
  try {
    tell(await call());
  } catch (error) {
    if (!(error instanceof APIError)) throw error;
    const { status, code, message } = error;
    tell({ error: error.constructor.name, status, code, message, retryAfter: error.headers?.get("retry-after") });
  }
}
