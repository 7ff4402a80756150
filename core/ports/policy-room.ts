export type PrincipalKind = 'role' | 'user' | 'group';

/** How many managed policies are on a principal, and how many fit. */
export interface PolicyRoomPort {
  /** ARNs, over all pages. @throws ServiceError, `notFound` where there is no such principal */
  attached(kind: PrincipalKind, name: string, signal: AbortSignal): Promise<readonly string[]>;
  /** The account's quotas of attached managed policies. @throws ServiceError */
  quotas(signal: AbortSignal): Promise<Readonly<Record<PrincipalKind, number>>>;
}
