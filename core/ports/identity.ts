/** Who the caller is to AWS. @throws ServiceError */
export interface IdentityPort {
  whoAmI(signal: AbortSignal): Promise<Identity>;
}

export interface Identity {
  readonly account: string;
  readonly arn: string;
}
