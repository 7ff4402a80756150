import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { converseEvents, encoded, EVENT_STREAM } from '../../test/helpers/bedrock-server';
import { dynamoDbServer } from '../../test/helpers/dynamodb-http';
import { HOLD } from './client';

const INPUT_TOKENS = 10;

/** What both sides of the comparison have behind them, in a process of its own: Bedrock's answers at once, and a table. */
async function main(): Promise<void> {
  const table = await dynamoDbServer();
  let calls = 0;
  let open = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      if (request.url === '/counts') {
        response.end(JSON.stringify({ calls, open }));
        return;
      }
      calls += 1;
      const output = Number(/"maxTokens": ?(\d+)/.exec(text)?.[1] ?? 20);
      if (!(request.url ?? '').endsWith('-stream')) whole(response, output);
      else {
        open += 1;
        response.on('close', () => (open -= 1));
        stream(response, output, text.includes(HOLD));
      }
    });
  });
  // More than a bench lasts: a connection that is closed between two calls would be counted for whoever opens it anew.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.on('disconnect', () => process.exit(0));
  process.send?.({ endpoint, table: table.endpoint });
}

function whole(response: ServerResponse, outputTokens: number): void {
  const usage = { inputTokens: INPUT_TOKENS, outputTokens, totalTokens: INPUT_TOKENS + outputTokens };
  const output = { message: { role: 'assistant', content: [{ text: 'yes' }] } };
  const json = JSON.stringify({ output, stopReason: 'end_turn', usage, metrics: { latencyMs: 1 } });
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': json.length }).end(json);
}

function stream(response: ServerResponse, output: number, hold: boolean): void {
  response.writeHead(200, { 'content-type': EVENT_STREAM });
  const events = converseEvents({ input: INPUT_TOKENS, output }).map(([type, payload]) => encoded(type, payload));
  const first = events.slice(0, 2);
  response.write(Buffer.concat(first));
  if (!hold) response.end(Buffer.concat(events.slice(first.length)));
}

void main();
