export { type AccountItems, type AccountStand, standOf } from './account';
export { type Attention, attentionOf } from './attention';
export { afterAction } from './brake-act';
export { type BrakeDecision, decideBrake } from './brake-decide';
export { brakeDocument } from './brake-document';
export { type BrakeOrder, takeOrder } from './brake-order';
export { type BrakeRecord, freshBrake } from './brake-record';
export { liftCommand, statusCommand } from './commands';
export { type AccountDocument, organizationDocument, type OrganizationDocument } from './document';
export { termsOf } from './limits';
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
export { brakeWords, organizationMail, percentText, spentText, standingText, unknownMail } from './report-mail';
export { BRAKE_KEY, brakeStatus, type BrakeStatus, needsBrake, rollUp, type RollUp, withUnheard } from './roll-up';
export { isStandingDue, type Standing } from './standing';
export { mergeStanding, type StoredStanding } from './stored-standing';
