import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import type { ConfigSource, OnEvent, SpendGuardOptions } from '../client/index';
import type { CallerDirectory } from './callers';
import type { Limits } from './limits';

export interface ServeOptions {
  readonly config: ConfigSource;
  /** An address, or a name that stands for one. Another than loopback needs `requireKey`, and `tls` or `behindTls`. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** In PEM. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
  readonly requireKey: boolean;
  /** Something in front, under the operator's own hand, speaks TLS with the callers. */
  readonly behindTls: boolean;
  /** @default those of the config's leases table */
  readonly callers?: CallerDirectory;
  readonly upstream?: {
    /** @default Bedrock's own endpoint of the config's region */
    readonly endpoint?: string;
  };
  /**
   * With which requests are signed and the leases table is read.
   * @default the SDK's usual sources
   */
  readonly credentials?: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  readonly onEvent?: OnEvent;
  readonly limits?: Partial<Limits>;
  /** As of the plugin, such as other stores than the leases table. */
  readonly guard?: Omit<SpendGuardOptions, 'onEvent'>;
}

export interface Serving {
  /** Such as `http://127.0.0.1:8787`. */
  readonly url: string;
  /**
   * Takes no more requests, waits for those in flight, ends and charges what has not ended by then, and gives back what this
   * process holds of the budget. Twice is once.
   */
  stop(): Promise<void>;
}
