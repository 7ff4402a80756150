/** What a deployed stack tells others. */
export interface StackOutputsPort {
  /** Values by output name; undefined where there is no such stack. @throws ServiceError */
  outputs(stack: string): Promise<Readonly<Record<string, string>> | undefined>;
}
