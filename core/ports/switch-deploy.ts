/** Orders to the deploy's function, by direct invocation; it goes by its own readings. */
export interface SwitchDeployPort {
  /** Writes the versions that are missing and takes away those that are not the guard's; returns when it has. @throws ServiceError */
  repair(): Promise<void>;
  /** Detaches `deny-bill` from everybody; returns when it has. @throws ServiceError */
  liftBill(): Promise<void>;
}
