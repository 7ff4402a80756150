export { fittingNotices, mailAttributes, noticesAttribute, noticesOf, type WithNotices } from './notice-attribute';
export { noticesFrom, type ParsedNotices, parseNotices } from './notice-parse';
export { oneLine } from './notice-text';
export {
  type Notice,
  NOTICE_ATTRIBUTE,
  type NoticeSource,
  type NoticeSpend,
  type NoticeStatus,
  type Urgency,
} from './notice-types';
export {
  mailLines,
  noticeOf,
  type NoticeOrigin,
  type NoticeStand,
  resumeCommand,
  statusCommand,
  WHO,
  type Wording,
} from './notice-wording';
