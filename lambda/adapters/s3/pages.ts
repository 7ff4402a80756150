import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { PagesPort } from '../../../core/organization';
import { timeout } from '../pace';
import { calling } from '../service-error';

const REQUEST_MS = 8_000;

/** The bucket as part of the path, which any endpoint resolves, not of the host's name. */
export const PATH_STYLE = { forcePathStyle: true } as const;

export function s3Pages(Bucket: string, client = new S3Client({ maxAttempts: 2, ...PATH_STYLE })): PagesPort {
  return {
    async put(Key, Body) {
      const command = new PutObjectCommand({ Bucket, Key, Body, ContentType: 'text/html; charset=utf-8' });
      await calling(() => client.send(command, { abortSignal: timeout(REQUEST_MS) }));
    },
  };
}
