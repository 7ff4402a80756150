import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { httpRoute, record } from '../../core/in-path';
import { cost } from './guarded-client';

const INPUT_TOKENS = 10;

export interface SlowBedrock {
  readonly endpoint: string;
  readonly bill: { calls: number; nano: number };
  stop(): Promise<void>;
}

/** Answers Converse after a while with as many tokens as it may, and bills what it got, whoever is still there to hear. */
export async function slowBedrock(delayMs: number, onCall: (calls: number) => void = () => {}): Promise<SlowBedrock> {
  const bill = { calls: 0, nano: 0 };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => {});
    request.on('end', () => {
      if (httpRoute(request.method ?? '', request.url ?? '')?.operation !== 'Converse') {
        response.writeHead(400).end();
        return;
      }
      const body = record(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      const outputTokens = Number(record(body['inferenceConfig'])['maxTokens']);
      bill.calls += 1;
      bill.nano += cost({ input: INPUT_TOKENS, output: outputTokens });
      onCall(bill.calls);
      const usage = { inputTokens: INPUT_TOKENS, outputTokens, totalTokens: INPUT_TOKENS + outputTokens };
      const output = { message: { role: 'assistant', content: [{ text: 'yes' }] } };
      const json = JSON.stringify({ output, stopReason: 'end_turn', usage, metrics: { latencyMs: 1 } });
      setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(json), delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bill,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}
