import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { s3Pages } from '../../../../lambda/adapters/s3/pages';
import { refusal } from '../../../helpers/sdk-refusal';

const s3 = mockClient(S3Client);
beforeEach(() => s3.reset());

test('a page is HTML in UTF-8, under its key', async () => {
  s3.on(PutObjectCommand).resolves({});
  await s3Pages('bucket').put('organization.html', '<p>');
  expect(s3.commandCalls(PutObjectCommand)[0]!.args[0].input).toEqual({
    Bucket: 'bucket',
    Key: 'organization.html',
    Body: '<p>',
    ContentType: 'text/html; charset=utf-8',
  });
});

test.each([
  ['AccessDenied', 403, 'accessDenied'],
  ['NoSuchBucket', 404, 'notFound'],
  ['SlowDown', 503, 'unavailable'],
])('%s is a ServiceError', async (name, status, expected) => {
  s3.on(PutObjectCommand).rejects(refusal(name, status));
  await expect(s3Pages('bucket').put('organization.html', '')).rejects.toMatchObject({ refusal: expected });
});
