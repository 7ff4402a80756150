export { type AccountItems, type AccountStand, SILENT_AFTER_MS, type Spent, standOf } from './account';
export { type Attention, attentionOf } from './attention';
export { afterAction } from './brake-act';
export { type BrakeDecision, decideBrake } from './brake-decide';
export { type BrakeDocument, brakeDocument } from './brake-document';
export { type BrakeOrder, type Ordered, takeOrder } from './brake-order';
export { type BrakeHold, type BrakeRecord, freshBrake } from './brake-record';
export { type AccountDocument, organizationDocument, type OrganizationDocument } from './document';
export { type AccountLimit, type BrakeApproval, type BrakeMode, type Organization, termsOf } from './limits';
export { organizationPage } from './page';
export type {
  BrakeCallPort,
  BrakePolicyPort,
  BrakesLooked,
  BrakeStatePort,
  OrganizationStatePort,
  PagesPort,
  PolicyChange,
  StandingEventsPort,
  StandingsPort,
} from './ports';
export { organizationMail, unknownMail } from './report-mail';
export {
  BRAKE_KEY,
  brakeStatus,
  type BrakeStatus,
  needsBrake,
  type RolledAccount,
  rollUp,
  type RollUp,
  withUnheard,
} from './roll-up';
export { isStandingDue, type Standing } from './standing';
export { mergeStanding, type StoredStanding } from './stored-standing';
