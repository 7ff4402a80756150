import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  type BedrockRuntimeClientConfig,
  type ConverseCommandInput,
  type ConverseCommandOutput,
  type ConverseStreamCommandInput,
  type ConverseStreamCommandOutput,
} from '@aws-sdk/client-bedrock-runtime';
import { withGuard, type CallOptions } from './call-options';
import { loadConfig, type ConfigSource } from './config';
import type { SpendGuardOptions } from './options';
import { spendGuard, type SpendGuard } from './plugin';

/** A Converse request that names a model, or leaves the choice to the guard: without either, by the request's size. */
export type Asked<Input extends { modelId: string | undefined }> = Omit<Input, 'modelId'> &
  CallOptions & { readonly modelId?: string };

/** For those who start fresh: a client of its own with the guard on it. */
export class GuardedBedrock {
  private readonly client: BedrockRuntimeClient;
  private readonly guard: SpendGuard;

  /**
   * @param client settings of the SDK's client; the Region is the environment's
   * @throws TypeError on a config that is incomplete or of another release
   */
  constructor(source: ConfigSource, options: SpendGuardOptions = {}, client: BedrockRuntimeClientConfig = {}) {
    this.guard = spendGuard(source, options);
    this.client = this.guard.applyTo(new BedrockRuntimeClient({ region: loadConfig(source).region, ...client }));
  }

  /** @throws SpendGuardRefused, and whatever the SDK throws */
  converse(
    asked: Asked<ConverseCommandInput>,
    http: { readonly abortSignal?: AbortSignal } = {},
  ): Promise<ConverseCommandOutput> {
    const { input, options } = split(asked);
    return this.client.send(withGuard(new ConverseCommand(input), options), http);
  }

  /** The events are in `stream`. @throws SpendGuardRefused, and whatever the SDK throws */
  converseStream(
    asked: Asked<ConverseStreamCommandInput>,
    http: { readonly abortSignal?: AbortSignal } = {},
  ): Promise<ConverseStreamCommandOutput> {
    const { input, options } = split(asked);
    return this.client.send(withGuard(new ConverseStreamCommand(input), options), http);
  }

  /** Gives back what this process holds of the budget, and closes its connections. */
  async close(): Promise<void> {
    this.client.destroy();
    await this.guard.close();
  }
}

function split<Input extends { modelId: string | undefined }>({
  budget,
  cache,
  cacheSampled,
  allowSmaller,
  tier,
  upTo,
  modelId,
  ...request
}: Asked<Input>): { readonly input: Input; readonly options: CallOptions } {
  const route = tier ?? (modelId === undefined ? 'auto' : undefined);
  return {
    // Replaced by the model that is asked; until then the refusals' events say it.
    input: { ...request, modelId: modelId ?? route } as unknown as Input,
    options: {
      ...(budget === undefined ? {} : { budget }),
      ...(cache === undefined ? {} : { cache }),
      ...(cacheSampled === undefined ? {} : { cacheSampled }),
      ...(allowSmaller === undefined ? {} : { allowSmaller }),
      ...(route === undefined ? {} : { tier: route }),
      ...(upTo === undefined ? {} : { upTo }),
    },
  };
}
