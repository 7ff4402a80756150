import { noticeOf } from '../../../../core/notice';
import { mailShape } from '../../../../lambda/adapters/dynamodb/mail-shape';

const notice = noticeOf(
  { environment: 'dev', source: 'health', key: 'k', at: 1 },
  { title: 't', lines: ['what happened'] },
  { fact: 'f', status: 'firing', urgency: 'warning' },
);
const mail = { subject: 's', body: 'b' };

test('a mail that an earlier release has kept, without notices, is read as it was', () => {
  const read = mailShape.parse(mail);
  expect(read).toEqual(mail);
  expect(read.notices ?? []).toEqual([]);
});

test('notices are kept with it', () => {
  expect(mailShape.parse({ ...mail, notices: [notice] })).toEqual({ ...mail, notices: [notice] });
});

test.each<[string, unknown]>([
  ['of a later version', [{ ...notice, schemaVersion: 2 }, notice]],
  ['that is none', ['x', null, 7, notice]],
])('a notice %s is left out, and the mail goes out with the others', (_what, notices) => {
  expect(mailShape.parse({ ...mail, notices })).toEqual({ ...mail, notices: [notice] });
});

test.each([[null], ['text'], [{ length: 1 }]])('notices that are no list, as %j, cost no mail', (notices) => {
  expect(mailShape.parse({ ...mail, notices })).toEqual({ ...mail, notices: [] });
});
