export { type ClockChange, clockChanges, reportDay, skippedTime } from './clock-changes';
export { actionLine, inPathLine, type LineStatus, serviceBudgetLine, tagBudgetLine, unsettledText } from './lines';
export { meterLine } from './meter-line';
export { makeMeterReport } from './meter-report';
export type {
  Claim,
  ReportDay,
  ReportStatePort,
  SharedBudget,
  SharedBudgetPort,
  SharedBudgetReleasePort,
} from './ports';
export { reportMail } from './report-text';
export { type CostReport, makeReport, reportMetrics } from './report';
