import { InvokeCommand, LambdaClient, ListFunctionsCommand, ListTagsCommand } from '@aws-sdk/client-lambda';
import { ENVIRONMENT_TAG, FUNCTION_TAG } from '../core/tags';
import type { Emulator } from './emulator';

export interface Invoked {
  readonly result: unknown;
  /** Lambda's FunctionError where it threw. */
  readonly error?: string;
  /** The end of its log: the lines that are JSON. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}

/** The guard's functions of an environment, found by their tags as `spend-guard` finds them. */
export class GuardFunctions {
  private constructor(
    private readonly client: LambdaClient,
    /** Name by feature, such as `spend-meter`. */
    readonly names: Readonly<Record<string, string>>,
  ) {}

  static async of(emulator: Emulator, environment: string): Promise<GuardFunctions> {
    const client = emulator.client(LambdaClient);
    const names: Record<string, string> = {};
    let marker: string | undefined;
    do {
      const page = await client.send(new ListFunctionsCommand({ Marker: marker }));
      for (const { FunctionArn = '', FunctionName = '' } of page.Functions ?? []) {
        const { Tags = {} } = await client.send(new ListTagsCommand({ Resource: FunctionArn }));
        const feature = Tags[FUNCTION_TAG];
        if (Tags[ENVIRONMENT_TAG] === environment && feature !== undefined) names[feature] = FunctionName;
      }
      marker = page.NextMarker;
    } while (marker);
    return new GuardFunctions(client, names);
  }

  /** Waits for the answer. @param event with `now`, an ISO string, the function goes by that clock */
  async invoke(feature: string, event: unknown, abortSignal?: AbortSignal): Promise<Invoked> {
    const FunctionName = this.names[feature];
    if (FunctionName === undefined)
      throw new Error(`no function ${feature} among ${Object.keys(this.names).join(', ')}`);
    const answer = await this.client.send(
      new InvokeCommand({ FunctionName, LogType: 'Tail', Payload: JSON.stringify(event) }),
      abortSignal ? { abortSignal } : {},
    );
    const log = Buffer.from(answer.LogResult ?? '', 'base64').toString();
    return {
      result: JSON.parse(Buffer.from(answer.Payload ?? []).toString() || 'null'),
      ...(answer.FunctionError === undefined ? {} : { error: answer.FunctionError }),
      lines: log.split('\n').flatMap(parsed),
    };
  }

  /** One tick of the meter; what it logged of its decision is the last of the lines. */
  tick(now?: number): Promise<Invoked> {
    return this.invoke('spend-meter', {
      source: 'schedule',
      scheduledAt: new Date(now ?? Date.now()).toISOString(),
      ...(now === undefined ? {} : { now: new Date(now).toISOString() }),
    });
  }
}

function parsed(line: string): Readonly<Record<string, unknown>>[] {
  if (!line.startsWith('{')) return [];
  try {
    return [JSON.parse(line) as Record<string, unknown>];
  } catch {
    // The tail begins in the middle of a line.
    return [];
  }
}
