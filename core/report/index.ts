export { aligned } from './aligned';
export { type BudgetStand, type BudgetTree, makeBudgetTree, needsAttention, runningBudgets } from './budget-tree';
export { type BudgetLine, budgetNote, budgetOrderLines, budgetsConcern, budgetTreeLines } from './budget-tree-text';
export { chargeback, type ChargeRow, periodsOf } from './chargeback';
export { type ClockChange, clockChanges, reportDay, skippedTime } from './clock-changes';
export { actionLine, inPathLine, type LineStatus, serviceBudgetLine, tagBudgetLine, unsettledText } from './lines';
export { meterLine } from './meter-line';
export { makeMeterReport } from './meter-report';
export type {
  BudgetInPeriod,
  Claim,
  HtmlMail,
  HtmlMailPort,
  ReportDay,
  ReportStatePort,
  SesAccount,
  SesIdentity,
  SesSetupPort,
  SharedBudget,
  SharedBudgetPort,
  SharedBudgetReleasePort,
  SharedBudgetsPort,
  StoredBudget,
} from './ports';
export { reportHtml } from './report-html';
export { reportNotice } from './report-notice';
export { reportMail, reportSubject } from './report-text';
export { type BillFigures, type CostReport, makeReport, reportMetrics } from './report';
