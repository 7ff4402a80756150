/** What an account must have before the guard is deployed. */
export interface AccountSetupPort {
  /** Whether the CDK's deployment role of this account and Region exists. @throws ServiceError */
  bootstrapped(account: string, region: string, signal: AbortSignal): Promise<boolean>;
  /** Concurrent executions that Lambda allows the account in this Region; 10 in a new one. @throws ServiceError */
  concurrencyLimit(signal: AbortSignal): Promise<number>;
  /** Every role, user and group with its own policies, as IAM keeps them. @throws ServiceError */
  principals(signal: AbortSignal): Promise<readonly AccountPrincipal[]>;
}

export interface AccountPrincipal {
  readonly kind: 'role' | 'user' | 'group';
  readonly name: string;
  readonly path: string;
  /** Policy documents that are attached or inline, parsed; without those of its groups. */
  readonly policies: readonly unknown[];
}
