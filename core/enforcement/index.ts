export {
  contradictionKey,
  type EnforcementAlert,
  enforcementWording,
  type Keyed,
  leakAlert,
  openNames,
} from './alerts';
export { enforcementStand } from './alert-stand';
export { type Applied, applyPlan } from './apply';
export { attempting, tenAtATime } from './attempting';
export { stopBatchJobs } from './batch';
export { type BillActionPlan, type CalculatedSpend, isAgreed, isSettled, planBillAction } from './bill-action';
export { billLeftover, type BillLeftover } from './bill-leftover';
export { COSTLY_ACTIONS, INVOKE_ACTIONS } from './costly-actions';
export { type Leak, leaks } from './leak';
export { afterActing, beforeActing } from './memory';
export {
  dereferenceCommand,
  permissionSetOf,
  referenceCommand,
  RESERVED_PATH,
  RESERVED_PREFIX,
} from './permission-sets';
export { enforcementOfMonth, type EnforcementPlan, planEnforcement, principalText } from './plan';
export type {
  AllAttachmentsPort,
  AttachmentChange,
  AttachPort,
  BatchJob,
  BatchJobsPort,
  BudgetActionsPort,
  CalculatedReading,
  CloudFormationPort,
  DecisionEvent,
  DecisionEventsPort,
  DefaultVersionPort,
  DeployedFunction,
  DeployedGuardPort,
  GuardFunctionsPort,
  PolicyVersion,
  PolicyVersionsPort,
  PolicyVersionWriterPort,
  Principal,
  ResourceRequest,
  ResourceResponse,
  StackOutputsPort,
  StatusWriterPort,
  SwitchDeployPort,
} from './ports';
export type { BillActionState, EnforcementState } from './state';
export {
  type Digest,
  openDocument,
  type PolicyDocument,
  stateOf,
  SWITCH_PATH,
  SWITCH_STATES,
  switchDocument,
  switchName,
  type SwitchScope,
  type SwitchVersion,
  told,
} from './switch-document';
export { newestFirst, nextVersionStep } from './switch-versions';
